"""For how long an application is kept follows from what became of it, in whatever order that was heard."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from application.domain.retention_terms import (
    CaseState,
    RetentionTerms,
    final_at,
    keeping_of,
    last_day_of_grants,
    sensitive_until,
)
from application.domain.timeline import EntryKind, TimelineEntry
from hypothesis import given
from hypothesis import strategies as st

SUBMITTED = datetime(2026, 5, 4, 9, tzinfo=UTC)
TERMS = RetentionTerms()
YEAR = "2026/27"


def entry(kind: EntryKind, days: int = 10, **detail: object) -> TimelineEntry:
    return TimelineEntry(kind, SUBMITTED + timedelta(days=days), str(uuid4()), detail=json.dumps(detail))


def grant(until: str | None = None, days: int = 10) -> TimelineEntry:
    return entry(EntryKind.GRANTED, days, **({"valid_until": until} if until else {}))


def end_of(granted: TimelineEntry, days: int) -> TimelineEntry:
    return TimelineEntry(EntryKind.GRANT_ENDED, SUBMITTED + timedelta(days=days), granted.reference)


WITHDRAWN = TimelineEntry(EntryKind.WITHDRAWN, SUBMITTED + timedelta(days=20))
GRANT = grant("2027-07-31T21:59:59Z")


@pytest.mark.parametrize(
    ("news", "state", "until"),
    [
        ([], CaseState.UNDECIDED, datetime(2028, 7, 31, tzinfo=UTC)),
        ([entry(EntryKind.REVIEW_OPENED)], CaseState.UNDECIDED, datetime(2028, 7, 31, tzinfo=UTC)),
        ([WITHDRAWN], CaseState.WITHDRAWN, WITHDRAWN.at + timedelta(days=90)),
        ([entry(EntryKind.REFUSED)], CaseState.REFUSED, SUBMITTED + timedelta(days=10 + 395 + 365)),
        ([GRANT], CaseState.GRANTED, datetime(2027, 8, 1, tzinfo=UTC) + timedelta(days=3653)),
        ([GRANT, WITHDRAWN], CaseState.GRANTED, datetime(2027, 8, 1, tzinfo=UTC) + timedelta(days=3653)),
        ([GRANT, end_of(GRANT, 150)], CaseState.GRANTED, datetime(2026, 10, 2, tzinfo=UTC) + timedelta(days=3653)),
        ([grant("2028-07-31")], CaseState.GRANTED, datetime(2028, 8, 1, tzinfo=UTC) + timedelta(days=3653)),
    ],
    ids=["nothing", "review", "withdrawn", "refused", "granted", "granted-withdrawn", "ended", "carried-on"],
)
def test_the_state_of_the_case_says_for_how_long(news: list[TimelineEntry], state: CaseState, until: datetime) -> None:
    keeping = keeping_of(news, SUBMITTED, YEAR, TERMS)
    assert (keeping.state, keeping.until) == (state, until)


KINDS = (EntryKind.REVIEW_OPENED, EntryKind.QUESTION_ASKED, EntryKind.GRANTED, EntryKind.REFUSED,
         EntryKind.SHARE_CHANGED, EntryKind.WITHDRAWN, EntryKind.TICKET_ISSUED, EntryKind.MESSAGE_READ)  # fmt: skip
news_of_any = st.lists(st.builds(entry, st.sampled_from(KINDS), st.integers(0, 700)), max_size=6)
terms_of_any = st.builds(
    RetentionTerms, **{name: st.integers(0, 4000) for name in ("undecided_days", "withdrawn_days", "refused_days",
                                                               "granted_days", "sensitive_days")}
)  # fmt: skip


@given(news=news_of_any, terms=terms_of_any, data=st.data())
def test_the_order_of_the_news_does_not_matter_and_no_setting_is_shorter_than_the_term_of_the_action(
    news: list[TimelineEntry], terms: RetentionTerms, data: st.DataObject
) -> None:
    keeping = keeping_of(news, SUBMITTED, YEAR, terms)
    assert keeping_of(data.draw(st.permutations(news)), SUBMITTED, YEAR, terms) == keeping
    final = final_at(news, terms.action_days)
    assert keeping.until >= max(final or SUBMITTED, SUBMITTED)
    sensitive = sensitive_until(news, terms)
    assert sensitive is None or (final is not None and sensitive >= final)


@given(terms=terms_of_any, more=st.integers(0, 500), news=news_of_any)
def test_longer_periods_never_erase_earlier(terms: RetentionTerms, more: int, news: list[TimelineEntry]) -> None:
    longer = RetentionTerms(**{name: days + more for name, days in vars(terms).items()})
    assert keeping_of(news, SUBMITTED, YEAR, longer).until >= keeping_of(news, SUBMITTED, YEAR, terms).until


def test_documents_stay_while_nothing_is_decided_or_a_change_is_under_review() -> None:
    refused = entry(EntryKind.REFUSED)
    changed = entry(EntryKind.ANSWERED, 30, changed=["pupil"], change_number=1)
    assert sensitive_until([], TERMS) is None
    assert sensitive_until([refused, changed], TERMS) is None
    assert sensitive_until([refused], TERMS) == refused.at + timedelta(days=395)


def test_a_grant_lasts_no_longer_than_it_was_ended_and_the_latest_counts() -> None:
    first, second = grant("2027-07-31", 5), grant("2028-07-31", 300)
    assert last_day_of_grants([first, end_of(first, 60), second], YEAR).isoformat() == "2028-07-31"
    assert last_day_of_grants([first, end_of(first, 60)], YEAR).isoformat() == "2026-07-03"
