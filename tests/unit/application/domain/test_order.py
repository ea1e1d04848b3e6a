"""The order in which things happened, and how an application stands, whatever three clocks say.

A story is drawn with its true moments. Each service tells its part by a clock of its own, which may be hours off, and
the signer's may step back in between; what is told comes late, twice and in any order.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from application.domain.order import in_order
from application.domain.status import current_status
from application.domain.timeline import APPLICATION_WITHDRAWN, EntryKind, TimelineEntry
from hypothesis import given, settings
from hypothesis import strategies as st

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
Kind = EntryKind
FAMILY, ELIGIBILITY, SIGNER, WALLET = "family", "eligibility", "signer", "wallet"
SAID_BY = {
    **dict.fromkeys((Kind.ANSWERED, Kind.WITHDRAWN, Kind.LOSS_REPORTED, Kind.SELF_PAYER_CHOSEN), FAMILY),
    **dict.fromkeys((Kind.LINK_RENEWED, Kind.LINK_ENDED), FAMILY),
    **dict.fromkeys((each for each in Kind if each.startswith("ticket_")), SIGNER),
    Kind.PASS_READY: WALLET,
}
"""All else is told by eligibility."""
HOURS = st.floats(min_value=-3, max_value=3, allow_nan=False)


@st.composite
def stories(draw: st.DrawFn) -> list[TimelineEntry]:
    """What happened, in its true order; a minute between each."""
    told: list[TimelineEntry] = [TimelineEntry(Kind.REVIEW_OPENED, START, "case")] if draw(st.booleans()) else []

    def tell(kind: EntryKind, reference: str = "", **more: object) -> None:
        told.append(TimelineEntry(kind, START, reference, **more))  # type: ignore[arg-type]

    for round_ in range(1, draw(st.integers(1, 3)) + 1):
        decision, ticket = f"d{round_}", f"t{round_}"
        if round_ > 1:
            tell(Kind.ANSWERED, f"a{round_}", detail=json.dumps({"change_number": round_ - 1}))
            tell(Kind.GRANT_ENDED, f"d{round_ - 1}", reason="decided_anew")
        number = {"change_number": round_ - 1} if round_ > 1 else {}
        tell(Kind.GRANTED, decision, detail=json.dumps(number))
        tell(Kind.TICKET_ISSUED, ticket, decision_id=decision, step=1)
        tell(Kind.PASS_READY, ticket)
        step = 1
        for what in draw(st.lists(st.sampled_from(["switch", "renew"]), max_size=5)):
            step += 1
            switched = [each.kind for each in told if each.ticket_id == ticket and each.kind is not Kind.TICKET_RENEWED]
            is_suspended = bool(switched) and switched[-1] is Kind.TICKET_SUSPENDED
            kind = Kind.TICKET_RESTORED if is_suspended else Kind.TICKET_SUSPENDED
            tell(Kind.TICKET_RENEWED if what == "renew" else kind, f"{ticket}-{step}", ticket_id=ticket, step=step)
    if draw(st.booleans()):
        tell(Kind.WITHDRAWN)
        tell(Kind.GRANT_ENDED, decision, reason=APPLICATION_WITHDRAWN)
        tell(Kind.TICKET_REVOKED, ticket, reason="withdrawn", step=step + 1)
    return [replace(each, at=START + timedelta(minutes=minute)) for minute, each in enumerate(told)]


def told_by_their_clocks(
    story: Sequence[TimelineEntry], off: dict[str, float], steps_back_at: int | None
) -> list[TimelineEntry]:
    """`steps_back_at`: from then on the signer's clock is an hour behind what it was."""
    found = []
    for place, each in enumerate(story):
        who = SAID_BY.get(each.kind, ELIGIBILITY)
        hours = off.get(who, 0.0)
        if who == SIGNER and steps_back_at is not None and place >= steps_back_at:
            hours -= 1
        found.append(replace(each, at=each.at + timedelta(hours=hours)))
    return found


OFF = st.fixed_dictionaries({ELIGIBILITY: HOURS, SIGNER: HOURS, WALLET: HOURS})


@settings(max_examples=300)
@given(stories(), OFF, st.none() | st.integers(0, 30), st.randoms())
def test_the_same_state_and_the_causes_first_whatever_the_clocks_say(
    story: list[TimelineEntry], off: dict[str, float], back: int | None, random: Callable[..., object]
) -> None:
    told = told_by_their_clocks(story, off, back)
    random.shuffle(told)  # type: ignore[attr-defined]
    # 1. how it stands, as with clocks that agree
    true, seen = current_status(story), current_status(told)
    assert (seen.status, seen.ticket) == (true.status, true.ticket)
    assert (seen.decision and seen.decision.reference) == (true.decision and true.decision.reference)
    # 2. each piece of news once, and no effect before its cause
    order = [(each.kind, each.reference) for each in in_order(told)]
    assert sorted(order) == sorted((each.kind, each.reference) for each in story)
    place = {name: number for number, name in enumerate(order)}
    for earlier, later in causes(story):
        assert place[earlier] < place[later], f"{later} before {earlier}"


Name = tuple[EntryKind, str]


def causes(story: Sequence[TimelineEntry]) -> list[tuple[Name, Name]]:
    """Written down apart from the code: pairs of what must have happened first and what then."""
    names = [(each, (each.kind, each.reference)) for each in story]
    pairs: list[tuple[Name, Name]] = []
    for each, name in names:
        for other, other_name in names:
            ticket = each.ticket_id or each.reference
            if each.kind is Kind.TICKET_ISSUED and other_name == (Kind.GRANTED, each.decision_id):
                pairs.append((other_name, name))
            if each.kind is Kind.PASS_READY and other_name == (Kind.TICKET_ISSUED, each.reference):
                pairs.append((other_name, name))
            if each.step and other.step and (other.ticket_id or other.reference) == ticket and other.step < each.step:
                pairs.append((other_name, name))
            if each.kind is Kind.GRANT_ENDED and other_name == (Kind.GRANTED, each.reference):
                pairs.append((other_name, name))
            if each.kind is Kind.GRANTED and other.kind is Kind.ANSWERED and other.reference[1:] == each.reference[1:]:
                pairs.append((other_name, name))
            if each.reason in (APPLICATION_WITHDRAWN, "withdrawn") and other.kind is Kind.WITHDRAWN:
                pairs.append((other_name, name))
    return pairs


def test_a_ticket_that_was_restored_by_a_clock_that_went_back_is_good() -> None:
    """As it was found: suspended by a clock half an hour ahead, restored when it was right again."""
    ahead = START + timedelta(minutes=30)
    story = [
        TimelineEntry(Kind.GRANTED, START, "d"),
        TimelineEntry(Kind.TICKET_ISSUED, START, "t", decision_id="d", step=1),
        TimelineEntry(Kind.PASS_READY, START, "t"),
        TimelineEntry(Kind.TICKET_SUSPENDED, ahead, "s2", ticket_id="t", step=2),
    ]
    assert current_status(story).status == "suspended"
    assert (
        current_status([*story, TimelineEntry(Kind.TICKET_RESTORED, START, "s3", ticket_id="t", step=3)]).status
        == "pass_ready"
    )
    assert (
        current_status([*story, TimelineEntry(Kind.TICKET_TOLD, START, "s3", ticket_id="t", step=3)]).status
        == "pass_ready"
    )


def test_news_that_name_each_other_in_a_circle_all_come() -> None:
    circle = [
        TimelineEntry(Kind.SHARE_CHANGED, START, "s", decision_id="d"),
        TimelineEntry(Kind.TICKET_KEPT, START, "k", decision_id="d", ticket_id="k", step=1),
        TimelineEntry(Kind.GRANTED, START, "d", detail=json.dumps({"change_number": 1})),
        TimelineEntry(Kind.ANSWERED, START, "a", detail=json.dumps({"change_number": 1})),
    ]
    assert len(in_order(circle)) == len(circle)
