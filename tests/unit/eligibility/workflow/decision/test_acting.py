"""What is asked because of who acts for the child: every declaration under every demand, and never a refusal."""

from itertools import product

import pytest
from eligibility.rules import Finding
from eligibility.workflow.decision.acting import SUFFICES, questions_on_acting
from shared.events import Custody, EligibilityGranted, EligibilityRefused, EligibilityReviewOpened, Person, SignIn
from support.eligibility import small_place as make
from support.eligibility.office import Office
from support.eligibility.world import World

DECLARED = ("sole", "joint", "everyday", "authorised", "open", None, "a word of next year")


def asked_of(**more: object) -> list[Finding]:
    return questions_on_acting(make.submitted(**more))


@pytest.mark.parametrize(("asked", "declared"), list(product(("declaration", "document"), DECLARED)))
def test_custody_is_asked_about_unless_a_declaration_suffices(asked: str, declared: str | None) -> None:
    found = asked_of(custody=Custody(asked=asked, declared=declared))
    suffices = asked == "declaration" and declared in SUFFICES
    assert [each.rule for each in found] == ([] if suffices else ["custody"])
    assert all(each.result == "question" and each.family and each.family.en for each in found)


@pytest.mark.parametrize("trust", ["none", "basic", "substantial", None, "a level of next year"])
def test_a_sign_in_below_what_is_asked_for_is_asked_about(trust: str | None) -> None:
    (found,) = asked_of(sign_in=SignIn(asked="high", trust=trust))
    assert (found.rule, found.result) == ("identity", "question")


def test_nothing_is_asked_where_nothing_was_told_of_it() -> None:
    assert asked_of() == []


async def test_a_missing_declaration_waits_for_a_person_and_a_sufficient_one_does_not(world: World) -> None:
    office = Office(world)
    await office.applies(custody=Custody(asked="declaration", declared="joint"))
    assert isinstance(world.told()[-1], EligibilityGranted)
    event = await office.applies(child=Person(first_name="Bo", last_name="Li"), custody=Custody(asked="declaration"))
    opened = world.told()[-1]
    assert isinstance(opened, EligibilityReviewOpened) and opened.reasons[0].rule == "custody"
    assert world.case_of(event.application_id).state == "review"


async def test_a_short_way_without_a_declaration_is_not_refused_by_the_machine(world: World) -> None:
    office = Office(world)
    await office.applies(500.0, custody=Custody(asked="declaration", declared="open"))
    assert not any(isinstance(each, EligibilityRefused) for each in world.told())
