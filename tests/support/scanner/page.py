"""The scanner page on a phone: what its camera films, and what its user does and sees."""

import io
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

from issuance.barcode import picture
from issuance.domain.ticket import SignedTicket
from PIL import Image, ImageFilter
from playwright.sync_api import Page
from support.browser import Browsers, watch
from support.making import make
from support.scanner.service import Service

CAMERA = ("--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")


@contextmanager
def phone(browsers: Browsers, folder: Path, png: bytes | None = None, **options: object) -> Iterator[Page]:
    """A page of it. `png`: what its camera films; without one it has none. Films go to `folder`."""
    if png is None:
        browser = browsers.running(*CAMERA)
    else:
        video = folder / f"{uuid4()}.mjpeg"
        film(video, png)
        browser = browsers.start(
            *CAMERA, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"
        )
    look: dict[str, object] = {"viewport": {"width": 390, "height": 844}, "locale": "de-DE", "device_scale_factor": 2}
    context = make(browser.new_context, **look | options)
    if png is not None:
        context.grant_permissions(["camera"])
    page = context.new_page()
    watch(page)
    page.set_default_timeout(45_000)
    yield page
    context.close()
    if png is not None:
        browser.close()


Scanner = Callable[..., AbstractContextManager[Page]]
"""`with scanner(png) as page:`: see `phone`."""


def film(path: Path, png: bytes, *, share: float = 0.55, turn: float = 6) -> None:
    """A camera's view as Motion JPEG: a second without a ticket, then the ticket in a hand that is not still."""
    chance = random.Random(1)
    symbol = Image.open(io.BytesIO(png)).convert("L")
    noise = Image.effect_noise((1344, 784), 24).point(lambda value: 90 + value // 4)  # nine tenths of the work: once
    frames = []
    for number in range(60):
        left, top = chance.randrange(64), chance.randrange(64)
        frame = noise.crop((left, top, left + 1280, top + 720))
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


def codes(signed: SignedTicket) -> dict[str, bytes]:
    return {"qr": picture.qr_png(signed.qr), "vdv": picture.aztec_png(signed.vdv)}


def until(page: Page, condition: str, seconds: float = 45) -> None:
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


def visit(page: Page, service: Service) -> None:
    """The first visit: until the page is kept for offline and has asked for the lists."""
    page.goto(f"{service.url}/scan")
    until(page, "document.documentElement.dataset.ready === 'yes'")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "document.getElementById('lists-refreshed').textContent.match(/\\d/)")


def go_offline(page: Page, service: Service) -> None:
    """No network, and nobody who would answer."""
    page.context.set_offline(True)
    service.stop()
    page.goto(f"{service.url}/scan")
    until(page, "document.documentElement.dataset.ready === 'yes'")


def verdict(page: Page) -> dict[str, str]:
    page.wait_for_selector("body[data-state=verdict]")
    return {
        "colour": page.get_attribute("#verdict", "data-colour") or "",
        "word": page.inner_text("#verdict-word"),
        "codes": page.inner_text("#verdict-codes"),
        "name": page.text_content("#fact-name") or "",
    }


def enter(page: Page, text: str) -> dict[str, str]:
    if page.is_visible("#next"):
        page.click("#next")
    page.click("#enter")
    page.fill("#enter-text", text)
    page.click("#enter-check")
    return verdict(page)
