"""How long an inspector waits on the road: a phone that has nothing of the scanner page yet, at 1.6 Mbit/s and 150 ms.

    .venv/bin/python tests/bench/scanner.py [--rounds 5] [--megabits 1.6] [--latency 150]

A real Chromium, its network throttled through the DevTools protocol, opens /scan of a real service with a trust list and
a status list, and is handed the picture of a ticket as soon as the page takes one:
  ready         the page takes pictures and knows the lists
  verdict       the first verdict from the picture: green
  whole         all of it is kept for times without a network: typefaces, service worker
  floor         what the line itself takes for the bytes until the verdict, after one round trip for the page, one for its
                parts and one for what these ask for
Each round is a browser of its own with nothing kept. The median counts. Decides nothing; the aim for `verdict` is 5 s.
"""

import argparse
import json
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).parents[1]))
from playwright.sync_api import Page
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from support.browser import Browsers, open_browsers
from support.scanner.page import codes, until, verdict
from support.scanner.service import Service

AIM_SECONDS = 5.0
ROUND_TRIPS = 3


class Counted:
    """Implements ASGI: how many bytes have gone out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.bytes, self.requests = app, 0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            self.bytes += len(message.get("body", b""))
            await send(message)

        self.requests += 1
        await self.app(scope, receive, counted)


def slow_down(page: Page, bytes_a_second: float, latency: float) -> None:
    """As a phone's network."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": latency,
            "downloadThroughput": bytes_a_second,
            "uploadThroughput": bytes_a_second / 2,
            "connectionType": "cellular3g",
        },
    )


def one_round(
    browsers: Browsers, service: Service, counted: Counted, png: Path, line: tuple[float, float]
) -> dict[str, float]:
    megabits, latency = line
    browser = browsers.start()
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE", device_scale_factor=2)
    page = context.new_page()
    page.set_default_timeout(120_000)
    bytes_a_second = megabits * 1e6 / 8
    slow_down(page, bytes_a_second, latency)
    counted.bytes = counted.requests = 0
    begin = time.perf_counter()
    page.goto(f"{service.url}/scan", wait_until="commit")
    until(page, "document.documentElement.dataset.ready === 'yes'", 120)
    ready = time.perf_counter() - begin
    page.set_input_files("#picture", png)
    assert verdict(page)["colour"] == "green"
    done = time.perf_counter() - begin
    sent, requests = counted.bytes, counted.requests
    page.click("#next")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate("document.fonts.ready.then(() => true)")
    whole = time.perf_counter() - begin
    total = counted.bytes
    browser.close()
    floor = sent / bytes_a_second + ROUND_TRIPS * latency / 1000
    return {
        "ready": ready,
        "verdict": done,
        "whole": whole,
        "floor": floor,
        "bytes": sent,
        "requests": requests,
        "all_bytes": total,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--megabits", type=float, default=1.6)
    options.add_argument("--latency", type=float, default=150, help="milliseconds")
    chosen = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name, open_browsers() as browsers:
        folder = Path(name)
        service = Service(folder)
        service.app = counted = Counted(service.app)
        service.start()
        service.publish_trust()
        ticket = service.ticket()
        service.publish_status(ticket)
        png = folder / "ticket.png"
        png.write_bytes(codes(service.sign(ticket))["qr"])
        line = chosen.megabits, chosen.latency
        rounds = [one_round(browsers, service, counted, png, line) for _ in range(chosen.rounds)]
        service.stop()
        service.provider.stop()
        service.database.close()
    found = {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
    print(f"{chosen.megabits} Mbit/s, {chosen.latency:.0f} ms, median of {chosen.rounds}")
    for key, what in (
        ("ready", "page ready for a picture"),
        ("verdict", f"first verdict (aim {AIM_SECONDS:.0f} s)"),
        ("floor", "of it the bare line"),
        ("whole", "all kept for times without a network"),
    ):
        print(f"  {what:<38} {found[key]:6.2f} s")
    print(f"  {'bytes until the verdict':<38} {found['bytes']:8.0f} in {found['requests']:.0f} requests")
    print(f"  {'bytes in all':<38} {found['all_bytes']:8.0f}")
    print(json.dumps({key: round(value, 3) for key, value in found.items()}))


if __name__ == "__main__":
    main()
