"""What is in force, by name: the school, the child, and what a decision is about."""

import json
from typing import Self

from pydantic import BaseModel, Field
from shared.school_names import everyday_name

from application.domain.application import View
from application.domain.in_force import rests_on
from application.domain.timeline import TimelineEntry


class SchoolReference(BaseModel):
    number: str
    name: str | None
    authority_id: str
    authority: str | None = Field(description="Name des Schulträgers, soweit bekannt.")

    @classmethod
    def of(cls, view: View, number: str) -> Self:
        """The authority is that of the application, also where the register has dropped the school since."""
        entry = view.schools.get(number)
        return cls(
            number=number,
            name=everyday_name(entry.name) if entry else None,
            authority_id=view.application.authority_id,
            authority=authority_name(view),
        )


class PupilReference(BaseModel):
    first_name: str
    last_name: str


class HomeReference(BaseModel):
    street: str
    house_number: str
    postal_code: str
    city: str


class Basis(BaseModel):
    """Worüber entschieden wurde. Was danach gemeldet wurde und noch geprüft wird, steht in „form“."""

    school: SchoolReference
    grade: str | None = Field(description="null, wo eine Bewilligung in ein späteres Schuljahr weitergeht.")
    pupil: PupilReference
    home: HomeReference

    @classmethod
    def of(cls, view: View, decision: TimelineEntry, *, carried_on: bool) -> Self:
        """Out of the form on which the decision rests, which may be an earlier one than is shown.

        Args:
            carried_on: into the next school year, where the form's grade is no longer the child's.
        """
        form = json.loads(rests_on(decision, view.news, view.application.form))
        return cls(
            school=SchoolReference.of(view, form["school_number"]),
            grade=None if carried_on else form["grade"],
            pupil=PupilReference(**{name: form["pupil"][name] for name in PupilReference.model_fields}),
            home=HomeReference(**{name: form["home"][name] for name in HomeReference.model_fields}),
        )


def authority_name(view: View) -> str | None:
    """None where the register has dropped the school since, or has no name for its authority."""
    return (view.school.authority.name or None) if view.school else None
