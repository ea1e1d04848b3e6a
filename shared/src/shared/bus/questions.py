"""Questions from one service to another, by request and reply: nothing is changed, nothing is kept, and the asker goes
on without an answer where nobody is there. What happened is told by events, never so.

The processes of a service share the questions to it; an answer comes within two seconds and has 64 kB at most.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import Counter
from pydantic import ValidationError

from shared.bus.topology import ASKS, inbox_prefix
from shared.errors import place_of
from shared.pages import MOST_BYTES
from shared.questions import Knowledge, Question, Reply

log = structlog.get_logger("questions")
asked = Counter(
    "questions_asked_total", "Questions asked of other services, by what became of them", ["subject", "outcome"]
)
answered = Counter(
    "questions_answered_total", "Questions of other services, by what became of them", ["subject", "outcome"]
)

DEADLINE_SECONDS = 2.0
MOST_AT_ONCE = 16
"""Further questions wait: the asker's deadline is the limit."""
INBOXES = ("_R_.", *(f"{inbox_prefix(asker)}." for asker in ASKS))
"""Answered is there alone: the broker lets who answers write wherever a question says. Between accounts it puts an
address of its own in the asker's place, which no client can name; where there are none, only inboxes are answered."""
REST_SECONDS = 5.0
"""After a time-out nobody is kept waiting for the same again for so long."""


Answer = TypeVar("Answer", bound=Reply)
Answering = Callable[[Any], Awaitable[Reply]]
"""Answers one question; changes nothing."""
AnswersTo = Mapping[type[Question], Answering]


class Asker:
    """Asks over the connection that the running service has; without one, nobody is there."""

    def __init__(self) -> None:
        self.client: Client | None = None
        self._rests_until: dict[str, float] = {}
        """By subject: one question that takes long says nothing of the others."""

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        """None where nobody answered in time, or not in a way that can be read."""
        outcome, reply = await self._ask(question)
        found: Answer | None = None
        if reply is not None:
            try:
                found = answer.model_validate_json(reply)
            except ValidationError:
                outcome = "unreadable"
        asked.labels(question.subject, outcome).inc()
        if outcome not in ("answered", "resting"):
            log.warning("question_unanswered", subject=question.subject, outcome=outcome)
        return found

    async def _ask(self, question: Question) -> tuple[str, bytes | None]:
        now = asyncio.get_running_loop().time()
        data = question.model_dump_json().encode()
        if self.client is None or not self.client.is_connected:
            return "away", None
        if now < self._rests_until.get(question.subject, now):
            return "resting", None
        if len(data) > MOST_BYTES:
            return "too_large", None
        try:
            message = await self.client.request(question.subject, data, timeout=DEADLINE_SECONDS)
        except nats.errors.NoRespondersError:
            return "nobody", None
        except (nats.errors.Error, TimeoutError, OSError):
            self._rests_until[question.subject] = asyncio.get_running_loop().time() + REST_SECONDS
            return "late", None
        return ("answered", message.data) if message.data else ("failed", None)


def _knows_all() -> bool:
    return True


async def answer_questions(
    service: str,
    client: Client,
    answers: AnswersTo,
    stop: asyncio.Event,
    knows_all: Callable[[], bool] = _knows_all,
) -> None:
    """Answer until `stop`. What cannot be answered gets an empty reply, so that nobody waits for the deadline.

    Args:
        knows_all: whether this process has heard what its streams keep; until then what it knows is not whole.
    """
    room = asyncio.Semaphore(MOST_AT_ONCE)

    async def known(answering: Answering, question: Question) -> Reply:
        is_whole = knows_all()  # asked before: what is heard meanwhile is perhaps not in the answer
        reply = await answering(question)
        return reply if is_whole or not isinstance(reply, Knowledge) else reply.model_copy(update={"is_whole": False})

    working: set[asyncio.Task[None]] = set()

    def hear(kind: type[Question], answering: Answering) -> Callable[[Msg], Awaitable[None]]:
        async def heard(message: Msg) -> None:
            task = asyncio.create_task(_answer(message, kind, partial(known, answering), room))
            working.add(task)
            task.add_done_callback(working.discard)

        return heard

    heard = [
        await client.subscribe(kind.subject, queue=service, cb=hear(kind, answering))
        for kind, answering in answers.items()
    ]
    await stop.wait()
    for each in heard:
        await each.unsubscribe()
    if working:
        await asyncio.wait(working, timeout=DEADLINE_SECONDS)


def _read(data: bytes, kind: type[Question]) -> Question | None:
    """None where the asker has sent something else; what cannot be read on this side is no fault of the asker."""
    try:
        return kind.model_validate_json(data)
    except ValidationError:
        return None


async def _answer(message: Msg, kind: type[Question], answering: Answering, room: asyncio.Semaphore) -> None:
    outcome, reply = "answered", b""
    try:
        if len(message.data) > MOST_BYTES:
            outcome = "too_large"
        elif (question := _read(message.data, kind)) is None:
            outcome = "unreadable"
        else:
            async with room, asyncio.timeout(DEADLINE_SECONDS):
                reply = (await answering(question)).model_dump_json().encode()
    except TimeoutError:
        outcome = "late"
    except Exception as error:
        outcome = "failed"
        log.error("question_failed", subject=kind.subject, error=type(error).__name__, place=place_of(error))
    if len(reply) > MOST_BYTES:
        outcome, reply = "too_large", b""
    answered.labels(kind.subject, outcome).inc()
    if message.reply.startswith(INBOXES):
        await message.respond(reply)
