"""What issuance is told of the right to ride beside the grant: whose it is, and whose ticket goes on under it."""

from collections.abc import Sequence
from typing import Protocol

from eligibility.domain.case import Case
from eligibility.domain.child import applicant_of, digest_of
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, DecisionId
from eligibility.domain.keys import Keys


class ApartReader(Protocol):
    def is_told_apart(self, application_id: ApplicationId) -> bool:
        """A person has said of it, or of another, that they are of two children."""


def child_of(store: ApartReader, case: Case, keys: Keys) -> str | None:
    """Digest of the child; None where the case names nobody any more, or a person has told it apart from another."""
    named = applicant_of(case, None)
    if named is None or store.is_told_apart(case.application_id):
        return None
    return digest_of(named.child, case.authority_id, keys)


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
