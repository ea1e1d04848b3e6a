"""A real browser, a camera that films a ticket's picture, and the issuance API in a thread on a real port."""

import asyncio
import io
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import pytest
import uvicorn
from fastapi import FastAPI, Header
from issuance.api import pages, scan_logs, verifications
from issuance.barcode import picture
from issuance.domain.terms import Area as TicketArea
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict
from issuance.inspection.scanner import LiveScanner
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.status_list import Shard, StatusList, bits_of, place_of, shard_of
from issuance.signer import ceremony
from issuance.store.inspection import InspectionStore
from issuance.workflow.inspection.inspect import Inspecting
from issuance.workflow.inspection.scan_log import Recording, Shown, mark
from PIL import Image, ImageFilter
from shared.calendar import in_berlin
from shared.database import Database
from shared.database.migration import upgrade
from shared.events import EVERY_AUTHORITY, Event, StatusListPublished, TrustListPublished
from shared.http import problems
from shared.identity import Caller
from support import needs
from support.browser import NoBrowser, find_chromium, open_browser

from tests.browser.identity import Provider

PROJECT = Path(__file__).resolve().parents[2]
BUILT = PROJECT / "services/issuance/src/issuance/web/static/vendor/zxing/reader/zxing_reader.wasm"
ORGANISATION = 70 + 0x8000


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fetches the browser, the first time, before any test's time runs, and only if a test that needs it is left."""
    mine = [item for item in items if Path(__file__).parent in item.path.parents]
    if not mine or config.option.collectonly:
        return
    reason = "" if BUILT.is_file() else needs.missing("built pages", "make web")
    try:
        find_chromium()
    except NoBrowser as error:
        reason = str(error)
    for item in mine:
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


class Desk:
    """Stands for the check of tokens."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    async def caller(self, authorization: Annotated[str | None, Header()] = None) -> Caller:
        found: Caller = await self.provider.caller(authorization)
        return found


@dataclass
class Service:
    """The issuance API with its own database, as it runs, without a broker: the test hands it the signer's lists."""

    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    provider: Any = field(default_factory=Provider)

    def __post_init__(self) -> None:
        url = f"sqlite:///{self.folder / 'inspection.sqlite'}"
        upgrade(url, "issuance", "migrations/inspection")
        self.pki = ceremony.make(ceremony.Period.around(self.now.date()), self.now, lists_url="https://lists.example")
        self.database = Database(url, InspectionStore)
        self.states: dict[str, tuple[int, bytes]] = {}
        self.inspecting = Inspecting(
            self.database, LiveScanner(self.database, time.monotonic), lambda: datetime.now(UTC)
        )  # type: ignore[arg-type]
        self.app = FastAPI()
        problems.install(self.app)
        self.provider.start()
        desk = Desk(self.provider)
        self.app.include_router(verifications.router(self.inspecting, desk))  # type: ignore[arg-type]
        self.recording = recording = Recording(self.database, lambda: datetime.now(UTC), random.randbytes)
        self.app.include_router(scan_logs.router(recording, desk))  # type: ignore[arg-type]
        self.app.include_router(pages.router(self.provider.issuer))
        self.loop = asyncio.new_event_loop()
        self.server: uvicorn.Server | None = None
        self.port = self.provider.page_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", self.port))
        self.port = sock.getsockname()[1]
        self.provider.origin = self.url
        self.server = uvicorn.Server(uvicorn.Config(self.app, log_level="warning", lifespan="off"))
        self.thread = threading.Thread(
            target=self.loop.run_until_complete, args=[self.server.serve([sock])], daemon=True
        )
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        if self.server is not None:
            self.server.should_exit = True
            self.server.force_exit = True
            self.thread.join(10)
            self.server = None

    def hear(self, handler: Callable[[Any], Any], event: Event) -> None:
        """As the consumer does when the signer's news arrive."""

        async def both() -> None:
            await self.database.write(await handler(event))

        asyncio.run_coroutine_threadsafe(both(), self.loop).result(10)

    def publish_trust(self, version: int = 1) -> None:
        head: dict[str, Any] = {"occurred_at": datetime.now(UTC), "authority_id": EVERY_AUTHORITY, "version": version}
        lists = {"trust_list": self.pki.trust_list, "certificates": self.pki.certificates}
        self.hear(self.inspecting.trust_published, TrustListPublished(**head, **lists))

    def publish_status(self, ticket: Ticket, *, revoked: bool = False, age: timedelta = timedelta(minutes=5)) -> None:
        """The status of the ticket's shard in its three forms, as the signer published it `age` ago."""
        shard = shard_of(ticket.terms.organisation_id, ticket.number)
        version, before = self.states.get(str(shard), (0, bits_of([])))
        self.publish_state(shard, version + 1, before, bits_of([place_of(ticket.number)] if revoked else []), age)

    def publish_state(self, shard: Shard, version: int, before: bytes, bits: bytes, age: timedelta) -> None:
        self.states[str(shard)] = version, bits
        at = datetime.now(UTC) - age
        head: dict[str, Any] = {"occurred_at": at, "authority_id": EVERY_AUTHORITY, "shard": str(shard)}
        forms = self.forms(shard, version, bits, age, before)
        event = StatusListPublished(**head, version=version, published_at=at, **forms)
        self.hear(self.inspecting.status_published, event)

    def forms(self, shard: Shard, version: int, bits: bytes, age: timedelta, before: bytes = b"") -> dict[str, bytes]:
        """The standard list, the snapshot, and the delta that led to it."""
        at = (datetime.now(UTC) - age).replace(microsecond=0)
        head = Head(shard, version, at, at + timedelta(days=7))
        signer = self.pki.signer
        delta = signer.sign_list(Delta.between(head, before, bits)) if version > 1 and before else b""
        listed = signer.sign_status_list(StatusList(shard, version, at, head.expires_at, bits))
        return {"status_list": listed, "snapshot": signer.sign_list(Snapshot(head, bits)), "delta": delta}

    def sent(self) -> list[tuple[int, str]]:
        """How many inspections of each colour have come in."""
        today = datetime.now(UTC).date() - timedelta(days=1)
        found = asyncio.run_coroutine_threadsafe(self.database.read(lambda store: store.counts(today)), self.loop)
        return [(one.count, one.colour) for one in found.result(10)]

    def meet(self, ticket: Ticket, inspector: str, cell: str) -> None:
        """Another scanner shows the ticket, a minute ago."""
        at = datetime.now(UTC) - timedelta(minutes=1)
        day, organisation = in_berlin(at).date(), ticket.terms.organisation_id
        place = "qr", organisation, mark(day, organisation, ticket.number), cell
        shown = Shown(uuid4(), at, Verdict.VALID, "green", *place)
        caller = Caller(inspector, None, frozenset({"inspector"}))
        asyncio.run_coroutine_threadsafe(self.recording.record(caller, [shown]), self.loop).result(10)

    def ticket(self, **changes: Any) -> Ticket:
        today = self.now.date()
        plain = Ticket(
            ticket_id=uuid4(),
            number=(416 << 20) + random.randrange(1 << 20),
            terms=Terms(ORGANISATION, area=TicketArea(5000, 11)),
            valid_from=start_of(today - timedelta(days=30)),
            valid_until=end_of(today + timedelta(days=200)),
            first_name="Jörg-Þór",
            last_name="Müßter-Łukaszewicz",
            birth_date=date(2012, 2, 29),
            gender=None,
            token_id=random.randbytes(8),
            sequence=7,
            sold_at=self.now,
        )
        return replace(plain, **changes)

    def sign(self, ticket: Ticket) -> SignedTicket:
        return self.pki.signer.sign_ticket(ticket)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    one = Service(tmp_path)
    one.start()
    one.publish_trust()
    yield one
    one.stop()
    one.provider.stop()
    one.database.close()


def film(path: Path, png: bytes, *, share: float = 0.55, turn: float = 6) -> None:
    """A camera's view as Motion JPEG: a second without a ticket, then the ticket in a hand that is not still."""
    chance = random.Random(1)
    symbol = Image.open(io.BytesIO(png)).convert("L")
    frames = []
    for number in range(60):
        frame = Image.effect_noise((1280, 720), 24).point(lambda value: 90 + value // 4)
        if number >= 15:
            side = int(720 * share)
            one = symbol.resize((side, side), Image.Resampling.LANCZOS)
            one = one.rotate(turn + chance.uniform(-1, 1), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
            frame.paste(one, (400 + chance.randrange(-6, 7), 120 + chance.randrange(-6, 7)))
            frame = frame.filter(ImageFilter.GaussianBlur(0.9))
        out = io.BytesIO()
        frame.convert("RGB").save(out, "JPEG", quality=80)
        frames.append(out.getvalue())
    path.write_bytes(b"".join(frames))


@pytest.fixture
def scanner(tmp_path: Path) -> Callable[..., Any]:
    """`with scanner(png) as page:` a phone whose camera films this picture; without one it has no camera."""

    @contextmanager
    def phone(png: bytes | None = None, **options: Any) -> Iterator[Any]:
        arguments = ["--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
        if png is not None:
            video = tmp_path / f"{uuid4()}.mjpeg"
            film(video, png)
            arguments += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"]
        with open_browser(*arguments) as browser:
            look = {"viewport": {"width": 390, "height": 844}, "locale": "de-DE", "device_scale_factor": 2} | options
            context = browser.new_context(**look)
            if png is not None:
                context.grant_permissions(["camera"])
            page = context.new_page()
            page.set_default_timeout(45_000)
            page.violations = []
            page.on(
                "console", lambda message: page.violations.append(message.text) if message.type == "error" else None
            )
            page.on("pageerror", lambda error: page.violations.append(str(error)))
            yield page

    return phone


def codes(signed: SignedTicket) -> dict[str, bytes]:
    return {"qr": picture.qr_png(signed.qr), "vdv": picture.aztec_png(signed.vdv)}


@pytest.fixture(name="codes")
def codes_fixture() -> Callable[[SignedTicket], dict[str, bytes]]:
    """Both pictures of a ticket."""
    return codes


def until(page: Any, condition: str, seconds: float = 45) -> None:
    """Wait for a condition in JavaScript. Playwright's own way needs eval, which the page's policy forbids."""
    from playwright.sync_api import Error

    end = time.monotonic() + seconds
    while True:
        try:
            if page.evaluate(f"Boolean({condition})"):
                return
        except Error as error:
            if "Execution context was destroyed" not in str(error):  # the page is on its way to another address
                raise
        assert time.monotonic() < end, condition
        page.wait_for_timeout(25)


def visit(page: Any, service: Any) -> None:
    """The first visit: until the page is kept for offline and has asked for the lists."""
    page.goto(f"{service.url}/scan")
    until(page, "document.documentElement.dataset.ready === 'yes'")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "document.getElementById('lists-refreshed').textContent.match(/\\d/)")


def go_offline(page: Any, service: Any) -> None:
    """No network, and nobody who would answer."""
    page.context.set_offline(True)
    service.stop()
    page.goto(f"{service.url}/scan")
    until(page, "document.documentElement.dataset.ready === 'yes'")


def verdict(page: Any) -> dict[str, Any]:
    page.wait_for_selector("body[data-state=verdict]")
    return {
        "colour": page.get_attribute("#verdict", "data-colour"),
        "word": page.inner_text("#verdict-word"),
        "codes": page.inner_text("#verdict-codes"),
        "name": page.text_content("#fact-name"),
    }


def enter(page: Any, text: str) -> dict[str, Any]:
    if page.is_visible("#next"):
        page.click("#next")
    page.click("#enter")
    page.fill("#enter-text", text)
    page.click("#enter-check")
    return verdict(page)
