"""The link to a ticket's page, as the family has it: which address counts, after whatever the family did with links.
Pure."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from application.domain.timeline import EntryKind, TimelineEntry

ACTS = (EntryKind.LINK_RENEWED, EntryKind.LINK_ENDED)
LOST = "lost"
"""The reason of the signer's."""
_ENDS = (EntryKind.TICKET_REVOKED, EntryKind.TICKET_REPLACED)
MOST_ACTS = 10
ACTS_WITHIN = timedelta(days=1)
"""Our own choice: each makes the passes of all phones anew, and nobody needs more in a day."""


def pass_page(news: Sequence[TimelineEntry], ticket: str | None) -> str | None:
    """The address of this ticket's page; None where there is none yet, or the family has ended it.

    An address has the number of the act that gave it, 0 the one with which its pass began. It counts unless a later act
    was about its ticket, or the act of its own number ended it: a changed ticket keeps the pass, and so its address.
    """
    ended = {number_of(each) for each in news if each.kind is EntryKind.LINK_ENDED}
    acts = [number_of(each) for each in news if each.kind in ACTS and each.ticket_id == ticket]
    found = [
        (number, url) for number, url in _told(news, ticket) if number not in ended and number >= max(acts, default=0)
    ]
    return max(found)[1] if found else None


def is_astray(news: Sequence[TimelineEntry], since: datetime) -> bool:
    """Whether a loss, or an act on a link, says that what was handed out before may be with a stranger: nothing of it
    leads to the link that counts now."""
    return any(
        each.at > since
        and (each.kind in (*ACTS, EntryKind.LOSS_REPORTED) or (each.kind in _ENDS and each.reason == LOST))
        for each in news
    )


def next_number(news: Sequence[TimelineEntry]) -> int:
    """Of the family's next act: higher than that of each act and each address so far."""
    acts = [number_of(each) for each in news if each.kind in ACTS]
    told = [int(json.loads(each.detail).get("link") or 0) for each in news if each.kind is EntryKind.PASS_READY]
    return max([*acts, *told, 0]) + 1


def newest_act(news: Sequence[TimelineEntry]) -> TimelineEntry | None:
    """What the family did last with a link."""
    return max((each for each in news if each.kind in ACTS), key=number_of, default=None)


def count_acts(news: Sequence[TimelineEntry], now: datetime) -> int:
    """Within the time in which there are at most `MOST_ACTS`."""
    return sum(each.kind in ACTS and each.at > now - ACTS_WITHIN for each in news)


def number_of(act: TimelineEntry) -> int:
    """Of what the family did with a link."""
    return int(act.reference)


def _told(news: Sequence[TimelineEntry], ticket: str | None) -> Iterator[tuple[int, str]]:
    for each in news:
        if each.kind is EntryKind.PASS_READY and (each.ticket_id or each.reference) == ticket:
            detail = json.loads(each.detail)
            if url := detail.get("pass_url"):
                yield int(detail.get("link") or 0), url
