"""Hears one stream in batches: long work first, then one transaction for the batch, then the acknowledgements."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import nats.errors
import structlog
from nats.aio.msg import Msg
from prometheus_client import Counter

from shared.bus import epochs, inbox, traces
from shared.bus.connection import Connection
from shared.bus.dead_letters import read_event
from shared.bus.erasures import ErasedFamilies
from shared.bus.hearing import MISSING, Hearing
from shared.bus.message_ids import event_of
from shared.bus.places import place_in
from shared.bus.pull import Pull, unless
from shared.bus.received import InboundMessage, Outcome
from shared.bus.steps import StepFailed, run_in_savepoint, run_straight
from shared.bus.topology import ACK_WAIT_SECONDS, DEDUPLICATION_SECONDS, Durable
from shared.database import Database, SessionStore, Step, is_temporary
from shared.errors import Unavailable, place_of
from shared.events import Event

log = structlog.get_logger("consumer")
handled = Counter("events_handled_total", "Messages by what became of them", ["subject", "outcome"])

Store = TypeVar("Store")
Tables = TypeVar("Tables", bound=SessionStore)
Handler = Callable[[Any], Awaitable[Step[Store, None]]]
"""Does the long work for one event and returns what its transaction has to do with the service's store."""
Handlers = Mapping[type[Event], Handler[Store]]

CLOSING = (Outcome.DONE, Outcome.ERASED)
"""A letter that was put aside before is closed by them."""
MESSAGE_ID_LENGTH = 120
LOOK_SECONDS = 1.0
"""So long it waits at once for a broker that may be used."""


class Consumer(Generic[Tables]):
    """Brings the messages of one durable to a service's handlers."""

    def __init__(
        self, connection: Connection, database: Database[Tables], durable: Durable, handlers: Handlers[Tables]
    ) -> None:
        self._client = connection.client
        self._safety = connection.safety
        self._database = database
        self._durable = durable
        self.hearing = Hearing(durable.stream)
        self._kinds: dict[str, type[Event]] = {event.subject: event for event in handlers}
        self._handlers = handlers

    async def run(self, stop: asyncio.Event) -> None:
        """Hear until `stop` is set; a batch that has begun is finished."""
        pull = Pull(self._client, self._durable)
        while not stop.is_set():
            self.hearing.turn()
            try:
                messages = await unless(stop, self._next(pull)) or []
            except (nats.errors.Error, OSError) as error:
                log.warning("pull_failed", stream=self._durable.stream, error=type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            if messages:
                await self._handle(messages)
            if not self.hearing.was_at_end and not _is_behind(messages):
                await unless(stop, self._look_for_end(pull))
        with contextlib.suppress(nats.errors.Error, OSError):
            await pull.close()

    async def _next(self, pull: Pull) -> list[Msg]:
        """Empty where nothing came, and where the broker is away or must not be used: then it is asked again."""
        if not self._safety.passed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._safety.wait(), LOOK_SECONDS)
            return []
        messages = await pull.next_batch()
        if pull.is_answered:
            self.hearing.answered(messages)
        elif pull.refusal is not None:
            await self._look_at_consumer(pull, pull.refusal)
        return messages

    async def _look_at_consumer(self, pull: Pull, status: str) -> None:
        """The broker refuses: it is asked whether the consumer is there, as seldom as it is pulled from."""
        try:
            standing = await pull.ask_about_consumer()
        except (nats.errors.Error, OSError, ValueError):
            self.hearing.refused(f"refused with {status}")
            return
        if standing is None:
            self.hearing.refused(MISSING)
        else:
            self.hearing.behind(standing.waiting)
            self.hearing.refused(f"refused with {status}, though its consumer is there")

    async def _look_for_end(self, pull: Pull) -> None:
        """Only the broker knows what a process before this one had in hand; asked again where it does not say."""
        if not self._safety.passed or not pull.is_answered:
            return
        with contextlib.suppress(nats.errors.Error, OSError, ValueError):
            standing = await pull.ask_about_consumer()
            if standing is not None:
                self.hearing.stands(standing)

    async def _handle(self, messages: Sequence[Msg]) -> None:
        batch = [self._read(message) for message in messages]
        working = asyncio.create_task(self._say_working(messages))
        try:
            # 1. Leave out what was handled before, if any of it looks like that.
            known = await self._known(batch)
            # 2. The long work of all others, together and outside any transaction.
            await asyncio.gather(*(self._prepare(received) for received in batch if received.message_id not in known))
            # 3. One transaction with all effects and their inbox rows.
            await self._write_apart(batch)
        except Exception as error:  # whatever it was, nothing was committed: the whole batch comes again
            for received in batch:
                received.outcome, received.failure = Outcome.LATER, error
        finally:
            working.cancel()
        # 4. Committed: only now may the broker forget.
        for received in batch:
            await self._answer(received)

    async def _write_apart(self, batch: Sequence[InboundMessage]) -> None:
        """Where the transaction of a batch cannot commit, though no step failed, one message spoils it for all."""
        try:
            await self._write(batch)
        except Exception as error:
            if len(batch) == 1 or isinstance(error, Unavailable) or is_temporary(error):
                raise
            for received in batch:
                try:
                    await self._write([received])
                except Exception as own:
                    received.outcome, received.failure = Outcome.LATER, own

    async def _write(self, batch: Sequence[InboundMessage]) -> None:
        """Nearly always all steps succeed, so they run without savepoints: these cost as much as a short step.
        Where one fails, all is rolled back and done again, each in a savepoint: it takes no other with it."""
        try:
            await self._database.write(lambda store: self._apply(store, batch, run_straight))
        except StepFailed:
            await self._database.write(lambda store: self._apply(store, batch, run_in_savepoint))

    @staticmethod
    async def _say_working(messages: Sequence[Msg]) -> None:
        """A batch that takes long is not lost: have the broker wait for its answers."""
        with contextlib.suppress(nats.errors.Error, OSError):
            while True:
                await asyncio.sleep(ACK_WAIT_SECONDS / 3)
                for message in messages:
                    await message.in_progress()

    async def _known(self, batch: Sequence[InboundMessage]) -> set[str]:
        """What need not be prepared again. A look only where something comes a second time, or is so old that the
        broker's own deduplication no longer holds it back; what counts is the look inside the transaction."""
        old = datetime.now(UTC) - timedelta(seconds=DEDUPLICATION_SECONDS / 2)
        ids = [
            received.message_id
            for received in batch
            if received.message.metadata.num_delivered > 1 or (received.event and received.event.occurred_at < old)
        ]
        if not ids:
            return set()
        return await self._database.read(lambda store: inbox.known_ids(store.session, ids))

    def _read(self, message: Msg) -> InboundMessage:
        headers = message.headers or {}
        given = event_of(headers.get("Nats-Msg-Id"))
        message_id = given or f"{self._durable.stream}:{message.metadata.sequence.stream}"
        received = InboundMessage(message, None, message_id)
        if not message_id.isprintable() or len(message_id) > MESSAGE_ID_LENGTH:
            received.message_id = f"{self._durable.stream}:{message.metadata.sequence.stream}"
            received.reason = "the message id is none"
            return received
        received.event, received.reason = read_event(self._kinds, message.subject, message.data, given)
        if received.event is not None:
            received.place = place_in(message.subject, headers)
            received.span = traces.start_handling(message.subject, headers, message.metadata.num_delivered)
        return received

    async def _prepare(self, received: InboundMessage) -> None:
        if received.event is None:
            return
        try:
            with received.span.active():
                received.step = await self._handlers[type(received.event)](received.event)
        except Exception as error:
            received.failure = error

    def _apply(
        self, store: Any, batch: Sequence[InboundMessage], run: Callable[[Any, Step[Any, None]], BaseException | None]
    ) -> None:
        now = datetime.now(UTC)
        erased = ErasedFamilies(store.session, [each.event for each in batch])  # first: it takes turns
        prepared = [received.message_id for received in batch if received.step is not None]
        known = inbox.known_ids(store.session, prepared)
        places = {received.message_id: received.place for received in batch if received.place is not None}
        refused = epochs.Senders(store.session, now).refuse(places)
        done: list[str] = []
        for received in batch:
            received.outcome = None
            if received.message_id in refused:
                received.outcome = Outcome.REFUSED
            elif received.step is not None and received.message_id in known:
                received.outcome = Outcome.KNOWN
            elif erased.has(received.event):
                received.outcome = Outcome.ERASED
            elif received.step is not None:
                with received.span.active():
                    received.failure = run(store, received.step)
                if received.failure is None:
                    received.outcome = Outcome.DONE
                    known.add(received.message_id)
                    done.append(received.message_id)
                    erased.heard(received.event)
            received.judge()
            if received.outcome is Outcome.QUARANTINED:
                self._quarantine(store, received, now)
        inbox.note(store.session, done, now, places)
        traces.remember(store.session, [each for each in batch if each.outcome is Outcome.DONE], now)
        if again := [each.message_id for each in batch if each.outcome in CLOSING and each.is_told_again]:
            inbox.close_told_again(store.session, again, now)

    def _quarantine(self, store: Any, received: InboundMessage, now: datetime) -> None:
        metadata = received.message.metadata
        inbox.quarantine(
            store.session,
            stream=self._durable.stream,
            sequence=metadata.sequence.stream,
            stored_at=metadata.timestamp,
            subject=received.message.subject,
            message_id=received.message_id,
            reason=received.reason or "unknown",
            content=received.message.data,
            now=now,
        )

    async def _answer(self, received: InboundMessage) -> None:
        message, outcome = received.message, received.outcome or Outcome.LATER
        handled.labels(message.subject if received.event else "unreadable", outcome.value).inc()
        traces.end_handling(received, outcome)
        try:
            if outcome is Outcome.LATER:
                delay = min(0.5 * 2 ** (message.metadata.num_delivered - 1), 300.0)
                self._log("event_delayed", received, delay_seconds=delay)
                await message.nak(delay=delay)
            elif outcome is Outcome.REFUSED:
                epochs.refused_total.labels(received.place.sender if received.place else "unknown").inc()
                await message.term()
            elif outcome is Outcome.QUARANTINED:
                self._log("event_quarantined", received, reason=received.reason)
                await message.term()
            else:
                if outcome is Outcome.ERASED:
                    self._log("event_of_erased_family", received)
                await message.ack()
        except (nats.errors.Error, OSError) as error:
            # unanswered: it comes again, and the inbox knows it
            log.info("answer_lost", error=type(error).__name__)

    def _log(self, what: str, received: InboundMessage, **more: object) -> None:
        """Where the failure arose, without what it says: an exception's text may quote the event."""
        log.warning(
            what,
            stream=self._durable.stream,
            sequence=received.message.metadata.sequence.stream,
            subject=received.message.subject if received.event else "unreadable",
            error=type(received.failure).__name__ if received.failure else None,
            place=place_of(received.failure) or None,
            **more,
        )


def _is_behind(messages: Sequence[Msg]) -> bool:
    return bool(messages) and messages[-1].metadata.num_pending > 0
