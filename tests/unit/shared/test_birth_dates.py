"""A birth date of which only the year or the month is known: read, shown, compared; never made a day of."""

import pickle
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from shared.birth_dates import BirthDate, PartlyKnownDate, earliest, latest, may_be_the_same, parse_birth_date
from shared.events import Sibling
from shared.formats import format_birth_date

IN_PART = st.builds(PartlyKnownDate, st.integers(1900, 2100), st.integers(0, 12))
BORN = st.one_of(st.dates(date(1900, 1, 1), date(2100, 12, 31)), IN_PART)
WRITTEN: TypeAdapter[BirthDate] = TypeAdapter(BirthDate)


@given(BORN)
def test_what_is_written_is_read_as_the_same(born: BirthDate) -> None:
    assert parse_birth_date(born.isoformat()) == born
    assert WRITTEN.validate_json(WRITTEN.dump_json(born)) == born
    assert WRITTEN.dump_json(born) == f'"{born.isoformat()}"'.encode()
    assert WRITTEN.dump_python(born) == born == pickle.loads(pickle.dumps(born)) == deepcopy(born)


@given(BORN)
def test_a_part_of_an_event_is_made_again_from_what_it_holds(born: BirthDate) -> None:
    told = Sibling(birth_date=born, funded=True)
    assert Sibling(**told.model_dump()) == told and Sibling(**told.model_dump(mode="json")) == told


def test_it_never_changes() -> None:
    with pytest.raises(AttributeError):
        PartlyKnownDate(2015).year = 2016
    assert len({PartlyKnownDate(2015), PartlyKnownDate(2015, 0), PartlyKnownDate(2015, 3)}) == 2


@given(BORN, st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_may_be_the_same_exactly_where_its_known_parts_are(born: BirthDate, day: date) -> None:
    known = [part for part in born.isoformat().split("-") if part != "00"]
    assert may_be_the_same(born, day) == (day.isoformat().split("-")[: len(known)] == known)
    assert earliest(born) <= latest(born)


@pytest.mark.parametrize(
    ("written", "german", "english"),
    [
        ("2015-00-00", "2015", "2015"),
        ("2015-06-00", "06.2015", "06.2015"),
        ("2015-06-03", "03.06.2015", "3 June 2015"),
    ],
)
def test_it_is_shown_as_far_as_it_is_known(written: str, german: str, english: str) -> None:
    born = parse_birth_date(written)
    assert (format_birth_date(born, "de"), format_birth_date(born, "en")) == (german, english)


@pytest.mark.parametrize("text", ["2015-00-03", "2015-13-00", "0000-00-00", "2015", "2015-02-30", "٢٠١٥-00-00", ""])
def test_what_is_no_date_and_no_part_of_one_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        WRITTEN.validate_python(text)
