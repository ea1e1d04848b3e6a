"""How an application stands follows from what was heard of it, by the steps of its table alone and by each of them."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from application.domain.status import STATUSES, Status, current_status
from application.domain.timeline import APPLICATION_WITHDRAWN, EntryKind, TimelineEntry

START = datetime(2026, 6, 1, tzinfo=UTC)
STORIES = 2000
OF_A_TICKET = [
    EntryKind.TICKET_SUSPENDED,
    EntryKind.TICKET_RESTORED,
    EntryKind.TICKET_TOLD,
    EntryKind.TICKET_RENEWED,
]


def story(draw: random.Random) -> list[TimelineEntry]:
    """Two decisions, with tickets that live, and perhaps a withdrawal, at whatever moments; heard in whatever order."""

    def at() -> datetime:
        return START + timedelta(minutes=draw.randrange(100))

    told = [TimelineEntry(EntryKind.REVIEW_OPENED, at(), "case")]
    if draw.random() < 0.2:
        told.append(TimelineEntry(EntryKind.WITHDRAWN, at()))
    if draw.random() < 0.2:
        told.append(TimelineEntry(EntryKind.GRANT_ENDED, at(), reason=APPLICATION_WITHDRAWN))
    for decision in ("1", "2"):
        told += _decision(draw, decision, at())
    draw.shuffle(told)
    return told if draw.random() < 0.5 else sorted(told, key=lambda each: each.at)


def _decision(draw: random.Random, decision: str, at: datetime) -> Iterator[TimelineEntry]:
    if draw.random() < 0.4:
        yield TimelineEntry(EntryKind.REFUSED, at, decision)
        return
    yield TimelineEntry(EntryKind.GRANTED, at, decision)
    if draw.random() < 0.4:
        detail = draw.choice(["{}", '{"ends_on": "2026-12-01"}'])
        yield TimelineEntry(EntryKind.GRANT_ENDED, at + timedelta(minutes=50), decision, detail=detail)
    for ticket in (f"{decision}a", f"{decision}b")[: draw.randrange(3)]:
        at += timedelta(minutes=draw.randrange(20))
        yield TimelineEntry(EntryKind.TICKET_ISSUED, at, ticket, decision_id=decision, step=1)
        yield TimelineEntry(EntryKind.PASS_READY, at, ticket)
        steps = range(2, 2 + draw.randrange(4))
        for step in steps:
            kind = draw.choice(OF_A_TICKET)
            yield TimelineEntry(kind, at + timedelta(minutes=step), f"{ticket}{step}", ticket_id=ticket, step=step)
        if draw.random() < 0.4:
            yield TimelineEntry(EntryKind.TICKET_REVOKED, at + timedelta(minutes=9), ticket, step=steps.stop)


@pytest.fixture(scope="module")
def steps() -> Counter[tuple[Status, Status]]:
    """Every change that one more piece of news has made of a status, and how often."""
    draw, found = random.Random(16), Counter[tuple[Status, Status]]()
    for _ in range(STORIES):
        heard: list[TimelineEntry] = []
        before = current_status(heard).status
        for each in story(draw):
            heard.append(each)
            after = current_status(heard).status
            found[before, after] += after is not before
            before = after
    return found


@pytest.mark.parametrize(("before", "after"), [each for each in product(Status, Status) if each[0] is not each[1]])
def test_a_status_takes_each_step_of_its_table_and_no_other(
    steps: Counter[tuple[Status, Status]], before: Status, after: Status
) -> None:
    assert (steps[before, after] > 0) is (after in STATUSES.follows[before])


def test_an_application_begins_as_its_table_says() -> None:
    assert STATUSES.begin(current_status([]).status) is Status.SUBMITTED


def test_what_ended_before_the_family_withdrew_does_not_hide_the_withdrawal() -> None:
    """A service that was put back to an older copy knows of a withdrawal by what eligibility tells alone."""
    granted = TimelineEntry(EntryKind.GRANTED, START, "1")
    ended = TimelineEntry(EntryKind.GRANT_ENDED, START + timedelta(minutes=1), "1", reason="facts_changed")
    closed = TimelineEntry(EntryKind.GRANT_ENDED, START + timedelta(minutes=2), reason=APPLICATION_WITHDRAWN)
    assert current_status([granted, ended, closed]).status is Status.WITHDRAWN
