"""A child whose right to ride was revoked or is suspended: a person is asked, and its grant says that it knew."""

from datetime import timedelta
from uuid import uuid4

import pytest
from eligibility.domain.keys import Key, Keys
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from eligibility.workflow.decision.earlier_right import asked_of
from shared.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
)
from support.eligibility import small_place
from support.eligibility.deciding import LONG, SHORT, questions, texts
from support.eligibility.one_child import ANNA, BORN, one_child
from support.eligibility.small_place import JUNE, NEXT_YEAR
from support.eligibility.tickets import Signer
from support.eligibility.world import KEYS, World

AGAIN = PersonsDecision("granted", "Der Verdacht hat sich nicht bestätigt.", "§ 24 VwVfG NRW")


async def withdrawn(world: World, event: ApplicationSubmitted) -> None:
    place = {"authority_id": event.authority_id, "application_id": event.application_id, "withdrawal_id": uuid4()}
    await world.hear(ApplicationWithdrawn.model_validate({"occurred_at": world.clock[0], **place}))


@pytest.fixture
async def first(world: World) -> ApplicationSubmitted:
    """Granted by the machine, its ticket issued."""
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(LONG))
    await world.hear(event := one_child())
    assert world.case_of(event.application_id).state == "granted"
    return event


@pytest.mark.parametrize("way", ["by its ticket", "by the answer", "after the grant"])
@pytest.mark.parametrize("reason", ["fraud", "by_authority"])
async def test_a_revoked_child_that_applies_again_is_a_person_s_matter_and_its_grant_knows(
    world: World, first: ApplicationSubmitted, way: str, reason: str
) -> None:
    signer = Signer(world, first)
    await signer.tells("issued")
    if way == "by its ticket":
        await signer.tells("revoked", reason=reason)
    if way == "by the answer":
        await signer.answers("revoke", because=reason)
    await withdrawn(world, first)
    if way == "after the grant":
        await signer.tells("revoked", reason="withdrawn")
        await signer.answers("revoke", because=reason)
    await world.hear(second := one_child(("Juergen", "MUELLER", BORN)))
    assert questions(world, second) == ["earlier_right"]
    assert "gesperrt" in texts(world, second) and not world.told_of(second, EligibilityGranted, EligibilityRefused)
    (asked,) = world.told_of(second, EligibilityReviewOpened)
    assert "gesperrt" not in asked.model_dump_json()  # who reads it need not be who lost the ticket
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, AGAIN)
    (granted,) = world.told_of(second, EligibilityGranted)
    assert granted.knows_revocation and granted.child == world.told_of(first, EligibilityGranted)[0].child
    await withdrawn(world, second)
    await world.hear(third := one_child())
    (granted,) = world.told_of(third, EligibilityGranted)  # a person has said so: it is not asked again
    assert not granted.knows_revocation


@pytest.mark.parametrize("reason", ["notice", "withdrawn", "lost", "changed"])
async def test_a_ticket_that_ended_otherwise_bars_nobody(
    world: World, first: ApplicationSubmitted, reason: str
) -> None:
    signer = Signer(world, first)
    await signer.tells("revoked", reason=reason)
    await signer.answers("revoke", because="lost")
    await signer.answers("revoke", "refused", because="fraud")
    await withdrawn(world, first)
    await world.hear(second := one_child())
    (granted,) = world.told_of(second, EligibilityGranted)
    assert not granted.knows_revocation


async def test_facts_that_are_decided_anew_are_a_person_s_matter_too(world: World, first: ApplicationSubmitted) -> None:
    await Signer(world, first).tells("revoked", reason="fraud")
    await world.hear(small_place.changed(first, grade="04"))
    assert "earlier_right" in questions(world, first)
    await world.desk.decide(ANNA, world.case_of(first.application_id).id, AGAIN)
    assert [each.knows_revocation for each in world.told_of(first, EligibilityGranted)] == [False, True]


async def test_a_grant_is_not_carried_on_by_the_machine(world: World, first: ApplicationSubmitted) -> None:
    await Signer(world, first).tells("revoked", reason="fraud")
    world.clock[0] = JUNE
    result = await world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
    assert result.outcomes["review"] == 1 and questions(world, first) == ["earlier_right"]


@pytest.mark.parametrize("release", ["everything", "nothing"])
async def test_what_waits_for_a_person_when_the_right_is_revoked_is_asked_there(world: World, release: str) -> None:
    """A prepared grant, or a case of review, of the same child: `release_clear_grants` lets none of them out."""
    world.publish({"release_by_person": release})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(LONG))
    await world.hear(first := one_child())
    await world.hear(second := one_child(household=uuid4()))
    signer = Signer(world, first)
    await signer.answers("revoke", because="fraud")
    assert "earlier_right" in questions(world, second)
    if release == "everything":
        assert questions(world, first) == ["earlier_right"]
        assert (await world.desk.release_clear_grants(ANNA)).released == 0
        await world.desk.decide(ANNA, world.case_of(first.application_id).id, AGAIN)
        assert world.told_of(first, EligibilityGranted)[-1].knows_revocation


async def test_a_refusal_stays_a_refusal(world: World, first: ApplicationSubmitted) -> None:
    await Signer(world, first).tells("revoked", reason="fraud")
    await withdrawn(world, first)
    world.measurer.answer = MeasuredRoutes(small_place.measurement(SHORT))
    await world.hear(second := one_child())
    assert world.case_of(second.application_id).state in ("refused", "prepared")


async def test_a_suspended_child_that_applies_again_is_asked_of_until_it_is_restored(
    world: World, first: ApplicationSubmitted
) -> None:
    signer = Signer(world, first)
    await signer.tells("suspended", reason="fraud")
    await world.hear(small_place.changed(first, grade="04"))
    assert "earlier_right" not in questions(world, first)  # the suspension goes with its own tickets
    await signer.tells("issued", "restored")
    await signer.tells("suspended", reason="by_authority")
    await withdrawn(world, first)
    await signer.tells("revoked", reason="withdrawn")
    await world.hear(second := one_child())
    assert "earlier_right" in questions(world, second) and "ausgesetzt" in texts(world, second)
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, AGAIN)
    assert not world.told_of(second, EligibilityGranted)[0].knows_revocation  # a suspension is lifted by who set it


async def test_a_right_that_is_good_again_is_not_asked_of(world: World, first: ApplicationSubmitted) -> None:
    signer = Signer(world, first)
    await signer.tells("revoked", reason="fraud")
    later = Signer(world, first)
    await later.tells("suspended", reason="fraud")
    await later.tells("issued", "restored")
    await withdrawn(world, first)
    await world.hear(second := one_child())
    assert world.told_of(second, EligibilityGranted)


async def test_news_that_come_late_or_twice_say_nothing_any_more(world: World, first: ApplicationSubmitted) -> None:
    signer = Signer(world, first)
    suspended = await signer.tells("suspended", reason="fraud")
    await signer.tells("issued", "restored")
    await world.hear(suspended)
    case = world.case_of(first.application_id)
    assert world.database.read_now(lambda store: store.tickets_of(case.application_id))[0].state == "issued"
    assert world.database.read_now(lambda store: store.marks_against(case.application_id, ())) == []


async def test_another_child_or_authority_is_not_asked_of(world: World, first: ApplicationSubmitted) -> None:
    await Signer(world, first).tells("revoked", reason="fraud")
    world.clock[0] += timedelta(days=1)
    await world.hear(other := one_child(("Jürgen", "Schröder", BORN), household=uuid4()))
    assert "earlier_right" not in questions(world, other)


async def test_a_changed_key_hides_no_revocation(world: World, first: ApplicationSubmitted) -> None:
    await Signer(world, first).tells("revoked", reason="fraud")
    case = world.case_of(first.application_id)
    keys = Keys(Key(b"the key of the year after, for tests."), (KEYS.newest,))
    found = world.database.read_now(lambda store: asked_of(store, case, keys))
    assert [each.rule for each in found] == ["earlier_right"]
