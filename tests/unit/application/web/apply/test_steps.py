"""Which pages a family sees: each thing that the form needs once where it matters, and nothing that cannot matter."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import get_args

import pytest
from annotated_types import MaxLen
from application.checks.key_tables import school_keys
from application.form import ApplicationForm
from application.form.draft import DraftChange, merge_parts, read_draft
from application.web.apply.circumstances import CIRCUMSTANCES
from application.web.apply.share import read_share, typed_share
from application.web.apply.situation import Situation
from application.web.apply.steps import BY_NAME, STEPS, SUMMARY, before, next_after, steps_of
from application.web.apply.typed import mark_of, read_typed, typed_from, values_of
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from support.application import directory
from support.json import mapping

KEYS = school_keys()
TODAY = date(2026, 11, 30)
FORMS = sorted(key for key, form in KEYS.forms.items() if form.ended is None)
CLAIMS = [each.path for each in CIRCUMSTANCES]
ADDRESS = {"street": "Am Markt", "house_number": "5", "postal_code": "33602", "city": "Bielefeld"}
NOT_ON_PAGES = {
    "pupil.gender": "no rule asks for it, and no ticket needs it",
    "leaves_on": "who knows it tells it by a change",
    "income_within_limit": "another state's law",
    "lives_in_authority_area": "another state's law",
    "language": "the one that is read",
    "mailbox_excluded": "no mailbox can be filled yet",
    "claims.health.days": "weeks are enough for who types",
    "place_of_teaching.distance_m": "the authority measures it to the address",
    **dict.fromkeys(
        (
            "transport.public_available",
            "transport.special_available",
            "transport.walk_to_stops_m",
            "transport.minutes_a_day",
            "transport.minutes_one_way",
            "transport.waiting_minutes",
            "transport.leaves_home_at",
            "transport.rides_a_day",
            "transport.school_days_a_month",
            "transport.passengers",
        ),
        "few families know it; a person asks where it decides",
    ),
}


@st.composite
def forms(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """A school's form, and a draft in any state of it."""
    form = draw(st.sampled_from(FORMS))
    said = {
        "school_number": "100001", "school_year": "2026/27",
        "grade": draw(st.sampled_from([*KEYS.forms[form].grades, ""])),
        "pupil": {"last_name": "Ö", "birth_date": draw(st.sampled_from(["2018-02-28", "2007-05-03", "2008-00-00"]))},
        "home": ADDRESS, "lives_in_nrw": True, "wanted_from": "2026-11-30", "medium": "paper",
        "special_needs": False, "severely_disabled": False,
        "guardian": {"last_name": "Ö"}, "applicant": "guardian",
        "course": {"annex": draw(st.sampled_from("ABCDE")), "full_time": draw(st.booleans())},
        "consents": [],
    }  # fmt: skip
    kept = {name: value for name, value in said.items() if draw(st.booleans()) or name == "school_number"}
    typed = {path.replace(".", "-"): "yes" for path in draw(st.lists(st.sampled_from(CLAIMS), unique=True))}
    situation = Situation(kept, directory.school("100001", form), KEYS, TODAY)
    if "special_needs" in kept:
        kept |= read_typed(BY_NAME["circumstances"], typed, situation).parts
    return form, {name: value for name, value in kept.items() if value is not None}


def situation_of(drawn: tuple[str, dict[str, object]]) -> Situation:
    return Situation(drawn[1], directory.school("100001", drawn[0]), KEYS, TODAY)


@given(forms())
def test_what_the_form_needs_is_asked_by_exactly_one_page(drawn: tuple[str, dict[str, object]]) -> None:
    situation = situation_of(drawn)
    needed = {problem.field for problem in read_draft("{}").missing}
    needed |= {"pupil.last_name", "pupil.birth_date", "guardian.last_name", "home.street", "home.city"}
    for path in needed:
        places = [step.name for step in steps_of(situation) if any(_leads(one.path, path) for one in step.fields)]
        assert len(places) == 1 or (path in ("pupil", "guardian", "home") and len(set(places)) == 1), (path, places)


def _leads(path: str, wanted: str) -> bool:
    return path == wanted or (
        path.startswith(f"{wanted}.") and path != "guardian.address" and "guardian.address" not in path
    )


def test_every_part_of_the_form_has_a_page_or_a_reason_to_have_none() -> None:
    asked_for = {one.path for step in STEPS for one in step.fields} | {mark for step in STEPS for mark in step.marks}
    assert set(_unasked(ApplicationForm, asked_for)) == set(NOT_ON_PAGES)


def _unasked(part: type[BaseModel], asked_for: set[str], place: str = "") -> Iterator[str]:
    """Paths of the form that no page asks for: of a part that pages ask for by its fields, each of its fields."""
    for name, field in part.model_fields.items():
        path = f"{place}{name}"
        if any(each.startswith(f"{path}.") for each in asked_for):
            for inner in _parts_in(field.annotation):
                yield from _unasked(inner, asked_for, f"{path}.")
        elif path not in asked_for:
            yield path


def _parts_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _parts_in(each)


@given(forms())
def test_no_page_asks_what_cannot_matter(drawn: tuple[str, dict[str, object]]) -> None:
    situation = situation_of(drawn)
    names = {each.name for each in steps_of(situation)}
    form = KEYS.forms[drawn[0]]
    claims = mapping(drawn[1].get("claims"))
    assert ("track" in names) == (len(form.tracks) > 1 and drawn[1].get("grade") == "EF")
    assert ("course" in names) == bool(form.courses)
    assert not ("branch" in names and drawn[0] in ("G", "H", "R"))
    for page, claim in (("health", "health"), ("refusal", "nearest_refused"), ("second-home", "second_home")):
        assert (page in names) == (claims.get(claim) not in (None, False)), page
    for page, part in (("transport", "transport"), ("other-place", "place_of_teaching"), ("share", "siblings")):
        assert (page in names) == (part in drawn[1]), page


@given(forms())
def test_the_way_on_passes_each_page_once_and_ends_at_the_summary(drawn: tuple[str, dict[str, object]]) -> None:
    situation, passed, name = situation_of(drawn), list[str](), STEPS[0].name
    while name != SUMMARY:
        passed.append(name)
        name = next_after(BY_NAME[name], situation, to_summary=False)
    assert passed == [each.name for each in steps_of(situation)]
    for earlier, later in pairwise(passed):
        assert before(BY_NAME[later], situation) == earlier


@given(forms())
def test_a_page_that_is_sent_as_it_is_shown_changes_nothing(drawn: tuple[str, dict[str, object]]) -> None:
    situation = situation_of(drawn)
    for step in steps_of(situation):
        if step.page in ("consents", "documents") or not step.is_answered(situation):
            continue
        reading = (
            read_share(typed_share(situation), situation)
            if step.page == "share"
            else read_typed(step, typed_from(step, situation), situation)
        )
        change = DraftChange.of(reading.parts)
        after = json.loads(merge_parts(json.dumps(situation.form), change.parts))
        again = Situation(after, situation.school, KEYS, TODAY)
        assert mark_of(values_of(step, again)) == mark_of(values_of(step, situation)), step.name
        assert [each.name for each in steps_of(again)] == [each.name for each in steps_of(situation)]


@pytest.mark.parametrize("form", FORMS)
def test_a_plain_application_has_at_most_twelve_pages_at_every_kind_of_school(form: str) -> None:
    """With the choice among several schools, and the summary."""
    for grade in KEYS.forms[form].grades:
        situation = situation_of((form, {"grade": grade, "school_number": "100001"}))
        usual = [each for each in steps_of(situation) if each.name not in ("track", "course", "course-kind")]
        assert len(usual) + 2 <= 12, (grade, usual)


def test_texts_of_the_pages_are_there_in_both_languages() -> None:
    for step in STEPS:
        for text in (step.title, *(one.label for one in step.fields), *([step.lead] if step.lead else [])):
            assert text.de and text.en


def test_as_many_siblings_are_shown_as_a_form_may_have() -> None:
    most = next(each for each in ApplicationForm.model_fields["siblings"].metadata if isinstance(each, MaxLen))
    many: dict[str, object] = {
        "siblings": [{"birth_date": f"20{year:02}-01-01", "funded": True} for year in range(most.max_length)]
    }
    assert len(typed_share(situation_of(("G", many)))) == 2 * most.max_length


@pytest.mark.parametrize(
    ("problem", "page"),
    [
        ("pupil", "child"), ("pupil.birth_date", "child"), ("home.street", "home"), ("lives_in_nrw", "home"),
        ("guardian.last_name", "guardian"), ("guardian.address.street", "guardian-home"), ("applicant", "guardian"),
        ("siblings.0.birth_date", "share"), ("claims.health.days", "health"), ("second_home.city", "second-home"),
        ("claims.nearest_refused_school", "refusal"), ("transport.kind", "transport"), ("course.annex", "course"),
        ("place_of_teaching.address.street", "other-place"), ("consents.0.version", "consents"), ("grade", "grade"),
    ],
)  # fmt: skip
def test_a_fault_stands_on_the_page_where_it_is_put_right(problem: str, page: str) -> None:
    assert next(step.name for step in STEPS if step.has_place_of(problem)) == page
