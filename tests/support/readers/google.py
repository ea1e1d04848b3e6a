"""What Google sends: a callback, and the keys by which it is checked."""

import asyncio
import json
from datetime import datetime

import httpx
from support.wallet_pass.google_callbacks import KEYS_PATH, CallbackSender
from support.wallet_pass.tickets import NOW
from wallet_pass.google.callback import read_callback
from wallet_pass.google.callback_keys import CallbackReader

SENDER = CallbackSender("1", NOW)
CALLBACK = json.dumps(SENDER.callback(SENDER.message("1.a", "1.b", "save"))).encode()
KEYS = json.dumps(SENDER.keys()).encode()


def _now() -> datetime:
    return NOW


def callback(content: bytes) -> None:
    """Under Google's own keys."""

    async def read() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(SENDER.app())) as client:
            reader = CallbackReader("1", f"https://keys.example{KEYS_PATH}", client, _now)
            await reader.read(CALLBACK)
            read_callback(content, "1", reader._roots, NOW)

    asyncio.run(read())


def keys(content: bytes) -> None:
    """As its server answers."""

    async def read() -> None:
        answering = httpx.MockTransport(lambda _: httpx.Response(200, content=content))
        async with httpx.AsyncClient(transport=answering) as client:
            await CallbackReader("1", f"https://keys.example{KEYS_PATH}", client, _now).read(CALLBACK)

    asyncio.run(read())
