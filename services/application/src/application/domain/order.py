"""In which order things happened, whatever the clocks of three services say. Pure.

Each service tells its news by a clock of its own, and hours may lie between them. So what must come before what is
taken from what the news say of each other: a ticket follows the decision that carries it, its steps are counted, a pass
follows its ticket, a decision the changes that are in it. Only where they say nothing the clocks decide.
"""

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence

from application.domain.timeline import APPLICATION_WITHDRAWN, EntryKind, TimelineEntry

Kind = EntryKind
KINDS = list(EntryKind)
DECIDED = (Kind.GRANTED, Kind.REFUSED, Kind.SHARE_CHANGED)
Name = tuple[str, str]
"""What is told of: a kind of thing and its id."""
MAKES = {
    Kind.GRANTED: "decision",
    Kind.REFUSED: "decision",
    Kind.TICKET_ISSUED: "ticket",
    Kind.ANSWERED: "message",
    Kind.DOCUMENT_ADDED: "message",
    Kind.MESSAGE_FILED: "filed message",
    Kind.LOSS_REPORTED: "loss",
    Kind.WITHDRAWN: "withdrawal",
}
"""A thing that is there once this was told, by its reference."""
NEEDS = {
    Kind.GRANT_ENDED: (("decision", "reference"),),
    Kind.APPLICATION_DUE: (("decision", "reference"),),
    Kind.SELF_PAYER_CHOSEN: (("decision", "reference"),),
    Kind.SHARE_CHANGED: (("decision", "decision"),),
    Kind.TICKET_ISSUED: (("decision", "decision"),),
    Kind.DELIVERY_CHANGED: (("decision", "decision"),),
    Kind.NOTICE_RETRIEVED: (("decision", "decision"),),
    Kind.TICKET_KEPT: (("decision", "decision"),),
    Kind.TICKET_REPLACED: (("ticket", "reference"), ("ticket", "ticket")),
    Kind.PASS_READY: (("ticket", "reference"), ("ticket", "ticket")),
    Kind.LINK_RENEWED: (("ticket", "ticket"),),
    Kind.LINK_ENDED: (("ticket", "ticket"),),
    Kind.LOSS_REPORTED: (("ticket", "ticket"),),
    Kind.LOSS_REFUSED: (("loss", "reference"),),
    Kind.MESSAGE_FILED: (("message", "reference"),),
    Kind.MESSAGE_READ: (("message", "reference"), ("filed message", "reference")),
    Kind.DOCUMENT_REMOVED: (("message", "reference"),),
    Kind.CHANGE_SETTLED: (("change", "reference"),),
}
"""Things that must be there before, by what names them in the news."""
AFTER_WITHDRAWAL = {(Kind.GRANT_ENDED, APPLICATION_WITHDRAWN), (Kind.TICKET_REVOKED, "withdrawn")}
"""Ended because the family withdrew."""


def in_order(news: Iterable[TimelineEntry]) -> Sequence[TimelineEntry]:
    """What caused another first; of what may come next, the earliest by its own clock."""
    told = sorted(news, key=_by_clock)
    before = _causes(told)
    left = {number: len(causes) for number, causes in before.items()}
    follow: dict[int, list[int]] = {number: [] for number in before}
    for number, causes in before.items():
        for cause in causes:
            follow[cause].append(number)
    ready = [number for number, count in left.items() if count == 0]
    ordered = []
    while left:
        # news that name each other in a circle, which none of ours do, come by their clocks
        number = heapq.heappop(ready) if ready else min(left)
        if left.pop(number, None) is None:
            continue
        ordered.append(told[number])
        for each in follow[number]:
            if each in left:
                left[each] -= 1
                if left[each] == 0:
                    heapq.heappush(ready, each)
    return ordered


def _by_clock(news: TimelineEntry) -> tuple[object, ...]:
    return news.at, KINDS.index(news.kind), news.step, news.reference


def _causes(told: Sequence[TimelineEntry]) -> dict[int, set[int]]:
    """For each piece of news, by its place in `told`: what came before it."""
    makers: dict[Name, list[int]] = {}
    for number, each in enumerate(told):
        for name in _makes(each):
            makers.setdefault(name, []).append(number)
    found = {number: {one for name in _needs(each) for one in makers.get(name, ())} for number, each in enumerate(told)}
    steps: dict[str, list[tuple[int, int]]] = {}
    for number, each in enumerate(told):
        found[number].discard(number)
        if each.step:
            steps.setdefault(_ticket_of(each), []).append((each.step, number))
    for counted in steps.values():
        for step, number in counted:
            earlier = [other for other, _ in counted if other < step]
            found[number] |= {one for other, one in counted if earlier and other == max(earlier)}
    return found


def _makes(news: TimelineEntry) -> Iterator[Name]:
    """What is there once this was told."""
    if news.kind in MAKES:
        yield MAKES[news.kind], news.reference
    if news.kind is Kind.ANSWERED and (number := _change_number(news)):
        yield "change", str(number)


def _needs(news: TimelineEntry) -> Iterator[Name]:
    """What must be there before this is told."""
    for thing, names in NEEDS.get(news.kind, ()):
        yield thing, {"reference": news.reference, "decision": news.decision_id, "ticket": news.ticket_id}[names] or ""
    if news.kind in DECIDED:
        yield from (("change", str(each)) for each in range(1, _change_number(news) + 1))
    if (news.kind, news.reason) in AFTER_WITHDRAWAL:
        yield "withdrawal", ""


def _ticket_of(news: TimelineEntry) -> str:
    """A replacement is told with the ticket that takes the place."""
    return news.reference if news.kind is Kind.TICKET_REPLACED else news.ticket_id or news.reference


def _change_number(news: TimelineEntry) -> int:
    """Of an answer its own, of a decision the newest that is in it; 0: told without one."""
    return int(json.loads(news.detail).get("change_number") or 0)
