"""Who grants a ticket was told of every revocation that the grant lifts, whenever the news of it came."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from eligibility import presets
from eligibility.domain.case import Case
from eligibility.domain.decision import in_turn
from eligibility.domain.ids import ApplicationId
from eligibility.domain.ticket import RightMark
from eligibility.store import Store
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from eligibility.workflow.desk.persons_decision import by_person
from eligibility.workflow.desk.proposing import put_proposal
from shared.errors import Conflict
from shared.events import (
    ApplicationSubmitted,
    EligibilityGranted,
)
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.deciding import LONG, SHORT, questions, texts
from support.eligibility.one_child import ANNA, one_child
from support.eligibility.tickets import Signer
from support.eligibility.world import World

BERT = Caller("bert", "12345", frozenset({"case_worker", "releaser"}))
AGAIN = PersonsDecision("granted", "Der Verdacht hat sich nicht bestätigt.", "§ 24 VwVfG NRW")
BESIDE = replace(AGAIN, same_child=True)


@pytest.fixture
async def first(world: World) -> ApplicationSubmitted:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(LONG))
    await world.hear(event := one_child())
    return event


def later(world: World, days: int = 1) -> None:
    world.clock[0] += timedelta(days=days)


def revoked_unheard(world: World, event: ApplicationSubmitted) -> None:
    """As if the news came while a case was being decided: nobody has been asked anything yet."""
    mark = RightMark(ApplicationId(event.application_id), "revoked", "fraud", world.clock[0])
    world.database.write_now(lambda store: store.mark_right(mark, None))


async def test_who_was_asked_of_a_suspension_is_asked_of_the_revocation_too(
    world: World, first: ApplicationSubmitted
) -> None:
    """And what was proposed before is no answer to it."""
    signer = Signer(world, first)
    await signer.tells("suspended", reason="by_authority")
    await world.hear(second := one_child(household=uuid4()))
    case = world.case_of(second.application_id)
    assert "ausgesetzt" in texts(world, second)
    waiting = PersonsDecision("refused", "Der Antrag ist doppelt gestellt worden.", "§ 4 SchfkVO")
    world.database.write_now(lambda store: _propose(store, case, waiting))
    later(world)
    await signer.tells("revoked", reason="fraud")
    assert "gesperrt" in texts(world, second) and "ausgesetzt" not in texts(world, second)
    assert questions(world, second).count("earlier_right") == 1
    with pytest.raises(Conflict):
        await world.handling.confirm(BERT, case.id)
    await world.desk.decide(ANNA, case.id, BESIDE)
    assert [each.knows_revocation for each in world.told_of(second, EligibilityGranted)] == [True]


def _propose(store: Store, case: Case, decided: PersonsDecision) -> None:
    made = by_person(case, decided, "anna", presets.preset("nrw"), {}, small_place.NOW)
    put_proposal(store, case, decided, made, "anna", small_place.NOW)


async def test_of_two_revocations_the_grant_knows_both_or_neither(world: World, first: ApplicationSubmitted) -> None:
    await Signer(world, first).tells("revoked", reason="by_authority")
    await world.hear(small_place.changed(first, grade="04"))
    case = world.case_of(first.application_id)
    later(world)
    revoked_unheard(world, first)
    with pytest.raises(Conflict) as refused:
        await world.desk.decide(ANNA, case.id, AGAIN)
    assert "gesperrt" in refused.value.text.de and "Missbrauch" in refused.value.text.de
    assert len(world.told_of(first, EligibilityGranted)) == 1
    assert "Missbrauch" in texts(world, first)
    await world.desk.decide(ANNA, case.id, AGAIN)
    assert world.told_of(first, EligibilityGranted)[-1].knows_revocation


@pytest.mark.parametrize("heard", [True, False])
async def test_a_refusal_is_not_overridden_by_who_was_not_asked(
    world: World, first: ApplicationSubmitted, heard: bool
) -> None:
    world.measurer.answer = MeasuredRoutes(small_place.measurement(SHORT))
    await world.hear(second := small_place.submitted())
    case = world.case_of(second.application_id)
    if case.state == "prepared":
        await world.desk.release(ANNA, case.id)
    if heard:
        await Signer(world, second).answers("revoke", because="fraud")
    await world.handling.propose(ANNA, case.id, AGAIN)
    if not heard:
        revoked_unheard(world, second)
    with pytest.raises(Conflict) as refused:
        await world.handling.confirm(BERT, case.id)
    assert "gesperrt" in refused.value.text.de
    assert world.case_of(second.application_id).state == "review" and "gesperrt" in texts(world, second)
    assert not world.told_of(second, EligibilityGranted)
    with pytest.raises(Conflict):  # what was proposed without that knowledge is over
        await world.handling.confirm(BERT, case.id)
    await world.desk.decide(ANNA, case.id, AGAIN)
    if world.case_of(second.application_id).state == "review":  # against the rules: a second person confirms
        await world.handling.confirm(BERT, case.id)
    assert [each.knows_revocation for each in world.told_of(second, EligibilityGranted)] == [True]


@pytest.mark.parametrize("way", ["one", "many"])
async def test_what_lies_prepared_is_not_let_out_by_who_was_not_asked(
    world: World, first: ApplicationSubmitted, way: str
) -> None:
    world.publish({"release_by_person": "everything"})
    await world.hear(second := small_place.submitted())
    revoked_unheard(world, second)
    case = world.case_of(second.application_id)
    assert case.state == "prepared"
    if way == "one":
        with pytest.raises(Conflict):
            await world.desk.release(ANNA, case.id)
    else:
        assert (await world.desk.release_clear_grants(ANNA)).released == 0
    assert world.case_of(second.application_id).state == "review" and questions(world, second) == ["earlier_right"]
    await world.desk.decide(ANNA, case.id, AGAIN)
    assert [each.knows_revocation for each in world.told_of(second, EligibilityGranted)] == [True]


async def test_next_year_s_application_of_the_child_is_asked_of_too(world: World, first: ApplicationSubmitted) -> None:
    world.publish({"release_by_person": "everything"})
    world.clock[0] = small_place.JUNE
    await world.hear(second := one_child(school_year="2027/28", wanted_from=date(2027, 8, 1), household=uuid4()))
    assert world.case_of(second.application_id).state == "prepared"
    await Signer(world, first).tells("revoked", reason="fraud")
    assert questions(world, second) == ["earlier_right"]


def marks(world: World, event: ApplicationSubmitted) -> list[str]:
    mine = ApplicationId(event.application_id)
    return sorted(each.what for each in world.database.read_now(lambda store: store.marks_against(mine, ())))


async def test_a_suspension_that_is_lifted_after_its_ticket_expired_is_over(
    world: World, first: ApplicationSubmitted
) -> None:
    signer = Signer(world, first)
    await signer.tells("suspended", reason="fraud")
    later(world, 400)
    await signer.tells("expired")
    await signer.answers("restore")
    assert marks(world, first) == []


@pytest.mark.parametrize("seed", range(12))
async def test_news_say_the_same_in_any_order(world: World, first: ApplicationSubmitted, seed: int) -> None:
    """Answers of a right without a ticket: the newest of suspending and lifting holds, a revocation stays."""
    random, signer = Random(seed), Signer(world, first)
    start, told = world.clock[0], []
    for day in range(6):
        kind = random.choice(["suspend", "restore", "suspend", "revoke"])
        told.append((kind, start + timedelta(days=day)))
    of_suspension = [kind for kind, _ in told if kind in ("suspend", "restore")]
    expected = ["revoked"] if any(kind == "revoke" for kind, _ in told) else []
    expected += ["suspended"] if of_suspension and of_suspension[-1] == "suspend" else []
    random.shuffle(told)
    for kind, at in told:
        await signer.answers(kind, because="fraud", occurred_at=at)
    assert marks(world, first) == expected


@pytest.mark.parametrize("late", ["suspend", "revoke"])
async def test_an_answer_that_comes_late_opens_nothing_again(
    world: World, first: ApplicationSubmitted, late: str
) -> None:
    signer, then = Signer(world, first), world.clock[0]
    if late == "suspend":
        await signer.tells("suspended", reason="fraud")
        later(world)
        await signer.tells("issued", "restored")
    else:
        await signer.tells("revoked", reason="fraud")
        await world.hear(small_place.changed(first, grade="04"))
        later(world)
        await world.desk.decide(ANNA, world.case_of(first.application_id).id, AGAIN)
    assert marks(world, first) == []
    await signer.answers(late, because="fraud", occurred_at=then)
    assert marks(world, first) == []
    later(world)
    await signer.answers(late, because="fraud")
    assert marks(world, first) != []


async def test_of_two_parties_suspensions_one_is_left(world: World, first: ApplicationSubmitted) -> None:
    """The signer answers that one was lifted, and tells of the ticket that it stays suspended for the other."""
    signer = Signer(world, first)
    await signer.tells("suspended", reason="fraud")
    later(world)
    await signer.tells("suspended", reason="by_authority")
    await signer.answers("restore")
    assert marks(world, first) == ["suspended"]


async def test_a_changed_own_share_waits_on_when_the_ticket_is_revoked(
    world: World, first: ApplicationSubmitted
) -> None:
    def wait(store: Store) -> None:
        case = store.case_of(ApplicationId(first.application_id))
        assert case is not None
        (grant,) = store.decisions_of(case.id)
        share = replace(
            in_turn(grant, [grant]), own_share_cents=0, released_at=None, released_by=None, digest=None,
            because="family_changed", terms=replace(grant.terms, grant_id=grant.id),
        )  # fmt: skip
        store.add_decision(share)
        store.set_state(case.id, "prepared", world.clock[0])

    world.database.write_now(wait)
    await Signer(world, first).tells("revoked", reason="fraud")
    case = world.case_of(first.application_id)
    assert case.state == "prepared"
    last = world.decision_of(first.application_id)
    assert last is not None and last.terms.grant_id is not None and last.withdrawn_at is None
