"""A class list means the pupils whom it names: tolerant of spelling, exact in the birth date, and never a guess."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from application.checks.class_list import ListedPupil
from application.domain.attendance import AttendingPupil, Pupil
from application.domain.ids import ApplicationId
from application.domain.pupil_names import Likeness, compare_first_names, compare_last_names, grade_of_class
from application.workflow.attendance.comparison import compare_list
from hypothesis import given, settings
from hypothesis import strategies as st
from shared.birth_dates import PartlyKnownDate

BORN = date(2016, 3, 1)
LAST = (
    "Müller",
    "von der Heide",
    "Öztürk",
    "Łukasiewicz",
    "O’Neill",
    "Meyer-Schmidt",
    "Yılmaz",
    "Nguyễn",
    "Groß",
    "Ionescu-Țepeș",
)
FIRST = ("Jörg", "Anna Maria", "Zoë", "Can", "Eva", "Ida", "Noah", "Süheyla", "Émile", "Bo", "İlkay")
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace("ü", "ue").replace("ö", "oe").replace("Ö", "Oe").replace("ß", "ss"),
    lambda text: text.replace("-", " "),
    lambda text: text.replace("’", "'"),
    lambda text: "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each)),
    lambda text: f"  {text}  ".strip(),
    lambda text: text.encode("cp1252", "replace").decode("cp1252"),
)


def pupil(number: int, last: str, first: str, born: date | PartlyKnownDate = BORN, grade: str = "05") -> AttendingPupil:
    seen = Pupil(first, last, born, grade)
    return AttendingPupil(ApplicationId(UUID(int=number)), "10261", "168890", "2026/27", seen)


def line(number: int, last: str, first: str, born: date | PartlyKnownDate = BORN, name: str = "5b") -> ListedPupil:
    return ListedPupil(number, last, first, born, name)


CHILDREN = st.lists(
    st.tuples(st.sampled_from(LAST), st.sampled_from(FIRST), st.integers(0, 40)), min_size=1, max_size=25, unique=True
)


@settings(max_examples=60)
@given(CHILDREN, st.randoms(use_true_random=False))
def test_a_list_in_any_order_and_spelling_says_of_each_pupil_what_the_true_one_says(
    children: list[tuple[str, str, int]], luck: random.Random
) -> None:
    """Of each child that is alone with its last name and birth date; of others at least never another child's line."""
    pupils = [
        pupil(number, last, first, BORN + timedelta(days=day)) for number, (last, first, day) in enumerate(children)
    ]
    order = list(range(len(children)))
    luck.shuffle(order)
    lines = []
    for number in order:
        last, first, day = children[number]
        spell = luck.choice(SPELLINGS)
        lines.append(line(number, spell(last), spell(first), BORN + timedelta(days=day)))
    found = compare_list(lines, pupils)
    for each in (*found.matches, *found.differing):
        assert each.listed.line == int(each.pupil.application_id), "a line was given to another child"
    assert len(found.matches) == len(children), "some child was not found"
    assert found.unknown == 0 and not found.not_listed


@settings(max_examples=60)
@given(CHILDREN, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_pupils_changes_nothing(
    children: list[tuple[str, str, int]], luck: random.Random
) -> None:
    pupils = [pupil(each, last, first) for each, (last, first, _) in enumerate(children)]
    lines = [line(each, last[:-1] + "x", first) for each, (last, first, _) in enumerate(children)]
    before = compare_list(lines, pupils)
    luck.shuffle(pupils)
    luck.shuffle(lines)
    after = compare_list(lines, pupils)
    pairs = [{(each.listed.line, each.pupil.application_id) for each in found.differing} for found in (before, after)]
    assert pairs[0] == pairs[1]
    assert before.unknown == after.unknown


def test_twins_with_names_alike_are_told_apart_or_not_guessed() -> None:
    anna, maria = pupil(1, "Kaya", "Anna"), pupil(2, "Kaya", "Anna Maria")
    both = compare_list([line(1, "Kaya", "Anna Maria"), line(2, "Kaya", "Anna")], [anna, maria])
    assert {(each.listed.line, int(each.pupil.application_id)) for each in both.matches} == {(1, 2), (2, 1)}
    one = compare_list([line(1, "Kaya", "A. M.")], [anna, maria])
    assert not one.matches and not one.differing
    unsure = compare_list([line(1, "Kaya", "Anna")], [pupil(1, "Kaya", "Anna"), pupil(2, "Kaya", "Anna")])
    assert len(unsure.unsure) == 1 and len(unsure.unsure_pupils) == 2 and not unsure.matches


def test_a_letter_lost_in_an_export_stands_for_none_that_the_export_can_write_and_never_for_a_guess() -> None:
    lost = compare_list([line(1, "?en", "?eyma")], [pupil(1, "Şen", "Şeyma")])
    assert len(lost.matches) == 1
    kept = compare_list([line(1, "?en", "Can")], [pupil(1, "Men", "Can")])
    assert not kept.matches
    two = compare_list([line(1, "?en", "Can")], [pupil(1, "Şen", "Can"), pupil(2, "Ğen", "Can")])
    assert not two.matches and len(two.unsure) == 1


def test_one_pupil_in_two_classes_is_not_guessed_and_one_in_one_class_twice_is_one() -> None:
    kaya = pupil(1, "Kaya", "Can")
    assert compare_list([line(1, "Kaya", "Can"), line(2, "KAYA", "can")], [kaya]).repeated == 1
    two = compare_list([line(1, "Kaya", "Can"), line(2, "Kaya", "Can", name="5c")], [kaya])
    assert not two.matches and len(two.unsure) == 2


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        (line(1, "Kaja", "Can"), ["last_name"]),
        (line(1, "Kaya", "Can", BORN + timedelta(days=1)), ["birth_date"]),
        (line(1, "Kaya", "Can", name="6a"), ["grade"]),
        (line(1, "Kaya", "Can", name="IFK"), []),
        (line(1, "Kaya", "Can", PartlyKnownDate(2016)), []),
        (line(1, "Kaya-Demir", "Can"), ["last_name"]),
    ],
)
def test_what_differs_is_named(told: ListedPupil, parts: list[str]) -> None:
    found = compare_list([told], [pupil(1, "Kaya", "Can")])
    assert [each.part for match in (*found.matches, *found.differing) for each in match.differences] == parts
    assert len(found.matches) + len(found.differing) == 1


@pytest.mark.parametrize(
    "told",
    [line(1, "Berg", "Can"), line(1, "Kaya", "Ben"), line(1, "Kaya", "Cem", date(2015, 1, 1)),
     line(1, "Kaja", "Can", date(2015, 1, 1)), line(1, "Kaya", "Can", PartlyKnownDate(2015, 1))],
)  # fmt: skip
def test_another_child_is_no_match(told: ListedPupil) -> None:
    found = compare_list([told], [pupil(1, "Kaya", "Can")])
    assert (len(found.matches), found.unknown) == (0, 1) or found.differing
    if found.differing:
        assert told.last_name == "Kaya" and told.first_name == "Can", "only another birth date may be asked about"


def test_a_whole_school_is_compared() -> None:
    pupils = [pupil(each, f"{LAST[each % 9]}{each % 211}", FIRST[each % 10], BORN + timedelta(each % 3000))
              for each in range(1500)]  # fmt: skip
    lines = [line(each, f"{LAST[each % 9]}{each % 211}", FIRST[each % 10], BORN + timedelta(each % 3000))
             for each in range(5000)]  # fmt: skip
    found = compare_list(lines, pupils)
    assert len(found.matches) + len(found.unsure_pupils) == 1500


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [("Müller", "Mueller", Likeness.EXACT), ("von der Heide", "Heide", Likeness.EXACT), ("Groß", "GROSS", Likeness.EXACT),
     ("O’Neill", "O'Neill", Likeness.EXACT), ("Meyer-Schmidt", "Meyer", Likeness.LIKE), ("Meier", "Meyer", Likeness.LIKE),
     ("Al-Hassan", "El Hassan", Likeness.EXACT), ("Li", "Lu", Likeness.OTHER), ("Kaya", "Berg", Likeness.OTHER)],
)  # fmt: skip
def test_last_names_are_compared(one: str, other: str, likeness: Likeness) -> None:
    assert compare_last_names(one, other) is compare_last_names(other, one) is likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [("Anna Maria", "Anna-Maria", Likeness.EXACT), ("Anna Maria", "Anna", Likeness.SAME), ("Zoë", "Zoe", Likeness.EXACT),
     ("Jonas", "Jonah", Likeness.LIKE), ("Can", "Cem", Likeness.OTHER), ("", "Anna", Likeness.OTHER)],
)  # fmt: skip
def test_given_names_are_compared(one: str, other: str, likeness: Likeness) -> None:
    assert compare_first_names(one, other) is compare_first_names(other, one) is likeness


@pytest.mark.parametrize(
    ("name", "grade"),
    [("5b", "05"), ("05A", "05"), ("10c", "10"), ("EF", "EF"), ("EFa", "EF"), ("Q1-2", "Q1"), ("13", "13"),
     ("Klasse 7", "07"), ("IFK", None), ("BK12", None), ("14a", None), ("", None)],
)  # fmt: skip
def test_a_class_says_its_grade_or_nothing(name: str, grade: str | None) -> None:
    assert grade_of_class(name) == grade


def test_a_match_that_is_said_already_is_known() -> None:
    found = compare_list([line(1, "Kaya", "Can")], [pupil(1, "Kaya", "Can")])
    assert not found.matches[0].is_known
    assert replace(found.matches[0]).answer.class_name == "5b"
