"""Google says that a pass was saved or deleted: what it has signed is counted once, all else is refused."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from shared.events import ApplicationFamilyErased, TicketIssued
from shared.http import problems
from support.databases import on_both
from support.json import Json, text
from support.wallet_pass.google_callbacks import KEYS_PATH, CallbackSender, sign
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW
from wallet_pass import api
from wallet_pass.api.google import CALLBACKS_PATH
from wallet_pass.apple.pictures_of_pass import google_logo
from wallet_pass.google.callback_keys import CallbackReader
from wallet_pass.google.wallet import GoogleWallet
from wallet_pass.store import figures
from wallet_pass.store.tables import CALLBACKS, WALLETS

ISSUER = "3388000000012345678"
OBJECT = f"{ISSUER}.00000000-0000-0000-0000-000000000007"
CLASS = f"{ISSUER}.schulticket-120000-9995"
KEYS_URL = f"https://keys.example{KEYS_PATH}"


@dataclass
class Ear:
    """A service that hears Google, and who speaks to it."""

    service: WalletService
    google: CallbackSender
    client: TestClient

    def post(self, callback: object) -> int:
        content = callback if isinstance(callback, bytes) else json.dumps(callback).encode()
        status: int = self.client.post(
            CALLBACKS_PATH, content=content, headers={"Content-Type": "application/json"}
        ).status_code
        return status

    def say(self, kind: str, object_id: str = OBJECT, class_id: str = CLASS) -> int:
        return self.post(self.google.callback(self.google.message(object_id, class_id, kind)))

    def counted(self) -> tuple[int, int] | None:
        """Saves and deletes of the pass."""
        query = sa.select(WALLETS.c.saves, WALLETS.c.deletes)
        row = self.service.database.read_now(lambda store: store.session.execute(query).one_or_none())
        return None if row is None else (row.saves, row.deletes)

    def remembered(self) -> int:
        query = sa.select(sa.func.count()).select_from(CALLBACKS)
        return int(self.service.database.read_now(lambda store: store.session.execute(query).scalar_one()))


@pytest.fixture
def ear(running: WalletService, issued: Callable[..., TicketIssued]) -> Iterator[Ear]:
    google = CallbackSender(ISSUER, NOW)
    transport = httpx.ASGITransport(google.app())
    reader = CallbackReader(ISSUER, KEYS_URL, httpx.AsyncClient(transport=transport), lambda: running.time[0])
    app = FastAPI()
    problems.install(app)
    clock = lambda: running.time[0]  # noqa: E731
    app.include_router(
        api.router(running.workflow, clock=clock, draw_logo=google_logo, is_test=True, callback_reader=reader)
    )
    running.hear(issued())
    with TestClient(app) as client:
        yield Ear(running, google, client)


@on_both("url")
def test_saves_and_deletes_are_counted_in_whichever_order_they_come(ear: Ear) -> None:
    assert [ear.say(kind) for kind in ("del", "save", "save")] == [200] * 3
    assert ear.counted() == (2, 1)


def test_the_same_callback_counts_once(ear: Ear) -> None:
    callback = ear.google.callback(ear.google.message(OBJECT, CLASS, "save"))
    assert [ear.post(callback) for _ in range(3)] == [200] * 3
    again = ear.google.callback(text(callback["signedMessage"]))
    assert ear.post(again) == 200, "signed once more, it is the same message"
    assert ear.counted() == (1, 0)


def test_a_nonce_is_forgotten_when_its_message_would_be_refused_by_its_time(ear: Ear) -> None:
    callback = ear.google.callback(ear.google.message(OBJECT, CLASS, "save"))
    assert ear.post(callback) == 200
    ear.service.time[0] += timedelta(hours=2)
    assert ear.post(callback) == 403
    ear.google.now = ear.service.time[0]
    ear.say("save")
    assert (ear.counted(), ear.remembered()) == ((2, 0), 1)


def test_what_the_figures_say_is_how_many_passes_wallets_hold(ear: Ear) -> None:
    def held() -> float:
        ear.service.database.read_now(lambda store: figures.show_figures(store, NOW, workers=()))
        return float(figures.in_wallets._value.get())

    assert held() == 0
    ear.say("save")
    ear.say("save")
    assert held() == 1, "one pass, on two phones"
    ear.say("del")
    ear.say("del")
    assert held() == 0


@pytest.mark.parametrize(
    ("object_id", "class_id"),
    [
        (f"{ISSUER}.00000000-0000-0000-0000-000000000099", CLASS),
        (f"{ISSUER}.no-number", CLASS),
        ("1.00000000-0000-0000-0000-000000000007", CLASS),
        (OBJECT, f"{ISSUER}.schulticket-120001-9995"),
        (OBJECT, ""),
    ],
)
def test_of_a_pass_that_is_not_ours_nothing_is_kept_and_the_answer_is_the_same(
    ear: Ear, object_id: str, class_id: str
) -> None:
    assert ear.say("save", object_id, class_id) == 200
    assert ear.counted() is None


def test_an_erased_family_leaves_no_count(ear: Ear, issued: Callable[..., TicketIssued]) -> None:
    ear.say("save")
    of = {"authority_id": issued().authority_id, "application_id": issued().application_id}
    ear.service.hear(ApplicationFamilyErased(occurred_at=NOW, **of))
    assert ear.counted() is None
    assert ear.say("del") == 200
    assert ear.counted() is None


FORGERIES: dict[str, Callable[[CallbackSender], CallbackSender]] = {
    "another issuer's": lambda google: replace(google, recipient="3388000000099999999"),
    "another service's of Google": lambda google: replace(google, sender="Google"),
    "another protocol": lambda google: replace(google, protocol="ECv2"),
    "an unknown root": lambda google: replace(google, root=CallbackSender(ISSUER, NOW).root),
    "an intermediate key that has run out": lambda google: replace(google, key_life=-timedelta(seconds=1)),
    "a message that has run out": lambda google: replace(google, message_life=-timedelta(seconds=1)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_google_has_not_signed_for_us_now_is_refused(ear: Ear, name: str) -> None:
    forged = FORGERIES[name](ear.google)
    assert ear.post(forged.callback(forged.message(OBJECT, CLASS, "save"))) == 403
    assert (ear.counted(), ear.remembered()) == (None, 0)


def test_a_root_key_that_has_run_out_signs_nothing(ear: Ear) -> None:
    ear.google.root_life = timedelta(minutes=5)
    assert ear.say("save") == 200
    ear.service.time[0] += timedelta(minutes=6)
    assert ear.say("save") == 403


def _spoilt(callback: Json, part: str, value: object) -> Json:
    spoilt: Json = json.loads(json.dumps(callback))
    where = spoilt["intermediateSigningKey"] if part in ("signedKey", "signatures") else spoilt
    where[part] = value
    return spoilt


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("signature", ""), ("signature", "AAAA"), ("signature", "no base64!"), ("signature", 5), ("signatures", []),
        ("signatures", ["AAAA"]), ("signatures", ["AAAA"] * 500), ("signedKey", "{}"), ("signedKey", "["),
        ("signedMessage", "{}"), ("signedMessage", "x" * 5000), ("protocolVersion", "ECv1"), ("protocolVersion", None),
    ],
)  # fmt: skip
def test_a_callback_with_a_part_that_is_none_is_refused(ear: Ear, part: str, value: object) -> None:
    callback = ear.google.callback(ear.google.message(OBJECT, CLASS, "save"))
    assert ear.post(_spoilt(callback, part, value)) == 403
    assert ear.counted() is None


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"signature": "' + b"a" * 100_000]
)
def test_a_body_that_is_no_callback_is_refused(ear: Ear, content: bytes) -> None:
    assert ear.post(content) == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"eventType": "SAVE"}, {"expTimeMillis": 10**18}, {"expTimeMillis": -1}, {"expTimeMillis": "soon"},
        {"nonce": ""}, {"nonce": "n" * 201}, {"nonce": None}, {"objectId": 7},
    ],
)  # fmt: skip
def test_a_signed_message_that_says_nothing_is_refused(ear: Ear, changes: dict[str, object]) -> None:
    assert ear.post(ear.google.callback(ear.google.message(OBJECT, CLASS, "save", **changes))) == 403
    assert ear.remembered() == 0


def test_parts_cannot_be_moved_into_one_another(ear: Ear) -> None:
    """Without the lengths, a signature over `1` and `23` would be one over `12` and `3`."""
    message = ear.google.message(OBJECT, CLASS, "save")
    callback = ear.google.callback(message)
    joined = sign(ear.google.intermediate, "GooglePayPasses" + ISSUER + "ECv2SigningOnly" + message)
    assert ear.post(_spoilt(callback, "signature", joined)) == 403


def test_keys_are_fetched_once_and_again_when_google_has_changed_them(ear: Ear) -> None:
    for _ in range(5):
        ear.say("save")
    assert ear.google.fetched == 1
    ear.google.root = CallbackSender(ISSUER, NOW).root
    assert ear.say("save") == 403, "a minute after the last fetch at the earliest"
    ear.service.time[0] += timedelta(minutes=2)
    assert ear.say("save") == 200
    assert ear.google.fetched == 2


def test_a_flood_of_forgeries_is_none_for_googles_server(ear: Ear) -> None:
    ear.say("save")
    forged = replace(ear.google, root=CallbackSender(ISSUER, NOW).root)
    ear.service.time[0] += timedelta(minutes=2)
    for _ in range(20):
        assert ear.post(forged.callback(forged.message(OBJECT, CLASS, "save"))) == 403
    assert ear.google.fetched == 2


@pytest.mark.parametrize("status", [403, 410, 429, 500])
def test_while_the_keys_cannot_be_had_google_is_asked_to_come_again(ear: Ear, status: int) -> None:
    ear.google.answer_with = status
    assert ear.say("save") == 503
    ear.google.answer_with = None
    ear.service.time[0] += timedelta(minutes=2)
    assert ear.say("save") == 200
    ear.google.answer_with = status
    ear.service.time[0] += timedelta(minutes=59)
    ear.google.now = ear.service.time[0]
    assert ear.say("save") == 200, "those of before are good until they run out"
    assert ear.counted() == (2, 0)


@pytest.mark.parametrize(
    ("header", "minutes"), [("max-age=600", 10), ("", 60), ("max-age=0", 1), ("max-age=9999999", 1440)]
)
def test_keys_are_kept_for_as_long_as_google_says_within_bounds(ear: Ear, header: str, minutes: int) -> None:
    ear.google.cache_control = header
    ear.google.message_life = ear.google.key_life = timedelta(days=3)
    ear.say("save")
    ear.service.time[0] += timedelta(minutes=minutes, seconds=-1)
    ear.say("save")
    assert ear.google.fetched == 1
    ear.service.time[0] += timedelta(seconds=1)
    ear.say("save")
    assert ear.google.fetched == 2


def test_nobody_is_named_in_the_log(ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    ear.say("save")
    ear.post(b"{}")
    assert OBJECT not in caplog.text
    assert "00000000-0000-0000-0000-000000000007" not in caplog.text


def test_a_service_that_asks_for_no_callbacks_hears_none(
    running: WalletService, google: GoogleWallet, issued: Callable[..., TicketIssued]
) -> None:
    app = FastAPI()
    problems.install(app)
    app.include_router(api.router(running.workflow, clock=lambda: NOW, draw_logo=google_logo, is_test=True))
    with TestClient(app) as client:
        assert client.post(CALLBACKS_PATH, json={}).status_code == 404


def test_a_reader_asks_one_at_a_time(ear: Ear) -> None:
    sender = CallbackSender(ISSUER, NOW)
    callback = json.dumps(sender.callback(sender.message(OBJECT, CLASS, "save"))).encode()

    async def many() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(sender.app())) as client:
            reader = CallbackReader(ISSUER, KEYS_URL, client, lambda: NOW)
            await asyncio.gather(*(reader.read(callback) for _ in range(20)))

    asyncio.run(many())
    assert sender.fetched == 1
