"""An older copy takes the place of the database: phones that registered since are found again, by what they carry."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from shared.bus import epochs
from shared.events import TicketIssued, TicketRestored, TicketRevoked, TicketSuspended
from sqlalchemy.engine import make_url
from support.wallet_pass.phone_simulator import Phone
from support.wallet_pass.service import WalletService, open_service
from support.wallet_pass.tickets import about
from wallet_pass.apple.package import AppleWallet
from wallet_pass.domain.carried import MOST_CARRIED, CarriedRegistration, Seal
from wallet_pass.domain.devices import PushToken
from wallet_pass.google.wallet import GoogleWallet
from wallet_pass.store.tables import REGISTRATIONS

SERIAL = "00000000-0000-0000-0000-000000000007"
IN_USE = [("apple", "fingerprint", "pass type")]


@dataclass
class PushLine:
    """Apple's push service: who is reached under a token, and who was pushed to."""

    phones: dict[str, Phone] = field(default_factory=dict)
    pushed: list[str] = field(default_factory=list)

    async def push(self, push_token: PushToken) -> None:
        self.pushed.append(push_token)


@dataclass
class Restorable:
    """A service whose database can be put back."""

    service: WalletService
    pushes: PushLine
    path: Path

    def phone(self) -> Phone:
        token = f"{len(self.pushes.phones) + 1:064x}"
        self.pushes.phones[token] = Phone(self.service.client.request, token)
        return self.pushes.phones[token]

    def package(self, place: int = 0) -> bytes:
        token = self.service.told()[place].pass_url.rsplit("/", 1)[1]
        content: bytes = self.service.client.get(f"/v1/passes/{token}/pass.pkpass").content
        return content

    def work(self) -> None:
        """Of all workers, and of phones that were pushed to."""
        workflow = self.service.workflow
        self.service.do(workflow.note_certificates(IN_USE))
        self.service.do(workflow.spread_remakes(1000))
        while self.service.do(workflow.remake()):
            pass
        while self.service.do(workflow.phones.push()):
            pass
        pushed, self.pushes.pushed = self.pushes.pushed, []
        for token in pushed:
            self.pushes.phones[token].look()

    def copy(self) -> None:
        with closing(sqlite3.connect(self.path)) as live, closing(sqlite3.connect(self._copied)) as to:
            live.backup(to)

    def put_back(self) -> None:
        """As `local restore` does it: the older content, under a later epoch."""
        with closing(sqlite3.connect(self._copied)) as older, closing(sqlite3.connect(self.path)) as live:
            older.backup(live)
        self.service.time[0] += timedelta(hours=1)
        now = self.service.time[0]
        self.service.database.write_now(lambda store: epochs.raise_epoch(store.session, "wallet-pass", now))

    @property
    def _copied(self) -> Path:
        return self.path.with_suffix(".copy")

    def registrations(self) -> int:
        query = sa.select(sa.func.count()).select_from(REGISTRATIONS)
        return int(self.service.database.read_now(lambda store: store.session.execute(query).scalar_one()))


@pytest.fixture
def system(url: str, apple: AppleWallet, google: GoogleWallet) -> Iterator[Restorable]:
    pushes = PushLine()
    with open_service(url, apple, google, pushes) as service:
        yield Restorable(service, pushes, Path(str(make_url(url).database)))


def _switched(step: int, *, good: bool) -> TicketRestored | TicketSuspended:
    told = about(step) | {"step": step}
    return TicketRestored(**told) if good else TicketSuspended(**told, reason="by_authority")


def _lost_hour(system: Restorable, issued: Callable[..., TicketIssued]) -> Phone:
    """A phone that registers after the copy, and has heard of a change since."""
    system.service.hear(issued())
    system.work()
    system.copy()
    phone = system.phone()
    phone.add(system.package())
    system.service.hear(_switched(1, good=False))
    system.work()
    assert not phone.passes[SERIAL].shows_code
    return phone


def test_a_phone_that_registered_after_the_copy_hears_of_a_revocation(
    system: Restorable, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    phone = _lost_hour(system, issued)
    system.put_back()
    assert system.registrations() == 0
    system.service.hear(revoked())
    system.work()
    assert not phone.passes[SERIAL].is_void, "nobody knows here that it has the pass"
    phone.look()  # phones do that by themselves about once a day
    assert phone.passes[SERIAL].is_void
    assert system.registrations() == 1
    assert phone.look() == []


def test_it_is_pushed_to_again_from_then_on(system: Restorable, issued: Callable[..., TicketIssued]) -> None:
    phone = _lost_hour(system, issued)
    system.put_back()
    system.work()
    phone.look()
    assert phone.passes[SERIAL].shows_code, "the suspension was lost with that hour"
    heard = phone.hears_from
    system.service.hear(_switched(2, good=False))
    system.work()
    assert phone.hears_from > heard
    assert not phone.passes[SERIAL].shows_code


def test_after_a_restore_every_phone_that_is_known_fetches_its_passes_again(
    system: Restorable, issued: Callable[..., TicketIssued]
) -> None:
    system.service.hear(issued())
    system.work()
    phone = system.phone()
    phone.add(system.package())
    system.copy()
    system.service.hear(_switched(1, good=False))
    system.work()
    assert not phone.passes[SERIAL].shows_code
    system.put_back()
    system.work()
    assert phone.passes[SERIAL].shows_code, "as it stands in the database that is in force now"
    fetched = phone.passes[SERIAL].fetched
    system.work()
    assert phone.passes[SERIAL].fetched == fetched, "once"


def test_nobody_brings_back_what_another_phone_carries(system: Restorable, issued: Callable[..., TicketIssued]) -> None:
    phone = _lost_hour(system, issued)
    system.put_back()
    thief = replace(phone, library_id="another")
    assert thief.look() == []
    for tag in (str(phone.tag)[:-1], f"{phone.tag}A", "000000000000000001~", "000000000000000001~éß", "~" * 900):
        assert replace(phone, tag=tag, passes=dict(phone.passes)).look() == []
    assert system.registrations() == 0


def test_a_pass_that_a_phone_has_removed_is_not_taken_back(
    system: Restorable, issued: Callable[..., TicketIssued]
) -> None:
    system.service.hear(issued(), issued(ticket_id=UUID(int=77), application_id=UUID(int=78), number=99))
    phone = system.phone()
    phone.add(system.package(0))
    phone.add(system.package(1))
    system.service.hear(_switched(1, good=False))
    system.work()
    phone.remove(SERIAL)
    phone.look()
    assert system.registrations() == 1, "this database is the one that kept it"


def test_what_is_erased_is_not_taken_back(system: Restorable, issued: Callable[..., TicketIssued]) -> None:
    phone = _lost_hour(system, issued)
    system.put_back()
    system.service.database.write_now(lambda store: store.erase(issued().application_id, system.service.time[0]))
    assert phone.look() == []
    assert system.registrations() == 0


def test_an_older_push_token_does_not_take_the_place_of_a_newer_one(
    system: Restorable, issued: Callable[..., TicketIssued]
) -> None:
    phone = _lost_hour(system, issued)
    system.put_back()
    system.service.hear(issued(ticket_id=UUID(int=77), application_id=UUID(int=78), number=99))
    renamed = "f" * 64
    phone.push_token = renamed
    system.pushes.phones[renamed] = phone
    phone.add(system.package(-1))
    phone.look()
    assert system.registrations() == 2
    system.pushes.pushed = []
    system.service.hear(_switched(2, good=False))
    system.service.do(system.service.workflow.remake())
    system.service.do(system.service.workflow.phones.push())
    assert set(system.pushes.pushed) == {renamed}


@pytest.mark.parametrize("count", [0, 1, MOST_CARRIED, MOST_CARRIED + 5])
@pytest.mark.parametrize("digits", [16, 64, 200])
def test_what_was_sealed_comes_back_whole(count: int, digits: int) -> None:
    seal, device = Seal(b"k" * 32), UUID(int=5)
    carried = CarriedRegistration(60_000_000, PushToken("a" * digits), [UUID(int=place) for place in range(count)])
    text = seal.close(device, carried)
    assert seal.open(device, text) == replace(carried, serial_numbers=carried.serial_numbers[:MOST_CARRIED])
    assert len(text) < 980
    assert seal.open(UUID(int=6), text) is None
    assert Seal(b"l" * 32).open(device, text) is None
    assert carried.push_token not in repr(carried)
