"""What an authority's own questions can depend on: every claim and circumstance of the form, or a reason why not."""

from application.form import ApplicationForm
from application.form.circumstances import Claims
from shared.own_forms.conditions import FACTS

PERSONAL = "Name, address or day of a person: no question of an authority hangs on it."
LATER = "A detail of a claim that a condition can name already."
NOT_OFFERED = "Not offered so far. It may be added: a claim is false where nothing is told."
STATE = "Asked only under another state's law."
WITHOUT: dict[str, str] = {
    "guardian": PERSONAL,
    "pupil": PERSONAL,
    "home": PERSONAL,
    "second_home": PERSONAL,
    "school_number": "`school_form` is what a condition can name of the school.",
    "wanted_from": "A day: conditions compare no days.",
    "leaves_on": "A day: conditions compare no days.",
    "consents": "Says nothing of the child.",
    "custody": "Asked after all of these, and of no interest to another question.",
    "mailbox_excluded": "Says nothing of the child.",
    "further": "The answers to these very questions.",
    "claims.nearest_refused_school": LATER,
    "claims.afternoon_lessons": NOT_OFFERED,
    "claims.assigned_place": NOT_OFFERED,
    "lives_in_authority_area": STATE,
    "income_within_limit": STATE,
}
"""Fields of the form that are no fact of a condition."""


def named(field: str) -> bool:
    """By itself, by a part of it, or counted."""
    return any(fact == field or fact.startswith(f"{field}.") for fact in FACTS)


def test_every_claim_and_circumstance_is_a_fact_of_own_questions_or_has_a_reason() -> None:
    fields = {*ApplicationForm.model_fields} - {"claims", "siblings"} | {
        f"claims.{name}" for name in Claims.model_fields
    }
    assert "sibling_count" in FACTS
    assert {field for field in fields if not named(field)} == WITHOUT.keys()


def test_every_fact_of_own_questions_is_in_the_form() -> None:
    fields = {*ApplicationForm.model_fields} | {f"claims.{name}" for name in Claims.model_fields}
    unknown = {fact for fact in FACTS if fact not in fields and fact.partition(".")[0] not in {"course", "transport"}}
    assert unknown == {"school_form", "sibling_count"}
