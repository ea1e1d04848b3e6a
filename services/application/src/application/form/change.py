"""What a family writes later: the answer to a question, or that its facts have changed."""

import json
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from application.form.model import ApplicationForm
from application.form.parts import Part
from application.form.types import Day

CHANGEABLE = frozenset(
    (
        "pupil",
        "guardian",
        "home",
        "second_home",
        "school_number",
        "grade",
        "track",
        "course",
        "wanted_from",
        "claims",
        "lives_in_nrw",
        "special_needs",
        "severely_disabled",
        "siblings",
        "benefits",
        "applicant",
        "custody",
        "transport",
        "place_of_teaching",
        "leaves_on",
        "income_within_limit",
        "lives_in_authority_area",
        "mailbox_excluded",
    )
)
"""For which school year, and on which medium, is another application."""


class Change(Part):
    """Eine Antwort auf eine Frage des Schulträgers, oder geänderte Angaben (Umzug, Schulwechsel, Geschwister, ein
    falsch geschriebener Name)."""

    question_id: UUID | None = Field(default=None, strict=False, description="Die Frage, die beantwortet wird.")
    text: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")] = Field(
        default="", description="Die Antwort in eigenen Worten."
    )
    changes: dict[str, Any] = Field(
        default={},
        description="Die geänderten Teile des Antrags, jeder ganz: home, school_number, grade, siblings, "
        "claims, applicant, transport, place_of_teaching, pupil …",
    )
    changed_from: Day | None = Field(
        default=None,
        description="Ab welchem Tag im Schuljahr die Änderung gilt, auch einer, der noch kommt; fehlt, wenn es von "
        "Anfang an so war.",
    )


def changed_form(form: str, change: Change) -> bytes:
    """The form with its changed parts in place, as JSON: to be read as strictly as a new one."""
    return json.dumps({**json.loads(form), **change.changes}).encode()


def changed_parts(before: ApplicationForm, after: ApplicationForm) -> tuple[str, ...]:
    """Names of the parts that are not what they were, in the form's order."""
    return tuple(each for each in ApplicationForm.model_fields if getattr(before, each) != getattr(after, each))


def same(form: ApplicationForm, other: ApplicationForm) -> bool:
    """Whether nothing is different, down to the spelling, as it would be stored."""
    return form.model_dump_json() == other.model_dump_json()
