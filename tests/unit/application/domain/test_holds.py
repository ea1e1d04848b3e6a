"""What holds an application back from being erased, as a table of lives and days."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from application.domain.retention import HOLDS, HoldKind, holds_of
from application.domain.timeline import EntryKind, TimelineEntry

DECIDED = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
GRANT = TimelineEntry(EntryKind.GRANTED, DECIDED, "d1", detail=json.dumps({"valid_until": "2027-07-31"}))
REFUSAL = TimelineEntry(EntryKind.REFUSED, DECIDED, "d2")
CHANGE = TimelineEntry(
    EntryKind.ANSWERED, DECIDED + timedelta(days=1), "c1", detail=json.dumps({"change_number": 1, "changed": ["home"]})
)
ENDED = TimelineEntry(EntryKind.GRANT_ENDED, DECIDED + timedelta(days=2), "d1", reason="moved")
WITHDRAWN = TimelineEntry(EntryKind.WITHDRAWN, DECIDED + timedelta(days=3))
REVIEW = TimelineEntry(EntryKind.REVIEW_OPENED, DECIDED, "case")
TICKET, PERIOD, LOOKED_AT = HoldKind.TICKET, HoldKind.PERIOD, HoldKind.REVIEW


@pytest.mark.parametrize(
    ("news", "days", "held"),
    [
        ((), 10, []),
        ((REVIEW,), 10, []),
        ((GRANT,), 10, [TICKET, PERIOD]),
        ((GRANT,), 396, [TICKET]),
        ((GRANT,), 424, [TICKET]),
        ((GRANT,), 426, []),
        ((GRANT, ENDED), 10, [PERIOD]),
        ((GRANT, ENDED), 396, []),
        ((GRANT, WITHDRAWN), 10, []),
        ((REFUSAL,), 394, [PERIOD]),
        ((REFUSAL,), 395, []),
        ((REFUSAL, CHANGE), 10, [PERIOD, LOOKED_AT]),
        ((REFUSAL, CHANGE), 500, [LOOKED_AT]),
    ],
)
def test_a_running_ticket_a_period_for_an_action_and_a_refusal_under_review_hold(
    news: tuple[TimelineEntry, ...], days: int, held: list[HoldKind]
) -> None:
    assert [each.kind for each in holds_of(news, DECIDED + timedelta(days=days))] == held


def test_the_period_is_the_authoritys_figure() -> None:
    later = DECIDED + timedelta(days=50)
    assert [each.kind for each in holds_of((REFUSAL,), later, 60)] == [PERIOD]
    assert holds_of((REFUSAL,), later, 40) == []


def test_each_hold_says_why_in_both_languages_on_which_basis_and_how_certain_that_is() -> None:
    assert set(HOLDS) == set(HoldKind)
    for rule in HOLDS.values():
        assert rule.why.de and rule.why.en and rule.legal_basis and rule.source
        assert rule.certainty in ("sure", "memory", "unsure")
