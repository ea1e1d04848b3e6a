"""A running signer takes new lists and keys without a restart, and a stolen module costs no honest ticket."""

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.terms import Area, Terms
from issuance.domain.ticket import Ticket
from issuance.domain.times import start_of
from issuance.domain.verdict import Verdict
from issuance.signer import ceremony, modules
from issuance.signer.keys import KeyProblem, open_keys
from issuance.signer.live_signer import LiveSigner
from issuance.signer.rotation import Keeper
from issuance.signer.upkeep import Upkeep
from issuance.store.signer import SignerStore
from issuance.verification import trust_folder
from issuance.verification.trust import Unusable, assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.issue import SIGNING, Issuing
from issuance.workflow.signer.life import HOURLY, Renewing
from issuance.workflow.signer.publish import PUBLISHING, Publishing
from issuance.workflow.signer.publish_issued import PublishingIssued
from shared.bus.tables import outbox
from shared.database import Database
from shared.database.migration import upgrade
from shared.events import (
    ApplicationHolderGiven,
    EligibilityGranted,
    Event,
    IssuedListPublished,
    StatusListPublished,
    TicketIssued,
    TicketRenewed,
    TrustListPublished,
)
from shared.runtime.backlog import Backlog
from structlog.testing import capture_logs

AUTHORITY = "101023"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class House:
    """The signer's process without bus, and a clock that is moved by hand."""

    def __init__(self, folder: Path, pki: ceremony.Pki, url: str) -> None:
        self.now, self.folder = NOW, folder / "ca"
        secret = folder / "secret"
        secret.write_text("sixteen letters and more")
        ceremony.save(pki, self.folder, secret)
        self.keeper = Keeper(self.folder, secret)
        self.live = LiveSigner(self.folder, open_keys(self.folder / "keys", secret, ""), "", self.clock)
        self.database = Database(url, SignerStore)
        self.issuing = Issuing(
            self.database,
            self.live,
            self.live,
            self.clock,
            secrets.randbelow,
            Backlog(SIGNING, self.database, self.clock),
        )
        self.publishing = Publishing(
            self.database, self.live, self.clock, Backlog(PUBLISHING, self.database, self.clock)
        )
        renewing = Renewing(self.database, self.live, self.live, self.clock, Backlog(HOURLY, self.database, self.clock))
        filters = PublishingIssued(self.database, self.live, self.live, self.clock)
        self.upkeep = Upkeep(self.live, self.issuing, self.publishing, renewing, filters)

    def clock(self) -> datetime:
        return self.now

    def look(self) -> None:
        asyncio.run(self.upkeep.look_at_keys())

    def grant(self) -> UUID:
        base = {"occurred_at": self.now, "authority_id": AUTHORITY, "application_id": uuid4()}
        names = {"first_name": "Jörg", "last_name": "Müßter", "birth_date": date(2012, 2, 29)}
        days = {"valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31)}
        facts = {"own_share_cents": 0, "distance_m": None, "limit_m": None, "reasons": (), "rules_version": "nrw"}

        async def both() -> None:
            await self.database.write(await self.issuing.keep_holder(ApplicationHolderGiven(**base, **names)))
            event = EligibilityGranted(**base, **days, **facts, decision_id=uuid4())
            await self.database.write(await self.issuing.keep_grant(event))

        asyncio.run(both())
        return base["application_id"]  # type: ignore[return-value]

    def sign(self) -> None:
        async def all_of_it() -> None:
            while await self.issuing.issue_due():
                pass
            while await self.publishing.publish_due(self.live.lists_from):
                pass

        asyncio.run(all_of_it())

    def told(self, kind: type[Event]) -> list[Any]:
        query = sa.select(outbox.c.payload).where(outbox.c.subject == kind.subject).order_by(outbox.c.position)
        rows = self.database.read_now(lambda store: store.session.execute(query).scalars().all())
        return [kind.model_validate_json(row) for row in rows]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found = self.database.read_now(lambda store: store.session.execute(sa.text(query)).all())
        return [tuple(row) for row in found]

    def scanner(self) -> Verifier:
        """With all that was told last."""
        trusted = self.told(TrustListPublished)[-1]
        newest = {one.shard: one.status_list for one in self.told(StatusListPublished)}
        parts = self.told(IssuedListPublished)
        last = max((one.version for one in parts), default=0)
        issued = [one.issued_list for one in parts if one.version == last]
        return Verifier(assemble(trusted.certificates.values(), trusted.trust_list, newest.values(), (), issued))


@pytest.fixture
def house(tmp_path: Path, pki: ceremony.Pki) -> Iterator[House]:
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    upgrade(url, "issuance", "migrations/signer")
    one = House(tmp_path, pki, url)
    terms = Terms(32838, area=Area(5000, 11))
    one.database.write_now(lambda store: store.set_terms(AUTHORITY, terms))
    yield one
    one.database.close()


def test_a_new_trust_list_is_taken_and_told_without_a_restart(house: House) -> None:
    house.look()
    assert [one.version for one in house.told(TrustListPublished)] == [1]
    house.look()
    house.now += timedelta(days=30)
    assert house.keeper.extend(house.now) == 2
    house.look()
    assert [one.version for one in house.told(TrustListPublished)] == [1, 2]
    assert house.live.now.listed.expires_at == house.now + timedelta(days=400)


def test_a_rotation_reaches_the_running_signer_and_its_next_ticket(house: House) -> None:
    house.grant()
    house.sign()
    key_id = house.keeper.add_next(house.now)
    house.look()
    house.now += timedelta(days=7)
    house.keeper.rotate(house.now)
    house.look()
    house.grant()
    house.sign()
    keys = [row[0] for row in house.rows("SELECT qr_key FROM ticket ORDER BY sequence")]
    assert keys[0] != keys[1] == key_id
    for ticket in house.told(TicketIssued):
        assert house.scanner().verify_qr(ticket.qr, house.now).verdict is Verdict.VALID


def test_lists_that_do_not_continue_what_the_signer_has_are_refused_once_and_the_old_goes_on(house: House) -> None:
    old = house.live.now.published.trust_list
    house.keeper.extend(house.now)
    house.look()
    bad = bytearray(old)
    bad[-1] ^= 1
    stranger = ceremony.make(ceremony.Period.around(NOW.date()), NOW).trust_list
    for content in (old, bytes(bad), b"", stranger):
        trust_folder.replace_trust_list(house.folder / "public", content)
        with capture_logs() as lines:
            house.look()
            house.look()
        refused = [line for line in lines if line["event"] == "keys_refused"]
        assert len(refused) == 1 and house.live.now.listed.version == 2
    house.grant()
    house.sign()
    assert len(house.told(TicketIssued)) == 1


def test_the_end_of_the_trust_list_is_announced_ninety_days_before_with_the_remedy(house: House) -> None:
    for days, is_said in ((309, False), (311, True), (401, True)):
        house.now = NOW + timedelta(days=days)
        with capture_logs() as lines:
            house.live.warn()
        said = [line for line in lines if line["event"] == "trust_list_ends_soon"]
        assert bool(said) is is_said
        assert not said or said[0]["remedy"] == "issuance key extend --help"
    house.keeper.extend(house.now)
    house.look()
    with capture_logs() as lines:
        house.live.warn()
    assert not [line for line in lines if line["event"] == "trust_list_ends_soon"]


def test_after_the_theft_of_the_module_honest_tickets_stay_valid_forged_ones_turn_red_and_all_are_signed_anew(
    house: House, pki: ceremony.Pki, ticket: Ticket
) -> None:
    for _ in range(5):
        house.grant()
    house.sign()
    house.look()
    honest = house.told(TicketIssued)
    forged = pki.signer.sign_ticket(replace(ticket, number=honest[0].number, first_name="Dieb"))
    # 1. The theft is known. The signer stops with the stolen module at once, and tells which tickets are honest.
    house.now += timedelta(hours=2)
    house.keeper.compromise_module(house.now - timedelta(hours=1), house.now)
    house.look()
    house.sign()
    house.grant()
    house.sign()
    assert house.rows("SELECT state, reason FROM ticket WHERE state <> 'issued'") == [("held", "module_compromised")]
    assert not house.told(TicketRenewed)
    scanner = house.scanner()
    assert {scanner.verify_vdv(one.vdv, house.now).verdict for one in honest} == {Verdict.VALID}
    found = scanner.verify_vdv(forged.vdv, house.now)
    assert (found.verdict, found.reasons) == (Verdict.INVALID, ("not_issued",))
    # 2. Another module. What was held is signed, every honest ticket is signed anew, and passes hear of it.
    number = modules.make(house.keeper, house.now)
    house.look()
    house.sign()
    renewed = house.told(TicketRenewed)
    assert {one.ticket_id for one in renewed} == {one.ticket_id for one in honest} and len(renewed) == 5
    assert len(house.told(TicketIssued)) == 6
    scanner = house.scanner()
    for one in [*renewed, house.told(TicketIssued)[-1]]:
        found = scanner.verify_vdv(one.vdv, house.now)
        assert found.verdict is Verdict.VALID and found.ticket is not None
        assert found.ticket.details["module_number"] == number and found.reasons == ("status_checked",)
        assert scanner.verify_qr(one.qr, house.now).verdict is Verdict.VALID
    # 3. The codes that families still hold stay good, also with every later list; the forged one never is.
    for days in (0, 1, 8):
        house.now += timedelta(days=days)
        asyncio.run(house.upkeep.hourly())
        house.sign()
        scanner = house.scanner()
        assert {scanner.verify_vdv(one.vdv, house.now).verdict for one in honest} == {Verdict.VALID}
        assert scanner.verify_vdv(forged.vdv, house.now).verdict is Verdict.INVALID
    assert len(house.told(TicketRenewed)) == 5
    assert house.rows("SELECT count(*) FROM audit WHERE step = 'signed_anew'") == [(5,)]


def test_codes_of_which_nobody_wrote_down_who_signed_them_are_signed_anew_too(house: House) -> None:
    house.grant()
    house.sign()
    house.database.write_now(lambda store: store.session.execute(sa.text("UPDATE ticket SET vdv_module = NULL")))
    house.keeper.compromise_module(house.now, house.now)
    modules.make(house.keeper, house.now)
    house.look()
    house.look()
    assert len(house.told(TicketRenewed)) == 1


def test_a_ticket_that_cannot_be_signed_anew_does_not_hold_up_the_others(house: House) -> None:
    for _ in range(3):
        house.grant()
    house.sign()
    house.database.write_now(
        lambda store: store.session.execute(sa.text("UPDATE ticket SET valid_until = '2999-01-01' WHERE sequence = 1"))
    )
    house.keeper.compromise_module(house.now, house.now)
    modules.make(house.keeper, house.now)
    house.look()
    assert len(house.told(TicketRenewed)) == 2


def test_another_module_needs_the_sub_ca_of_the_ceremony_and_a_theft_cannot_lie_ahead(house: House) -> None:
    with pytest.raises(KeyProblem, match="future"):
        house.keeper.compromise_module(house.now + timedelta(days=1), house.now)
    operator = ceremony.make(ceremony.Period.around(NOW.date()), NOW)
    key = operator.signer.module_key
    modules.take(
        house.keeper,
        key.pem_source,  # type: ignore[attr-defined]
        operator.signer.module_certificate.encode(),
        operator.certificates,
        NOW,
    )
    with pytest.raises(KeyProblem, match="not that of the ceremony"):
        modules.make(house.keeper, NOW)


def test_a_younger_module_signs_old_tickets_anew_but_none_that_would_be_shown_before_it(
    house: House, ticket: Ticket
) -> None:
    modules.make(house.keeper, NOW)
    house.look()
    signed = house.live.sign_ticket(ticket, NOW)
    house.live.confirm(ticket, signed, NOW)
    with pytest.raises(ValueError, match="older_than_certificates"):
        house.live.sign_ticket(replace(ticket, valid_from=start_of(date(2026, 8, 1))))


def test_the_key_of_the_lists_rotates_with_overlap_and_a_theft_of_it_replaces_every_list(house: House) -> None:
    house.grant()
    house.sign()
    house.look()
    first = house.live.now.signer.status_key.key_id
    second = house.keeper.add_next(house.now, "status")
    with pytest.raises(KeyProblem, match="less than 7 days"):
        house.keeper.rotate(house.now, "status")
    house.now += timedelta(days=7)
    house.keeper.rotate(house.now, "status")
    house.look()
    house.sign()
    assert house.live.now.signer.status_key.key_id == second != first
    (ticket,) = house.told(TicketIssued)
    assert house.scanner().verify_qr(ticket.qr, house.now).reasons == ("status_checked",)
    # the thief could unrevoke: what that key has signed counts no more, and all lists come anew at once
    house.now += timedelta(minutes=5)
    count = len(house.told(StatusListPublished)), len(house.told(IssuedListPublished))
    third = house.keeper.compromise(house.now - timedelta(hours=1), house.now, use="status")
    house.look()
    house.sign()
    assert len(house.told(StatusListPublished)) == count[0] + 1 and len(house.told(IssuedListPublished)) > count[1]
    assert house.live.now.signer.status_key.key_id == third
    found = house.scanner().verify_qr(ticket.qr, house.now)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ("status_checked",))
    old = house.told(StatusListPublished)[-2].status_list
    trusted = house.told(TrustListPublished)[-1]
    with pytest.raises(Unusable, match="key_compromised"):
        assemble(trusted.certificates.values(), trusted.trust_list, [old])
    house.sign()
    assert len(house.told(StatusListPublished)) == count[0] + 1
