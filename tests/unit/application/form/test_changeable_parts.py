"""Each part of the form may be changed later and has a name in the family's timeline, or a reason why not."""

from application.api.applications.message_texts import PARTS
from application.form import CHANGEABLE, ApplicationForm

FIXED = {
    "school_year": "for which school year, is another application",
    "medium": "on which medium, is another application",
    "language": "of the letters that follow the application",
    "consents": "given once, with the application",
    "further": "answers to the authority's own questions: what is different later is told it in a message",
}
WITHOUT_NAME = {"second_home": "said as one of the other facts"}
NO_PART = {"email": "a part of the guardian that nobody decides on"}


def test_every_part_of_the_form_may_be_changed_or_is_another_application() -> None:
    assert set(ApplicationForm.model_fields) - CHANGEABLE == set(FIXED), "a new field: CHANGEABLE of form/change.py"
    assert set(ApplicationForm.model_fields) >= CHANGEABLE


def test_every_part_that_may_be_changed_has_a_name_in_the_timeline() -> None:
    assert CHANGEABLE - set(PARTS) == set(WITHOUT_NAME), "a new field: PARTS of message_texts.py"
    assert set(PARTS) - CHANGEABLE == set(NO_PART)
