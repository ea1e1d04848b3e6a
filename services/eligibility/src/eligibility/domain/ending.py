"""The end of a grant before its time: what a person says of it, and what is kept of it. Pure."""

from dataclasses import dataclass
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
