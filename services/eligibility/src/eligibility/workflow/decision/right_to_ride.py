"""What issuance is told of the right to ride beside the grant: whose it is, and whose ticket goes on under it.

What was told of an application's child stays, whatever key is the newest: by it the signer knows all of a child's
applications. Another application of the child is told with the same digest, where the name is the same or a person has
said that it follows. Of two whom a person has told apart the one is never told with the other's, also where both bear
one name. Who is told apart keeps what stands against its own right.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eligibility.domain.case import Case
from eligibility.domain.child import applicant_of, digest_apart, digest_of, digests_of
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, DecisionId
from eligibility.domain.keys import Keys


class ChildReader(Protocol):
    def case_of(self, application_id: ApplicationId) -> Case | None:
        """The application's case; None where there is none."""

    def apart_from(self, application_id: ApplicationId) -> Collection[ApplicationId]:
        """A person has said of these, and of this one, that they are of two children."""

    def child_told(self, application_id: ApplicationId) -> str | None:
        """The pseudonym under which the child was told to others; None: it was not."""

    def children_named(self, names: Collection[str]) -> Sequence[str]:
        """What was told of children who bear one of these names, by digests, or were told with one; the first first."""

    def told_with(self, child: str) -> Sequence[ApplicationId]:
        """The applications of which this digest was told."""


class ChildTeller(ChildReader, Protocol):
    def tell_child(self, application_id: ApplicationId, child: str, name: str, now: datetime) -> None:
        """In place of what was told of it before."""


@dataclass(frozen=True)
class KnownChild:
    """What a case's child is known by."""

    child: str | None
    """Its digest; None where the case names nobody any more and nothing was told."""
    children: frozenset[str]
    """Every digest by which something may stand against the child's right; none of a child told apart from it."""


def look_up_child(store: ChildReader, case: Case, keys: Keys) -> KnownChild:
    """What was told of the child, else of one with its name, else what would be told."""
    told, others, named = store.child_told(case.application_id), _others(store, case, keys), applicant_of(case, None)
    own = digests_of(named.child, case.authority_id, keys) if named is not None else frozenset()
    alike = store.children_named(own)
    child = told if told is not None and told not in others else next((x for x in alike if x not in others), None)
    if child is None and named is not None:
        child = (
            digest_apart(named.child, case.authority_id, case.application_id, keys)
            if own & others
            else digest_of(named.child, case.authority_id, keys)
        )
    by_name = frozenset() if own & others else own.union(alike)
    return KnownChild(child, (by_name | ({child} if child else set())) - others)


def child_of(store: ChildReader, case: Case, keys: Keys) -> str | None:
    """Digest of the child; None where the case names nobody any more and nothing was told."""
    return look_up_child(store, case, keys).child


def tell_child(store: ChildTeller, case: Case, keys: Keys, now: datetime, child: str | None = None) -> str | None:
    """Keep what is told of the child, and return it.

    Args:
        child: that of an application which this one follows, or what this transaction has looked up.
    """
    child, named = child or child_of(store, case, keys), applicant_of(case, None)
    if child is not None and named is not None:
        store.tell_child(case.application_id, child, digest_of(named.child, case.authority_id, keys), now)
    return child


def apart_from_child(store: ChildReader, case: Case, keys: Keys) -> frozenset[ApplicationId]:
    """Applications that are told apart from one of this child's, and all others of those children."""
    child = child_of(store, case, keys)
    mine = {case.application_id, *(store.told_with(child) if child else ())}
    apart = {other for each in mine for other in store.apart_from(each)} - mine
    children = {store.child_told(each) for each in apart} - {None, child}
    return frozenset(apart.union(*(store.told_with(each) for each in children if each is not None)))


def _others(store: ChildReader, case: Case, keys: Keys) -> frozenset[str]:
    """Of the children who are told apart from this one: what was told, or would be."""
    found = set[str]()
    for each in store.apart_from(case.application_id):
        told, other = store.child_told(each), store.case_of(each)
        named = applicant_of(other, None) if told is None and other is not None else None
        found |= {told} if told else digests_of(named.child, case.authority_id, keys) if named else set()
    return frozenset(found)


def carried_grant(earlier: Decision | None, known: Sequence[Decision], new: Decision) -> DecisionId | None:
    """The grant whose ticket may go on under the new one: the signer compares holder and period. None where another
    ticket, or none, follows."""
    if earlier is None or earlier.outcome != "granted" or new.ticket_days is None:
        return None
    grant = grant_of(earlier, known)
    is_same = grant.terms.with_ticket and grant.terms.product == new.terms.product
    return grant.id if is_same and not grant.terms.self_payer else None


def grant_of(decision: Decision, known: Sequence[Decision]) -> Decision:
    """The grant whose own share a decision changed, among those of its case; else the decision itself."""
    return next((each for each in known if each.id == decision.terms.grant_id), decision)
