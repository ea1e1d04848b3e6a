"""Whose fault it is that a question is not answered: the asker's, or this side's."""

import asyncio
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from nats.aio.msg import Msg
from shared.bus.questions import INBOXES, _answer
from shared.questions import MessageTermQuestion, MessageTermReply
from structlog.testing import capture_logs

ASKED = MessageTermQuestion(authority_id="12345", told_on=date(2026, 11, 29)).model_dump_json().encode()


async def _with_broken_settings(question: object) -> MessageTermReply:
    return MessageTermReply.model_validate({"look_by": "nonsense"})


@pytest.mark.parametrize(("data", "logged"), [(b"nonsense", []), (ASKED, ["question_failed"])])
async def test_what_cannot_be_read_on_this_side_is_logged_and_is_no_fault_of_the_asker(
    data: bytes, logged: list[str]
) -> None:
    sent: list[bytes] = []

    async def respond(reply: bytes) -> None:
        sent.append(reply)

    message = cast(Msg, SimpleNamespace(data=data, reply=f"{INBOXES[0]}x", respond=respond))
    with capture_logs() as logs:
        await _answer(message, MessageTermQuestion, _with_broken_settings, asyncio.Semaphore(1))
    assert [each["event"] for each in logs] == logged
    assert sent == [b""]
