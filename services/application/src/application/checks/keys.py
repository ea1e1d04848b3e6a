"""The key tables that the checks read. Loaded from `parameters/school_keys.yaml` by `application.checks.key_tables`."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Form(_Table):
    """A school form."""

    register_key: str
    """Two digits in the register (column SF)."""
    de: str
    en: str
    grades: tuple[str, ...]
    tracks: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    """Annexes of the APO-BK; empty where a form has no courses."""
    adults: bool = False
    """The grade says nothing about the age."""
    ended: int | None = None
    """Last year of the form."""


class Operation(_Table):
    open: tuple[str, ...]
    opens_later: tuple[str, ...]


class Span(_Table):
    youngest: int
    oldest: int


class Ages(_Table):
    years: dict[str, int]
    years_of_gy8: dict[str, int]
    younger_than_usual: int
    older_than_usual: int
    first_age: int
    adults: Span
    longest_life: int


class ConsentText(_Table):
    """A text that a family reads or agrees to."""

    text_id: str
    versions: dict[str, date]
    """The first day on which each is shown."""


class SchoolKeys(_Table):
    """All of it, checked when it is loaded."""

    forms: dict[str, Form]
    missing_in_track: dict[Literal["GY8", "GY9"], tuple[str, ...]] = Field(default_factory=dict)
    operation: Operation
    ages: Ages
    consent_texts: tuple[ConsentText, ...]

    def form_of_register(self, register_key: str) -> str | None:
        """The short key (GY) of a register key (20)."""
        return next((key for key, form in self.forms.items() if form.register_key == register_key), None)

    @property
    def every_grade(self) -> frozenset[str]:
        """Those of all school forms together."""
        return frozenset(grade for form in self.forms.values() for grade in form.grades)

    def plausible_ages(self, form_key: str, grade: str, track: str | None) -> Span:
        """Between which ages, in full years, a pupil of this grade may be."""
        ages = self.ages
        if self.forms[form_key].adults:
            return ages.adults
        year = ages.years_of_gy8.get(grade) if track == "GY8" else None
        if year is None:
            year = ages.years.get(grade, int(grade) if grade.isdigit() else 13)
        usual = year + ages.first_age - 1
        return Span(youngest=usual - ages.younger_than_usual, oldest=usual + ages.older_than_usual)


def age_on(day: date, birth_date: date) -> int:
    """Full years. Who was born on 29 February has the birthday on 1 March in other years (BGB § 188 Abs. 3, § 187)."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
