"""A notice that ends or changes a grant says which fact became another, old and new; the English one says no amount twice."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import cast
from uuid import uuid4

import pytest
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId, DecisionId
from eligibility.domain.kept_facts import KeptFacts, KeptSibling
from eligibility.domain.kept_routes import KeptRoute, KeptRoutes
from eligibility.domain.terms import Terms
from eligibility.notice.changed import NOTHING, Schools, describe_changes
from eligibility.notice.summary import ONLY_AN_AMOUNT, _to_send
from eligibility.notice.terms import english_duties
from eligibility.rules import texts
from eligibility.workflow.family.share_reasons import OTHERWISE, why_changed
from support.eligibility.siblings import OCTOBER
from support.making import changed

HERE = {"street": "Kirchstraße", "house_number": "5a", "postal_code": "33100", "city": "Eschenborn"}
THERE = HERE | {"street": "Am Bach", "house_number": "3"}
SAME = Schools("", "Schule am Wall")


def way(home: dict[str, str] | None, lon: float = 8.75, metres: float = 2500.0) -> KeptRoutes:
    line = {"coordinates": [[lon, 51.71], [8.76, 51.72]]}
    attended = {"school_number": "1", "home": home, "metres": metres, "geometry": line}
    return {"attended": cast("KeptRoute", attended)}  # one of before may have no home


def decided(**more: object) -> Decision:
    facts: KeptFacts = {"grade": "03", "school": {"form": "G"}}
    made = Decision(
        DecisionId(uuid4()), CaseId(uuid4()), "12345", "granted", None, None, 1400, None, 2500.0, 2000, (), "1", facts,
        way(HERE), "rules", OCTOBER,
    )  # fmt: skip
    return changed(made, **more)


def test_home_and_length_are_named_as_they_were_and_as_they_are() -> None:
    moved = decided(routes=way(THERE, 8.8, 1500.0), distance_m=1500.0)
    german, english = describe_changes(moved, decided(), SAME)
    assert "Wohnung (bisher: Kirchstraße 5a, 33100 Eschenborn; jetzt: Am Bach 3, 33100 Eschenborn)" in german
    assert "kürzester Fußweg (bisher: 2.500,0 m; jetzt: 1.500,0 m)" in german
    assert "home (before: Kirchstraße 5a, 33100 Eschenborn; now: Am Bach 3, 33100 Eschenborn)" in english


def test_a_home_that_was_not_kept_is_named_as_it_is_now() -> None:
    german, _ = describe_changes(decided(routes=way(THERE, 8.8)), decided(routes=way(None)), SAME)
    assert "Wohnung (jetzt: Am Bach 3, 33100 Eschenborn)" in german


def test_the_same_home_in_other_letters_is_no_change() -> None:
    assert describe_changes(decided(routes=way(HERE | {"street": "Kirchstr."})), decided(), SAME) == NOTHING


FACTS: dict[str, tuple[object, object]] = {
    "grade": ("03", "04"),
    "track": ("GY8", "GY9"),
    "course": ({"annex": "A", "full_time": False, "district_class": True}, {"annex": "C", "full_time": True}),
    "leaves_on": (None, "2027-01-31"),
    "health": (None, {"weeks": 12, "certificate": True}),
    "second_home": (None, True),
    "afternoon_lessons": (True, None),
    "nearest_refused": (True, None),
}


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_on_which_a_grant_hangs_is_named_when_it_becomes_another(name: str) -> None:
    before, now = FACTS[name]
    facts = decided().facts
    german, english = describe_changes(decided(facts=facts | {name: now}), decided(facts=facts | {name: before}), SAME)
    assert german and english and "None" not in german + english
    school = describe_changes(decided(), decided(), Schools("Schule am Bach", "Schule am Wall"))
    assert "Schule (bisher: Schule am Bach; jetzt: Schule am Wall)" in school[0]


@pytest.mark.parametrize("seed", range(60))
def test_each_reason_of_a_share_is_true_of_what_became_another(seed: int) -> None:
    random = Random(seed)

    def siblings() -> list[KeptSibling]:
        births = random.sample(["2012-01-01", "2014-02-02", "2016-00-00"], random.randrange(4))
        return [{"birth_date": each, "funded": random.random() < 0.7} for each in births]

    def facts() -> KeptFacts:
        return {"siblings": siblings(), "benefits": random.choice([[], ["SGB XII"]])}

    before, after = facts(), facts()
    why = why_changed(before, after, ["2012-01-01", "2014-02-02", "2016-00-00"])
    funded = [{one["birth_date"] for one in each["siblings"] if one["funded"]} for each in (before, after)]
    for birth in ("2012-01-01", "2014-02-02", "2016-00-00"):
        german, english = texts.born(birth)
        counts = birth in funded[1] and birth not in funded[0]
        assert (f"(geboren {german}) zählt jetzt mit" in why.text) is counts
        assert (f"(born {english}) now counts" in why.text_en) is counts
        assert (f"(geboren {german})" in why.text) is ((birth in funded[0]) is not (birth in funded[1]))
    assert ("SGB XII" in why.text) is (before["benefits"] != after["benefits"])
    assert (OTHERWISE[0] in why.text) is (funded[0] == funded[1] and before["benefits"] == after["benefits"])
    for text in (why.text, why.text_en):
        sentences = text.split(". ")
        assert len(sentences) == len(set(sentences))


def test_a_child_that_the_family_did_not_name_is_not_described_to_it() -> None:
    why = why_changed({}, {"siblings": [{"birth_date": "2012-01-01", "funded": True}]}, [])
    assert "2012" not in why.text + why.text_en


def test_an_amount_that_an_english_text_says_already_is_known_as_one() -> None:
    for cents, (_, english) in product((0, 700, 1400), [texts.day(OCTOBER.date())]):
        assert ONLY_AN_AMOUNT.fullmatch(texts.share_from(OCTOBER.date(), cents)[1]), english


def test_who_was_granted_for_a_limited_ground_reads_in_short_and_in_english_when_new_proof_is_due() -> None:
    last = OCTOBER.date()
    limited = decided(valid_from=OCTOBER.date(), valid_until=last, terms=Terms(limited=True))
    german, english = texts.day(last)
    assert [f"nach dem {german} noch? Dann schicken Sie uns bitte vorher" in each for each in _to_send(limited)] == [
        True
    ]
    said = english_duties(limited)
    assert f"ends on {english}" in said and "please send us new proof before that day" in said
    assert not _to_send(replace(limited, terms=Terms()))


@pytest.mark.parametrize(
    ("terms", "valid"), [*product((Terms(), Terms(transport="special"), Terms(standing=True)), (True, False))]
)
def test_english_duties_speak_of_a_ticket_only_where_there_is_one(terms: Terms, *, valid: bool) -> None:
    days = {"valid_from": OCTOBER.date(), "valid_until": OCTOBER.date()} if valid else {}
    one = decided(terms=terms, **days)
    said = english_duties(one)
    assert ("ticket" in said) is (one.ticket_days is not None)
    assert ("You need not apply anew" in said) is terms.standing
    assert "  " not in said and said.endswith(".")
