"""Phones as Apple describes them: what becomes of a ticket reaches every one that has its pass."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from shared.errors import Text, Unavailable
from shared.events import ApplicationFamilyErased, Event, TicketIssued, TicketRestored, TicketRevoked, TicketSuspended
from shared.runtime.backlog import count_failing
from support.databases import on_both
from support.wallet_pass.phone_simulator import KeptPass, Phone
from support.wallet_pass.service import WalletService, open_service
from support.wallet_pass.tickets import NOW, about
from wallet_pass.apple.package import AppleWallet
from wallet_pass.apple.push import RefusedPush
from wallet_pass.domain.designs import Colour, Design
from wallet_pass.domain.devices import MOST_DEVICES, PushToken
from wallet_pass.google.wallet import GoogleWallet
from wallet_pass.store.tables import DEVICES, REGISTRATIONS
from wallet_pass.workflow import PUSHES
from wallet_pass.workflow.apple_ports import DeadPushToken

SERIAL = "00000000-0000-0000-0000-000000000007"
FIRST = "a1" * 32


@dataclass
class PushLine:
    """Apple's push service as the workflow sees it. `phones`: who is reached under a token; `error`: raised instead."""

    phones: dict[str, Phone] = field(default_factory=dict)
    pushed: list[str] = field(default_factory=list)
    error: Exception | None = None

    async def push(self, push_token: PushToken) -> None:
        if self.error is not None:
            raise self.error
        if push_token not in self.phones:
            raise DeadPushToken
        self.pushed.append(push_token)


@dataclass
class Line:
    """A service, its push line, and how a phone is bought."""

    service: WalletService
    pushes: PushLine

    def phone(self) -> Phone:
        token = f"{len(self.pushes.phones) + 1:064x}"

        def ask(method: str, url: str, *, headers: dict[str, str], content: bytes | None = None) -> httpx.Response:
            answer: httpx.Response = self.service.client.request(
                method, url.removeprefix("https://pass.example"), headers=headers, content=content
            )
            return answer

        return self.pushes.phones.setdefault(token, Phone(ask, token))

    def package(self) -> bytes:
        content: bytes = self.service.client.get(f"/v1/passes/{self.service.token()}/pass.pkpass").content
        return content

    def work(self) -> None:
        """What the workers do until nothing is left, and what phones do that were pushed to."""
        while self.service.do(self.service.workflow.remake()):
            pass
        while self.service.do(self.service.workflow.phones.push()):
            pass
        pushed, self.pushes.pushed = self.pushes.pushed, []
        for token in pushed:
            self.pushes.phones[token].look()

    def rows(self, table: sa.Table) -> int:
        query = sa.select(sa.func.count()).select_from(table)
        return int(self.service.database.read_now(lambda store: store.session.execute(query).scalar_one()))


@contextmanager
def _line(url: str, apple: AppleWallet, google: GoogleWallet) -> Iterator[Line]:
    pushes = PushLine()
    with open_service(url, apple, google, pushes) as service:
        yield Line(service, pushes)


@pytest.fixture
def line(url: str, apple: AppleWallet, google: GoogleWallet) -> Iterator[Line]:
    with _line(url, apple, google) as opened:
        yield opened


def _switched(step: int, ticket: TicketIssued, *, good: bool) -> Event:
    told = about(step, ticket.ticket_id) | {"application_id": ticket.application_id, "step": step}
    return TicketRestored(**told) if good else TicketSuspended(**told, reason="by_authority")


def test_what_becomes_of_a_ticket_reaches_every_phone_that_has_it(
    line: Line, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    line.service.hear(issued())
    phones = [line.phone() for _ in range(3)]
    assert [each.add(line.package()) for each in phones] == [True] * 3
    assert not phones[0].add(line.package()), "201 once, 200 from then on"
    line.work()
    assert [each.hears_from for each in phones] == [0, 0, 0], "nothing has changed"
    line.service.hear(_switched(1, issued(), good=False))
    line.work()
    assert [each.passes[SERIAL].shows_code for each in phones] == [False] * 3
    line.service.hear(_switched(2, issued(), good=True))
    line.work()
    assert [each.passes[SERIAL].shows_code for each in phones] == [True] * 3
    phones[2].remove(SERIAL)
    line.service.hear(revoked())
    line.work()
    assert [each.passes[SERIAL].is_void for each in phones[:2]] == [True, True]
    assert [each.passes[SERIAL].fetched for each in phones[:2]] == [3, 3], "each version once"
    assert phones[2].hears_from == 2
    assert line.rows(DEVICES) == 2


def test_a_phone_that_adds_an_old_file_is_told_of_what_has_happened_since(
    line: Line, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    line.service.hear(issued())
    old, phone = line.package(), line.phone()
    line.service.hear(revoked())
    line.work()
    phone.add(old)
    line.work()
    assert phone.passes[SERIAL].is_void


def test_a_phone_that_knows_a_later_tag_hears_of_a_pass_that_it_adds(
    line: Line, issued: Callable[..., TicketIssued]
) -> None:
    line.service.hear(issued())
    old, phone = line.package(), line.phone()
    line.service.hear(_switched(1, issued(), good=False))
    line.work()
    line.service.time[0] += timedelta(days=1)
    other = issued(ticket_id=UUID(int=77), application_id=UUID(int=78), number=99)
    line.service.hear(other)
    token = line.service.told()[-1].pass_url.rsplit("/", 1)[1]
    phone.add(line.service.client.get(f"/v1/passes/{token}/pass.pkpass").content)
    line.service.hear(_switched(1, other, good=False))
    line.work()
    phone.add(old)
    line.work()
    assert [each.shows_code for each in phone.passes.values()] == [False, False]


def test_nothing_is_lost_while_apple_is_away(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.pushes.error = Unavailable(Text("weg", "away"))
    with pytest.raises(Unavailable):
        line.work()
    line.pushes.error = None
    line.work()
    assert not phone.passes[SERIAL].shows_code


def test_one_phone_that_is_refused_holds_up_no_other(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.pushes.error = RefusedPush("429")
    line.work()
    assert line.service.database.read_now(lambda store: count_failing(store.session, line.service.time[0])) == {
        PUSHES: (0, 1)
    }
    line.pushes.error = None
    line.service.time[0] += timedelta(minutes=10)
    line.work()
    assert not phone.passes[SERIAL].shows_code


def test_a_phone_that_is_refused_for_an_hour_is_told_all_the_same(
    line: Line, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(revoked())
    line.pushes.error = RefusedPush("429")
    for _ in range(30):
        line.work()
        line.service.time[0] += timedelta(minutes=5)
    line.pushes.error = None
    line.work()
    assert phone.passes[SERIAL].is_void


def test_a_foreign_token_costs_no_transaction_that_writes(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    path = f"/apple/v1/devices/d1/registrations/{kept.document['passTypeIdentifier']}/{SERIAL}"
    with patch.object(line.service.database, "write", side_effect=AssertionError("written")):
        for method, content in (("POST", b'{"pushToken": "' + FIRST.encode() + b'"}'), ("DELETE", None)):
            headers = {"Authorization": "ApplePass wrong", "Content-Type": "application/json"}
            answer = line.service.client.request(method, path, headers=headers, content=content)
            assert answer.status_code == 401


def test_a_phone_that_is_gone_is_forgotten_and_one_that_is_back_is_not(
    line: Line, issued: Callable[..., TicketIssued]
) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.pushes.error = DeadPushToken(NOW - timedelta(hours=1))
    line.work()
    assert line.rows(DEVICES) == 1, "it registered after that"
    line.pushes.error = DeadPushToken(NOW + timedelta(hours=1))
    line.service.time[0] += timedelta(minutes=10)
    line.work()
    assert (line.rows(DEVICES), line.rows(REGISTRATIONS)) == (0, 0)


def test_a_new_push_token_takes_the_place_of_the_old_one(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    del line.pushes.phones[phone.push_token]
    phone.push_token = FIRST
    line.pushes.phones[FIRST] = phone
    assert not phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.work()
    assert not phone.passes[SERIAL].shows_code


def test_an_erased_family_leaves_no_device(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    at = {"occurred_at": NOW, "authority_id": issued().authority_id, "application_id": issued().application_id}
    line.service.hear(ApplicationFamilyErased(event_id=UUID(int=5), **at))
    assert (line.rows(DEVICES), line.rows(REGISTRATIONS)) == (0, 0)
    assert phone.look() == []


def _kept(line: Line) -> KeptPass:
    phone = line.phone()
    phone.add(line.package())
    return phone.passes[SERIAL]


def test_unknown_and_foreign_get_one_answer(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    token, pass_type = kept.document["authenticationToken"], kept.document["passTypeIdentifier"]
    right, json_body = f"ApplePass {token}", {"Content-Type": "application/json"}
    tried = [
        (pass_type, SERIAL, "ApplePass wrong"),
        (pass_type, SERIAL, f"Bearer {token}"),
        (pass_type, SERIAL, ""),
        (pass_type, SERIAL, f"{right}x"),
        (pass_type, str(UUID(int=99)), right),
        (pass_type, "no-uuid", right),
        ("pass.of.another", SERIAL, right),
    ]
    answers = set()
    for named_type, serial, shown in tried:
        for root in ("/apple/v1", "/apple//v1"):
            one = f"{root}/devices/d1/registrations/{named_type}/{serial}"
            body = json.dumps({"pushToken": FIRST}).encode()
            for method, path, content in (
                ("POST", one, body), ("DELETE", one, None), ("GET", f"{root}/passes/{named_type}/{serial}", None),
            ):  # fmt: skip
                answer = line.service.client.request(
                    method, path, headers={"Authorization": shown} | json_body, content=content
                )
                answers.add((answer.status_code, answer.content, answer.headers.get("www-authenticate")))
    assert answers == {(401, b"", "ApplePass")}
    lists = {
        line.service.client.get(f"/apple/v1/devices/{device}/registrations/{named}").status_code
        for device, named in (("unknown", pass_type), ("d1", pass_type), ("unknown", "pass.of.another"))
    }
    assert lists == {204}


def test_one_device_and_one_pass_have_a_bound(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    headers = {"Authorization": f"ApplePass {kept.document['authenticationToken']}"}

    def register(device: str) -> int:
        path = f"/apple/v1/devices/{device}/registrations/{kept.document['passTypeIdentifier']}/{SERIAL}"
        status: int = line.service.client.post(path, headers=headers, json={"pushToken": FIRST}).status_code
        return status

    answers = [register(f"device-{place}") for place in range(MOST_DEVICES + 3)]
    assert answers == [201] * (MOST_DEVICES - 1) + [409] * 4
    assert register("device-0") == 200
    assert line.rows(DEVICES) == MOST_DEVICES


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"pushToken": 5}', b'{"pushToken": "zz"}', b'{"pushToken": "' + b"a" * 201 + b'"}', b"\xff"],
)
def test_a_registration_that_is_none_is_refused(line: Line, issued: Callable[..., TicketIssued], body: bytes) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    headers = {"Authorization": f"ApplePass {kept.document['authenticationToken']}"}
    path = f"/apple/v1/devices/d1/registrations/{kept.document['passTypeIdentifier']}/{SERIAL}"
    assert line.service.client.post(path, headers=headers, content=body).status_code in (400, 422)


@pytest.mark.parametrize("tag", ["", "0", "garbage", "-1", "9" * 18, "٣", "9" * 100, "1.5"])
def test_any_tag_is_answered(line: Line, issued: Callable[..., TicketIssued], tag: str) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    path = f"/apple/v1/devices/{phone.library_id}/registrations/{phone.passes[SERIAL].document['passTypeIdentifier']}"
    answer = line.service.client.get(path, params={"passesUpdatedSince": tag})
    assert answer.status_code == (204 if tag == "9" * 18 else 200)


def test_what_phones_complain_of_is_kept_without_secrets(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    said = f"[2026-11-23] Web service error for pass.de.schulticket.test (https://pass.example/v1/{FIRST}): Mia1 x"
    for complaints in ([said, "\x1b[31m" + "a" * 5000] * 500, []):
        assert line.service.client.post("/apple/v1/log", json={"logs": complaints}).status_code == 200
    assert line.service.client.post("/apple/v1/log", json={"logs": 5}).status_code == 422
    assert FIRST not in caplog.text


@on_both("url")
def test_whatever_happens_in_whatever_order_every_phone_shows_the_last_state(
    url: str, apple: AppleWallet, google: GoogleWallet, issued: Callable[..., TicketIssued]
) -> None:
    """Three tickets and four phones live for a while; Apple is away now and then, phones lose and find passes."""
    for seed in range(6):
        draw = random.Random(seed)
        with _line(f"{url}{seed}" if url.startswith("sqlite") else url, apple, google) as line:
            _live(line, draw, issued)
        if not url.startswith("sqlite"):
            break


def _live(line: Line, draw: random.Random, issued: Callable[..., TicketIssued]) -> None:
    tickets = [issued(ticket_id=UUID(int=70 + n), application_id=UUID(int=80 + n), number=n + 1) for n in range(3)]
    line.service.hear(*tickets)
    tokens = [each.pass_url.rsplit("/", 1)[1] for each in line.service.told()]
    files = [line.service.client.get(f"/v1/passes/{each}/pass.pkpass").content for each in tokens]
    phones, good = [line.phone() for _ in range(4)], [True] * 3
    for step in range(1, 41):
        line.service.time[0] += timedelta(seconds=draw.choice((0, 0, 1, 400)))
        ticket = draw.randrange(3)
        match draw.randrange(7):
            case 0 | 1:
                good[ticket] = not good[ticket]
                line.service.hear(_switched(step, tickets[ticket], good=good[ticket]))
            case 2:
                draw.choice(phones).add(files[ticket])
            case 3:
                phone = draw.choice(phones)
                if phone.passes:
                    phone.remove(draw.choice(list(phone.passes)))
            case 4:
                line.pushes.error = draw.choice((None, Unavailable(Text("weg", "away"))))
            case 5:
                files[ticket] = line.service.client.get(f"/v1/passes/{tokens[ticket]}/pass.pkpass").content
            case _:
                if line.pushes.error is None:
                    line.work()
    line.pushes.error = None
    line.service.time[0] += timedelta(hours=1)
    line.work()
    for phone in phones:
        for serial, kept in phone.passes.items():
            assert kept.shows_code is good[UUID(serial).int - 70]


def test_a_design_that_is_the_same_changes_nothing(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    design = Design(Text("Stadt Musterstadt", "City of Musterstadt"), Colour(0, 80, 40))
    for expected in (1, 0):
        changed = line.service.database.write_now(
            lambda store: store.set_design(issued().authority_id, design, line.service.time[0])
        )
        line.service.do(line.service.workflow.spread_remakes(100))
        line.work()
        assert (changed, phone.passes[SERIAL].fetched) == (expected, 1)
