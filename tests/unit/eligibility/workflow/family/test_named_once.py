"""A sibling that is named is one child, and a child counts once, however many cases of it there are."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID, uuid4

import pytest
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.family import Member, Ties
from eligibility.domain.ids import ApplicationId, CaseId, DecisionId
from eligibility.domain.kept_facts import KeptFacts, KeptSibling
from eligibility.presets import preset
from eligibility.rules import Facts, canonical_json
from eligibility.rules.law.own_share import possible_ranks
from eligibility.rules.rule_set.rule_set import Law
from eligibility.workflow.family.families import Families
from eligibility.workflow.family.family import with_siblings
from eligibility.workflow.family.relations import CERTAIN, Relations, links
from shared.events import EligibilityShareChanged
from support.eligibility.siblings import OLDER, YOUNGER, child, sibling
from support.eligibility.world import World, settled

FIRST_NAMES = ("Amira", "Karim", "Olga", "Bruno", "Zoe", "Till", "Wanda", "Hugo")
BIRTHS = ("2012-04-01", "2014-07-09")
HOUSEHOLDS = (str(UUID(int=1)), str(UUID(int=2)))
NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
NOV = date(2026, 11, 1)
WHOLE_YEAR = (date(2026, 8, 1), date(2027, 7, 31), None)
Days = tuple[date, date, date | None]


def law() -> Law:
    found = preset("nrw").law("2026/27")
    assert found is not None
    return found


def member(
    name: str, birth: str, named: Sequence[str], household: str = HOUSEHOLDS[0], days: Days | None = None
) -> Member:
    """A child's case; with a grant from and until the days that are given, and the day on which it ended before."""
    siblings: list[KeptSibling] = [{"birth_date": each, "funded": True} for each in named]
    facts: KeptFacts = {"school_year": "2026/27", "pupil": {"birth_date": birth}, "unproven": {"siblings": siblings}}
    case = Case(
        id=CaseId(uuid4()), application_id=ApplicationId(uuid4()), authority_id="12345", state="granted",
        school_number="1", school_year="2026/27", opened_at=NOW, reasons=(), routes={}, facts=facts,
        submission={"child": {"first_name": name, "last_name": "Sommer"}, "birth_date": birth},
    )  # fmt: skip
    return Member(case, (granted(case, *days),) if days else (), Ties(household, "home"))


def granted(case: Case, valid_from: date, valid_until: date, ended_on: date | None) -> Decision:
    return Decision(
        DecisionId(uuid4()), case.id, "12345", "granted", valid_from, valid_until, 1400, None, None, None, (), "1",
        case.facts, {}, "rules", NOW, NOW, "rules", withdrawn_at=NOW if ended_on else None, ended_on=ended_on,
    )  # fmt: skip


def ranks_of(me: Member, others: Sequence[Member], day: date, *, likely: bool = True) -> set[int]:
    facts = with_siblings(me, links(me, [me, *others]), likely=likely)
    return possible_ranks(Facts.model_validate_json(canonical_json(facts)), law(), day)


@pytest.mark.parametrize("seed", range(150))
def test_nobody_is_linked_to_more_children_than_are_named(seed: int) -> None:
    random = Random(seed)
    names = random.sample(FIRST_NAMES, random.randrange(2, 6))
    members = [
        member(each, random.choice(BIRTHS), random.choices(BIRTHS, k=random.randrange(3)), random.choice(HOUSEHOLDS))
        for each in names
    ]
    relations = Relations(members)
    for me in members:
        found = relations.links(me)
        unasked = [other for other, _ in found if not relations._means(other, me)]
        certain = Counter(other.birth for other, how in found if how == CERTAIN)
        named = Counter(each["birth_date"] for each in me.named)
        assert len([each for each in unasked if (each, CERTAIN) not in found]) <= len(me.named)
        assert certain <= named
        assert len(found) <= len(me.named) + sum(other.names(me) for other, _ in found)


@pytest.mark.parametrize("seed", range(50))
def test_children_who_name_each_other_wholly_are_certain_of_each_other(seed: int) -> None:
    random = Random(seed)
    births = {each: random.choice(BIRTHS) for each in random.sample(FIRST_NAMES, random.randrange(2, 6))}
    members = [member(name, birth, [births[each] for each in births if each != name]) for name, birth in births.items()]
    for me in members:
        assert {(each.case.id, how) for each, how in links(me, members)} == {
            (each.case.id, CERTAIN) for each in members if each is not me
        }


def test_of_two_children_born_on_the_day_that_is_named_once_one_counts_and_a_person_is_asked() -> None:
    older, younger = BIRTHS
    me = member("Olga", younger, [older])
    twins = [member(each, older, [younger], days=WHOLE_YEAR) for each in ("Amira", "Karim")]
    assert ranks_of(me, twins[:1], date(2026, 9, 1), likely=False) == {1}
    assert ranks_of(me, twins, date(2026, 9, 1), likely=False) == {0}
    assert {how for _, how in links(me, [me, *twins])} == {"likely"}


def test_two_children_born_on_the_day_that_is_named_once_by_a_stranger_of_the_house_lower_no_share_twice() -> None:
    older, younger = BIRTHS
    me = member("Olga", younger, [older], HOUSEHOLDS[1])
    others = [member(each, older, [], days=WHOLE_YEAR) for each in ("Amira", "Karim")]
    assert ranks_of(me, others, date(2026, 9, 1)) == {1}
    assert sum(bool(links(each, [me, *others])) for each in others) == 1


def test_a_child_with_two_cases_is_one_sibling_and_no_sibling_of_its_own_case() -> None:
    older, younger = BIRTHS
    me = member("Olga", younger, [older])
    first = member("Amira", older, [younger], days=WHOLE_YEAR)
    second = member("Amira", older, [younger], days=(NOV, date(2027, 7, 31), None))
    assert ranks_of(me, [first, second], date(2026, 12, 1)) == {1}
    left = member("Amira", older, [younger], days=(date(2026, 8, 1), date(2027, 7, 31), date(2026, 9, 30)))
    apart = {day: ranks_of(me, [left, second], day) for day in (date(2026, 9, 30), date(2026, 10, 5), NOV)}
    assert apart == {date(2026, 9, 30): {1}, date(2026, 10, 5): {0}, NOV: {1}}


async def test_one_named_sibling_never_makes_a_third_child_by_the_machine(world: World, families: Families) -> None:
    twins, younger = [child(OLDER, sibling(YOUNGER)) for _ in range(2)], child(YOUNGER, sibling(OLDER))
    for event in (*twins, younger):
        await world.hear(event)
    await settled(families)
    case = world.case_of(younger.application_id)
    assert case.state == "prepared"
    assert [each["rule"] for each in case.reasons if each["result"] == "question"] == ["family"]
    assert not world.told_of(younger, EligibilityShareChanged)
