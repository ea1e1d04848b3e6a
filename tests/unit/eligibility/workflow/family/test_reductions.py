"""What would lower the own share counts once it is proven; until then the ticket is granted at the full share."""

import itertools
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from eligibility import presets
from eligibility.rules import Facts, canonical_json, evaluate
from eligibility.workflow import MeasuredRoutes, Proof
from shared.birth_dates import BirthDate, PartlyKnownDate, may_be_the_same
from shared.errors import Conflict
from shared.events import (
    EligibilityGranted,
    Sibling,
)
from support.eligibility import small_place as make
from support.eligibility.proving import ANNA, ELDEST, all_same, circumstances, share
from support.eligibility.siblings import OLDER, YOUNGER, child, sibling
from support.eligibility.small_place import changed
from support.eligibility.world import World, settled

TOLD = [
    {"benefits": ("SGB XII",)},
    {"benefits": ("SGB XII", "KiZ")},
    {"siblings": (sibling(ELDEST),)},
    {"siblings": (sibling(ELDEST), sibling(date(2013, 5, 1)))},
    {"siblings": (sibling(date(2017, 2, 28), counts_first=True),)},
    {"siblings": (sibling(ELDEST, funded_until=date(2027, 1, 31)),), "benefits": ("SGB XII",)},
]


@pytest.mark.parametrize("told", TOLD)
async def test_on_the_familys_word_the_ticket_is_granted_at_the_full_share_and_what_to_send_is_said(
    world: World, told: dict[str, object]
) -> None:
    event = make.submitted(circumstances=circumstances(**told))
    await world.hear(event)
    (granted,) = world.told_of(event, EligibilityGranted)
    assert (granted.own_share_cents, granted.own_share_changes) == (1400, ())
    (said,) = (each for each in granted.reasons if each.rule == "share_proof")
    assert "in voller Höhe" in said.text and "bis zum 02.11.2027" in said.text and "rückwirkend" in said.text
    facts = world.case_of(event.application_id).facts
    assert not facts["siblings"] and not facts["benefits"]
    assert set(facts["unproven"]) == set(told)
    all_same(world)


@pytest.mark.parametrize(
    ("born", "brother", "said"),
    [
        (date(2017, 2, 28), PartlyKnownDate(2012), "geboren 2012)"),
        (date(2017, 2, 28), PartlyKnownDate(2008), "geboren 2008)"),  # of age or not: taken in its favour
        (PartlyKnownDate(2017), PartlyKnownDate(2017), "welches der am selben Tag geborenen Kinder"),
        (PartlyKnownDate(2017), date(2017, 5, 1), "geboren am 01.05.2017)"),
        (PartlyKnownDate(2017, 2), date(2012, 1, 1), "geboren am 01.01.2012)"),
    ],
    ids=str,
)
async def test_a_birth_date_that_is_known_in_part_holds_back_no_ticket_and_its_proof_is_recognised(
    world: World, born: BirthDate, brother: BirthDate, said: str
) -> None:
    event = make.submitted(birth_date=born, circumstances=circumstances(siblings=(sibling(brother),)))
    await world.hear(event)
    (granted,) = world.told_of(event, EligibilityGranted)
    assert granted.own_share_cents == 1400
    (note,) = (each for each in granted.reasons if each.rule == "share_proof")
    assert said in note.text and "None" not in note.text
    case = world.case_of(event.application_id)
    surely = not may_be_the_same(born, brother) and brother != PartlyKnownDate(2008)
    if surely:
        await world.workflow.proofs.recognise(ANNA, case.id, Proof(siblings=(brother,)))
        assert share(world, event) == 700
    else:  # who is the older, or whether it is of age, nobody knows
        with pytest.raises(Conflict):
            await world.workflow.proofs.recognise(ANNA, case.id, Proof(siblings=(brother,)))
        assert share(world, event) == 1400
    all_same(world)


@pytest.mark.parametrize(
    "told",
    [
        {"benefits": ("KiZ",)},  # frees nobody in the preset
        {"siblings": (sibling(date(2019, 1, 1)),)},
        {"siblings": (sibling(ELDEST, funded=False),)},
        {"siblings": (sibling(date(2007, 1, 1)),)},
    ],
)
async def test_nothing_is_asked_for_that_would_lower_nothing(world: World, told: dict[str, object]) -> None:
    event = make.submitted(circumstances=circumstances(**told))
    await world.hear(event)
    (granted,) = world.told_of(event, EligibilityGranted)
    assert not [each for each in granted.reasons if each.rule == "share_proof"]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (
            Sibling(birth_date=ELDEST, funded=False, funded_unknown=True),
            "ob das Geschwisterkind (geboren am 01.01.2012)",
        ),
        (sibling(date(2017, 2, 28)), "welches der am selben Tag geborenen Kinder"),
    ],
)
async def test_what_the_family_does_not_know_holds_back_no_ticket(world: World, told: Sibling, asked: str) -> None:
    event = make.submitted(circumstances=circumstances(siblings=(told,)))
    await world.hear(event)
    (granted,) = world.told_of(event, EligibilityGranted)
    assert granted.own_share_cents == 1400
    assert asked in next(each.text for each in granted.reasons if each.rule == "share_proof")


CONDITION = {
    "key": "poor", "when": "'KiZ' in benefits", "legal_basis": "Ratsbeschluss", "source": "Ratsbeschluss",
    "text": "Kinderzuschlag befreit.", "text_en": "Kinderzuschlag frees.", "valid_from": "2020-08-01",
}  # fmt: skip


async def test_a_condition_of_the_authority_frees_once_it_is_proven(world: World) -> None:
    world.publish({}, conditions=[CONDITION | {"effect": "exempt"}])
    event = make.submitted(circumstances=circumstances(benefits=("KiZ",)))
    await world.hear(event)
    assert world.decision_of(event.application_id).own_share_cents == 1400
    until = date(2027, 1, 15)
    await world.workflow.proofs.recognise(
        ANNA, world.case_of(event.application_id).id, Proof(benefits=("KiZ",), last=until)
    )
    decision = world.decision_of(event.application_id)
    assert (decision.own_share_cents, decision.terms.share_from) == (0, date(2026, 8, 1))
    assert decision.terms.own_share_changes == ((date(2027, 2, 1), 1400),)
    all_same(world)


@pytest.mark.parametrize("effect", ["grant", "review"])
async def test_a_ground_that_rests_on_what_is_not_proven_is_a_question_and_never_a_refusal(
    world: World, effect: str
) -> None:
    world.publish({}, conditions=[CONDITION | {"effect": effect}])
    world.measurer.answer = MeasuredRoutes(make.measurement(1000.0 if effect == "grant" else 2500.0))
    event = make.submitted(circumstances=circumstances(benefits=("KiZ",)))
    await world.hear(event)
    assert world.case_of(event.application_id).state == "review"


async def test_a_change_and_a_renewal_carry_what_was_proven(world: World) -> None:
    world.publish({"approval": "standing"})
    told = circumstances(benefits=("SGB XII",), siblings=(sibling(ELDEST), sibling(date(2011, 1, 1))))
    event = make.submitted(circumstances=told)
    await world.hear(event)
    case = world.case_of(event.application_id)
    await world.workflow.proofs.recognise(ANNA, case.id, Proof(siblings=(ELDEST,)))
    # an answer without a change decides nothing anew
    await world.hear(changed(event, answer="Hier ist der Bescheid."))
    assert world.case_of(event.application_id).state == "granted"
    # a move does, at the share that is proven
    await world.hear(changed(event, change_number=2, grade="04", changed_from=date(2026, 8, 1)))
    assert world.decision_of(event.application_id).own_share_cents == 700
    await world.desk.release(ANNA, case.id)
    # who says that the sibling has no ticket any more is believed, and heard before the share rises
    gone = told.model_copy(update={"siblings": (sibling(ELDEST, funded=False), sibling(date(2011, 1, 1)))})
    await world.hear(changed(event, change_number=3, grade="04", circumstances=gone))
    await settled(world.families())
    case = world.case_of(event.application_id)
    assert case.state == "prepared"
    assert [each["rule"] for each in case.reasons if each["result"] == "question"] == ["heard_before"]
    assert world.decision_of(event.application_id).own_share_cents == 1400
    with pytest.raises(Conflict):
        await world.desk.release(ANNA, case.id)
    all_same(world)


async def test_a_renewal_carries_what_was_proven(world: World) -> None:
    world.publish({"approval": "standing"})
    event = make.submitted(circumstances=circumstances(benefits=("SGB XII", "KiZ"), siblings=(sibling(ELDEST),)))
    await world.hear(event)
    case = world.case_of(event.application_id)
    await world.workflow.proofs.recognise(ANNA, case.id, Proof(siblings=(ELDEST,)))
    world.clock[0] = make.JUNE
    await world.renewals(make.NEXT_YEAR).renew("12345", make.NEXT_YEAR, "bert", lambda _: None)
    new = world.decision_of(event.application_id)
    assert (new.facts["school_year"], new.own_share_cents) == (make.NEXT_YEAR, 700)
    assert new.facts["unproven"] == {"benefits": ["SGB XII", "KiZ"]}
    all_same(world)


async def test_of_twins_who_name_each_other_one_falls_once_either_application_says_which(world: World) -> None:
    """And both pay the higher share while neither says so, or each says it of the other."""
    said: tuple[bool | None, ...] = (None, True, False)
    for first, second in itertools.product(said, said):
        household = uuid4()
        twins = [
            child(YOUNGER, sibling(OLDER), sibling(YOUNGER, counts_first=order), household=household)
            for order in (first, second)
        ]
        older = child(OLDER, sibling(YOUNGER), sibling(YOUNGER), household=household)
        for event in (older, *twins):
            await world.hear(event)
        await settled(world.families())
        shares = [share(world, each) for each in twins]
        agreed = first is not second
        assert sorted(shares) == ([0, 700] if agreed else [700, 700]), (first, second)
        if agreed:
            assert shares[0] == (0 if first is True or second is False else 700)
    all_same(world)


async def test_no_family_pays_less_than_is_proven_whatever_it_tells(world: World) -> None:
    """Random families: what is set first is what a family without siblings and benefits pays, whatever was told; once
    all is proven it is what the rules say of proven facts."""
    random = Random(20)
    for _ in range(25):
        births = [date(2007, 1, 1) + timedelta(days=random.randrange(4000)) for _ in range(random.randrange(4))]
        told = circumstances(
            siblings=tuple(sibling(each, funded=random.random() < 0.8) for each in births),
            benefits=tuple(random.sample(["SGB XII", "SGB II", "KiZ", "WoGG"], random.randrange(3))),
        )
        event = make.submitted(circumstances=told)
        await world.hear(event)
        decision = world.decision_of(event.application_id)
        assert decision.own_share_cents == 1400
        case = world.case_of(event.application_id)
        rules = presets.preset("nrw")
        proven = [each.birth_date for each in told.siblings if each.funded]
        content = {**decision.facts, "siblings": [{"birth_date": str(each), "funded": True} for each in proven]}
        content |= {"benefits": list(told.benefits)}
        content.pop("unproven", None)
        wanted = evaluate(Facts.model_validate_json(canonical_json(content)), rules)
        if wanted.own_share_cents == 1400:
            continue
        await world.workflow.proofs.recognise(ANNA, case.id, Proof(told.benefits, tuple(proven)))
        assert share(world, event) == wanted.own_share_cents
    all_same(world)
