"""What must hold of the words of every notice, tried on all stories that golden files tell: to whom it speaks, who
answers for it, and what it gives as the reason."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId
from eligibility.domain.submission import Submission
from eligibility.notice.content import notice_content
from eligibility.notice.notice import Notice, ReasonsSection
from eligibility.notice.own_share import share_notice
from eligibility.notice.summary import BY_PERSON
from shared.errors import Conflict
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.golden_notices import GoldenNotices, whole
from support.eligibility.world import World
from support.json import walked

from .test_notices_of_before import STORIES, made

GOLDEN = GoldenNotices(Path(__file__).parent / "golden")
TOLD = sorted({each.stem for each in GOLDEN.folder.glob("*.json")} - {*STORIES, "parts"})
OF_A_CHILD = re.compile(
    r"\b(Ihr|das|des|dem|dieses) Kind(es)?\b|\b(your|the|this) child\b|Geschwisterkind", re.IGNORECASE
)
WITH_SIBLINGS = re.compile(
    r"Geschwisterkind(es|s)?|Geschwister|dieses Kind genannt|this child there too|jedes weitere Kind"
)


def decisions(story: str) -> list[tuple[Case, Decision, list[Decision]]]:
    kept = walked(whole(json.loads((GOLDEN.folder / f"{story}.json").read_text(encoding="utf-8")), GOLDEN.read_parts()))
    cases: dict[object, Case] = {each["id"]: made(Case, each) for each in kept["cases"] if each["submission"]}
    found = [made(Decision, each) for each in kept["decisions"] if each["case_id"] in cases]
    return [(cases[one.case_id], one, [each for each in found if each.case_id == one.case_id]) for one in found]


def written(authority: Authority, case: Case, one: Decision, known: list[Decision], name: str = "") -> Notice:
    grant = next((each for each in known if str(each.id)[:8] == str(one.terms.grant_id)[:8]), None)
    if one.terms.grant_id is not None and grant is not None:
        return share_notice(authority, case, one, grant, name)
    earlier = next((each for each in known if each.round == one.round - 1), None)
    return notice_content(authority, case, one, earlier, name)


def said(content: Notice) -> str:
    """Without what a person wrote or an authority published."""
    parts = [each["text"] for section in content["sections"] for each in section["paragraphs"]]
    return " ".join([*parts, *content["plain"]["paragraphs"], *content["english"]["paragraphs"], content["closing"]])


def reasons_in(content: Notice) -> str:
    with_reasons = [cast("ReasonsSection", each) for each in content["sections"] if "reasons" in each]
    return " ".join(each["text"] for section in with_reasons for each in section["reasons"])


@pytest.mark.parametrize("story", TOLD)
def test_a_pupil_of_age_is_spoken_to_and_never_told_of_a_child(story: str) -> None:
    for case, one, known in decisions(story):
        pupil: Submission = {"addressee": case.submission["child"], "birth_date": "2000-02-29"}
        adult = replace(case, submission=case.submission | pupil)
        content = written(small_place.authority(), adult, one, known)
        told = WITH_SIBLINGS.sub("", f"{said(content)} {reasons_in(content)}")
        assert not OF_A_CHILD.search(told), OF_A_CHILD.findall(told)
        if not one.terms.self_payer:
            assert "Sie" in content["sections"][0]["paragraphs"][0]["text"]
        first = case.submission["child"]["first_name"]
        assert not first or f"{first} bekommt" not in said(content)
        assert not first or f"school for {first}" not in said(content)


@pytest.mark.parametrize("story", TOLD)
def test_whoever_let_it_out_answers_for_it_by_name(story: str) -> None:
    for case, one, known in decisions(story):
        by_person = replace(one, released_by="anna")
        content = written(small_place.authority(), case, by_person, known, "Anna Beispiel")
        assert one.terms.self_payer or content["closing"].endswith("\nAnna Beispiel")
        by_machine = written(small_place.authority(), case, replace(one, released_by="rules"), known)
        assert one.terms.self_payer or "Verantwortlich: Frau Beispiel" in by_machine["closing"]
        assert one.terms.self_payer or "§ 35a VwVfG NRW" in by_machine["closing"]


@pytest.mark.parametrize("story", TOLD)
def test_nobody_is_asked_to_ring_up_without_a_number(story: str) -> None:
    silent = small_place.authority(contact={"office": "Amt", "person": "Frau Beispiel"})
    for case, one, known in decisions(story):
        assert "Rufen Sie uns an" not in said(written(silent, case, one, known))


@pytest.mark.parametrize("story", TOLD)
def test_a_refusal_says_its_reason_in_plain_words(story: str) -> None:
    for case, one, known in decisions(story):
        if one.outcome == "refused" and not one.terms.self_payer:
            opening = written(small_place.authority(), case, one, known)["plain"]["paragraphs"][0]
            assert "Der Grund: " in opening or BY_PERSON in opening


@pytest.mark.parametrize("story", TOLD)
def test_an_earlier_decision_ends_by_one_provision(story: str) -> None:
    for case, one, known in decisions(story):
        content = written(small_place.authority(), case, one, known)
        ended = [each["text"] for each in content["sections"][0]["paragraphs"] if "aufgehoben" in each["text"]]
        assert all(each.count("§") == 1 for each in ended)


def test_a_school_is_called_without_the_registers_tail() -> None:
    case, one, known = decisions("granted")[0]
    tailed = replace(case, submission=case.submission | {"school_name": "Gem. Grundschule Am Markt - Primarstufe -"})
    assert "der Schule Gem. Grundschule Am Markt, Klasse 3." in said(
        written(small_place.authority(), tailed, one, known)
    )


async def test_an_act_that_a_person_lets_out_waits_for_a_name(world: World) -> None:
    world.set_authority(release_by_person="everything", contact={"office": "Schülerbeförderung"})
    event = small_place.submitted()
    await world.hear(event)
    case_id = CaseId(world.case_of(event.application_id).id)
    nameless = Caller("anna", "12345", frozenset({"releaser"}))
    with pytest.raises(Conflict):
        await world.desk.release(nameless, case_id)
    assert world.case_of(event.application_id).state == "prepared"
    await world.desk.release(replace(nameless, name="Anna Beispiel"), case_id)
    assert world.case_of(event.application_id).state == "granted"


@pytest.mark.parametrize("story", TOLD)
def test_an_own_share_says_on_what_it_rests_also_where_a_person_set_it(story: str) -> None:
    for case, one, known in decisions(story):
        content = written(small_place.authority(), case, one, known)
        shares = [each["paragraphs"][0]["text"] for each in content["sections"] if each["title"] == "Eigenanteil"]
        assert all("§" in each or "Ein Eigenanteil wird nicht erhoben" in each for each in shares)


@pytest.mark.parametrize("story", TOLD)
def test_nobody_reads_an_amount_of_nothing_nor_the_same_amount_twice_in_english(story: str) -> None:
    for case, one, known in decisions(story):
        content = written(small_place.authority(), case, one, known, "Ute Weber")
        everything = f"{said(content)} {reasons_in(content)}"
        assert not re.search(r"\b0,00.Euro|\b0\.00 euros", everything)
        opening, *more = content["english"]["paragraphs"]
        for amount in re.findall(r"own share is [\d.]+ euros a month\.", opening):
            assert amount not in " ".join(more)


@pytest.mark.parametrize("story", TOLD)
def test_who_applies_for_herself_is_spoken_to(story: str) -> None:
    for case, one, known in decisions(story):
        herself = replace(
            case, submission=case.submission | {"addressee": case.submission["child"]} | {"birth_date": "2007-01-01"}
        )
        content = written(small_place.authority(), herself, one, known, "Ute Weber")
        everything = f"{said(content)} {reasons_in(content)}"
        for word in ("for you are", "share for you is", "volljährige Schülerin"):
            assert word not in everything, word
