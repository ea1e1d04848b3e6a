"""How a notice goes on to its addressees, one step at a time. Each runs in the transaction of whoever calls it.

A notice that is let out begins one dispatch for each addressee. Where a way fails or lapses, the next one of the
authority's begins in the same transaction, and the letter at last: so no notice is ever on no way.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shared.calendar import day_in_berlin
from shared.errors import NotFound, Text
from shared.events import EligibilityDeliveryChanged, head

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.dispatch import (
    Dispatch,
    DispatchState,
    DispatchStep,
    FailureReason,
    Way,
    dispatch_id_of,
)
from eligibility.domain.ids import NoticeToken
from eligibility.domain.recipients import APPLICANT, recipients_of
from eligibility.domain.submission import Submission
from eligibility.notice.remedy_period import Remedy, remedy, retrieve_until
from eligibility.workflow.access import authority_of
from eligibility.workflow.delivery.ports import DeliverySteps

WORKER = "delivery"
HINT_WITHIN_DAYS = 4
"""So long application may try to send a hint: mail servers are tried for some days. Then the next way begins."""
NO_DISPATCH = Text("Diesen Versand gibt es nicht.", "There is no such dispatch.")


@dataclass(frozen=True)
class NoticeOnItsWay:
    """A notice, and what its ways depend on."""

    token: NoticeToken
    decision: Decision
    case: Case
    authority: Authority

    waits_for_seal: bool = False
    """Its authority seals it first: before that it lies nowhere."""

    @property
    def is_act(self) -> bool:
        """Whether there is a period for an action."""
        return self.authority.decides_by == "administrative_act" and not self.decision.terms.self_payer


@dataclass(frozen=True)
class What:
    """What happened to a dispatch: when, by whom, and when that was noted."""

    at: datetime
    now: datetime
    by: str
    reason: FailureReason | None = None
    day: date | None = None
    """Of a letter: given to the post."""
    look_on: date | None = None
    """From when on the worker looks at what comes of it."""


def start(store: DeliverySteps, notice: NoticeOnItsWay, by: str, now: datetime, *, has_mailbox: bool) -> None:
    """The notice is written: for each addressee the first way begins."""
    for step, recipient in enumerate(recipients_of(notice.case.submission), 1):
        way = next_way(notice, recipient, (), has_mailbox=has_mailbox)
        begun = _begun(notice, recipient, 1, way, What(now, now, by))
        store.begin_dispatch(begun, _step(begun, step, What(now, now, by)))
        _emit(store, notice, begun, step, now, None)


def begin(store: DeliverySteps, notice: NoticeOnItsWay, recipient: int, what: What, *, has_mailbox: bool) -> Dispatch:
    """The next way of this addressee."""
    known = [each for each in store.dispatches_of(notice.token) if each.recipient == recipient]
    way = next_way(notice, recipient, {each.way for each in known}, has_mailbox=has_mailbox)
    begun = _begun(notice, recipient, len(known) + 1, way, what)
    number = len(store.steps_of(notice.token)) + 1
    store.begin_dispatch(begun, _step(begun, number, what))
    tell(store, notice, begun, number, what.now)
    return begun


def _begun(notice: NoticeOnItsWay, recipient: int, number: int, way: Way, what: What) -> Dispatch:
    lies, today = way == "portal" and not notice.waits_for_seal, day_in_berlin(what.now)
    look_on = None if way == "post" else _hint_by(today) if lies else today
    return Dispatch(
        id=dispatch_id_of(notice.decision.id, recipient, number),
        token=notice.token,
        decision_id=notice.decision.id,
        case_id=notice.case.id,
        authority_id=notice.case.authority_id,
        recipient=recipient,
        number=number,
        way=way,
        state="provided" if lies else "queued",
        begun_at=what.now,
        since=what.at,
        provided_at=what.at if lies else None,
        look_on=look_on,
    )


def provide(store: DeliverySteps, notice: NoticeOnItsWay, dispatch: Dispatch, what: What) -> None:
    """It is sealed, and lies in the portal from now on."""
    move(store, notice, dispatch, "provided", replace(what, look_on=_hint_by(day_in_berlin(what.now))))


def _hint_by(today: date) -> date:
    return today + timedelta(days=HINT_WITHIN_DAYS + 1)


def next_way(notice: NoticeOnItsWay, recipient: int, tried: Collection[Way], *, has_mailbox: bool) -> Way:
    """The authority's next that is not tried yet; the letter at last, and again where it came back."""
    for way in notice.authority.notice_channels:
        if way not in tried and recipient == APPLICANT and is_open_to(way, notice.case.submission, has_mailbox):
            return way
    return "post"


def is_open_to(way: Way, submission: Submission, has_mailbox: bool) -> bool:
    """The portal with consent; the mailbox where there is one, and the user has not excluded it."""
    if way == "portal":
        return bool(submission.get("portal_notice"))
    return has_mailbox and bool(submission.get("mailbox")) and not submission.get("mailbox_excluded", False)


def move(
    store: DeliverySteps,
    notice: NoticeOnItsWay,
    dispatch: Dispatch,
    state: DispatchState,
    what: What,
) -> Dispatch:
    """`dispatch` in its new state, kept, on record with its step, and told."""
    moved = replace(
        dispatch,
        state=state,
        since=what.at,
        provided_at=what.at if state == "provided" else dispatch.provided_at,
        announced_at=what.at if state == "announced" else dispatch.announced_at,
        failure=what.reason or dispatch.failure,
        day=what.day or dispatch.day,
        look_on=what.look_on,
    )
    number = len(store.steps_of(moved.token)) + 1
    store.move_dispatch(moved, _step(moved, number, what))
    tell(store, notice, moved, number, what.now)
    return moved


def go_on(
    store: DeliverySteps,
    notice: NoticeOnItsWay,
    dispatch: Dispatch,
    state: DispatchState,
    what: What,
    *,
    has_mailbox: bool,
) -> Dispatch:
    """This way has come to nothing; the next one of the addressee begins."""
    move(store, notice, dispatch, state, what)
    return begin(
        store,
        notice,
        dispatch.recipient,
        replace(what, at=what.now, reason=None, look_on=None),
        has_mailbox=has_mailbox,
    )


def overtake(store: DeliverySteps, notice: NoticeOnItsWay, recipient: int, what: What) -> None:
    """What is still open of this addressee is over: it has the notice, or a person noted a delivery."""
    for each in store.dispatches_of(notice.token):
        if each.recipient == recipient and each.is_open:
            move(store, notice, each, "overtaken", what)


def notice_of(store: DeliverySteps, dispatch: Dispatch) -> NoticeOnItsWay:
    """The notice of a dispatch.

    Raises:
        NotFound: where it is gone.
    """
    case, decision = store.case(dispatch.case_id), store.decision_by_id(dispatch.decision_id)
    if case is None or decision is None:
        raise NotFound(NO_DISPATCH)
    return NoticeOnItsWay(dispatch.token, decision, case, authority_of(store, case.authority_id))


def remedy_of(
    store: DeliverySteps, notice: NoticeOnItsWay, recipient: int, today: date, dispatches: Sequence[Dispatch]
) -> Remedy:
    """The period of one addressee, by what really happened."""
    mine = [each for each in store.deliveries_of(notice.token) if each.recipient == recipient]
    announced = announced_in_portal(dispatches, recipient)
    return remedy(mine, announced=announced, today=today, administrative_act=notice.is_act)


def announced_in_portal(dispatches: Sequence[Dispatch], recipient: int) -> datetime | None:
    """When the hint went out that the notice lies in the portal."""
    found = (each.announced_at for each in dispatches if each.way == "portal" and each.recipient == recipient)
    return next((each for each in found if each is not None), None)


def tell(store: DeliverySteps, notice: NoticeOnItsWay, dispatch: Dispatch, step: int, now: datetime) -> None:
    """Tell the family's side how it stands."""
    dispatches = store.dispatches_of(notice.token)
    _emit(
        store, notice, dispatch, step, now, remedy_of(store, notice, dispatch.recipient, day_in_berlin(now), dispatches)
    )


def _emit(  # noqa: PLR0917  # all that it tells
    store: DeliverySteps, notice: NoticeOnItsWay, dispatch: Dispatch, step: int, now: datetime, until: Remedy | None
) -> None:
    may_retrieve = dispatch.way == "portal" and dispatch.state == "announced"
    store.emit(
        EligibilityDeliveryChanged(
            **head(notice.case, now),
            dispatch_id=dispatch.id,
            decision_id=notice.decision.id,
            step=step,
            recipient=dispatch.recipient,
            channel=dispatch.way,
            state=dispatch.state,
            retrieve_until=retrieve_until(dispatch.announced_at) if may_retrieve else None,
            notified=until.notified if until is not None else None,
            last_day=until.last_day if until is not None else None,
            administrative_act=notice.is_act,
        )
    )


def _step(dispatch: Dispatch, number: int, what: What) -> DispatchStep:
    return DispatchStep(dispatch.id, number, dispatch.state, what.at, what.now, what.by, what.reason, what.day)
