"""A decision told again with other content, by a sender whose database went back: an alarm, and nothing follows from it."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic import command
from issuance.store.signer.tables import DecisionDigestRow
from prometheus_client import REGISTRY
from shared.database.migration import configuration
from shared.events import EligibilityRefused, EligibilityWithdrawn, TicketIssued, TicketRevoked
from shared.questions import ToldDecision
from sqlmodel import select
from structlog.testing import capture_logs
from support.issuance.signer_world import SignerWorld

ONE, OTHER = "ab" * 32, "cd" * 32


def alarms(kind: str) -> float:
    return REGISTRY.get_sample_value("event_conflicts_total", {"subject": f"eligibility.{kind}.v1"}) or 0.0


def withdrawal(world: SignerWorld, decision: UUID, digest: str | None) -> EligibilityWithdrawn:
    return world.event(EligibilityWithdrawn, decision_id=decision, reason="decided_anew", decision_digest=digest)


def test_the_same_grant_again_makes_one_ticket_and_another_under_its_id_none(world: SignerWorld) -> None:
    decision, before = uuid4(), alarms("granted")
    world.holder()
    world.grant(decision, decision_digest=ONE)
    world.issue()
    world.grant(decision, decision_digest=ONE)
    assert alarms("granted") == before
    with capture_logs() as logged:
        world.grant(decision, decision_digest=OTHER, valid_until=world.now.date() + timedelta(days=400))
    world.issue()
    assert len(world.told(TicketIssued)) == 1
    assert alarms("granted") == before + 1
    (line,) = (each for each in logged if each["event"] == "event_conflict")
    assert (line["about"], line["subject"]) == (str(decision), "eligibility.granted.v1")
    assert set(line) == {"event", "log_level", "subject", "event_id", "about"}


def test_a_grant_that_waits_is_not_replaced_by_another_under_its_id(world: SignerWorld) -> None:
    decision = uuid4()
    world.grant(decision, decision_digest=ONE)
    world.grant(decision, decision_digest=OTHER, valid_from=world.now.date() + timedelta(days=100))
    world.holder()
    world.issue()
    (ticket,) = world.told(TicketIssued)
    assert ticket.valid_from.date() <= world.now.date()


@pytest.mark.parametrize(("digest", "ended"), [(ONE, 1), (OTHER, 0), (None, 1)])
def test_an_end_under_another_digest_ends_no_ticket(world: SignerWorld, digest: str | None, ended: int) -> None:
    decision, before = uuid4(), alarms("withdrawn")
    world.holder()
    world.grant(decision, decision_digest=ONE)
    world.issue()
    world.hear(world.revoking.withdrawn, withdrawal(world, decision, digest))
    assert len(world.told(TicketRevoked)) == ended
    assert alarms("withdrawn") == before + (digest == OTHER)


def test_a_refusal_under_the_id_of_a_grant_keeps_the_grant(world: SignerWorld) -> None:
    decision = uuid4()
    world.holder()
    world.grant(decision, decision_digest=ONE)
    values: dict[str, object] = {"distance_m": 1.0, "limit_m": 2000, "reasons": (), "rules_version": "nrw"}
    world.hear(
        world.revoking.refused,
        world.event(EligibilityRefused, decision_id=decision, decision_digest=OTHER, **values),
    )
    world.issue()
    assert len(world.told(TicketIssued)) == 1


def test_what_was_told_before_there_were_digests_is_acted_on_as_ever(world: SignerWorld) -> None:
    decision = uuid4()
    world.holder()
    world.grant(decision)
    world.issue()
    world.grant(decision)
    assert len(world.told(TicketIssued)) == 1
    assert world.database.read_now(lambda store: list(store.session.exec(select(DecisionDigestRow)))) == []


def test_a_restored_eligibility_hears_which_decisions_have_tickets_and_which_of_them_are_over(
    world: SignerWorld,
) -> None:
    decision, last_day = uuid4(), world.now.date() + timedelta(days=30)
    world.holder()
    world.grant(decision, decision_digest=ONE, case_id=uuid4())
    world.issue()

    def told() -> ToldDecision:
        (one,) = world.database.read_now(lambda store: store.page_of_decisions(None, 10))
        return one

    assert (told().decision_id, told().outcome, told().ended_at) == (decision, "granted", None)
    assert told().digest == ONE
    later = withdrawal(world, decision, ONE).model_copy(update={"ends_on": last_day})
    world.hear(world.revoking.withdrawn, later)
    assert (told().ended_at, told().ended_on) == (world.now, last_day)


def test_a_restored_eligibility_hears_of_decisions_without_tickets_too(world: SignerWorld) -> None:
    """It would give their ids to others, and these would be taken for another content of theirs: acted on by nobody."""
    case, bus, refused, old, other = (uuid4() for _ in range(5))
    world.grant(bus, decision_digest=ONE, case_id=case, transport="special")
    said: dict[str, object] = {"distance_m": 1.0, "limit_m": 2000, "reasons": (), "rules_version": "nrw"}
    for decision, of_case in ((refused, case), (old, None)):
        more = said | {"decision_id": decision, "decision_digest": OTHER, "case_id": of_case}
        world.hear(world.revoking.refused, world.event(EligibilityRefused, **more))
    # an end that is heard before its grant
    early = withdrawal(world, other, ONE).model_copy(update={"case_id": case})
    world.hear(world.revoking.withdrawn, early)
    told = told_back(world)
    assert told == sorted(told, key=lambda each: each.decision_id)
    assert {(each.decision_id, each.digest, each.outcome, each.ended_at) for each in told} == {
        (bus, ONE, "granted", None),
        (refused, OTHER, "refused", None),
        (other, ONE, "granted", world.now),
    }
    assert {(each.application_id, each.case_id) for each in told} == {(world.application_id, case)}
    # page by page, and nothing once the family is erased
    assert told_back(world, after=told[0].decision_id, limit=1) == told[1:2]
    world.database.write_now(lambda store: store.erase(world.application_id, world.now))
    assert told_back(world) == []


def test_what_was_heard_before_origins_were_kept_is_known_by_its_ticket_but_not_of_a_family_that_was_erased(
    world: SignerWorld, tmp_path: Path
) -> None:
    stays, erased = uuid4(), uuid4()
    for decision in (stays, erased):
        world.application_id = uuid4()
        world.holder()
        world.grant(decision, case_id=uuid4(), decision_digest=ONE)
        world.issue()
    world.hear(world.revoking.withdrawn, withdrawal(world, erased, ONE))
    world.database.write_now(lambda store: store.erase(world.application_id, world.now))
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    command.downgrade(configuration(url, "issuance", "migrations/signer"), "0030")
    command.upgrade(configuration(url, "issuance", "migrations/signer"), "head")
    assert [(each.decision_id, each.digest, each.outcome) for each in told_back(world)] == [(stays, ONE, "granted")]


def test_a_ticket_that_was_taken_back_tells_its_decision_without_a_digest(world: SignerWorld) -> None:
    decision = uuid4()
    world.holder()
    world.grant(decision, case_id=uuid4())
    world.issue()
    assert [(each.decision_id, each.digest) for each in told_back(world)] == [(decision, "")]


def told_back(world: SignerWorld, after: UUID | None = None, limit: int = 10) -> list[ToldDecision]:
    return world.database.read_now(lambda store: store.page_of_decisions(after, limit))


def test_page_by_page_every_decision_is_told_once_whether_heard_or_known_by_its_ticket(world: SignerWorld) -> None:
    for number in range(12):
        world.application_id = uuid4()
        world.holder()
        world.grant(uuid4(), case_id=uuid4(), decision_digest=ONE if number % 3 else None)
    world.issue()
    heard: list[ToldDecision] = []
    while page := told_back(world, heard[-1].decision_id if heard else None, 2):
        heard += page
    assert len(heard) == 12 and len({each.decision_id for each in heard}) == 12
    assert sorted(each.digest for each in heard) == [""] * 4 + [ONE] * 8
