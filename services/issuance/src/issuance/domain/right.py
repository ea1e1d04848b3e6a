"""The right to ride, of which a ticket is a sign: who has suspended it, who lifts that, and whose rights are one. Pure.

A right is a child's at one authority. It is known by its applications: those whose grants bore the same keyed digest of
the child are of one right, and so are those that are linked by others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

AUTHORITY, OPERATOR, REVOCATION, UNKNOWN = "authority", "operator", "revocation", "unknown"
FAMILY = "family"
"""Reports a loss, and suspends nothing."""
LIFTED_BY: Mapping[str, Set[str]] = {
    AUTHORITY: {AUTHORITY},
    OPERATOR: {OPERATOR},
    REVOCATION: {AUTHORITY},
    UNKNOWN: {AUTHORITY, OPERATOR, UNKNOWN},
}
"""Who lifts whose suspension, by kind of party. An authority lifts its own, an operator its own (of the same
organisation). What a revocation leaves behind, so that no later ticket of the right is good by itself, the authority
lifts: it grants. Suspensions from before parties were told are lifted by anybody who may ask, as they were then."""

GOES_ON = frozenset({"lost", "changed"})
"""Reasons for which a ticket dies and its right does not: a successor may be let out."""
GRANT_ENDED = frozenset({"notice", "withdrawn"})
"""Reasons for which a grant ended: another grant brings another ticket."""


def kind_of(party: str) -> str:
    """`operator:32838` is of the kind operator."""
    return party.partition(":")[0]


def party_of(is_authority: bool, organisation_id: int | None) -> str:
    """Of who asks: staff of the authority, or of a transport operator."""
    if is_authority:
        return AUTHORITY
    return OPERATOR if organisation_id is None else f"{OPERATOR}:{organisation_id}"


def may_lift(party: str, set_by: str) -> bool:
    """Whether `party` lifts what `set_by` has suspended."""
    kind = kind_of(party)
    if kind not in LIFTED_BY.get(kind_of(set_by), ()):
        return False
    return kind != OPERATOR or kind_of(set_by) != OPERATOR or party == set_by


@dataclass(frozen=True)
class Suspension:
    """One party's, for one reason. The right is good when none is left."""

    id: int
    application_id: UUID
    party: str
    reason: str
    set_at: datetime
    set_by: str = ""
    """Who asked for it; empty where that was not kept."""


def to_lift(found: Iterable[Suspension], party: str, reason: str) -> list[Suspension]:
    """What a party lifts that restores: the one whose reason it names; all that it may where it names none of them,
    also what a revocation left behind."""
    own = [each for each in found if may_lift(party, each.party)]
    return [each for each in own if each.reason == reason] or own


def rights(links: Iterable[tuple[UUID, str]]) -> Mapping[UUID, frozenset[UUID]]:
    """Of every application: those that are of one right with it.

    Args:
        links: an application and a child's digest.
    """
    group: dict[UUID | str, set[UUID | str]] = {}
    for application_id, child in links:
        one = group.setdefault(application_id, {application_id})
        other = group.setdefault(child, {child})
        if one is not other:
            one |= other
            for each in other:
                group[each] = one
    found: dict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    for member, together in group.items():
        if isinstance(member, UUID):
            found[member] = frozenset(each for each in together if isinstance(each, UUID))
    return found
