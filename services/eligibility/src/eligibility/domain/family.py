"""A child's case as far as the own share of its siblings needs it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId, ChildKey


@dataclass(frozen=True)
class Ties:
    """By what the applications of one family are found. Digests and ids: none of them names anybody."""

    household: str | None
    """The account's, at this authority (see `application.submitted`)."""
    home: str
    names_siblings: bool = True
    """Where nobody of a household or home names any, nobody is looked at: a school may apply for hundreds by one
    account."""


@dataclass(frozen=True)
class Member:
    """A child's case of one school year, as far as its siblings' own share needs it."""

    case: Case
    decisions: Sequence[Decision]
    """All, the first first."""
    ties: Ties
    child: ChildKey | None
    not_siblings: frozenset[CaseId] = frozenset()
    """A person said so."""

    @property
    def living(self) -> Decision | None:
        """The grant in force by which the family gets a funded ticket, or a refusal in force."""
        found = [each for each in self.decisions if each.released_at and not each.withdrawn_at]
        return next((each for each in found if not each.terms.self_payer), None)

    @property
    def grant(self) -> Decision | None:
        """Of a ticket: a school bus or an allowance is no funded ticket, so it counts for no rank and has no share."""
        living = self.living
        return living if living is not None and living.outcome == "granted" and living.terms.with_ticket else None

    @property
    def waiting(self) -> Decision | None:
        """Prepared, not let out."""
        found = (each for each in self.decisions if not each.released_at and not each.withdrawn_at)
        return next(found, None)

    @property
    def facts(self) -> dict[str, Any]:
        """As decided on, else as told."""
        return self.living.facts if self.living is not None else self.case.facts

    @property
    def birth(self) -> str | None:
        birth: str | None = self.facts.get("pupil", {}).get("birth_date")
        return birth

    @property
    def moved_at(self) -> datetime:
        """When something was last let out or ended here."""
        moments = [each for one in self.decisions for each in (one.released_at, one.withdrawn_at) if each]
        return max(moments, default=self.case.opened_at)

    def names(self, other: "Member") -> bool:
        return any(each["birth_date"] == other.birth for each in self.facts.get("siblings", ()))
