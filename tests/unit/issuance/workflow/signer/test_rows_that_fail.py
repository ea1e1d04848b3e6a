"""One ticket, grant or list that fails for an unknown reason holds up no other: on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.life import HOURLY, Renewing
from issuance.workflow.signer.publish import PUBLISHING, Publishing
from shared.database import Database
from shared.database.migration import upgrade
from shared.errors import Text, Unavailable
from shared.events import StatusListPublished, TicketIssued, TicketRenewed
from shared.runtime.backlog import Backlog, count_failing

from tests.unit.issuance.workflow.signer.test_issuing import AUTHORITY, Clock, House

OTHER_AUTHORITY = "1"


class OneFails:
    """Signs all but the ticket of one family, and all lists but one shard's."""

    def __init__(self, signer: Any, error: Exception) -> None:
        self._signer = signer
        self.error: Exception | None = error

    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        if self.error and ticket.last_name == "Kaputt":
            raise self.error
        return self._signer.sign_ticket(ticket, shown_from)

    def sign_list(self, one: Any) -> bytes:
        return self._signer.sign_list(one)

    def sign_status_list(self, one: Any) -> bytes:
        if self.error and one.shard.organisation_id == 32838:
            raise self.error
        return self._signer.sign_status_list(one)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database[SignerStore]]:
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("postgresql")
        url = new_database()
    upgrade(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838)))
    database.write_now(lambda store: store.set_terms(OTHER_AUTHORITY, Terms(32839)))
    yield database
    database.close()


@pytest.fixture
def house(database: Database[SignerStore], pki: Pki, trust: Trust, now: datetime) -> House:
    return House(database, pki, trust, Clock(now), signer=OneFails(pki.signer, LookupError("Erika")))


def apply(house: House, *families: str, authority: str = AUTHORITY) -> None:
    for name in families:
        house.application_id = uuid4()
        house.holder(last_name=name, authority_id=authority)
        house.grant(uuid4(), authority_id=authority)


def names(house: House, kind: type = TicketIssued) -> list[str]:
    return sorted(event.holder.last_name for event in house.told(kind))


def failing(house: House) -> dict[str, tuple[int, int]]:
    return dict(house.database.read_now(lambda store: count_failing(store.session, house.clock())))


def later(house: House) -> None:
    house.clock.at += timedelta(minutes=5)


def test_a_ticket_that_cannot_be_signed_holds_up_no_other_and_is_put_aside(house: House) -> None:
    apply(house, "Anders", "Kaputt", "Zander")
    house.issue()
    assert names(house) == ["Anders", "Zander"]
    for _ in range(12):
        later(house)
        house.issue()
    assert failing(house) == {"signing": (1, 0)}
    assert not house.database.read_now(lambda store: store.anything_due(house.clock()))
    apply(house, "Berger")
    house.issue()
    assert names(house) == ["Anders", "Berger", "Zander"]


def test_it_is_signed_after_the_next_start_or_with_the_next_keys(house: House) -> None:
    apply(house, "Kaputt")
    for _ in range(12):
        house.issue()
        later(house)
    house.signer.error = None
    house.issue()
    assert names(house) == []
    asyncio.run(house.issuing.release_held())
    house.issue()
    assert names(house) == ["Kaputt"]
    assert failing(house) == {}


def test_while_the_token_is_away_no_ticket_is_put_aside(house: House) -> None:
    house.signer.error = Unavailable(Text("weg", "away"))
    apply(house, "Anders", "Kaputt")
    for _ in range(12):
        with pytest.raises(Unavailable):
            house.issue()
        later(house)
    assert failing(house) == {}
    house.signer.error = None
    house.issue()
    assert names(house) == ["Anders", "Kaputt"]


def test_a_grant_that_cannot_be_written_down_holds_up_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(house, "Anders", "Berger")
    apply(house, "Zander", authority=OTHER_AUTHORITY)
    house.issue()

    def fill(places: str) -> None:
        statement = f"UPDATE shard SET taken = {places} WHERE organisation_id = 32838"
        house.database.write_now(lambda store: store.session.execute(sa.text(statement)))

    monkeypatch.setattr("issuance.store.signer.waiting.SHARDS_A_YEAR", 1)
    fill("1 << 20")
    apply(house, "Carl", "Dora")
    apply(house, "Ypsilon", authority=OTHER_AUTHORITY)
    house.issue()
    assert names(house) == ["Anders", "Berger", "Ypsilon", "Zander"]
    assert failing(house) == {"signing": (0, 2)}
    assert house.count("waiting_grant") == 2
    fill("2")
    later(house)
    house.issue()
    assert names(house) == ["Anders", "Berger", "Carl", "Dora", "Ypsilon", "Zander"]
    assert failing(house) == {}


def test_a_list_that_cannot_be_signed_holds_up_no_other(house: House) -> None:
    apply(house, "Anders")
    apply(house, "Zander", authority=OTHER_AUTHORITY)
    house.issue()
    publishing = Publishing(house.database, house.signer, house.clock, Backlog(PUBLISHING, house.database, house.clock))
    asyncio.run(publishing.publish_due())
    assert [event.shard.split("-")[0] for event in house.told(StatusListPublished)] == ["32839"]
    assert failing(house) == {"publishing": (0, 1)}
    house.signer.error = None
    later(house)
    asyncio.run(publishing.publish_due())
    assert [event.shard.split("-")[0] for event in house.told(StatusListPublished)] == ["32839", "32838"]
    assert failing(house) == {}


def test_after_a_theft_one_ticket_that_cannot_be_signed_anew_holds_up_no_other(house: House) -> None:
    house.signer.error = None
    apply(house, "Anders", "Kaputt", "Zander")
    house.issue()
    house.signer.error = LookupError("Erika")
    renewing = Renewing(
        house.database,
        house.signer,
        Verifier(house.trust),
        house.clock,
        Backlog(HOURLY, house.database, house.clock),
    )
    stolen = [house.pki.signer.ticket_key.key_id]
    assert asyncio.run(renewing.sign_anew(stolen)) == 2
    assert len(house.told(TicketRenewed)) == 2
    assert failing(house) == {"hourly": (0, 1)}


def test_nothing_is_written_beside_the_tickets_while_all_goes_well(house: House) -> None:
    house.signer.error = None
    apply(house, "Anders")
    house.issue()
    apply(house, "Berger", "Zander")
    statements: list[str] = []
    sa.event.listen(house.database._engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    house.issue()
    assert names(house) == ["Anders", "Berger", "Zander"]
    assert [
        each for each in statements if "INTO failed_work" in each or "FROM failed_work" in each.split("WHERE")[0]
    ] == []
