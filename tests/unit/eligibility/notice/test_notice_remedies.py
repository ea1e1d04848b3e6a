"""Law tests: from how a notice was delivered to the last day for the action."""

from datetime import UTC, date, datetime

import pytest
from eligibility.domain.desk import Delivery
from eligibility.notice.remedy_period import NOT_YET, PARAMETERS, end_of_period, parameter, remedy, remedy_period

NOON = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)


def by(channel: str, day: date, **changes: bool) -> Delivery:
    return Delivery(channel, day, NOON, "anna", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("notification", "months", "last"),
    [
        (date(2026, 3, 3), 1, date(2026, 4, 7)),  # Good Friday, the weekend, Easter Monday
        (date(2026, 9, 9), 1, date(2026, 10, 9)),  # § 188 (2) BGB: the day of the same number
        (date(2025, 1, 31), 1, date(2025, 2, 28)),  # § 188 (3): the last of a shorter month
        (date(2028, 1, 31), 1, date(2028, 2, 29)),  # leap year
        (date(2027, 1, 28), 1, date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (date(2025, 2, 28), 1, date(2025, 3, 28)),  # not 31 March: the number counts, not the end of the month
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 4, 1), 1, date(2026, 5, 4)),  # 1 May is a holiday, and then comes the weekend
        (date(2026, 5, 4), 1, date(2026, 6, 5)),  # Corpus Christi, a holiday in NRW
        (date(2026, 11, 25), 1, date(2026, 12, 28)),  # Christmas and a weekend
        (date(2026, 12, 1), 1, date(2027, 1, 4)),  # New Year, Saturday, Sunday
        (date(2026, 9, 5), 1, date(2026, 10, 5)),  # a Saturday begins a period as any other day does
        (date(2026, 10, 1), 1, date(2026, 11, 2)),  # All Saints on a Sunday
        (date(2028, 2, 29), 12, date(2029, 2, 28)),  # § 58 (2) VwGO: a year
        (date(2026, 9, 9), 12, date(2027, 9, 9)),
    ],
)
def test_a_month_ends_by_187_and_188_bgb_on_a_working_day(notification: date, months: int, last: date) -> None:
    assert end_of_period(notification, months) == last


@pytest.mark.parametrize(
    ("delivery", "day"),
    [
        (by("post", date(2026, 9, 1)), date(2026, 9, 5)),  # § 41 (2) VwVfG NRW: the fourth day, a Saturday too
        (by("post", date(2024, 12, 31)), date(2025, 1, 3)),  # until 2024 the third
        (by("post", date(2025, 1, 1)), date(2025, 1, 5)),
        (by("download", date(2026, 9, 1), consent=True), date(2026, 9, 2)),  # § 41 (2a): the day after
        (by("mailbox", date(2026, 9, 1), consent=True), date(2026, 9, 5)),  # § 9 OZG
    ],
)
def test_the_day_of_notification_follows_from_the_channel(delivery: Delivery, day: date) -> None:
    assert remedy_period(delivery).notified == day


def test_a_faulty_instruction_makes_the_month_a_year() -> None:
    found = remedy_period(by("post", date(2026, 9, 1), instruction_faulty=True))
    assert found.last_day == date(2027, 9, 6)  # 5 September 2027 is a Sunday
    assert "§ 58 Abs. 2 VwGO" in found.legal_basis


def test_the_first_notification_counts_and_the_period_is_over_the_day_after_its_last() -> None:
    both = [by("post", date(2026, 9, 1)), by("download", date(2026, 9, 1), consent=True)]
    found = remedy(both, announced=None, today=date(2026, 10, 2))
    assert (found.notified, found.last_day, found.over) == (date(2026, 9, 2), date(2026, 10, 2), False)
    assert remedy(both, announced=None, today=date(2026, 10, 3)).over
    assert found.certainty == "unsure"


def test_without_delivery_or_consent_the_period_does_not_run() -> None:
    nothing = remedy([], announced=None, today=date(2026, 5, 1))
    assert (nothing.last_day, nothing.over, nothing.hint) == (None, False, NOT_YET)
    assert remedy([], announced=NOON, today=date(2026, 1, 15)).hint == NOT_YET
    late = remedy([], announced=NOON, today=date(2026, 1, 16))
    assert late.hint is not None and "10 Tagen" in late.hint.de, "ten days from the hint, not from the writing"
    seen = remedy([by("download", date(2026, 1, 6))], announced=None, today=date(2026, 5, 1))
    assert seen.last_day is None
    assert seen.hint is not None and "consent" in seen.hint.en


def test_a_private_body_has_no_period() -> None:
    found = remedy([by("post", date(2026, 9, 1))], announced=None, today=date(2027, 9, 1), administrative_act=False)
    assert (found.last_day, found.over) == (None, False)


def test_every_parameter_says_its_basis_and_how_certain_it_is() -> None:
    assert all(each.legal_basis and each.source and each.certainty for each in PARAMETERS)
    assert parameter("post", date(2024, 12, 31)).value == 3
    assert parameter("post", date(2025, 1, 1)).value == 4
