"""What a draft says so far, as far as it decides what is asked next. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError
from shared.birth_dates import PartlyKnownDate, earliest
from shared.events.own_form import FormDemands, FurtherQuestion

from application.checks import SchoolKeys
from application.checks.further import further_questions
from application.checks.keys import Form, age_on
from application.domain.own_form import OwnFormInForce
from application.domain.school import School
from application.form.types import BirthDay

OF_AGE = 18
YEAR_THAT_DIFFERS = "EF"
"""By the eight-year course it is the tenth year, by the nine-year one the eleventh: another limit."""
UPPER_YEARS = ("EF", "Q1", "Q2")
BIRTH = TypeAdapter(BirthDay)
NOTHING_DEMANDED = FormDemands()


@dataclass(frozen=True)
class Situation:
    """`form`: the draft's parts, as they were sent. `school`: the directory's; None: not chosen, or not there."""

    form: Mapping[str, Any]
    school: School | None
    keys: SchoolKeys
    today: date
    own_form: OwnFormInForce | None = None
    """What the authority adds; None: nothing, or no school is chosen."""
    given: Collection[str] = ()
    """Parts that are as they were when the draft was begun: told to the pre-check, or by an earlier application."""

    @property
    def demands(self) -> FormDemands:
        """What the authority asks of who applies."""
        told = self.own_form.content.demands if self.own_form else None
        return told or NOTHING_DEMANDED

    @cached_property
    def further_questions(self) -> tuple[FurtherQuestion, ...]:
        """The authority's own, as far as they are asked of this child."""
        return further_questions(self.own_form, self.form, self.school)

    @property
    def school_form(self) -> Form | None:
        """What kind of school it is."""
        return self.keys.forms[self.school.form] if self.school else None

    @property
    def grade(self) -> str:
        """Empty while it is not told."""
        return str(self.form.get("grade", ""))

    @property
    def born(self) -> date | PartlyKnownDate | None:
        """None while it is not told, or cannot be read."""
        try:
            return BIRTH.validate_python(value_at(self.form, "pupil.birth_date"))
        except ValidationError:
            return None

    @property
    def may_be_of_age(self) -> bool:
        """Whether the pupil may apply for herself."""
        return self.born is not None and age_on(self.today, earliest(self.born)) >= OF_AGE

    def says(self, path: str) -> bool:
        """Whether this is told: as true, or as a part, even an empty one."""
        value = value_at(self.form, path)
        return value is not None and value is not False


def value_at(form: Mapping[str, Any], path: str) -> Any:
    """None where there is nothing."""
    found: Any = form
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def has(form: Mapping[str, Any], path: str) -> bool:
    """Whether the form has this, be it null."""
    outer, _, name = path.rpartition(".")
    part = value_at(form, outer) if outer else form
    return isinstance(part, Mapping) and name in part
