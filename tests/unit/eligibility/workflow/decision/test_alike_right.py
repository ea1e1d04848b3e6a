"""A right that was taken away does not come back unasked under another spelling of the child's name or birth date."""

from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from eligibility.domain.keys import Key, Keys
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from eligibility.workflow.decision.duplicates import mark_again
from eligibility.workflow.decision.earlier_right import asked_of
from shared.birth_dates import BirthDate, PartlyKnownDate
from shared.events import ApplicationSubmitted, ApplicationWithdrawn, EligibilityGranted
from support.eligibility import small_place
from support.eligibility.deciding import LONG, questions, texts
from support.eligibility.one_child import ANNA, BORN, SPELLINGS, one_child
from support.eligibility.small_place import JUNE, NEXT_YEAR
from support.eligibility.tickets import Signer
from support.eligibility.world import KEYS, World

Spelling = tuple[str, str, BirthDate]
OTHERS: list[Spelling] = [
    ("Emil Jürgen", "Müller", BORN), ("Jürgen", "Müller-Schmidt", BORN), ("Jürgen", "von Müller", BORN),
    ("Müller", "Jürgen", BORN), ("Jürgen", "Müller", PartlyKnownDate(2017, 2)), ("Jürgen", "Müller", date(2017, 3, 28)),
]  # fmt: skip
AGAIN = PersonsDecision("granted", "Der Verdacht hat sich nicht bestätigt.", "§ 24 VwVfG NRW")


async def withdrawn(world: World, event: ApplicationSubmitted) -> None:
    place = {"authority_id": event.authority_id, "application_id": event.application_id, "withdrawal_id": uuid4()}
    await world.hear(ApplicationWithdrawn.model_validate({"occurred_at": world.clock[0], **place}))


async def lost_its_right(world: World, event: ApplicationSubmitted, how: str = "revoked") -> None:
    """And lays its application down."""
    signer = Signer(world, event)
    await signer.tells("issued")
    await signer.tells(how, reason="fraud")
    await withdrawn(world, event)
    if how == "suspended":
        await signer.tells("revoked", reason="withdrawn")


@pytest.fixture(autouse=True)
def by_itself(world: World) -> None:
    world.publish({"approval": "standing", "release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(small_place.measurement(LONG))


@pytest.mark.parametrize("how", ["revoked", "suspended"])
@pytest.mark.parametrize("spelling", [*SPELLINGS, *OTHERS], ids=str)
async def test_whoever_applies_again_in_another_spelling_is_a_person_s_matter(
    world: World, spelling: Spelling, how: str
) -> None:
    await world.hear(first := one_child())
    await lost_its_right(world, first, how)
    await world.hear(second := one_child(spelling))
    assert questions(world, second) == ["earlier_right"] and not world.told_of(second, EligibilityGranted)
    await world.desk.decide(ANNA, world.case_of(second.application_id).id, AGAIN)
    (granted,) = world.told_of(second, EligibilityGranted)
    assert granted.knows_revocation == (how == "revoked")


@pytest.mark.parametrize(
    ("one", "other"), [(("Ana", "Đukić"), ("Ana", "Djukić")), (("Åsa", "Ångström"), ("Aasa", "Angstrom"))]
)
async def test_letters_that_are_read_in_two_ways_hide_nothing(
    world: World, one: tuple[str, str], other: tuple[str, str]
) -> None:
    await world.hear(first := one_child((*one, BORN)))
    await lost_its_right(world, first)
    await world.hear(second := one_child((*other, BORN)))
    assert questions(world, second) == ["earlier_right"]


async def test_of_any_two_spellings_the_second_hides_nothing_of_the_first_laid_down_or_not(world: World) -> None:
    """The news may come while the second waits for a person."""
    random, spellings = Random(7), [*SPELLINGS[:4], *OTHERS[:3]]
    for number in range(12):
        one, other, born = random.choice(spellings), random.choice(spellings), date(2014 + number % 4, 1 + number, 28)
        await world.hear(first := one_child((one[0], one[1], born), household=uuid4()))
        if laid_down := random.random() < 0.5:
            await lost_its_right(world, first)
        await world.hear(second := one_child((other[0], other[1], born), household=uuid4()))
        if not laid_down:
            await Signer(world, first).tells("revoked", reason="fraud")
        assert "earlier_right" in questions(world, second), (one, other, laid_down)
        world.clock[0] += timedelta(minutes=1)


async def test_a_likely_child_is_asked_of_in_words_that_do_not_say_it_is_the_same(world: World) -> None:
    await world.hear(first := one_child())
    await lost_its_right(world, first)
    await world.hear(second := one_child(("Jürgen", "Mülller", BORN)))
    assert "vielleicht diesem Kind" in texts(world, second) and "gesperrt" in texts(world, second)


async def test_what_stands_against_one_school_year_s_application_is_asked_of_in_the_next(world: World) -> None:
    await world.hear(first := one_child())
    await withdrawn(world, first)
    await world.hear(second := one_child(("Jürgen Emil", "Müller", BORN)))
    assert world.case_of(second.application_id).state == "granted"
    await Signer(world, first).answers("revoke", because="fraud")
    world.clock[0] = JUNE
    await world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
    assert questions(world, second) == ["earlier_right"]


async def test_another_child_of_the_school_is_not_asked_of(world: World) -> None:
    await world.hear(first := one_child())
    await lost_its_right(world, first)
    for other in [("Jürgen", "Schröder", BORN), ("Jürgen", "Müller", date(2015, 6, 1)), ("Ayşe", "Müller", BORN)]:
        await world.hear(event := one_child(other, household=uuid4()))
        assert world.case_of(event.application_id).state == "granted", other


async def test_a_changed_key_hides_nothing_of_what_is_laid_down(world: World) -> None:
    await world.hear(first := one_child())
    await lost_its_right(world, first)
    await world.hear(second := one_child(("Jürgen Emil", "Müller", BORN)))
    newest = Keys(Key(b"the key of the year after, for tests."))
    world.database.write_now(lambda store: mark_again(store, Keys(newest.newest, (KEYS.newest,)), None, 100))
    case = world.case_of(second.application_id)
    assert world.database.read_now(lambda store: asked_of(store, case, newest))  # the earlier key is away
