"""Where a revocation takes two persons the signer itself sees to it, whatever the process that asks says."""

from uuid import uuid4

import pytest
from issuance.domain.two_persons import SECOND_PERSON, TwoPersons
from issuance.main import SignerSettings
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust
from shared.database import Database
from shared.events import EligibilityTicketChangeRequested, TicketIssued, TicketRequestAnswered
from support.issuance.signer_world import AUTHORITY, SignerWorld

OWN, FOREIGN = "operator:32838", "operator:32839"


def world_of(database: Database[SignerStore], pki: Pki, trust: Trust, chosen: str) -> SignerWorld:
    return SignerWorld(database, pki, trust, two_persons=TwoPersons.read(chosen))


@pytest.fixture
def world(database: Database[SignerStore], pki: Pki, trust: Trust) -> SignerWorld:
    return world_of(database, pki, trust, f"{AUTHORITY} 999")


def asked(world: SignerWorld, ticket: TicketIssued, change: str, by: str, party: str | None = "authority") -> str:
    """What came of it: `done`, or why not."""
    world.ask(ticket, change, party=party, by=by, reason="fraud")
    answer = world.told(TicketRequestAnswered)[-1]
    return answer.reason or answer.outcome


def test_one_person_alone_suspends_and_another_revokes(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    assert asked(world, ticket, "revoke", "anna") == SECOND_PERSON
    assert world.states() == [("issued", None)]
    assert asked(world, ticket, "suspend", "anna") == "done"
    assert asked(world, ticket, "revoke", "anna") == SECOND_PERSON
    assert asked(world, ticket, "restore", "bert") == "done"
    assert asked(world, ticket, "revoke", "bert") == SECOND_PERSON  # what was lifted is no first word
    assert asked(world, ticket, "suspend", "anna") == "done"
    assert asked(world, ticket, "revoke", "bert") == "done"
    assert world.states() == [("revoked", "fraud")]


@pytest.mark.parametrize("party", [None, "family", "operator", FOREIGN, "somebody"])
def test_no_name_of_a_party_lifts_what_the_authority_has_chosen(world: SignerWorld, party: str | None) -> None:
    assert asked(world, world.new_ticket(), "revoke", "anna", party) == SECOND_PERSON


def test_a_loss_that_is_asked_for_as_a_revocation_takes_two_as_well(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    world.ask(ticket, "revoke", party="authority", by="anna", reason="lost")
    assert world.told(TicketRequestAnswered)[-1].reason == SECOND_PERSON
    assert asked(world, ticket, "replace", "anna") == "done"


def test_the_desk_is_held_to_it_too(world: SignerWorld) -> None:
    ticket = world.new_ticket()

    def ask(change: str, by: str) -> str:
        place = {"request_id": uuid4(), "number": ticket.number, "organisation_id": ticket.organisation_id}
        event = world.event(
            EligibilityTicketChangeRequested, **place, change=change, reason="fraud", requested_by=by
        )  # fmt: skip
        world.hear(world.asked_elsewhere.at_the_desk, event)
        answer = world.told(TicketRequestAnswered)[-1]
        return answer.reason or answer.outcome

    assert [ask("revoke", "anna"), ask("suspend", "anna"), ask("revoke", "anna")] == [
        SECOND_PERSON, "done", SECOND_PERSON,
    ]  # fmt: skip
    assert ask("revoke", "bert") == "done"


def test_an_operator_chooses_for_what_it_asks_itself(database: Database[SignerStore], pki: Pki, trust: Trust) -> None:
    world = world_of(database, pki, trust, OWN)
    first, second = world.new_ticket(), world.new_ticket()
    assert asked(world, first, "revoke", "anna") == "done"  # its authority has chosen nothing
    assert asked(world, second, "revoke", "olga", OWN) == SECOND_PERSON
    assert asked(world, second, "suspend", "olga", OWN) == "done"
    assert asked(world, second, "revoke", "otto", OWN) == "done"


def test_a_suspension_of_which_nobody_knows_who_asked_is_no_first_word(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    assert asked(world, ticket, "suspend", "anna") == "done"
    world.database.write_now(
        lambda store: store.session.connection().exec_driver_sql("UPDATE suspension SET set_by=''")
    )
    assert asked(world, ticket, "revoke", "bert") == SECOND_PERSON


@pytest.mark.parametrize("wrong", ["operator:", "operator:x", "a,b", "x" * 33, "ä", "operator:123456"])
def test_a_setting_that_names_nobody_does_not_start(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNER_REVOKED_BY_TWO", wrong)
    with pytest.raises(ValueError, match="revoked_by_two"):
        SignerSettings()
