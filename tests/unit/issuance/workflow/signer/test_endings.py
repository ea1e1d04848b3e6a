"""Nobody has the tickets of a whole town ended: so many an hour for each party, and more by a command alone."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from issuance.commands import app
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust
from issuance.workflow.signer.endings import TOO_MANY, Endings
from shared.database import Database
from shared.events import ApplicationLossReported, TicketIssued, TicketRequestAnswered, TicketRevoked
from support.issuance.signer_world import SignerWorld
from typer.testing import CliRunner, Result


@pytest.fixture
def world(database: Database[SignerStore], pki: Pki, trust: Trust) -> SignerWorld:
    return SignerWorld(database, pki, trust, endings=Endings(3))


def tickets(world: SignerWorld, count: int) -> list[TicketIssued]:
    for _ in range(count):
        world.apply()
    world.issue()
    return world.told(TicketIssued)[-count:]


def asked(world: SignerWorld, ticket: TicketIssued, change: str, party: str = "authority") -> str:
    """What came of it: `done`, or why not."""
    world.application_id = ticket.application_id
    world.ask(ticket, change, party=party, reason=f"why {uuid4()}")
    answer = world.told(TicketRequestAnswered)[-1]
    return answer.reason or answer.outcome


@pytest.mark.parametrize("change", ["revoke", "suspend", "replace"])
def test_the_fourth_in_an_hour_is_refused_and_its_ticket_stays_good_until_the_next(
    world: SignerWorld, change: str
) -> None:
    with structlog.testing.capture_logs() as lines:
        answers = [asked(world, ticket, change) for ticket in tickets(world, 5)]
    assert answers == ["done"] * 3 + [TOO_MANY] * 2
    assert [line["per_hour"] for line in lines if line["event"] == "endings_of_the_hour_spent"] == [3]
    assert world.states().count(("issued", None)) == 2
    world.now += timedelta(hours=1)
    last = world.told(TicketIssued)[-1]
    assert asked(world, last, change) == "done"


def test_what_brings_nothing_to_an_end_is_not_counted_and_neither_is_what_could_not_be_done(world: SignerWorld) -> None:
    first, second, third, fourth = tickets(world, 4)
    assert asked(world, first, "revoke") == "done"
    assert [asked(world, first, "revoke") for _ in range(5)] == ["revoked"] * 5
    assert asked(world, second, "suspend") == "done"
    assert asked(world, second, "restore") == "done"
    assert asked(world, third, "renew") == "done"
    assert asked(world, fourth, "revoke") == "done"
    assert asked(world, second, "suspend") == TOO_MANY
    assert asked(world, third, "renew") == "renewed_already"


def test_operators_have_each_their_own_and_one_for_all_of_them_at_an_authority(world: SignerWorld) -> None:
    found = tickets(world, 8)
    answers = [
        asked(world, ticket, "suspend", f"operator:{number}") for number, ticket in zip(range(4), found, strict=False)
    ]
    assert answers == ["done"] * 3 + [TOO_MANY]  # whatever company the API's process says
    assert asked(world, found[4], "revoke") == "done"  # the authority itself does not notice
    assert asked(world, found[5], "revoke", "family") == "done"  # not the family's own way: counted as somebody unknown
    assert [asked(world, ticket, "revoke", "family") for ticket in (*found[6:], found[0])] == ["done", "done", TOO_MANY]


def test_families_report_their_losses_however_many(world: SignerWorld) -> None:
    for ticket in tickets(world, 5):
        world.application_id = ticket.application_id
        loss = world.event(ApplicationLossReported, request_id=uuid4(), ticket_id=ticket.ticket_id)
        world.hear(world.asked_elsewhere.by_the_family, loss)
        assert world.told(TicketRequestAnswered)[-1].outcome == "done"


def run(world: SignerWorld, tmp_path: Path, numbers: Sequence[object], *more: str, typed: str = "") -> Result:
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(map(str, numbers)) + "\n")
    url = world.database._engine.url.render_as_string(hide_password=False)
    arguments = ["signer", "revoke", str(file), "--organisation", "32838", "--reason", "by_authority"]
    return CliRunner().invoke(app, [*arguments, "--database-url", url, *more], input=typed)


def test_the_command_revokes_many_at_once_after_a_person_has_typed_how_many(world: SignerWorld, tmp_path: Path) -> None:
    found = tickets(world, 5)
    assert asked(world, found[0], "revoke") == "done"
    numbers = [*(ticket.number for ticket in found), found[1].number, 7]
    for wrong in ("5\n", "yes\n", ""):
        result = run(world, tmp_path, numbers, typed=wrong)
        assert result.exit_code == 1 and len(world.told(TicketRevoked)) == 1, result.output
    result = run(world, tmp_path, numbers, typed="4\n")
    assert result.exit_code == 0, result.output
    assert "authority 101023: 4 tickets" in result.output and "2 of 6 numbers are unknown or dead" in result.output
    assert len(world.told(TicketRevoked)) == 5 and {state for state, _ in world.states()} == {"revoked"}
    assert run(world, tmp_path, numbers, "--confirm", "0").exit_code == 1


def test_the_command_asks_nobody_where_the_number_is_given_and_reads_numbers_alone(
    world: SignerWorld, tmp_path: Path
) -> None:
    (ticket,) = tickets(world, 1)
    assert run(world, tmp_path, [ticket.number], "--confirm", "2").exit_code == 1
    assert run(world, tmp_path, [ticket.number, "drop table"], "--confirm", "1").exit_code == 2
    assert world.told(TicketRevoked) == []
    assert run(world, tmp_path, [ticket.number], "--confirm", "1").exit_code == 0
    assert len(world.told(TicketRevoked)) == 1
