"""One child where an application knows its birth date only in part; what is kept of a full date stays as it was."""

import random
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from eligibility.domain.child import Applicant, Child, NamingCase, applicant_of, is_near_day, likeness, marks, marks_of
from eligibility.domain.family import Ties
from eligibility.domain.ids import CaseId
from eligibility.domain.kept_facts import KeptFacts
from eligibility.domain.keys import Key, Keys
from eligibility.domain.submission import Submission
from shared.birth_dates import BirthDate, PartlyKnownDate, less_known, may_be_the_same
from support.eligibility.pupils import Town
from support.making import make

BORN = date(2015, 3, 12)
YEAR, MONTH = PartlyKnownDate(2015), PartlyKnownDate(2015, 3)
HERE, THERE = Ties("account", "home"), Ties("another account", "another home")
KEYS = Keys(Key(b"l" * 32), (Key(b"k" * 32),))


def applicant(
    first: str, last: str, born: BirthDate, *siblings: BirthDate, tied: Ties = HERE, school: str = "1"
) -> Applicant:
    return Applicant(Child(first, last, born), tied, school, siblings)


def like(me: Applicant, other: Applicant, **more: object) -> str | None:
    """Whichever comes first. Where they are alike, each finds the other, and holds it up."""
    found = make(likeness, me, other, **more)
    assert found == make(likeness, other, me, **more)
    if found is not None:
        one, two = (marks_of(each.child, "1", "2026/27", KEYS) for each in (me, other))
        assert one.sought & two.newest and two.sought & one.newest and one.held & two.held
    return found


@pytest.mark.parametrize(("one", "other"), [(BORN, YEAR), (BORN, MONTH), (MONTH, YEAR)])
def test_one_name_is_likely_one_child_wherever_it_lives(one: BirthDate, other: BirthDate) -> None:
    far: dict[str, object] = {"tied": THERE, "school": "2"}
    assert like(applicant("Ali", "Yılmaz", one), make(applicant, "Ali", "Yilmaz", other, **far)) == "likely"
    assert like(applicant("Ali", "Yılmaz", one), make(applicant, "Yilmaz", "Ali", other, **far)) == "likely"
    assert like(applicant("Ali", "Yılmaz", one), applicant("Ali", "Yılmazz", other)) == "likely"
    assert like(applicant("Ali", "Yılmaz", one), applicant("Alli", "Yılmaz", other)) == "likely"
    assert like(applicant("Ali", "Yılmaz", one), make(applicant, "Ali", "Yılmazz", other, **far)) is None
    assert like(applicant("Tim", "Yılmaz", one), applicant("Tom", "Yılmaz", other)) is None


def test_of_one_child_both_may_know_the_year_alone() -> None:
    assert like(applicant("Ali", "Kaya", YEAR), applicant("Ali", "Kaya", YEAR)) == "certain"
    assert like(applicant("Ali", "Kaya", YEAR), applicant("Alli", "Kaya", YEAR)) == "likely"
    assert like(applicant("Ali", "Kaya", YEAR), applicant("Ali", "Kaya", PartlyKnownDate(2016))) == "likely"
    assert like(applicant("Ali", "Kaya", YEAR), applicant("Ali", "Kaya", PartlyKnownDate(2025))) == "likely"
    assert like(applicant("Ali", "Kaya", YEAR), applicant("Ali", "Kaya", date(2032, 3, 12))) is None


def test_a_brother_who_is_named_is_another_child() -> None:
    me, other = applicant("Mohammed", "Ali", YEAR, BORN), applicant("Mohammed Amin", "Ali", BORN, YEAR)
    assert like(me, other) is None
    assert like(me, replace(other, siblings=())) == "likely"  # a brother may be invented: both must name each other
    assert like(applicant("Mohammed", "Ali", YEAR, BORN), applicant("Mohammed", "Ali", BORN)) == "likely"
    assert like(applicant("Mohammed", "Ali", YEAR), applicant("Mohammed Amin", "Ali", BORN)) == "likely"


def test_what_is_not_known_is_no_typing_error() -> None:
    assert is_near_day(YEAR, date(2016, 7, 1)) and is_near_day(MONTH, date(2015, 4, 12))
    assert not is_near_day(YEAR, date(2037, 7, 1)) and not is_near_day(MONTH, date(2016, 4, 12))


def test_what_is_kept_of_a_full_date_is_what_was_kept_before() -> None:
    before = {"2015-03-12\x1fmia", "2015-03-12\x1fkaya", "names\x1fkaya\x1fmia"}
    assert marks(Child("Mia", "Kaya", BORN)) == before | {"2015-03-12\x1f~m"}  # and what is heard of the name
    found = marks_of(Child("Mia", "Kaya", BORN), "1", "2026/27", KEYS)
    assert (
        sorted(found.newest)[0]
        == sorted(marks_of(Child("Mia", "Kaya", BORN), "1", "2026/27", Keys(KEYS.newest)).every)[0]
    )
    assert len(found.newest) == 4 and len(found.every) == 8 and len(found.wider) == 12 and not found.closer


@pytest.mark.parametrize("seed", range(2))
def test_whoever_is_one_child_is_found_whatever_is_known_of_its_birth(seed: int) -> None:
    drawn = random.Random(seed)
    for pupil in Town(seed, 300).pupils(300):
        child = pupil.child
        known = drawn.choice([child.birth_date, *less_known(child.birth_date)])
        again = Applicant(Child(child.first_name, child.last_name, known), pupil.ties, pupil.school_number, ())
        assert may_be_the_same(known, child.birth_date)
        assert like(pupil, again) is not None


def test_a_kept_case_is_read_as_it_was_told() -> None:
    said: Submission = {"child": {"first_name": "Ali", "last_name": "Kaya"}, "birth_date": "2015-00-00"}
    told: KeptFacts = {
        "siblings": [{"birth_date": "2012-06-00"}],
        "unproven": {"siblings": [{"birth_date": "2013-01-02"}]},
    }
    found = applicant_of(NamingCase(CaseId(uuid4()), "1", said, told, None, has_ticket=False), None)
    assert found is not None and found.child.birth_date == YEAR
    assert found.siblings == (PartlyKnownDate(2012, 6), date(2013, 1, 2))
