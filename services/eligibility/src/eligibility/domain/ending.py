"""The end of a grant before its time: what a person says of it, and what is kept of it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Literal

from eligibility.domain.ids import DecisionId

Loss = Literal["ends", "shorter", "without_ticket", "dearer", "less_borne", "not_carried_on"]
"""What a family would lose: the whole grant, a part of its time, the ticket (for another kind of transport), money (a
higher own share; a lower allowance or rate, or a product of which less is borne), or a standing grant's next school
year."""
Exception28 = Literal["1", "2", "3"]
"""Numbers of § 28 Abs. 2 VwVfG NRW by which a person may decide without a hearing: danger in delay or the public
interest; a period that could not be kept; the family's own facts. Nr. 4 (the same act in great number, automatic
facilities) is not offered: the end of a child's grant is one child's matter."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a person says before the end of a grant is let out."""

    ends_on: date | None = None
    """The last day of what the family has."""
    exception: Exception28 | None = None
    """Where the family was not heard: by which number of § 28 Abs. 2 VwVfG NRW."""
    why: str = ""
    """Why that exception holds, in whole sentences, for the notice."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Of a family, on what is to be decided."""

    until: date
    """Until which it could answer."""
    answered_on: date | None
    """When it did."""

    @property
    def day(self) -> date:
        """From which on it counts as heard."""
        return self.answered_on or self.until


@dataclass(frozen=True, slots=True)
class GrantEnd:
    """Kept with the decision that ends a grant, or makes it less."""

    grant_id: DecisionId
    losses: tuple[Loss, ...]
    last_day: date | None = None
    """Of the grant, or of its ticket; None where both go on and only money changes."""
    heard_on: date | None = None
    """The day on which the family answered, else until which it could."""
    exception: Exception28 | None = None
    why: str = ""
    heard_until: date | None = None
    """Until which the family could answer, answered or not; None: kept before both days were."""
    answered_on: date | None = None
    """None: nobody answered, or likewise."""
    with_ticket: bool = True
    """Of the grant that ends: whether it gave a ticket."""

    def as_said(self) -> Mapping[str, object]:
        """For digests: an end that was kept before says what it said then."""
        later = {name: each for name, each in asdict(self).items() if name in LATER}
        unsaid = {each.name for each in fields(GrantEnd) if each.name in later and later[each.name] == each.default}
        return {name: each for name, each in asdict(self).items() if name not in unsaid}


LATER = frozenset({"heard_until", "answered_on", "with_ticket"})
"""Fields of GrantEnd that came later."""
