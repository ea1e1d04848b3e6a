"""Replaced, renewed, suspended, restored, expired, signed anew: on a real database, and as scanners see it."""

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
from issuance.domain.verdict import Verdict
from issuance.lists import trust_list
from issuance.lists.follow import Followed, follow
from issuance.lists.status_list import Shard, place_of
from issuance.signer.ceremony import Pki
from issuance.signer.keys import EcKey
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust, assemble, open_delta, open_snapshot
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.issue import SIGNING, Issuing
from issuance.workflow.signer.life import HOURLY, Living, Renewing
from issuance.workflow.signer.publish import PUBLISHING, Publishing
from issuance.workflow.signer.publish_issued import PublishingIssued
from issuance.workflow.signer.revoke import Revoking
from shared.bus.tables import outbox
from shared.database import Database
from shared.database.migration import upgrade
from shared.events import (
    ApplicationHolderGiven,
    ApplicationWithdrawn,
    EligibilityGranted,
    Event,
    IssuedListPublished,
    StatusListPublished,
    TicketChangeRequested,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
)
from shared.runtime.backlog import Backlog

AUTHORITY = "101023"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Office:
    """The signer without bus, and a clock that is moved by hand."""

    def __init__(self, database: Database[SignerStore], pki: Pki, trust: Trust) -> None:
        self.database, self.pki, self.trust, self.now = database, pki, trust, NOW
        reader = Verifier(trust)
        self.issuing = Issuing(
            database, pki.signer, reader, self.clock, secrets.randbelow, Backlog(SIGNING, database, self.clock)
        )
        self.living = Living(self.clock, secrets.randbelow)
        self.publishing = Publishing(database, pki.signer, self.clock, Backlog(PUBLISHING, database, self.clock))
        self.filters = PublishingIssued(database, pki.signer, reader, self.clock)
        self.renewing = Renewing(database, pki.signer, reader, self.clock, Backlog(HOURLY, database, self.clock))

    def clock(self) -> datetime:
        return self.now

    def hear(self, handler: Any, event: Event) -> None:
        async def both() -> None:
            await self.database.write(await handler(event))

        asyncio.run(both())

    def issue(self) -> TicketIssued:
        base = {"occurred_at": self.now, "authority_id": AUTHORITY, "application_id": uuid4()}
        names = {"first_name": "Jörg", "last_name": "Müßter", "birth_date": date(2012, 2, 29)}
        days = {"valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31)}
        facts = {"own_share_cents": 0, "distance_m": None, "limit_m": None, "reasons": (), "rules_version": "nrw"}
        self.hear(self.issuing.keep_holder, ApplicationHolderGiven(**base, **names))
        self.hear(self.issuing.keep_grant, EligibilityGranted(**base, **days, **facts, decision_id=uuid4()))
        self.sign()
        return self.told(TicketIssued)[-1]

    def sign(self) -> None:
        async def all_of_it() -> None:
            while await self.issuing.issue_due():
                pass

        asyncio.run(all_of_it())

    def ask(self, ticket: TicketIssued, change: str, request_id: UUID | None = None) -> None:
        event = TicketChangeRequested(
            occurred_at=self.now,
            authority_id=AUTHORITY,
            request_id=request_id or uuid4(),
            number=ticket.number,
            organisation_id=ticket.organisation_id,
            change=change,
            reason="why",
            requested_by="operator",
        )
        self.hear(self.living.requested, event)

    def publish(self) -> StatusListPublished:
        asyncio.run(self.publishing.publish_due())
        return self.told(StatusListPublished)[-1]

    def told(self, kind: type[Event]) -> list[Any]:
        query = sa.select(outbox.c.payload).where(outbox.c.subject == kind.subject).order_by(outbox.c.position)
        rows = self.database.read_now(lambda store: store.session.execute(query).scalars().all())
        return [kind.model_validate_json(row) for row in rows]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found = self.database.read_now(lambda store: store.session.execute(sa.text(query)).all())
        return [tuple(row) for row in found]

    def verdict(self, ticket: Any, at: datetime | None = None) -> Verdict:
        """As a scanner with the newest list."""
        listed = [self.publish().status_list]
        verifier = Verifier(assemble(self.pki.certificates.values(), self.pki.trust_list, listed))
        found = {
            verifier.verify_qr(ticket.qr, at or self.now).verdict,
            verifier.verify_vdv(ticket.vdv, at or self.now).verdict,
        }
        (one,) = found
        return one


@pytest.fixture
def office(tmp_path: Path, pki: Pki, trust: Trust) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    upgrade(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838)))
    yield Office(database, pki, trust)
    database.close()


def test_a_suspended_ticket_is_red_until_it_is_restored(office: Office) -> None:
    ticket = office.issue()
    assert office.verdict(ticket) is Verdict.VALID
    office.ask(ticket, "suspend")
    assert office.verdict(ticket) is Verdict.REVOKED and [each.reason for each in office.told(TicketSuspended)] == [
        "by_authority"
    ]
    office.ask(ticket, "restore")
    assert office.verdict(ticket) is Verdict.VALID and len(office.told(TicketRestored)) == 1
    assert office.rows("SELECT step, reason, asked_by FROM audit WHERE request_id IS NOT NULL ORDER BY id") == [
        ("suspend", "why", "operator"),
        ("restore", "why", "operator"),
    ]


def test_a_lost_ticket_dies_at_once_and_its_successor_has_a_number_of_its_own(office: Office) -> None:
    old = office.issue()
    office.ask(old, "replace")
    assert office.verdict(old) is Verdict.REVOKED
    office.sign()
    new = office.told(TicketIssued)[-1]
    assert office.verdict(new) is Verdict.VALID
    assert new.number != old.number and new.decision_id == old.decision_id
    assert [event.reason for event in office.told(TicketRevoked)] == ["lost"]
    (link,) = office.told(TicketReplaced)
    assert (link.replaced_ticket_id, link.ticket_id, link.reason) == (old.ticket_id, new.ticket_id, "lost")
    assert (new.replaces, new.replaces_because) == (old.ticket_id, "lost")
    assert (old.replaces, old.replaces_because) == (None, "")
    office.ask(old, "replace")  # a dead one has no second successor
    office.sign()
    assert len(office.told(TicketIssued)) == 2


def test_a_change_of_product_or_area_takes_over_when_the_new_ticket_is_out(office: Office) -> None:
    old = office.issue()
    office.database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838, area=Area(5000, 11))))
    office.ask(old, "renew")
    assert office.verdict(old) is Verdict.VALID
    office.ask(old, "renew")  # asked twice by two people: one successor
    office.sign()
    new = office.told(TicketIssued)[-1]
    assert (office.verdict(old), office.verdict(new)) == (Verdict.REVOKED, Verdict.VALID)
    seen = Verifier(office.trust).verify_qr(new.qr, NOW).ticket
    assert seen is not None and seen.details["area"] == {"organisation_id": 5000, "numbers": [11]}
    assert office.rows("SELECT state, generation FROM ticket ORDER BY generation") == [("revoked", 1), ("issued", 2)]
    assert office.rows("SELECT step FROM audit WHERE request_id IS NOT NULL ORDER BY id") == [("renew",), ("no renew",)]
    assert office.told(TicketReplaced)[0].reason == new.replaces_because == "changed"


def test_a_request_that_comes_twice_is_done_once_and_an_impossible_one_is_only_noted(office: Office) -> None:
    ticket, request = office.issue(), uuid4()
    office.ask(ticket, "suspend", request)
    office.ask(ticket, "restore")
    office.ask(ticket, "suspend", request)
    assert office.rows("SELECT state FROM ticket") == [("issued",)]
    for change in ("restore", "nonsense"):
        office.ask(ticket, change)
    assert office.rows("SELECT step FROM audit ORDER BY id DESC LIMIT 2") == [("no nonsense",), ("no restore",)]


def test_a_withdrawal_kills_every_generation_also_one_that_is_suspended(office: Office) -> None:
    ticket = office.issue()
    office.ask(ticket, "renew")
    office.sign()
    new = office.told(TicketIssued)[-1]
    office.ask(new, "suspend")
    event = ApplicationWithdrawn(
        occurred_at=NOW, authority_id=AUTHORITY, application_id=ticket.application_id, withdrawal_id=uuid4()
    )
    office.hear(Revoking(office.clock).application_withdrawn, event)
    assert office.rows("SELECT DISTINCT state FROM ticket") == [("revoked",)]
    assert len(office.told(TicketRevoked)) == 2


def test_a_ticket_whose_time_is_over_is_expired_and_asks_for_nothing_more(office: Office) -> None:
    ticket = office.issue()
    office.now = datetime(2027, 8, 2, 9, tzinfo=UTC)
    asyncio.run(office.renewing.expire())
    assert office.rows("SELECT state FROM ticket") == [("expired",)]
    office.ask(ticket, "replace")
    office.sign()
    assert len(office.told(TicketIssued)) == 1


def test_scanners_follow_the_published_deltas(office: Office) -> None:
    ticket = office.issue()
    first = office.publish()
    assert first.delta == b""
    state = Followed.of(open_snapshot(first.snapshot, office.trust))
    office.ask(ticket, "suspend")
    second = office.publish()
    office.now += timedelta(hours=5)
    third = office.publish()
    deltas = [open_delta(event.delta, office.trust) for event in (second, third)]
    state = follow(state, deltas, office.now)
    assert state.bits == open_snapshot(third.snapshot, office.trust).bits
    assert deltas[0].revoked == (place_of(ticket.number),) and deltas[1].revoked == ()
    assert state.head.published_at == office.now


def test_the_last_free_places_of_a_shard_are_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("issuance.store.signer.numbers.PLACES_DRAWN", 12)
    monkeypatch.setattr("issuance.store.signer.waiting.SHARD_FILL", 12)
    numbers = [office.issue().number for _ in range(13)]
    assert sorted(numbers) == [*range(416 << 20, (416 << 20) + 12), *numbers[12:]]
    assert numbers[12] >> 20 == 417


# a stolen key


def stolen(office: Office, since: datetime) -> tuple[bytes, bytes]:
    """The trust list after the theft: the old key compromised, a new one active; and the new list's key id."""
    listed = trust_list.parse(trust_list.unwrap(office.pki.trust_list).payload)
    new_key = EcKey.generate()
    keys = tuple(
        replace(key, state="compromised", compromised_since=since) if key.use == "ticket" else key
        for key in listed.keys
    )
    added = replace(listed.keys[0], key_id=new_key.key_id, point=new_key.point)
    newer = replace(listed, version=2, keys=(*keys, added))
    signed = newer.sign(office.pki.trust_root.key_id, office.pki.trust_root.sign)
    office.renewing = Renewing(
        office.database,
        replace(office.pki.signer, ticket_key=new_key),
        Verifier(assemble(office.pki.certificates.values(), signed, ())),
        office.clock,
        Backlog(HOURLY, office.database, office.clock),
    )
    return signed, new_key.key_id


def test_after_a_theft_honest_tickets_stay_valid_forged_ones_are_red_and_new_ones_are_issued(
    office: Office, ticket: Ticket
) -> None:
    honest = [office.issue() for _ in range(5)]
    thief = [replace(ticket, number=one.number, first_name="Dieb") for one in honest]  # knows honest numbers
    forged = [office.pki.signer.sign_ticket(one) for one in thief]
    office.now += timedelta(hours=1)
    since = office.now
    signed, key_id = stolen(office, since)
    listed = [office.publish().status_list]
    assemble_all = office.pki.certificates.values(), signed, listed
    # 1. without the list of issued tickets: never green
    blind = Verifier(assemble(*assemble_all))
    for one in (*honest, *forged):
        finding = blind.verify_qr(one.qr, office.now)
        assert finding.verdict is Verdict.STATUS_STALE and "issued_list_missing" in finding.reasons
    # 2. with it
    assert asyncio.run(office.filters.publish(since)) == 1
    parts = [event.issued_list for event in office.told(IssuedListPublished)]
    scanner = Verifier(assemble(*assemble_all, (), parts))
    assert {scanner.verify_qr(one.qr, office.now).verdict for one in honest} == {Verdict.VALID}
    red = [scanner.verify_qr(one.qr, office.now).reasons == ("not_issued",) for one in forged]
    assert red.count(True) >= 4  # one of 65,536 slips through
    assert {scanner.verify_vdv(one.vdv, office.now).verdict for one in honest} == {Verdict.VALID}
    # 3. new codes for the same tickets, under the new key
    old_key = office.pki.signer.ticket_key.key_id
    assert asyncio.run(office.renewing.sign_anew([old_key])) == 5
    assert asyncio.run(office.renewing.sign_anew([old_key])) == 0
    renewed = office.told(TicketRenewed)
    assert {one.number for one in renewed} == {one.number for one in honest}
    for one in renewed:
        assert scanner.verify_qr(one.qr, office.now).reasons == ("status_checked",)
    assert office.rows("SELECT count(*), count(DISTINCT qr_key) FROM ticket") == [(5, 1)]
    assert office.rows("SELECT qr_key FROM ticket LIMIT 1") == [(key_id,)]


def test_a_list_of_issued_tickets_from_before_the_theft_proves_nothing_against_a_ticket(office: Office) -> None:
    asyncio.run(office.filters.publish())
    first = office.issue()
    asyncio.run(office.filters.publish())
    later = office.issue()
    office.now += timedelta(hours=1)
    signed, _ = stolen(office, office.now)
    parts = [event.issued_list for event in office.told(IssuedListPublished)]
    scanner = Verifier(assemble(office.pki.certificates.values(), signed, (), (), parts))
    assert scanner.verify_qr(first.qr, office.now).verdict is Verdict.VALID
    finding = scanner.verify_qr(later.qr, office.now)
    assert finding.verdict is Verdict.STATUS_STALE and "issued_list_old" in finding.reasons


def test_a_stolen_module_of_the_vdv_code_needs_the_list_of_issued_tickets_too(office: Office, ticket: Ticket) -> None:
    honest = office.issue()
    forged = office.pki.signer.sign_ticket(replace(ticket, number=honest.number))
    office.now += timedelta(hours=1)
    number = int.from_bytes(office.pki.signer.module.holder[9:], "big")
    listed = trust_list.parse(trust_list.unwrap(office.pki.trust_list).payload)
    module = trust_list.StolenModule(office.pki.signer.sub_ca.name, number, office.now)
    root = office.pki.trust_root
    signed = replace(listed, version=2, modules=(module,)).sign(root.key_id, root.sign)
    asyncio.run(office.filters.publish(office.now))
    parts = [event.issued_list for event in office.told(IssuedListPublished)]
    scanner = Verifier(assemble(office.pki.certificates.values(), signed, (), (), parts))
    assert scanner.verify_vdv(honest.vdv, office.now).verdict is Verdict.VALID
    assert scanner.verify_vdv(forged.vdv, office.now).reasons == ("not_issued",)


def test_filters_are_published_once_a_day_and_six_hours_after_a_change(office: Office) -> None:
    office.issue()
    assert asyncio.run(office.filters.publish()) == 1
    office.issue()
    assert asyncio.run(office.filters.publish()) == 0
    office.now += timedelta(hours=7)
    assert asyncio.run(office.filters.publish()) == 1
    office.now += timedelta(hours=7)
    assert asyncio.run(office.filters.publish()) == 0
    office.now += timedelta(hours=18)
    assert asyncio.run(office.filters.publish()) == 1
    last = office.told(IssuedListPublished)[-1]
    assert (last.version, last.shard) == (3, str(Shard(32838, 416)))
