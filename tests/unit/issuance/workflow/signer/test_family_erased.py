"""A family is erased: a good ticket is revoked first, the lists say so, and no name or code is left."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from issuance.signer.ceremony import Pki
from issuance.verification.trust import Trust
from shared.bus import erasures
from shared.events import ApplicationFamilyErased, Event, TicketIssued, TicketRevoked, TicketStateChanged
from support.databases import on_both
from support.issuance.signer_world import SignerWorld, open_database
from support.json import Json, text
from support.record import faults
from support.rights import DESPITE, run_rights

PERSONAL = ("Jörg", "Müßter", "2012-02-29")
TABLES = ("ticket", "waiting_holder", "waiting_grant", "former_code", "audit_content", "outbox")
BOTH = on_both("world")


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path, pki: Pki, trust: Trust) -> Iterator[SignerWorld]:
    on_postgresql = request.param == "postgresql"
    url = request.getfixturevalue("postgresql")() if on_postgresql else f"sqlite:///{tmp_path / 'signer.db'}"
    world = SignerWorld(open_database(url), pki, trust)
    yield world
    assert faults(world.database) == []
    world.database.close()


def erase(world: SignerWorld) -> None:
    world.hear(world.erasure.family_erased, world.event(ApplicationFamilyErased))


def left_of_names(world: SignerWorld) -> int:
    rows = [str(row) for table in TABLES for row in world.rows(f"SELECT * FROM {table}")]
    return sum(any(each in row for each in PERSONAL) for row in rows)


@BOTH
def test_a_good_ticket_is_revoked_and_listed_and_no_name_is_left(world: SignerWorld) -> None:
    issued = world.new_ticket()
    world.publish()
    assert left_of_names(world) > 0
    for _ in range(2):
        erase(world)
    assert left_of_names(world) == 0
    assert world.told(TicketIssued) == [], "what was told with a name is not kept to be told again"
    (revoked,) = world.told(TicketRevoked)
    assert (revoked.ticket_id, revoked.number, revoked.reason) == (issued.ticket_id, issued.number, "withdrawn")
    assert [each.state for each in world.told(TicketStateChanged)] == ["revoked"]
    assert world.publish() > 0, "the list of its shard is made anew"
    assert world.rows("SELECT number, state FROM ticket") == [(issued.number, "revoked")]


@BOTH
def test_what_waits_to_be_signed_is_never_signed(world: SignerWorld) -> None:
    world.apply()
    erase(world)
    world.issue()
    assert (left_of_names(world), world.told(TicketIssued), world.told(TicketRevoked)) == (0, [], [])


@BOTH
def test_an_application_that_was_never_heard_of_is_known_as_erased_and_another_one_stays(world: SignerWorld) -> None:
    world.new_ticket()
    others = world.application_id
    mine = world.event(ApplicationFamilyErased).model_copy(update={"application_id": uuid4()})
    world.hear(world.erasure.family_erased, mine)
    found = world.database.read_now(lambda store: erasures.erased_among(store.session, [mine.application_id, others]))
    assert found == {mine.application_id}
    assert left_of_names(world) > 0 and world.told(TicketRevoked) == []


@BOTH
def test_the_commands_export_a_ticket_and_end_and_erase_it_here(world: SignerWorld) -> None:
    world.new_ticket()
    table: Mapping[type[Event], object] = {ApplicationFamilyErased: world.erasure.family_erased}

    def run(*arguments: str, exit_code: int = 0) -> Mapping[str, Json]:
        return asyncio.run(run_rights("signer", world.database, table, *arguments, exit_code=exit_code))

    mine = ("--application", str(world.application_id))
    (ticket,) = run("export", *mine)["ticket"]
    assert [text(ticket[name]) for name in ("last_name", "birth_date")] == ["Müßter", "2012-02-29"]
    assert run("erase", *mine, exit_code=3) == {}, "a good ticket does not go unasked"
    assert run("erase", *mine, *DESPITE)["ticket"] == 1 and run("erase", *mine) == {}
    (ticket,) = run("export", *mine)["ticket"]
    assert [text(ticket[name]) for name in ("state", "last_name", "qr")] == ["revoked", "", ""]
