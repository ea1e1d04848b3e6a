"""Google's documents, save link and REST, against a strict simulator of Google."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import httpx
import pytest
from shared.errors import Invalid, Text, Unavailable
from shared.events import Event, TicketIssued, TicketRevoked
from support.json import JsonObject
from support.wallet_pass import google_simulator
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NEW_VDV, NOW, TicketStory
from wallet_pass.domain.designs import DEFAULT_DESIGN, Design
from wallet_pass.domain.passes import Pass, PassToken
from wallet_pass.domain.rotation import Rotation
from wallet_pass.google.rest import GoogleRest
from wallet_pass.google.wallet import GoogleWallet

ACCOUNT = "wallet@schulticket-test.iam.gserviceaccount.com"


def test_class_and_object_are_what_google_takes(google: GoogleWallet, make_pass: Callable[..., Pass]) -> None:
    google_simulator.check("GenericClass", google.generic_class(make_pass()))
    google_simulator.check("GenericObject", google.generic_object(make_pass(), DEFAULT_DESIGN))


def test_the_objects_barcode_is_the_tickets_bytes(google: GoogleWallet, make_pass: Callable[..., Pass]) -> None:
    barcode = google.generic_object(make_pass(), DEFAULT_DESIGN)["barcode"]
    assert barcode["type"] == "AZTEC"
    assert barcode["value"].encode("iso-8859-1") == make_pass().ticket.vdv
    assert "renderEncoding" not in barcode


def test_validity_is_told_with_berlins_offset(google: GoogleWallet, make_pass: Callable[..., Pass]) -> None:
    interval = google.generic_object(make_pass(), DEFAULT_DESIGN)["validTimeInterval"]
    assert interval == {"start": {"date": "2026-08-01T00:00:00+02:00"}, "end": {"date": "2027-07-31T23:59:58+02:00"}}


def test_every_label_is_german_with_english_beside_it(google: GoogleWallet, make_pass: Callable[..., Pass]) -> None:
    for module in google.generic_object(make_pass(), DEFAULT_DESIGN)["textModulesData"]:
        assert module["localizedHeader"]["defaultValue"]["language"] == "de"
        assert module["localizedHeader"]["translatedValues"][0]["language"] == "en"


def test_every_field_on_the_front_is_in_the_object(google: GoogleWallet, make_pass: Callable[..., Pass]) -> None:
    shown = str(google.generic_class(make_pass())["classTemplateInfo"])
    modules = {module["id"] for module in google.generic_object(make_pass(), DEFAULT_DESIGN)["textModulesData"]}
    for name in ("valid_from", "valid_until", "ticket", "birth_date"):
        assert f"['{name}']" in shown
        assert name in modules


def test_the_name_is_kept_as_written(google: GoogleWallet, make_pass: Callable[..., Pass]) -> None:
    name = {"first_name": "D̦oǧan", "last_name": "Ņ’Ångström Ψ"}
    header = google.generic_object(make_pass(**name), DEFAULT_DESIGN)["header"]
    assert header["defaultValue"]["value"] == "D̦oǧan Ņ’Ångström Ψ"


def test_the_save_link_names_ids_only_and_is_short(
    google: GoogleWallet, make_pass: Callable[..., Pass], google_public_key: bytes, now: datetime
) -> None:
    token = google.save_token(make_pass(), now)
    payload = google_simulator.check_save_token(token, google_public_key, ACCOUNT)
    assert payload == {
        "genericObjects": [
            {
                "id": "3388000000012345678.00000000-0000-0000-0000-000000000007",
                "classId": "3388000000012345678.schulticket-120000-9995",
            }
        ]
    }
    assert len(token) < 1000


def test_a_changed_save_link_is_noticed(
    google: GoogleWallet, make_pass: Callable[..., Pass], google_public_key: bytes, now: datetime
) -> None:
    token = google.save_token(make_pass(), now)
    with pytest.raises(google_simulator.Refused):
        google_simulator.check_save_token(
            token.replace(token[400], "A" if token[400] != "A" else "B"), google_public_key, ACCOUNT
        )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.pop("header"),
        lambda document: document.pop("cardTitle"),
        lambda document: document.update(id="no-issuer"),
        lambda document: document.update(id="338.a/b"),
        lambda document: document.update(genericType="GENERIC_SCHOOL_TICKET"),
        lambda document: document.update(colour="#fff"),
        lambda document: document["barcode"].update(renderEncoding="UTF_8"),
        lambda document: document["validTimeInterval"]["end"].update(date="2027-07-31T23:59:58"),
        lambda document: document["header"]["defaultValue"].pop("language"),
        lambda document: document.update(textModulesData=document["textModulesData"] * 2),
    ],
)
def test_the_simulator_refuses_what_google_would(
    google: GoogleWallet, make_pass: Callable[..., Pass], spoil: Callable[[JsonObject], object]
) -> None:
    document = copy.deepcopy(google.generic_object(make_pass(), DEFAULT_DESIGN))
    spoil(document)
    with pytest.raises(google_simulator.Refused):
        google_simulator.check("GenericObject", document)


class TestRest:
    @pytest.fixture
    def server(self, google: GoogleWallet, google_public_key: bytes) -> google_simulator.GoogleSimulator:
        return google_simulator.GoogleSimulator(google_public_key, ACCOUNT, google.account.token_url)

    def send(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        *passes: Pass,
        clock: Callable[[], datetime] = lambda: NOW,
    ) -> None:
        async def work() -> None:
            mounts = {
                "https://oauth2.googleapis.com": httpx.ASGITransport(server.app),
                "https://walletobjects.example": httpx.ASGITransport(server.app),
            }
            async with httpx.AsyncClient(mounts=mounts) as client:
                rest = GoogleRest(google, client, "https://walletobjects.example", clock)
                for wallet_pass in passes:
                    await rest.send(wallet_pass, DEFAULT_DESIGN)

        asyncio.run(work())

    def test_the_class_goes_once_and_each_object_after_it(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
    ) -> None:
        from uuid import UUID

        self.send(server, google, make_pass(), make_pass(ticket_id=UUID(int=8)), clock=lambda: now)
        assert server.calls.count("POST genericClass") == 1
        assert server.calls.count("POST genericObject") == 2
        assert server.grants == 1

    def test_a_revoked_ticket_loses_its_barcode_at_google(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
    ) -> None:
        self.send(server, google, make_pass(), make_pass(revoked_at=now), clock=lambda: now)
        kept = server.kept["3388000000012345678.00000000-0000-0000-0000-000000000007"]
        assert kept["state"] == "EXPIRED"
        assert make_pass().ticket.vdv.decode("latin-1") not in str(kept)
        assert kept["barcode"]["type"] == "TEXT_ONLY"

    def test_a_suspended_ticket_is_inactive_without_its_barcode_and_active_again_once_restored(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
    ) -> None:
        suspended = replace(make_pass(), suspended=True)
        self.send(server, google, make_pass(), suspended, clock=lambda: now)
        kept = server.kept["3388000000012345678.00000000-0000-0000-0000-000000000007"]
        assert kept["state"] == "INACTIVE"
        assert kept["barcode"]["type"] == "TEXT_ONLY"
        assert "Ausgesetzt" in kept["barcode"]["alternateText"]
        assert make_pass().ticket.vdv.decode("latin-1") not in str(kept)
        self.send(server, google, suspended, make_pass(), clock=lambda: now)
        kept = server.kept["3388000000012345678.00000000-0000-0000-0000-000000000007"]
        assert kept["state"] == "ACTIVE"
        assert kept["barcode"]["type"] == "AZTEC"

    def test_sending_twice_ends_in_the_same_state(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
    ) -> None:
        self.send(server, google, make_pass(), clock=lambda: now)
        before = copy.deepcopy(server.kept)
        self.send(server, google, make_pass(), clock=lambda: now)
        assert server.kept == before

    def test_an_access_token_is_renewed_before_it_ends(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
    ) -> None:
        times = iter([now] * 4 + [now + timedelta(minutes=56)] * 9)
        self.send(server, google, make_pass(), make_pass(revoked_at=now), clock=lambda: next(times))
        assert server.grants == 2

    @pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
    def test_a_busy_or_unwilling_google_is_tried_later(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
        status: int,
    ) -> None:
        server.answer_with = status
        with pytest.raises(Unavailable):
            self.send(server, google, make_pass(), clock=lambda: now)

    def test_a_refused_document_is_final(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
    ) -> None:
        server.answer_with = 400
        with pytest.raises(Invalid):
            self.send(server, google, make_pass(), clock=lambda: now)

    def test_an_account_that_is_closed_is_not_a_reason_to_give_up(
        self,
        server: google_simulator.GoogleSimulator,
        google: GoogleWallet,
        make_pass: Callable[..., Pass],
        now: datetime,
    ) -> None:
        server.account = "somebody@else"
        with pytest.raises(Unavailable):
            self.send(server, google, make_pass(), clock=lambda: now)


@pytest.mark.parametrize("content", [b"<html>", b"{}", b"[]", b'{"access_token": "t", "expires_in": "soon"}'])
def test_an_answer_of_google_that_is_none_is_no_fault_of_the_pass(
    google: GoogleWallet, make_pass: Callable[..., Pass], now: datetime, content: bytes
) -> None:
    async def send() -> None:
        answering = httpx.MockTransport(lambda request: httpx.Response(200, content=content))
        async with httpx.AsyncClient(transport=answering) as client:
            await GoogleRest(google, client, "https://walletobjects.example", lambda: now).send(
                make_pass(), DEFAULT_DESIGN
            )

    with pytest.raises(Unavailable):
        asyncio.run(send())


def test_the_link_waits_until_google_knows_the_object(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    import dataclasses

    class Account:
        sent = 0

        async def send(self, wallet_pass: Pass, design: Design, rotation: Rotation | None = None) -> None:
            self.sent += 1

        async def notify(self, wallet_pass: Pass, text: Text) -> None:
            raise AssertionError("nobody need know of a new pass")

    account = Account()
    running.hear(issued())
    parties = dataclasses.replace(running.workflow.parties, google_account=account)
    workflow = dataclasses.replace(running.workflow, parties=parties)
    assert workflow.google_token(running.do(workflow.find(PassToken(running.token())))) is None
    assert running.do(workflow.tell_google()) == 1
    assert running.do(workflow.tell_google()) == 0
    assert account.sent == 1
    assert workflow.google_token(running.do(workflow.find(PassToken(running.token())))) is not None


def test_a_person_is_told_of_what_it_must_know_and_of_nothing_else(
    running: WalletService,
    google: GoogleWallet,
    google_public_key: bytes,
    issued: Callable[..., TicketIssued],
    revoked: Callable[..., TicketRevoked],
) -> None:
    """Over the whole life of a ticket, with Google's answers."""
    server = google_simulator.GoogleSimulator(google_public_key, ACCOUNT, google.account.token_url)
    story = TicketStory()

    async def tell() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app)) as client:
            account = GoogleRest(google, client, "https://walletobjects.example", lambda: NOW)
            parties = replace(running.workflow.parties, google_account=account)
            await replace(running.workflow, parties=parties).tell_google()

    def hear(*events: Event) -> list[str]:
        running.hear(*events)
        server.notified.clear()
        running.do(tell())
        return [each.split(".")[0] for each in server.notified]

    assert hear(issued()) == []
    assert hear(story.renewed(1, NEW_VDV)) == [], "another code is no news for a person"
    assert hear(story.suspended(2)) == ["Dieses Ticket ist ausgesetzt"]
    assert hear(story.restored(3)) == ["Ihr Ticket gilt, und zwar bis 31"]
    assert hear(story.ends(4, 9, date(2026, 12, 31))) == ["Ihr Ticket gilt, und zwar bis 31"]
    assert hear(revoked()) == ["Dieses Ticket ist gesperrt"]
    assert hear() == []


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 120.0), ("", 0.0), ("soon", 0.0), ("-5", 0.0), ("9" * 400, 999999.0), ("٣", 0.0),
        ("Mon, 23 Nov 2026 09:31:00 GMT", 60.0), ("Mon, 23 Nov 2026 09:00:00 GMT", 0.0), (None, 0.0),
    ],
)  # fmt: skip
def test_a_pause_that_google_asks_for_is_kept(
    google: GoogleWallet,
    google_public_key: bytes,
    make_pass: Callable[..., Pass],
    header: str | None,
    expected: float,
) -> None:
    server = google_simulator.GoogleSimulator(google_public_key, ACCOUNT, google.account.token_url)
    server.answer_with, server.retry_after = 429, header and header.encode("utf-8").decode("latin-1")

    async def send() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app)) as client:
            await GoogleRest(google, client, "https://walletobjects.example", lambda: NOW).send(
                make_pass(), DEFAULT_DESIGN
            )

    with pytest.raises(Unavailable) as away:
        asyncio.run(send())
    assert away.value.retry_after == expected
