"""What `eligibility` asks, a family can answer at `application`: walked over every question that the rules make."""

import ast
from pathlib import Path

import eligibility
import pytest
from application.checks.answering import BY_RULE, answerable
from application.form import CHANGEABLE
from eligibility.rules import to_family, to_prove
from eligibility.workflow.decision.duplicates import DUPLICATE
from eligibility.workflow.decision.share_proof import UNPROVEN
from eligibility.workflow.family.share_change import HEARD
from shared.errors import Text

SOURCE = Path(eligibility.__file__).parent
NAMED = {"DUPLICATE": DUPLICATE, "UNPROVEN": UNPROVEN, "HEARD": HEARD}
BY_THE_AUTHORITY = frozenset(
    ("change", "distance", "doubt", "duplicate", "facts", "family", "heard_before", "identity", "nearest_school",
     "no_way", "renewal", "school_year")
)  # fmt: skip
"""Of these the authority finds out itself, or another application or sign-in is needed."""
FITS: list[tuple[str, Text, tuple[str, ...]]] = [
    ("contradiction", to_family.HOME_ELSEWHERE, ("home", "lives_in_nrw")),
    ("contradiction", to_family.BIRTH_TOO_LATE, ("pupil",)),
    ("contradiction", to_family.AGE_AND_GRADE, ("pupil", "grade")),
    ("contradiction", to_family.AGE_AND_FORM, ("pupil", "school_number", "grade")),
    ("contradiction", to_family.TRACK_ELSEWHERE, ("school_number", "track")),
    ("contradiction", to_family.COURSE_ELSEWHERE, ("school_number", "course")),
    ("contradiction", to_family.DISTRICT_CLASS_ELSEWHERE, ("course",)),
    ("contradiction", to_family.YEAR_13, ("grade", "track")),
    ("contradiction", to_family.LEAVES_BEFORE_START, ("wanted_from", "leaves_on")),
    ("limit", to_family.SCHOOL_AND_GRADE, ("school_number", "grade")),
    ("limit", to_family.TRACK, ("track",)),
    ("applicant", to_family.BIRTH_DATE, ("pupil",)),
    ("own_share", to_family.BIRTH_DATE, ("pupil",)),
    ("birth_date", to_family.EXACT_BIRTH_DATE, ("pupil",)),
    ("bearer", to_family.LIVES_IN_THE_AREA, ("lives_in_authority_area", "home")),
    ("own_branch", to_prove.OWN_BRANCH, ("claims",)),
    ("unproven", to_prove.WHAT_IS_PROVEN, ("siblings", "benefits")),
]


def asked_rules() -> set[str]:
    """The rules by whose names questions are made; an authority's own conditions have names of its own."""
    made = [
        call.args[0]
        for file in SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "question"
    ]
    names = {NAMED[each.id] for each in made if isinstance(each, ast.Name) and each.id in NAMED}
    return names | {each.value for each in made if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_question_of_the_rules_can_be_answered_by_the_form_or_a_document() -> None:
    asked = asked_rules()
    assert len(asked) > 25
    assert {each for each in asked if each not in BY_RULE} == BY_THE_AUTHORITY
    assert {part for each in BY_RULE.values() for part in each.parts} <= CHANGEABLE


@pytest.mark.parametrize(
    ("rule", "words", "parts"), FITS, ids=lambda each: each.en[:30] if isinstance(each, Text) else ""
)
def test_the_parts_that_a_question_speaks_of_answer_it(rule: str, words: Text, parts: tuple[str, ...]) -> None:
    assert set(parts) <= set(answerable(rule).parts), words.de
