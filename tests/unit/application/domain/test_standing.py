"""How an application stands follows from the news, in whatever order they were heard."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from application.domain.status import Status, current_status
from application.domain.timeline import APPLICATION_WITHDRAWN, EntryKind, TimelineEntry
from hypothesis import given
from hypothesis import strategies as st

START = datetime(2026, 6, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


REVIEWED = TimelineEntry(EntryKind.REVIEW_OPENED, at(1), "case")
GRANTED = TimelineEntry(EntryKind.GRANTED, at(2), "d1")
REFUSED = TimelineEntry(EntryKind.REFUSED, at(2), "d1")
ISSUED = TimelineEntry(EntryKind.TICKET_ISSUED, at(3), "t1", decision_id="d1")
READY = TimelineEntry(EntryKind.PASS_READY, at(4), "t1")
ENDED = TimelineEntry(EntryKind.GRANT_ENDED, at(5), "d1", reason="facts_changed")
REVOKED = TimelineEntry(EntryKind.TICKET_REVOKED, at(6), "t1", reason="withdrawn")
GRANTED_ANEW = TimelineEntry(EntryKind.GRANTED, at(7), "d2")
ISSUED_ANEW = TimelineEntry(EntryKind.TICKET_ISSUED, at(8), "t2", decision_id="d2")
READY_ANEW = TimelineEntry(EntryKind.PASS_READY, at(9), "t2")
TAKEN_BACK = TimelineEntry(EntryKind.WITHDRAWN, at(10))
CLOSED = TimelineEntry(EntryKind.GRANT_ENDED, at(11), "", reason=APPLICATION_WITHDRAWN)

ONE_DECISION = [REVIEWED, GRANTED, ISSUED, READY, REVOKED, ENDED]
EVERYTHING = [*ONE_DECISION, GRANTED_ANEW, ISSUED_ANEW, READY_ANEW, TAKEN_BACK, CLOSED, REFUSED]


@pytest.mark.parametrize(
    ("news", "status"),
    [
        ([], Status.SUBMITTED),
        ([REVIEWED], Status.IN_REVIEW),
        ([REVIEWED, GRANTED], Status.GRANTED),
        ([REVIEWED, REFUSED], Status.REFUSED),
        ([GRANTED, ISSUED], Status.TICKET_ISSUED),
        ([GRANTED, ISSUED, READY], Status.PASS_READY),
        ([GRANTED, ISSUED, READY, REVOKED], Status.REVOKED),
        ([GRANTED, ISSUED, READY, ENDED], Status.REVOKED),
        ([TAKEN_BACK], Status.WITHDRAWN),
        ([CLOSED], Status.WITHDRAWN),
        ([GRANTED, ISSUED, READY, TAKEN_BACK, REVOKED], Status.WITHDRAWN),
    ],
)
def test_the_usual_ways_end_where_they_should(news: list[TimelineEntry], status: Status) -> None:
    assert current_status(news).status is status


def test_a_pass_heard_of_before_its_ticket_and_its_grant_is_ready() -> None:
    assert current_status([READY]).status is Status.PASS_READY
    assert current_status([READY, GRANTED]).status is Status.PASS_READY
    assert current_status([READY, GRANTED]).ticket == "t1"


def test_a_ticket_revoked_before_it_was_heard_of_stays_revoked() -> None:
    assert current_status([REVOKED]).status is Status.REVOKED
    assert current_status([REVOKED, READY, ISSUED, GRANTED]).status is Status.REVOKED


def test_an_ended_grant_takes_its_ticket_along() -> None:
    assert current_status([ENDED, READY, GRANTED]).status is Status.REVOKED


def test_a_grant_after_a_refusal_begins_anew() -> None:
    assert current_status([REFUSED, GRANTED_ANEW]).status is Status.GRANTED
    assert current_status([REFUSED, GRANTED_ANEW, ISSUED_ANEW]).status is Status.TICKET_ISSUED


def test_a_new_decision_has_its_own_ticket_and_not_the_old_one() -> None:
    told = [*ONE_DECISION, GRANTED_ANEW]
    assert current_status(told).status is Status.GRANTED
    assert current_status([*told, ISSUED_ANEW, READY_ANEW]).ticket == "t2"
    assert current_status([GRANTED, ISSUED, READY, REFUSED_LATER]).status is Status.REFUSED


REFUSED_LATER = TimelineEntry(EntryKind.REFUSED, at(7), "d3")


@given(st.permutations(EVERYTHING), st.integers(0, len(EVERYTHING)))
def test_the_order_of_arrival_makes_no_difference(news: Sequence[TimelineEntry], count: int) -> None:
    heard = list(news[:count])
    assert current_status(heard) == current_status(sorted(heard, key=lambda each: each.at))
    assert current_status([*heard, *heard]) == current_status(heard)


@given(st.permutations(ONE_DECISION))
def test_within_one_decision_the_status_never_goes_back(news: Sequence[TimelineEntry]) -> None:
    ranks = [current_status(news[:count]).status.rank for count in range(len(news) + 1)]
    assert ranks == sorted(ranks)


@given(st.permutations([REVIEWED, REFUSED]))
def test_a_refusal_is_not_undone_by_a_late_review(news: Sequence[TimelineEntry]) -> None:
    assert current_status(news).status is Status.REFUSED


@given(st.permutations(EVERYTHING), st.integers(0, len(EVERYTHING)))
def test_a_withdrawal_is_final_whatever_is_heard(news: Sequence[TimelineEntry], count: int) -> None:
    assert current_status([TAKEN_BACK, *news[:count]]).status is Status.WITHDRAWN
