"""To whom a notice speaks: to a pupil of age, who applied for herself, or to who applied for somebody. Pure."""

from dataclasses import dataclass
from datetime import date

from shared.birth_dates import latest, parse_birth_date

from eligibility.domain.case import Case
from eligibility.domain.names import words_of
from eligibility.domain.submission import PersonName
from eligibility.rules.law.applicant import of_age

ADULT_YEARS = 18
"""§ 2 BGB. Only for the form of address: whether somebody may apply is asked of the rules."""


@dataclass(frozen=True)
class Address:
    """How the notice names the pupil."""

    name: str
    """First and last name."""
    to_pupil: bool
    """Whoever reads it is the pupil."""
    minor: bool

    @property
    def child(self) -> str:
        """Of the pupil, to somebody else: a parent's child, while it is one."""
        return "Ihr Kind" if self.minor else self.name

    @property
    def named(self) -> str:
        """In the accusative, with the name: für Sie, Ana Đặng, geboren am …"""
        return f"Sie, {self.name}" if self.to_pupil else self.name

    @property
    def english(self) -> str:
        """How an English sentence speaks of the pupil: `you`, or by name."""
        return "you" if self.to_pupil else self.name

    @property
    def english_costs(self) -> str:
        """Whose travel costs, as the object of an English sentence."""
        return "your costs of travel to school" if self.to_pupil else f"the costs of travel to school for {self.name}"


def address_of(case: Case, day: date) -> Address:
    """`day`: of the notice."""
    addressee, child = case.submission["addressee"], case.submission["child"]
    minor = not of_age(latest(parse_birth_date(case.submission["birth_date"])), ADULT_YEARS, day)
    return Address(full_name(child), not minor and _same(addressee, child), minor)


def full_name(person: PersonName) -> str:
    """Given name and family name, without the blank of one that is missing."""
    return f"{person['first_name']} {person['last_name']}".strip()


def _same(one: PersonName, other: PersonName) -> bool:
    return frozenset(words_of(full_name(one)).words) == frozenset(words_of(full_name(other)).words)
