"""The worker that hands mails to the server.

1. Take one mail in a transaction that puts off its next try. 2. Send it. 3. Write down what became of it, and let the
service draw its consequences in the same transaction. Where the process dies between 2 and 3, the mail goes once more
when its pause is over, under the same Message-ID: SMTP has no better word (RFC 1047). Better twice than not at all, as
a period may depend on it.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import structlog
from prometheus_client import Counter

from shared.database import Transactions
from shared.errors import Unavailable
from shared.mail.addresses import MailAddress
from shared.mail.return_paths import ReturnPaths
from shared.mail.rows import KEPT, MailEnd, MailRows, MailState
from shared.mail.smtp import MailAnswer, Reply, SmtpConnection, Submission
from shared.mail.templates import MailSender, MailTemplate, write_message

log = structlog.get_logger("mail")
mails_total = Counter("mails", "Mails, by what became of a try", ["template", "answer"])
MAILS_AT_ONCE = 20
"""Over one connection, and within the time that a process has to end."""

FORGETTING = timedelta(hours=1)
FORGOTTEN_AT_ONCE = 50


class MailStore(Protocol):
    """What a service's store has, so that mails of it are sent."""

    @property
    def mails(self) -> MailRows:
        """Its rows."""
        ...


Store = TypeVar("Store", bound=MailStore)
Ended = Callable[[Store, MailEnd], None]
"""What follows from a mail's end, in the transaction that writes it down."""


@dataclass(frozen=True)
class MailTerms:
    """How mails are sent, but for the connection."""

    sender: MailSender
    return_paths: ReturnPaths
    patience: timedelta
    templates: Mapping[str, MailTemplate]
    """By the name in the row."""


class MailSending(Generic[Store]):
    """The worker `mail`."""

    def __init__(
        self,
        database: Transactions[Store],
        submission: Submission,
        terms: MailTerms,
        clock: Callable[[], datetime],
        ended: Ended[Store],
    ) -> None:
        self._database = database
        self._ended = ended
        self._submission = submission
        self._terms = terms
        self._clock = clock
        self._forgotten_at: datetime | None = None

    async def work(self) -> int:
        """Send what is due. Returns how many mails were tried.

        Raises:
            Unavailable: the server or the database is away.
        """
        if not await self._is_due():
            return 0
        await self._database.write(self._give_up, wake=False)
        row = await self._take()
        if row is None:
            return 0
        try:
            return await self._send_all(row)
        except Unavailable:
            log.warning("mail_server_away")
            raise

    async def _send_all(self, row: Mapping[str, Any]) -> int:
        tried = 0
        waiting: Mapping[str, Any] | None = row
        connecting = self._submission.connected(self._terms.sender.address.domain)
        try:
            connection = await asyncio.to_thread(connecting.__enter__)
            try:
                while waiting is not None and tried < MAILS_AT_ONCE:
                    await self._send(connection, waiting)
                    tried += 1
                    waiting = await self._take() if tried < MAILS_AT_ONCE else None
            finally:
                await asyncio.to_thread(connecting.__exit__, None, None, None)
        except Unavailable:
            if waiting is not None:
                await self._database.write(partial(_put_back, UUID(waiting["id"]), self._clock()), wake=False)
            raise
        return tried

    async def _send(self, connection: SmtpConnection, row: Mapping[str, Any]) -> None:
        mail_id, reply = UUID(row["id"]), Reply(MailAnswer.REFUSED, "address")
        try:
            to = MailAddress.parse(row["address"])
        except ValueError:
            pass
        else:
            message = write_message(
                self._terms.templates[row["template"]],
                row["language"],
                row["link"],
                sender=self._terms.sender,
                to=to,
                message_id=f"<{mail_id.hex}@{self._terms.sender.address.domain}>",
                now=self._clock(),
            )
            path = self._terms.return_paths.path_of(mail_id)
            reply = await asyncio.to_thread(connection.send, message, path, to)
        await self._database.write(partial(self._note, mail_id, reply, self._clock()))
        mails_total.labels(row["template"], reply.answer).inc()
        log.info("mail_tried", mail=mail_id.hex, template=row["template"], answer=reply.answer, code=reply.code)

    async def _is_due(self) -> bool:
        """Asked at each wake, so by a read alone. What has long ended is forgotten now and then."""
        now = self._clock()
        if self._forgotten_at is None or now - self._forgotten_at >= FORGETTING:
            while await self._database.write(
                lambda store: store.mails.forget(now - KEPT, FORGOTTEN_AT_ONCE), wake=False
            ):
                pass
            self._forgotten_at = now
        return await self._database.read(lambda store: store.mails.is_due(now, now - self._terms.patience))

    async def _take(self) -> Mapping[str, Any] | None:
        return await self._database.write(lambda store: store.mails.take_next(self._clock()), wake=False)

    def _note(self, mail_id: UUID, reply: Reply, now: datetime, store: Store) -> None:
        if reply.answer is MailAnswer.LATER:
            store.mails.note_delay(mail_id, reply.code)
        else:
            end_mail(store, self._ended, Outcome(mail_id, ENDS[reply.answer], reply.code), now)

    def _give_up(self, store: Store) -> None:
        now = self._clock()
        for mail_id in store.mails.over_due(now - self._terms.patience, MAILS_AT_ONCE):
            end_mail(store, self._ended, Outcome(mail_id, MailState.EXPIRED, store.mails.last_code(mail_id)), now)


def _put_back(mail_id: UUID, now: datetime, store: MailStore) -> None:
    store.mails.put_back(mail_id, now)


ENDS = {MailAnswer.TAKEN: MailState.TAKEN, MailAnswer.REFUSED: MailState.REFUSED}


@dataclass(frozen=True)
class Outcome:
    """How a mail ended, and with which figures of a server."""

    mail_id: UUID
    state: MailState
    code: str


def end_mail(store: Store, ended: Ended[Store], outcome: Outcome, now: datetime) -> None:
    """Write its end down, and what follows; nothing where it has ended so before."""
    end = store.mails.end(outcome.mail_id, outcome.state, outcome.code, now)
    if end is not None:
        ended(store, end)
