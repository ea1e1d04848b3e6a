"""What stands against the right of a child who is certainly or likely the same, under whatever name it applied.

A family that withdraws and applies again with another spelling, a further name or one digit of the birth date exchanged
has the same child. So whoever grants is asked of every application of the authority that still names its child: of
whatever school year, laid down or not. What was erased is known by its child's digest alone (see `earlier_right`).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from shared.events import AuthorityId

from eligibility.domain.case import Case
from eligibility.domain.child import NamingCase, applicant_of, likeness, marks_of
from eligibility.domain.family import Ties
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.keys import Keys
from eligibility.domain.ticket import RightMark
from eligibility.workflow.decision.right_to_ride import ChildReader, apart_from_child

ANY_TWINS = 1_000
"""A twin whom two applications name explains nothing here: whoever invents one would be asked nothing."""


class MarkedReader(ChildReader, Protocol):
    def marked_years(self, authority_id: AuthorityId) -> Sequence[str]:
        """School years of cases against whose child's right something stands."""

    def marked_like(
        self, digests: Collection[str], application_id: ApplicationId
    ) -> Sequence[tuple[NamingCase, RightMark]]:
        """Cases of other applications with one of these digests, against whose child's right something stands."""

    def ties_of(self, case_id: CaseId) -> Ties | None:
        """By what the case is tied to siblings' cases; None where that is not kept."""


def alike(store: MarkedReader, case: Case, keys: Keys, tied: Ties | None) -> list[RightMark]:
    """`tied`: of a case that is not kept yet. Without what is told apart from its child."""
    years = store.marked_years(case.authority_id)
    me = applicant_of(case, tied or store.ties_of(case.id)) if years else None
    if me is None:
        return []
    digests = (marks_of(me.child, case.authority_id, each, keys).sought for each in years)
    found: dict[str, RightMark] = {}
    for other, mark in [each for some in digests for each in store.marked_like(some, case.application_id)]:
        named = applicant_of(other, other.ties)
        if named is not None and likeness(me, named, known_twins=ANY_TWINS) is not None:
            found[mark.key] = replace(mark, likely=True)
    apart = apart_from_child(store, case, keys) if found else ()
    return [each for each in found.values() if each.application_id not in apart]
