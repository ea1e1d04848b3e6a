"""The present state told again out of the tables, for hearers that lost more than outbox and broker still hold."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from shared.events import EligibilityWithdrawn, Event

from eligibility.domain import Case, CaseId, Decision, DecisionId, NoticeToken
from eligibility.workflow.decide import review_opened
from eligibility.workflow.release import granted, refused

PAGE = 500


class Store(Protocol):
    def page_of_all(self, after: CaseId | None, limit: int) -> Sequence[Case]:
        """Of all authorities, by id, from the one after `after` on."""
        ...

    def decision_of(self, case_id: CaseId) -> Decision | None: ...

    def notice_of(self, decision_id: DecisionId) -> NoticeToken | None: ...


def announce(store: Store, public_url: str) -> Iterator[Event]:
    """Every decision that was let out, every case that a person must look at, every end of a grant."""
    after: CaseId | None = None
    while page := store.page_of_all(after, PAGE):
        for case in page:
            yield from _events(store, case, public_url)
        after = page[-1].id


def _events(store: Store, case: Case, public_url: str) -> Iterator[Event]:
    if case.state == "review":
        yield review_opened(case)
        return
    decision = store.decision_of(case.id)
    if case.state == "withdrawn":
        was_granted = decision is not None and decision.released_at is not None and decision.outcome == "granted"
        yield EligibilityWithdrawn(
            occurred_at=case.opened_at,
            authority_id=case.authority_id,
            application_id=case.application_id,
            decision_id=decision.id if decision is not None and was_granted else None,
            reason="application_withdrawn",
        )
        return
    if decision is None or decision.released_at is None:
        return
    token = store.notice_of(decision.id)
    make = granted if decision.outcome == "granted" else refused
    yield make(case, decision, decision.released_at, f"{public_url}/v1/notices/{token}" if token else "")
