"""What follows from the calendar: a portal that nobody opened, a hint that did not go out, a mailbox to be filled."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.runtime.backlog import Backlog, row_key
from shared.runtime.worker import Worker

from eligibility.domain.dispatch import Dispatch
from eligibility.notice.remedy_period import retrieve_until
from eligibility.workflow.delivery.hints import announce_mailbox
from eligibility.workflow.delivery.ports import DeliverySteps, Mailbox, MailboxRefused, Provision
from eligibility.workflow.delivery.steps import WORKER, What, go_on, move, notice_of, provide
from eligibility.workflow.outer_ports import Notices

DELIVERY = WORKER
AT_ONCE = 50
LOOK_SECONDS = 300.0
"""How often the worker looks; what it looks for changes with the day."""


class DueDispatches(DeliverySteps, Protocol):
    """The store, as the worker asks what is due."""

    def dispatches_due(self, today: date, limit: int, now: datetime) -> Sequence[Dispatch]:
        """Those at which the worker looks today, the longest due first."""


class DailyDelivery:
    """Looks at what is due by Germany's calendar. Each dispatch is a transaction of its own, so that a process that is
    killed loses nothing, and the next one goes on."""

    def __init__(
        self,
        transactions: Transactions[DueDispatches],
        notices: Notices,
        now: Callable[[], datetime],
        backlog: Backlog,
        mailbox: Mailbox | None = None,
    ) -> None:  # fmt: skip
        self._transactions = transactions
        self._notices = notices
        self._now = now
        self._backlog = backlog
        self._mailbox = mailbox

    async def look(self) -> int:
        """Take up a batch. Returns 0 when nothing is left for today."""
        now = self._now()
        due: Sequence[Dispatch] = await self._transactions.read(
            lambda store: store.dispatches_due(day_in_berlin(now), AT_ONCE, now)
        )
        await self._backlog.each(due, lambda dispatch: row_key(dispatch.id), self._take_up)
        return len(due)

    async def _take_up(self, dispatch: Dispatch) -> None:
        if dispatch.way == "mailbox" and dispatch.state == "queued":
            await self._provide(dispatch)
        else:
            await self._transactions.write(lambda store: end_overdue(store, dispatch, self._now(), self._has_mailbox))

    async def _provide(self, dispatch: Dispatch) -> None:
        """Into the mailbox, outside the transaction; the mailbox takes the same dispatch once."""
        account = await self._transactions.read(lambda store: _account(store, dispatch))
        try:
            if self._mailbox is None or not account:
                raise MailboxRefused
            provision = await self._mailbox.provide(dispatch.id, account, await self._notices.pdf(dispatch.token))
        except MailboxRefused:
            await self._transactions.write(lambda store: refuse(store, dispatch, self._now()))
            return
        await self._transactions.write(
            lambda store: note_provision(store, dispatch, provision, self._now(), self._has_mailbox)
        )

    @property
    def _has_mailbox(self) -> bool:
        return self._mailbox is not None


def worker(
    database: Transactions[DueDispatches],
    notices: Notices,
    now: Callable[[], datetime],
    backlog: Backlog,
) -> Worker:
    """As it runs in the service: without a mailbox, so none is offered to anybody."""
    delivery = DailyDelivery(database, notices, now, backlog)
    return Worker(WORKER, delivery.look, LOOK_SECONDS)


def end_overdue(store: DeliverySteps, known: Dispatch, now: datetime, has_mailbox: bool) -> None:
    """What was not retrieved within ten days of the hint has lapsed (§ 41 Abs. 2a VwVfG); a hint of which nothing was
    heard in time has failed. The next way begins. What waited for its seal, and has it, lies ready from now on."""
    dispatch, today = store.dispatch(known.id), day_in_berlin(now)
    if dispatch is None or dispatch.look_on is None or today < dispatch.look_on:
        return
    notice = notice_of(store, dispatch)
    until = retrieve_until(dispatch.announced_at)
    if dispatch.state == "announced" and until is not None and today > until:
        go_on(store, notice, dispatch, "lapsed", What(now, now, WORKER), has_mailbox=has_mailbox)
    elif dispatch.state == "queued" and dispatch.way == "portal":
        provide(store, notice, dispatch, What(now, now, WORKER))
    elif dispatch.state == "provided":
        go_on(store, notice, dispatch, "failed", What(now, now, WORKER, "late"), has_mailbox=has_mailbox)


def note_provision(
    store: DeliverySteps, known: Dispatch, provision: Provision, now: datetime, has_mailbox: bool
) -> None:
    """It lies in the mailbox. The hint is the operator's own, or application is asked for it: until the end of the day,
    then it is too late (§ 9 Abs. 1 OZG)."""
    dispatch = store.dispatch(known.id)
    if dispatch is None or dispatch.state != "queued":
        return
    notice, day_after = (
        notice_of(store, dispatch),
        date.fromordinal(day_in_berlin(provision.provided_at).toordinal() + 1),
    )
    lies = move(store, notice, dispatch, "provided", What(provision.provided_at, now, WORKER, look_on=day_after))
    if provision.announced_at is not None:
        announce_mailbox(store, notice, lies, What(provision.announced_at, now, WORKER), has_mailbox=has_mailbox)


def refuse(store: DeliverySteps, known: Dispatch, now: datetime) -> None:
    """The mailbox does not take it: the next way begins, without any mailbox."""
    dispatch = store.dispatch(known.id)
    if dispatch is not None and dispatch.state == "queued":
        go_on(
            store, notice_of(store, dispatch), dispatch, "failed", What(now, now, WORKER, "refused"), has_mailbox=False
        )


def _account(store: DeliverySteps, dispatch: Dispatch) -> str:
    case = store.case(dispatch.case_id)
    return "" if case is None else case.submission.get("mailbox", "")
