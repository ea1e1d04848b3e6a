"""A child's case as far as the own share of its siblings needs it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import cast

from shared.birth_dates import earliest, latest, parse_birth_date

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId
from eligibility.domain.kept_facts import KeptFacts, KeptSibling, named_siblings

Span = tuple[date, date]
"""The first and the last day that a birth date may be."""


@dataclass(frozen=True)
class Ties:
    """By what the applications of one family are found. Digests and ids: none of them names anybody."""

    household: str | None
    """The account's, at this authority (see `application.submitted`)."""
    home: str
    names_siblings: bool = True
    """Where nobody of a household or home names any, nobody is looked at: a school may apply for hundreds by one
    account."""


OF_FAMILY = ("siblings", "benefits", "benefits_from", "benefits_until", "unproven")
"""Parts of FACTS that change the own share alone, while the grant stays as it is."""


def of_family(facts: KeptFacts, known: KeptFacts) -> KeptFacts:
    """`facts` with these parts as they are in `known`."""
    own = {name: each for name, each in facts.items() if name not in OF_FAMILY}
    theirs = {name: each for name, each in known.items() if name in OF_FAMILY}
    return cast(KeptFacts, own | theirs)  # the checker does not follow names that are chosen as it runs


@dataclass(frozen=True)
class Member:
    """A child's case of one school year, as far as its siblings' own share needs it. In a home of many each is compared
    with all others: what is read from the case is read once."""

    case: Case
    decisions: Sequence[Decision]
    """All, the first first."""
    ties: Ties
    not_siblings: frozenset[CaseId] = frozenset()
    """A person said so."""

    @cached_property
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

    @cached_property
    def facts(self) -> KeptFacts:
        """As decided on, with what is known by now of siblings and benefits; else as told."""
        return of_family(self.living.facts, self.case.facts) if self.living is not None else self.case.facts

    @cached_property
    def birth(self) -> str | None:
        """The birth date as it was told (ISO, perhaps only a year); None: unknown."""
        pupil = self.facts.get("pupil")
        return pupil.get("birth_date") if pupil is not None else None

    @property
    def moved_at(self) -> datetime:
        """When something was last let out or ended here."""
        moments = [each for one in self.decisions for each in (one.released_at, one.withdrawn_at) if each]
        return max(moments, default=self.case.opened_at)

    @cached_property
    def named(self) -> list[KeptSibling]:
        """Its siblings as told or as known by now."""
        return named_siblings(self.facts)

    @cached_property
    def born(self) -> Span | None:
        """The first and the last day that its birth date may be."""
        return None if self.birth is None else _span(self.birth)

    @cached_property
    def named_born(self) -> tuple[Span, ...]:
        """Likewise of each sibling that it names."""
        return tuple(_span(each["birth_date"]) for each in self.named)

    @cached_property
    def named_births(self) -> frozenset[str]:
        """Birth dates of the siblings that its family names."""
        return frozenset(each["birth_date"] for each in self.named)

    def names(self, other: "Member") -> bool:
        """Whether its family names a sibling with the birth date of `other`."""
        return other.birth in self.named_births

    def may_name(self, other: "Member") -> bool:
        """A birth date that one of them knows only in part may be the other's."""
        return self.count_named(other) > 0

    def count_named(self, other: "Member") -> int:
        """How many siblings it names whose birth date may be the other's."""
        if other.born is None:
            return 0
        first, last = other.born
        return sum(begins <= last and first <= ends for begins, ends in self.named_born)


def _span(birth: str) -> Span:
    born = parse_birth_date(birth)
    return earliest(born), latest(born)
