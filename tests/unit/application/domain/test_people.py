"""When a pupil is of age, what a person may do, and how long an invitation is good."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from application.checks.keys import age_on
from application.domain.ids import ApplicationId, InvitationId
from application.domain.people import (
    MAY,
    OF_AGE,
    VALID,
    FamilyAct,
    Invitation,
    InvitationKind,
    PersonKind,
    comes_of_age_on,
)
from hypothesis import given
from hypothesis import strategies as st
from shared.birth_dates import PartlyKnownDate

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_of_age_is_from_the_first_day_on_which_one_has_eighteen_years(born: date) -> None:
    day = comes_of_age_on(born)
    assert age_on(day, born) == OF_AGE and age_on(day - timedelta(days=1), born) == OF_AGE - 1


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
        (PartlyKnownDate(2008), date(2026, 12, 31)),
        (PartlyKnownDate(2008, 2), date(2026, 3, 1)),
    ],
)
def test_a_leap_day_and_what_is_known_in_part_count_as_the_latest_day(born: date, day: date) -> None:
    assert comes_of_age_on(born) == day


def test_who_helps_looks_writes_and_hands_in_and_the_owner_does_all() -> None:
    assert MAY[PersonKind.OWNER] == set(FamilyAct)
    assert MAY[PersonKind.HELPER] == {FamilyAct.LOOK, FamilyAct.WRITE, FamilyAct.HAND_IN}


def test_an_invitation_is_open_until_it_is_used_or_seven_days_are_over() -> None:
    one = Invitation(
        InvitationId(UUID(int=1)), ApplicationId(UUID(int=2)), b"d", InvitationKind.HELPER, NOW, NOW + VALID
    )
    assert one.is_open(NOW) and one.is_open(NOW + timedelta(days=7, microseconds=-1))
    assert not one.is_open(NOW + timedelta(days=7))
    used = Invitation(one.id, one.application_id, b"d", one.kind, NOW, NOW + VALID, used_at=NOW)
    assert not used.is_open(NOW)
    assert "token_digest" not in repr(one)
