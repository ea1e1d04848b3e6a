"""What an inspector waits for: the bytes that a phone without anything of the page loads until its first verdict."""

from collections.abc import Callable

from issuance.domain.ticket import SignedTicket
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from support.scanner.page import Scanner, until, verdict
from support.scanner.service import Service

MOST_BYTES = 450_000
STATUS_LINE = 90
"""And the server's own headers, which the application does not see."""


class Counted:
    """Implements ASGI: what goes out, headers and bodies as they are coded."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.sent: list[tuple[str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def counted(message: Message) -> None:
            nonlocal size
            size += len(message.get("body", b""))
            if message["type"] == "http.response.start":
                size += STATUS_LINE + sum(len(name) + len(value) + 4 for name, value in message["headers"])
            await send(message)

        await self.app(scope, receive, counted)
        self.sent.append((scope.get("path", ""), size))


def test_the_first_verdict_costs_a_phone_at_most_450_kilobytes_and_the_rest_comes_afterwards(
    service: Service, scanner: Scanner, codes: Callable[[SignedTicket], dict[str, bytes]]
) -> None:
    ticket = service.ticket()
    service.publish_status(ticket)
    service.stop()
    counted = Counted(service.app)
    service.app = counted
    service.start()
    with scanner(codes(service.sign(ticket))["qr"]) as page:
        page.goto(f"{service.url}/scan")
        until(page, "document.documentElement.dataset.ready === 'yes'")
        page.click("#start-camera")
        assert verdict(page)["colour"] == "green"
        before = list(counted.sent)
        total = sum(size for _, size in before)
        print(f"{total} bytes, {len(before)} requests; the largest: {sorted(before, key=lambda one: -one[1])[:5]}")
        assert any(path.endswith(".wasm") for path, _ in before)
        assert total <= MOST_BYTES, sorted(before, key=lambda one: -one[1])[:8]
        # afterwards the page is whole and kept: its typeface, and all of it for a time without a network
        page.click("#next")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.evaluate("document.fonts.ready.then(() => true)")
        until(page, "document.fonts.check('600 16px \"Fira Sans\"')")
