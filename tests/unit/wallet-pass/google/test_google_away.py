"""Google is away, busy or confused, at whichever call and for however long: what it should have it has in the end, once,
and the save link waits for it."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from shared.errors import Unavailable
from shared.events import Event, TicketIssued, TicketRevoked
from shared.runtime.backlog import count_failing
from support.json import Json
from support.wallet_pass import google_simulator
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import TicketStory
from wallet_pass.google.rest import GoogleRest
from wallet_pass.google.wallet import GoogleWallet

ACCOUNT = "wallet@schulticket-test.iam.gserviceaccount.com"
OBJECT = "3388000000012345678.00000000-0000-0000-0000-000000000007"
PLACES = {
    "token": "POST https://oauth2.googleapis.com/token",
    "class looked for": "PATCH https://walletobjects.example/walletobjects/v1/genericClass/",
    "class inserted": "POST https://walletobjects.example/walletobjects/v1/genericClass",
    "object looked for": "PATCH https://walletobjects.example/walletobjects/v1/genericObject/",
    "object inserted": "POST https://walletobjects.example/walletobjects/v1/genericObject",
}
ANSWERS: dict[str, httpx.Response | Exception] = {
    "401": httpx.Response(401),
    "403": httpx.Response(403, json={"error": {"code": 403}}),
    "410": httpx.Response(410),
    "429": httpx.Response(429),
    "500": httpx.Response(500, content=b"<html>"),
    "503": httpx.Response(503),
    "a page of a proxy": httpx.Response(200, content=b"<html>Bitte anmelden</html>"),
    "nothing": httpx.Response(200, content=b""),
    "another's JSON": httpx.Response(200, json={"id": "somebody else"}),
    "a list": httpx.Response(200, json=[]),
    "no connection": httpx.ConnectError("refused"),
    "too late": httpx.ReadTimeout("late"),
    "half an answer": httpx.RemoteProtocolError("cut"),
}


@dataclass
class Trouble(httpx.AsyncBaseTransport):
    """Between us and Google: what begins with `place` gets `answer`, as long as there is one."""

    google: httpx.ASGITransport
    place: str = ""
    answer: httpx.Response | Exception | None = None
    met: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and f"{request.method} {request.url}".startswith(self.place):
            self.met += 1
            if isinstance(self.answer, Exception):
                raise self.answer
            return httpx.Response(self.answer.status_code, content=self.answer.content)
        return await self.google.handle_async_request(request)


class Telling:
    """A service whose worker tells Google."""

    def __init__(self, service: WalletService, google: GoogleWallet, public_key: bytes) -> None:
        self.service, self.google = service, google
        self.server = google_simulator.GoogleSimulator(public_key, ACCOUNT, google.account.token_url)
        self.trouble = Trouble(httpx.ASGITransport(self.server.app))

    def hear(self, *events: Event) -> None:
        self.service.hear(*events)

    def tell(self) -> bool:
        """Whether Google was reached."""
        try:
            self.service.do(self._tell())
        except Unavailable:
            return False
        return True

    async def _tell(self) -> None:
        async with httpx.AsyncClient(transport=self.trouble) as client:
            account = GoogleRest(self.google, client, "https://walletobjects.example", lambda: self.service.time[0])
            parties = replace(self.service.workflow.parties, google_account=account)
            self.workflow = replace(self.service.workflow, parties=parties)
            while await self.workflow.tell_google():
                pass

    def has_link(self) -> bool:
        kept = self.service.database.read_now(lambda store: store.by_ticket(TicketStory().old().ticket_id))
        assert kept is not None
        return self.workflow.google_token(kept) is not None


@pytest.fixture
def telling(running: WalletService, google: GoogleWallet, google_public_key: bytes) -> Telling:
    return Telling(running, google, google_public_key)


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("place", PLACES)
def test_after_an_hour_of_trouble_at_any_call_google_has_what_it_should(
    telling: Telling, issued: Callable[..., TicketIssued], place: str, answer: str
) -> None:
    telling.hear(issued())
    telling.trouble.place, telling.trouble.answer = PLACES[place], ANSWERS[answer]
    for _ in range(12):
        assert not telling.tell(), "the worker pauses: it is no pass's fault"
        assert not telling.has_link()
        telling.service.time[0] += timedelta(minutes=5)
    assert telling.trouble.met >= 12
    failing = telling.service.database.read_now(lambda store: count_failing(store.session, telling.service.time[0]))
    assert failing == {}, "nothing is put aside for it"
    telling.trouble.answer = None
    assert telling.tell()
    assert telling.has_link()
    assert telling.server.kept[OBJECT]["state"] == "ACTIVE"


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_revocation_in_an_hour_of_trouble_reaches_google_afterwards(
    telling: Telling, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked], answer: str
) -> None:
    telling.hear(issued())
    assert telling.tell()
    telling.trouble.place, telling.trouble.answer = PLACES["object looked for"], ANSWERS[answer]
    telling.hear(revoked())
    for _ in range(12):
        assert not telling.tell()
        telling.service.time[0] += timedelta(minutes=5)
    telling.trouble.answer = None
    assert telling.tell()
    assert telling.server.kept[OBJECT]["state"] == "EXPIRED"
    assert len(telling.server.notified) == 1


def test_the_same_update_twice_is_told_once_and_ends_in_the_same_state(
    telling: Telling, issued: Callable[..., TicketIssued]
) -> None:
    story = TicketStory()
    told: list[Json] = []
    for event in (issued(), story.suspended(2), story.restored(3)):
        telling.hear(event)
        assert telling.tell()
        told.append(copy.deepcopy(telling.server.kept[OBJECT]))
        calls = len(telling.server.calls)
        telling.hear(event)
        assert telling.tell()
        assert len(telling.server.calls) == calls, "nothing has changed"
        assert telling.server.kept[OBJECT] == told[-1]
    assert told[0] == told[2]


def test_a_refused_document_is_not_sent_again_until_it_changes(
    telling: Telling, issued: Callable[..., TicketIssued]
) -> None:
    telling.hear(issued())
    telling.trouble.place, telling.trouble.answer = PLACES["object looked for"], httpx.Response(400)
    assert telling.tell()
    met = telling.trouble.met
    telling.service.time[0] += timedelta(hours=1)
    assert telling.tell()
    assert (telling.trouble.met, telling.has_link()) == (met, False)
    telling.trouble.answer = None
    telling.hear(TicketStory().suspended(2))
    assert telling.tell()
    assert telling.server.kept[OBJECT]["state"] == "INACTIVE"


def test_there_is_no_save_link_to_a_ticket_that_is_revoked_suspended_or_erased(
    telling: Telling, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    """The answer is that of a link which leads nowhere, letter for letter."""
    client = telling.service.client
    lost = client.get("/v1/passes/no-such-pass-000000000/google.jwt")
    telling.hear(issued())
    address = f"/v1/passes/{telling.service.token()}/google.jwt"

    def answer() -> tuple[int, bytes]:
        found = client.get(address)
        return found.status_code, found.content

    assert answer()[0] == 200
    telling.hear(TicketStory().suspended(2))
    assert answer() == (404, lost.content)
    telling.hear(TicketStory().restored(3))
    assert answer()[0] == 200
    telling.hear(revoked())
    assert answer() == (lost.status_code, lost.content)
    telling.service.database.write_now(lambda store: store.erase(issued().application_id, telling.service.time[0]))
    assert answer() == (lost.status_code, lost.content)
