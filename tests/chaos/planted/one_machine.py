"""Mistakes that a system like this one is easily built with: each takes one safeguard away from the running services.

Nothing of this is in the services. A defect is put into the modules before anybody imports from them; those that a
process does not use do no harm there.
"""

# mypy: disable-error-code="assignment,method-assign,attr-defined,misc"

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import TYPE_CHECKING

from support.making import make

if TYPE_CHECKING:
    import sqlalchemy as sa
    from application.domain.application import Application
    from application.store.applications import ApplicationTables
    from issuance.store.signer import releases
    from nats.aio.msg import Msg
    from shared.bus.consumer import Consumer
    from shared.bus.outbox import WaitingEvent
    from shared.bus.received import InboundMessage
    from shared.bus.relay import Relay
    from shared.bus.streams import StreamWatch
    from shared.database import SessionStore
    from shared.events import Event
    from sqlmodel import Session


def no_inbox_row() -> None:
    from shared.bus import inbox

    inbox.note = lambda *_args, **_more: None


def ack_before_commit() -> None:
    from shared.bus.consumer import Consumer
    from shared.bus.received import Outcome

    answer, handle = Consumer._answer, Consumer._handle

    async def handle_after(self: Consumer[SessionStore], messages: Sequence[Msg]) -> None:
        for message in messages:
            await message.ack()
        await handle(self, messages)

    async def say_nothing(self: Consumer[SessionStore], received: InboundMessage) -> None:
        if received.outcome is Outcome.QUARANTINED:
            await answer(self, received)

    Consumer._handle, Consumer._answer = handle_after, say_nothing


def event_after_commit() -> None:
    from shared.bus import outbox
    from sqlalchemy import event

    emit = outbox.emit

    def emit_later(session: Session, *events: Event) -> None:
        engine = session.get_bind()

        def tell() -> None:
            from sqlmodel import Session

            with Session(engine) as other, other.begin():
                emit(other, *events)

        def committed(_session: object) -> None:
            threading.Timer(0.05, copy_context().run, (tell,)).start()  # told for whom it was written, or not at all

        event.listen(session, "after_commit", committed, once=True)

    outbox.emit = emit_later


def marked_before_ack() -> None:
    from shared.bus import streams
    from shared.bus.relay import Relay

    streams.note_sequences = lambda *_: None  # who waits for no answer knows no sequence, by which a loss is noticed
    sequence = iter(range(10**9, 10**10))

    async def send(self: Relay, waiting: WaitingEvent) -> int:
        async def publish() -> None:
            try:
                await self._jetstream.publish(waiting.subject, waiting.payload, headers=waiting.headers)
            except Exception:
                return

        task = asyncio.create_task(publish())
        _TASKS.add(task)
        task.add_done_callback(_TASKS.discard)
        return next(sequence)

    Relay._send_one = send


_TASKS: set[asyncio.Task[None]] = set()


def look_away() -> None:
    from shared.bus.streams import StreamWatch

    async def compare(self: StreamWatch) -> None:
        self.compared = True

    StreamWatch.compare = compare


def no_epoch_check() -> None:
    from shared.bus.epochs import Senders

    Senders.refuse = lambda _self, _places: set()


def given_up_at_once() -> None:
    from shared.bus.received import InboundMessage, Outcome

    judge = InboundMessage.judge

    def judge_hard(self: InboundMessage) -> None:
        judge(self)
        if self.outcome is Outcome.LATER:
            self.outcome = Outcome.QUARANTINED

    InboundMessage.judge = judge_hard


def put_aside_in_silence() -> None:
    from shared.bus import inbox

    inbox.quarantine = lambda *_args, **_more: None


def key_ignored() -> None:
    from uuid import uuid4

    from application.store.applications import ApplicationTables

    add = ApplicationTables.add_application

    def add_always(self: ApplicationTables, application: Application) -> bool:
        from dataclasses import replace

        if self.find_by_key_as_it_was(application.owner, application.idempotency_key):
            application = replace(application, idempotency_key=str(uuid4()))
        return add(self, application)

    ApplicationTables.find_by_key_as_it_was = ApplicationTables.find_by_key
    ApplicationTables.find_by_key = lambda _self, _owner, _key: None
    ApplicationTables.add_application = add_always


def _does_nothing(cls: object, method: str) -> None:
    async def ignore(_self: object, _event: Event) -> Callable[[object], None]:
        return lambda _store: None

    setattr(cls, method, ignore)


def withdrawal_ignored() -> None:
    from eligibility.workflow.decision.decide import Decide

    _does_nothing(Decide, "withdrawn")


def revocation_ignored() -> None:
    from issuance.workflow.signer.revoke import TicketRevocation

    _does_nothing(TicketRevocation, "requested")


def pass_not_voided() -> None:
    from wallet_pass.workflow.tickets import TicketLife

    _does_nothing(TicketLife, "revoke")


def random_ticket_id() -> None:
    from uuid import uuid4

    from issuance.domain import ticket

    ticket.ticket_id_of = lambda _case, _generation: uuid4()


def list_version_kept() -> None:
    from issuance.workflow.signer import publish

    made = publish.Head
    publish.Head = lambda shard, version, *more: made(shard, max(1, version - 1), *more)


def step_not_recorded() -> None:
    from issuance.store.signer import releases

    run = releases.ReleaseTables._run

    def run_but_notes(
        self: releases.ReleaseTables, statement: sa.Executable, values: Sequence[dict[str, object]]
    ) -> None:
        if statement is not releases.NOTE:
            run(self, statement, values)

    releases.ReleaseTables._run = run_but_notes


def act_not_recorded() -> None:
    from shared.audit import trail

    note = trail.note

    def note_rules_alone(session: Session, *, by: str, **more: object) -> None:
        if by in ("rules", "signer"):
            make(note, session, by=by, **more)

    trail.note = note_rules_alone


def name_in_log() -> None:
    from shared.bus import outbox
    from structlog import get_logger

    emit = outbox.emit

    def emit_aloud(session: Session, *events: Event) -> None:
        for each in events:
            get_logger("chaos").info("emitted", payload=each.model_dump_json())
        emit(session, *events)

    outbox.emit = emit_aloud
