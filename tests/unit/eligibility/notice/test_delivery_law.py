"""Delivery by law: one row for each way a notice can go, with what the day of notification and the last day follow from.

Sources: § 41 Abs. 2, 2a VwVfG (federal text; for NRW StGB NRW 784/2024), § 9 Abs. 1 OZG, §§ 57, 58, 74 VwGO, § 222 ZPO,
§§ 187, 188 BGB, OVG Lüneburg 7 PA 184/06 (the day of notification is not moved): docs/sources/identity-and-delivery.md.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from eligibility.domain.desk import Delivery
from eligibility.notice.holidays import is_working_day
from eligibility.notice.remedy_period import (
    CAME_BACK,
    NO_CONSENT,
    TOO_LATE,
    counts,
    is_announced_in_time,
    remedy,
    remedy_period,
    retrieve_until,
)
from hypothesis import given
from hypothesis import strategies as st
from shared.calendar import day_in_berlin
from shared.errors import Text

BERLIN = ZoneInfo("Europe/Berlin")


def at(day: str, hour: str = "12:00") -> datetime:
    """A moment in Germany, as it is kept: in UTC."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), BERLIN).astimezone(UTC)


def post(day: str, **more: object) -> Delivery:
    return Delivery("post", date.fromisoformat(day), at(day), "anna", **more)  # type: ignore[arg-type]


def portal(day: str, announced: str | None, **more: object) -> Delivery:
    hint = at(announced) if announced else None
    return Delivery("download", date.fromisoformat(day), at(day), "family", True, announced_at=hint, **more)  # type: ignore[arg-type]


def mailbox(provided: datetime, announced: datetime | None, **more: object) -> Delivery:
    day = day_in_berlin(provided)
    return Delivery("mailbox", day, provided, "delivery", provided_at=provided, announced_at=announced, **more)  # type: ignore[arg-type]


def read_in_mailbox(day: str, **more: object) -> Delivery:
    return Delivery("retrieval", date.fromisoformat(day), at(day), "family", **more)  # type: ignore[arg-type]


ROWS: list[tuple[str, list[Delivery], str | None, str | None, str]] = [
    # channel and facts, the deliveries, notified, last day, what it rests on
    ("post: the fourth day, a Saturday too", [post("2026-09-01")], "2026-09-05", "2026-10-05", "§ 41 Abs. 2"),
    ("post: the fourth day, a Sunday too", [post("2026-09-02")], "2026-09-06", "2026-10-06", "§ 41 Abs. 2"),
    ("post: the fourth day, Christmas Day too", [post("2026-12-21")], "2026-12-25", "2027-01-25", "§ 41 Abs. 2"),
    ("post: until 2024 the third", [post("2024-12-31")], "2025-01-03", "2025-02-03", "bis 2024"),
    ("post: from 2025 the fourth", [post("2025-01-01")], "2025-01-05", "2025-02-05", "§ 41 Abs. 2 VwVfG NRW"),
    ("post over the change to summer time", [post("2026-03-27")], "2026-03-31", "2026-04-30", "§ 41 Abs. 2"),
    ("post: the end on a Sunday moves", [post("2026-05-17")], "2026-05-21", "2026-06-22", "§ 222 ZPO"),
    ("post: the end on a holiday moves over the weekend", [post("2026-03-28")], "2026-04-01", "2026-05-04", "§ 222"),
    ("post: the end over New Year", [post("2026-11-27")], "2026-12-01", "2027-01-04", "§ 222 ZPO"),
    ("post: 31 January ends with February", [post("2027-01-27")], "2027-01-31", "2027-03-01", "§§ 187 Abs. 1, 188"),
    ("post with a faulty instruction: a year", [post("2026-09-01", instruction_faulty=True)],
     "2026-09-05", "2027-09-06", "§ 58 Abs. 2 VwGO"),
    ("post that came back", [post("2026-09-01", failed_at=at("2026-09-10"))], None, None, ""),
    ("post that came back, and another", [post("2026-09-01", failed_at=at("2026-09-10")), post("2026-09-14")],
     "2026-09-18", "2026-10-19", "§ 41 Abs. 2"),
    ("portal: the day after retrieval", [portal("2026-09-04", "2026-09-01")], "2026-09-05", "2026-10-05", "Abs. 2a"),
    ("portal: on the tenth day after the hint", [portal("2026-09-11", "2026-09-01")],
     "2026-09-12", "2026-10-12", "Abs. 2a"),
    ("portal: on the eleventh it has ended", [portal("2026-09-12", "2026-09-01")], None, None, ""),
    ("portal: before the hint, with consent", [portal("2026-09-01", None)], "2026-09-02", "2026-10-02", "Abs. 2a"),
    ("portal: without consent", [replace(portal("2026-09-01", None), consent=False)], None, None, ""),
    ("portal: retrieved, and the hint came back later", [portal("2026-09-02", "2026-09-01", failed_at=at("2026-09-05"))],
     "2026-09-03", "2026-10-05", "Abs. 2a"),
    ("portal that lapsed, then a letter", [portal("2026-09-20", "2026-09-01"), post("2026-09-14")],
     "2026-09-18", "2026-10-19", "§ 41 Abs. 2"),
    ("mailbox: the fourth day after provision", [mailbox(at("2026-09-01"), at("2026-09-01", "12:01"))],
     "2026-09-05", "2026-10-05", "§ 9 Abs. 1 OZG"),
    ("mailbox: the hint in the last minute of the day", [mailbox(at("2026-09-01", "08:00"), at("2026-09-01", "23:59"))],
     "2026-09-05", "2026-10-05", "§ 9 Abs. 1 OZG"),
    ("mailbox: the hint a minute past midnight", [mailbox(at("2026-09-01", "23:59"), at("2026-09-02", "00:00"))],
     None, None, ""),
    ("mailbox: late in UTC, early in Germany", [mailbox(at("2026-09-01", "00:30"), at("2026-09-01", "00:31"))],
     "2026-09-05", "2026-10-05", "§ 9 Abs. 1 OZG"),
    ("mailbox: no hint", [mailbox(at("2026-09-01"), None)], None, None, ""),
    ("mailbox: excluded", [mailbox(at("2026-09-01"), at("2026-09-01"), excluded=True)], None, None, ""),
    ("mailbox: the hint came back", [mailbox(at("2026-09-01"), at("2026-09-01"), failed_at=at("2026-09-02"))],
     None, None, ""),
    ("mailbox: no hint, but retrieved", [mailbox(at("2026-09-01"), None), read_in_mailbox("2026-09-09")],
     "2026-09-09", "2026-10-09", "erster Abruf"),
    ("mailbox: retrieved early, and the fiction holds",
     [mailbox(at("2026-09-01"), at("2026-09-01")), read_in_mailbox("2026-09-07")],
     "2026-09-05", "2026-10-05", "§ 9 Abs. 1 OZG"),
    ("mailbox: first retrieval before a renewed notification", [read_in_mailbox("2026-09-16"), post("2026-09-14")],
     "2026-09-16", "2026-10-16", "erster Abruf"),
    ("mailbox noted by a person with consent", [Delivery("mailbox", date(2026, 9, 1), at("2026-09-01"), "anna", True)],
     "2026-09-05", "2026-10-05", "§ 9 Abs. 1 OZG"),
]  # fmt: skip


@pytest.mark.parametrize(("deliveries", "notified", "last_day", "basis"), [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])  # fmt: skip
def test_what_really_happened_gives_the_day_of_notification_and_the_last_day(
    deliveries: list[Delivery], notified: str | None, last_day: str | None, basis: str
) -> None:
    found = remedy(deliveries, announced=None, today=date(2026, 9, 30))
    assert (found.notified and found.notified.isoformat(), found.last_day and found.last_day.isoformat()) == (
        notified,
        last_day,
    )
    assert basis in found.legal_basis
    assert (found.hint is None) == (notified is not None), "it is said why a period does not run, and only then"


@pytest.mark.parametrize(
    ("deliveries", "hint"),
    [
        ([post("2026-09-01", failed_at=at("2026-09-10"))], CAME_BACK),
        ([mailbox(at("2026-09-01"), None)], TOO_LATE),
        ([replace(portal("2026-09-01", None), consent=False)], NO_CONSENT),
    ],
)
def test_why_the_period_does_not_run_is_said_with_its_reason(deliveries: list[Delivery], hint: Text) -> None:
    assert remedy(deliveries, announced=None, today=date(2026, 9, 30)).hint == hint


DAYS = st.dates(date(2025, 1, 1), date(2032, 12, 31))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))


@given(day=DAYS, channel=st.sampled_from(["post", "download", "mailbox", "retrieval"]))
def test_no_day_is_earlier_than_the_law_has_it_and_every_end_is_a_working_day(day: date, channel: str) -> None:
    found = remedy_period(Delivery(channel, day, at("2025-01-01"), "anna", True))  # type: ignore[arg-type]
    assert found.notified - day == timedelta(days={"post": 4, "download": 1, "mailbox": 4, "retrieval": 0}[channel])
    assert is_working_day(found.last_day)
    # the shortest month has 28 days; over Easter, Christmas and New Year no end moves by more than four
    assert timedelta(days=28) <= found.last_day - found.notified <= timedelta(days=31 + 4)


@given(sent=MOMENTS)
def test_the_ten_days_are_counted_in_germanys_days_whatever_the_hour_and_the_season(sent: datetime) -> None:
    until = retrieve_until(sent)
    assert until is not None
    assert until - day_in_berlin(sent) == timedelta(days=10)
    for day, is_in_time in ((until, True), (until + timedelta(days=1), False)):
        late = Delivery("download", day, sent, "family", consent=True, announced_at=sent)
        assert counts(late) is is_in_time


@given(provided=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=2)))
def test_a_hint_is_in_time_on_the_day_of_provision_as_germany_has_it(provided: datetime, later: timedelta) -> None:
    announced = provided + later
    assert is_announced_in_time(provided, announced) is (day_in_berlin(provided) == day_in_berlin(announced))


@given(deliveries=st.lists(st.builds(
    Delivery, channel=st.sampled_from(["post", "download", "mailbox", "retrieval"]), day=DAYS,
    noted_at=st.just(at("2025-01-01")), noted_by=st.just("anna"), consent=st.booleans(),
    excluded=st.booleans(), failed_at=st.none() | st.just(at("2026-01-01")),
), max_size=6))  # fmt: skip
def test_the_first_effective_notification_decides_in_whatever_order_it_was_noted(deliveries: list[Delivery]) -> None:
    found = remedy(deliveries, announced=None, today=date(2026, 1, 1))
    again = remedy(list(reversed(deliveries)), announced=None, today=date(2026, 1, 1))
    assert (found.notified, found.last_day) == (again.notified, again.last_day)
    effective = [remedy_period(each).notified for each in deliveries if counts(each)]
    assert found.notified == min(effective, default=None)
