"""What follows from a hint that went out, or did not arrive, and from a retrieval by who is signed in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from shared.calendar import day_in_berlin
from shared.database import Step
from shared.errors import NotFound
from shared.events import ApplicationHintFailed, ApplicationHintSent, ApplicationNoticeRetrieved

from eligibility.domain.acts import ActKind
from eligibility.domain.desk import Delivery
from eligibility.domain.dispatch import Dispatch, DispatchId, FailureReason
from eligibility.domain.ids import DecisionId
from eligibility.domain.recipients import APPLICANT
from eligibility.notice.remedy_period import is_announced_in_time, retrieve_until
from eligibility.workflow.access import authority_of
from eligibility.workflow.delivery.ports import DeliverySteps
from eligibility.workflow.delivery.steps import (
    NO_DISPATCH,
    NoticeOnItsWay,
    What,
    go_on,
    move,
    notice_of,
    overtake,
    tell,
)
from eligibility.workflow.ports import Environment

APPLICATION, FAMILY = "application", "family"
RETRIEVED = ("download", "retrieval")
REASONS: dict[str, FailureReason] = {
    "no_address": "no_address", "no_transport": "no_transport", "refused": "refused", "bounced": "bounced",
}  # fmt: skip


class Hints:
    """What `application` tells of notices that lie ready."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def sent(self, event: ApplicationHintSent) -> Step[DeliverySteps, None]:
        """A mail server has taken the hint."""

        def step(store: DeliverySteps) -> None:
            what = What(event.sent_at, self._environment.now(), APPLICATION)
            hint_sent(store, DispatchId(event.dispatch_id), what, has_mailbox=self._environment.has_mailbox)

        return step

    async def failed(self, event: ApplicationHintFailed) -> Step[DeliverySteps, None]:
        """It could not be sent, or came back."""

        def step(store: DeliverySteps) -> None:
            reason = REASONS.get(event.reason, "refused")
            what = What(event.failed_at, self._environment.now(), APPLICATION, reason)
            hint_failed(store, DispatchId(event.dispatch_id), what, has_mailbox=self._environment.has_mailbox)

        return step

    async def retrieved(self, event: ApplicationNoticeRetrieved) -> Step[DeliverySteps, None]:
        """Who is signed in has asked for the notice by a deliberate act."""

        def step(store: DeliverySteps) -> None:
            retrieve(store, DecisionId(event.decision_id), event.retrieved_at, self._environment.now())

        return step


def hint_sent(store: DeliverySteps, dispatch_id: DispatchId, what: What, *, has_mailbox: bool = False) -> None:
    """Note when the hint went out. Again, or of a dispatch that has gone on: nothing changes.

    Raises:
        NotFound: for a dispatch that is not known here.
    """
    dispatch = _dispatch(store, dispatch_id)
    if dispatch.state != "provided":
        return
    notice = notice_of(store, dispatch)
    if dispatch.way == "portal":
        move(store, notice, dispatch, "announced", replace(what, look_on=_day_after(retrieve_until(what.at))))
        return
    announce_mailbox(store, notice, dispatch, what, has_mailbox=has_mailbox)


def announce_mailbox(
    store: DeliverySteps, notice: NoticeOnItsWay, dispatch: Dispatch, what: What, *, has_mailbox: bool
) -> None:
    """On the day of provision the notice counts from its fourth day; later not at all, and the next way begins."""
    provided = dispatch.provided_at
    if provided is None or not is_announced_in_time(provided, what.at):
        go_on(store, notice, dispatch, "failed", replace(what, reason="late"), has_mailbox=has_mailbox)
        return
    excluded = bool(notice.case.submission.get("mailbox_excluded", False))
    counted = Delivery(
        "mailbox", day_in_berlin(provided), what.now, what.by, not excluded, recipient=dispatch.recipient,
        provided_at=provided, announced_at=what.at, excluded=excluded,
    )  # fmt: skip
    store.note_delivery(dispatch.token, counted)
    move(store, notice, dispatch, "announced", what)


def hint_failed(store: DeliverySteps, dispatch_id: DispatchId, what: What, *, has_mailbox: bool = False) -> None:
    """This way has failed: what was counted by it counts no more, and the next way begins, the letter at last.

    Of a notice that was retrieved meanwhile the retrieval goes on to count. Again: nothing changes.

    Raises:
        NotFound: for a dispatch that is not known here.
    """
    dispatch = _dispatch(store, dispatch_id)
    if dispatch.way == "post" or dispatch.state not in ("provided", "announced", "retrieved"):
        return
    notice = notice_of(store, dispatch)
    counted = [each for each in _deliveries(store, dispatch) if each.channel == "mailbox" and each.failed_at is None]
    for each in counted:
        store.fail_delivery(dispatch.token, each, what.at)
    if dispatch.state != "retrieved":
        go_on(store, notice, dispatch, "failed", what, has_mailbox=has_mailbox)
    elif counted:
        tell(store, notice, dispatch, len(store.steps_of(dispatch.token)), what.now)


def retrieve(store: DeliverySteps, decision_id: DecisionId, at: datetime, now: datetime) -> None:
    """Note the first retrieval. What is still on another way to the same addressee is overtaken where it counts.

    Raises:
        NotFound: where the decision has no notice here.
    """
    found, decision = store.notice_written(decision_id), store.decision_by_id(decision_id)
    case = store.case(decision.case_id) if decision is not None else None
    if found is None or decision is None or case is None:
        raise NotFound(NO_DISPATCH)
    notice = NoticeOnItsWay(found[0], decision, case, authority_of(store, case.authority_id))
    mine = [each for each in store.dispatches_of(notice.token) if each.recipient == APPLICANT]
    if any(each.channel in RETRIEVED and each.recipient == APPLICANT for each in store.deliveries_of(notice.token)):
        return
    lies = next((each for each in reversed(mine) if each.way != "post" and each.state != "overtaken"), None)
    store.note_delivery(notice.token, _retrieval(notice, lies, at, now))
    store.audit(
        authority_id=case.authority_id, subject=FAMILY, act=ActKind.NOTICE_RETRIEVED, case_id=case.id, now=now,
        detail={"decision": str(decision_id)},
    )  # fmt: skip
    is_posted = any(each.state == "posted" for each in mine)
    if lies is None or is_posted or not is_in_time(lies, day_in_berlin(at)):
        return
    what = What(at, now, FAMILY)
    move(store, notice, lies, "retrieved", what)
    overtake(store, notice, APPLICANT, replace(what, at=now))


def is_in_time(lies: Dispatch, day: date) -> bool:
    """Whether a retrieval on that day is one by this dispatch: in the portal within ten days of the hint."""
    if lies.state not in ("provided", "announced", "failed"):
        return False
    until = retrieve_until(lies.announced_at) if lies.way == "portal" else None
    return until is None or day <= until


def _retrieval(notice: NoticeOnItsWay, lies: Dispatch | None, at: datetime, now: datetime) -> Delivery:
    submission = notice.case.submission
    provided, announced = (lies.provided_at, lies.announced_at) if lies is not None else (None, None)
    if lies is not None and lies.way == "mailbox":
        excluded = bool(submission.get("mailbox_excluded", False))
        return Delivery("retrieval", day_in_berlin(at), now, FAMILY, not excluded, provided_at=provided,
                        announced_at=announced, excluded=excluded)  # fmt: skip
    consent = bool(submission.get("portal_notice"))
    return Delivery("download", day_in_berlin(at), now, FAMILY, consent, provided_at=provided, announced_at=announced)


def _dispatch(store: DeliverySteps, dispatch_id: DispatchId) -> Dispatch:
    found = store.dispatch(dispatch_id)
    if found is None:
        raise NotFound(NO_DISPATCH)
    return found


def _deliveries(store: DeliverySteps, dispatch: Dispatch) -> Sequence[Delivery]:
    return [each for each in store.deliveries_of(dispatch.token) if each.recipient == dispatch.recipient]


def _day_after(day: date | None) -> date | None:
    return None if day is None else day + timedelta(days=1)
