"""Events in, passes out: over real tables and real HTTP."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
import zxingcpp
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from shared.errors import Text
from shared.events import TicketIssued, TicketRenewed, TicketRevoked
from shared.http import problems
from shared.http.limits import Limit
from shared.runtime.backlog import count_failing
from support.databases import on_both
from support.json import flag, text
from support.wallet_pass.service import WalletService, pass_json
from support.wallet_pass.tickets import NOW
from wallet_pass import api
from wallet_pass.api.google_documents import GoogleDocuments
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass, PassToken
from wallet_pass.domain.rotation import Rotation
from wallet_pass.workflow import GOOGLE, PACKAGES
from wallet_pass.workflow.apple_ports import Packer

OTHER_DESIGN = Design(Text("Stadt Musterstadt", "City of Musterstadt"))
LATER = "Sun, 01 Jan 2040 00:00:00 GMT"


def test_an_issued_ticket_becomes_a_pass_and_is_told(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    running.hear(issued())
    (ready,) = running.told()
    assert ready.ticket_id == issued().ticket_id
    assert ready.pass_url == "https://pass.example/v1/passes/token-number-000000001"
    answer = running.client.get(f"/v1/passes/{running.token()}/pass.pkpass")
    assert answer.headers["content-type"] == "application/vnd.apple.pkpass"
    assert answer.headers["cache-control"] == "no-store"
    assert text(pass_json(answer.content)["barcodes"][0]["message"]).encode("iso-8859-1") == issued().vdv


def test_one_pass_is_drawn_so_often_a_minute_and_the_others_do_not_notice(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    running.hear(issued())
    limit = Limit(60, 5, monotonic=lambda: 0.0)
    app = FastAPI()
    problems.install(app)
    app.include_router(
        api.router(running.workflow, clock=lambda: NOW, draw_logo=lambda _: b"", is_test=True, limit=limit)
    )
    http, mine = TestClient(app), f"/v1/passes/{running.token()}"
    paths = ("", "/ticket.png", "/ticket-qr.png", "/pass.pkpass", "/ticket-qr-paper.png", "", "/ticket.png")
    assert [http.get(f"{mine}{path}").status_code for path in paths] == [200] * 5 + [429] * 2
    assert http.get("/v1/passes/another").status_code == 404
    assert {http.get("/v1/passes/static/pass.css").status_code for _ in range(9)} <= {200, 404}


def test_the_address_says_nothing_about_the_child(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    running.hear(issued())
    for word in ("Zo", "ller", "2099643", "2012"):
        assert word not in running.told()[0].pass_url


def test_the_same_ticket_twice_stays_one_pass(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    running.hear(issued(), issued())
    running.hear(issued())
    assert len({ready.pass_url for ready in running.told()}) == 1


def test_a_revoked_ticket_is_void_and_has_no_barcode_any_more(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    running.hear(issued())
    running.hear(revoked())
    token = running.token()
    package = pass_json(running.client.get(f"/v1/passes/{token}/pass.pkpass").content)
    assert flag(package["voided"])
    assert "barcodes" not in package
    assert running.client.get(f"/v1/passes/{token}/ticket.png").status_code == 404
    assert running.client.get(f"/v1/passes/{token}/google.jwt").status_code == 404
    documents = running.client.get(f"/v1/passes/{token}/google.json").json()
    GoogleDocuments.model_validate(documents)  # the schema that the interface promises
    google = documents["object"]
    assert google["state"] == "EXPIRED"
    assert google["barcode"]["type"] == "TEXT_ONLY"
    page = running.client.get(f"/v1/passes/{token}").text
    assert "gesperrt" in page
    assert "pass.pkpass" not in page


def test_a_ticket_that_was_signed_anew_changes_the_codes_of_its_pass_and_nothing_else(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    ticket = issued()
    kept = {name: getattr(ticket, name) for name in ("ticket_id", "application_id", "authority_id", "number")}
    new = ticket.vdv[:-6] + b"anew" + ticket.vdv[-2:]
    renewed = TicketRenewed(
        **kept, occurred_at=ticket.occurred_at, organisation_id=ticket.organisation_id, vdv=new, qr=ticket.qr[:-1] + "X"
    )
    running.hear(ticket, renewed)
    package = pass_json(running.client.get(f"/v1/passes/{running.token()}/pass.pkpass").content)
    assert text(package["barcodes"][0]["message"]).encode("iso-8859-1") == new
    assert len({ready.pass_url for ready in running.told()}) == 1
    running.hear(revoked())
    running.hear(renewed.model_copy(update={"event_id": uuid4()}))
    assert flag(pass_json(running.client.get(f"/v1/passes/{running.token()}/pass.pkpass").content)["voided"])


def test_issued_and_revoked_in_one_batch_ends_revoked(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    running.hear(issued(), revoked())
    assert flag(pass_json(running.client.get(f"/v1/passes/{running.token()}/pass.pkpass").content)["voided"])


def test_a_revocation_that_overtakes_its_ticket_is_remembered(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    running.hear(revoked())
    running.hear(issued())
    assert "gesperrt" in running.client.get(f"/v1/passes/{running.token()}").text
    assert flag(pass_json(running.client.get(f"/v1/passes/{running.token()}/pass.pkpass").content)["voided"])


def test_the_worker_signs_what_is_due_and_then_rests(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    running.hear(issued())
    running.hear(revoked())
    assert running.do(running.workflow.remake()) == 1
    assert running.do(running.workflow.remake()) == 0


class OneFails:
    """Apple's package and Google's account, of which one ticket's is more than they can take."""

    def __init__(self, apple: Packer, ticket_id: UUID) -> None:
        self._apple, self.ticket_id = apple, ticket_id
        self.made: list[UUID] = []

    def _take(self, wallet_pass: Pass) -> None:
        if wallet_pass.ticket.ticket_id == self.ticket_id:
            raise RuntimeError(wallet_pass.ticket.first_name)
        self.made.append(wallet_pass.ticket.ticket_id)

    def make(self, wallet_pass: Pass, design: Design, now: datetime) -> bytes:
        self._take(wallet_pass)
        return self._apple.make(wallet_pass, design, now)

    def make_all(self, passes: Sequence[tuple[Pass, Design]], now: datetime) -> list[bytes]:
        return [self.make(*each, now) for each in passes]

    async def notify(self, wallet_pass: Pass, text: Text) -> None:
        return

    def accepts(self, pass_type: str) -> bool:
        return self._apple.accepts(pass_type)

    async def send(self, wallet_pass: Pass, design: Design, rotation: Rotation | None = None) -> None:
        self._take(wallet_pass)


@on_both("url")
@pytest.mark.parametrize("worker", [PACKAGES, GOOGLE])
def test_one_pass_that_cannot_be_worked_holds_up_no_other(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked], worker: str
) -> None:
    ids = [UUID(int=number) for number in range(1, 5)]
    for place, ticket_id in enumerate(ids):
        running.hear(issued(ticket_id=ticket_id, number=place, application_id=ticket_id))
        running.hear(revoked(ticket_id=ticket_id, number=place, application_id=ticket_id))
    broken = OneFails(running.workflow.parties.apple, ids[0])
    parties = replace(running.workflow.parties, apple=broken, google_account=broken)
    workflow = replace(running.workflow, parties=parties)
    work = workflow.remake if worker == PACKAGES else workflow.tell_google
    for _ in range(12):
        running.do(work())
        running.time[0] += timedelta(minutes=5)
    assert sorted(broken.made) == ids[1:]
    counted = running.database.read_now(lambda store: count_failing(store.session, running.time[0]))
    assert counted == {worker: (1, 0)}
    # the authority's design or the ticket changes: that is another piece of work
    broken.ticket_id = UUID(int=9)
    running.database.write_now(lambda store: store.set_design("120000", OTHER_DESIGN, running.time[0]))
    running.do(running.workflow.spread_remakes(100))
    running.do(work())
    assert ids[0] in broken.made
    assert running.database.read_now(lambda store: count_failing(store.session, running.time[0])) == {}


def test_a_slow_writer_does_not_bring_an_old_package_back(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    running.hear(issued())
    old = running.do(running.workflow.find(PassToken(running.token())))
    running.hear(revoked())
    package = old.package
    assert package is not None
    running.database.write_now(lambda store: store.keep_packages([(old.wallet_pass, package)], NOW))
    assert flag(pass_json(running.client.get(f"/v1/passes/{running.token()}/pass.pkpass").content)["voided"])


def test_a_new_design_makes_the_authoritys_passes_anew(
    running: WalletService, issued: Callable[..., TicketIssued], now: datetime
) -> None:
    from wallet_pass.domain.designs import Colour, Design

    running.hear(issued())
    design = Design(Text("Stadt Musterstadt", "City of Musterstadt"), Colour(0, 80, 40))
    assert running.database.write_now(lambda store: store.set_design("120000", design, now)) == 1
    running.do(running.workflow.spread_remakes(100))
    package = pass_json(running.client.get(f"/v1/passes/{running.token()}/pass.pkpass").content)
    assert package["organizationName"] == "Stadt Musterstadt"
    assert package["backgroundColor"] == "rgb(0, 80, 40)"
    assert "#005028" in running.client.get("/v1/passes/design/120000/colours.css").text
    assert running.client.get("/v1/passes/design/120000/logo.png").content.startswith(b"\x89PNG")


def test_the_pictures_are_the_tickets(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    running.hear(issued())
    aztec = Image.open(BytesIO(running.client.get(f"/v1/passes/{running.token()}/ticket.png").content))
    (code,) = zxingcpp.read_barcodes(aztec)
    assert code.format == zxingcpp.BarcodeFormat.Aztec
    assert code.bytes == issued().vdv
    qr = Image.open(BytesIO(running.client.get(f"/v1/passes/{running.token()}/ticket-qr.png").content))
    assert zxingcpp.read_barcodes(qr)[0].text == issued().qr


class TestApplesWebService:
    def ask(self, running: WalletService, **headers: str) -> httpx.Response:
        path = "/apple/v1/passes/pass.de.schulticket.test/00000000-0000-0000-0000-000000000007"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: httpx.Response = running.client.get(path, headers=sent)
        return answer

    def test_a_phone_with_the_passs_token_gets_the_pass(
        self, running: WalletService, issued: Callable[..., TicketIssued]
    ) -> None:
        running.hear(issued())
        answer = self.ask(running, authorization="ApplePass secret-of-22-characters")
        assert answer.status_code == 200
        assert answer.headers["last-modified"] == "Mon, 23 Nov 2026 09:30:00 GMT"
        assert pass_json(answer.content)["serialNumber"] == "00000000-0000-0000-0000-000000000007"

    def test_a_phone_that_has_it_gets_304_until_it_changes(
        self, running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
    ) -> None:
        running.hear(issued())
        headers = {"authorization": "ApplePass secret-of-22-characters"}
        known = self.ask(running, **headers).headers["last-modified"]
        assert self.ask(running, if_modified_since=known, **headers).status_code == 304
        running.hear(revoked())  # within the same second
        answer = self.ask(running, if_modified_since=known, **headers)
        assert answer.status_code == 200
        assert flag(pass_json(answer.content)["voided"])

    def test_a_wrong_token_and_an_unknown_pass_get_the_same_answer(
        self, running: WalletService, issued: Callable[..., TicketIssued]
    ) -> None:
        unknown = self.ask(running, authorization="ApplePass secret-of-22-characters")
        running.hear(issued())
        answers = [unknown, self.ask(running), self.ask(running, authorization="ApplePass wrong")]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.content for answer in answers}) == 1

    def test_an_unreadable_date_and_a_doubled_slash_are_answered(
        self, running: WalletService, issued: Callable[..., TicketIssued]
    ) -> None:
        running.hear(issued())
        path = "http://testserver/apple//v1/passes/pass.de.schulticket.test/00000000-0000-0000-0000-000000000007"
        for date in (
            "yesterday",
            "Mon, 01 Jan 2024 00:00:00 +9999999999999999999999",
            "Mon, 01 Jan 0001 00:00:00 +2359",
            "Fri, 31 Dec 9999 23:59:59 -2359",
            "Mon, 99 Jan 2024 99:99:99 GMT",
            "9" * 5000,
            "Mon, 01 Jan 2024 " + "0" * 5000,
        ):
            for scheme, status in (("ApplePass secret-of-22-characters", 200), ("ApplePass wrong", 401)):
                headers = {"authorization": scheme, "if-modified-since": date}
                assert running.client.get(path, headers=headers).status_code == status, date

    def test_another_pass_type_is_refused(self, running: WalletService, issued: Callable[..., TicketIssued]) -> None:
        running.hear(issued())
        path = "/apple/v1/passes/pass.other/00000000-0000-0000-0000-000000000007"
        headers = {"authorization": "ApplePass secret-of-22-characters"}
        assert running.client.get(path, headers=headers).status_code == 401


def test_changes_within_a_second_bear_different_times(now: datetime) -> None:
    from wallet_pass.domain.passes import next_change

    first = next_change(None, now + timedelta(microseconds=5))
    assert next_change(first, now + timedelta(microseconds=9)) == first + timedelta(seconds=1)
