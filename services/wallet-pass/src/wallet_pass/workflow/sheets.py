"""Cards for a class: a school hands them out to children without a phone, and each who gets one signs."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.database import Transactions
from shared.errors import NotFound, Text

from wallet_pass.domain.name_order import NameOrder, name_order
from wallet_pass.domain.passes import State
from wallet_pass.workflow.ports import HandOut, Printer, ReasonLeftOut, StoredPass, Tables

MOST_APPLICATIONS = 200
"""In one file: some classes. More are printed in parts."""
LEFT_OUT: dict[State, ReasonLeftOut] = {
    State.REVOKED: "revoked",
    State.SUSPENDED: "suspended",
    State.EXPIRED: "expired",
}
NO_CARDS = Text(
    "Zu keinem dieser Anträge gibt es in Ihrem Bereich ein Ticket, das sich drucken lässt.",
    "For none of these applications there is a ticket in your area that can be printed.",
)
_SHEETS = ThreadPoolExecutor(1, thread_name_prefix="sheet")
"""A whole class takes seconds of a processor: one at a time, and families' printouts do not wait for it."""


@dataclass(frozen=True)
class Sheets:
    """What staff print."""

    transactions: Transactions[Tables]
    printer: Printer
    clock: Callable[[], datetime]

    async def sheet(self, application_ids: Sequence[UUID], authority_id: str, by: str) -> bytes:
        """PDF of the cards of these applications, as far as they are of this authority. What was printed is on record.

        Raises:
            NotFound: where nothing can be printed.
        """
        now = self.clock()
        hand_out = await self.transactions.write(lambda tables: take(tables, application_ids, authority_id, by, now))
        return await asyncio.get_running_loop().run_in_executor(_SHEETS, self.printer.sheet, hand_out)


def take(tables: Tables, application_ids: Sequence[UUID], authority_id: str | None, by: str, now: datetime) -> HandOut:
    """What is handed out, sorted; it is on record who printed it.

    Args:
        authority_id: None: of whichever authority.

    Raises:
        NotFound: where nothing can be printed.
    """
    asked = list(dict.fromkeys(application_ids))
    hand_out = collect(asked, tables.passes_of_all(asked, authority_id), now)
    if not hand_out.passes:
        raise NotFound(NO_CARDS)
    tables.note_printed([each.wallet_pass for each in hand_out.passes], by, now)
    return hand_out


def collect(asked: Sequence[UUID], found: Sequence[StoredPass], now: datetime) -> HandOut:
    """Who gets a card, in the order of a class list, and which applications get none and why."""
    reasons: dict[UUID, ReasonLeftOut] = dict.fromkeys(asked, "none")
    printed = list[StoredPass]()
    for kept in found:
        reason = LEFT_OUT.get(kept.wallet_pass.state(now))
        if reason is None:
            printed.append(kept)
        else:
            reasons[kept.wallet_pass.ticket.application_id] = reason
    for kept in printed:
        reasons.pop(kept.wallet_pass.ticket.application_id, None)
    return HandOut(sorted(printed, key=_order), list(reasons.items()), now)


def in_parts(whole: HandOut, most: int = MOST_APPLICATIONS) -> Iterator[HandOut]:
    """Files of so many cards; what was left out stands in the last."""
    starts = range(0, len(whole.passes), most)
    for part, start in enumerate(starts, 1):
        yield replace(
            whole,
            passes=whole.passes[start : start + most],
            left_out=whole.left_out if part == len(starts) else (),
            first_place=start + 1,
            part=part,
            parts=len(starts),
        )


def _order(kept: StoredPass) -> NameOrder:
    ticket = kept.wallet_pass.ticket
    return name_order(ticket.last_name, ticket.first_name)
