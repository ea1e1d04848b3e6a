"""The ticket on paper, for whom it must not be a phone. Who prints must not get a code that is not good."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from shared.database import Transactions
from shared.errors import NotFound, Text

from wallet_pass.domain.passes import State
from wallet_pass.workflow.ports import PaperKind, Printer, StoredPass, Tables

NO_PRINTOUT = {
    State.REVOKED: Text(
        "Dieses Ticket ist gesperrt. Es lässt sich nicht mehr drucken.",
        "This ticket is revoked. It can no longer be printed.",
    ),
    State.SUSPENDED: Text(
        "Dieses Ticket ist ausgesetzt. Bis es wieder freigegeben ist, lässt es sich nicht drucken.",
        "This ticket is suspended. It cannot be printed until it is restored.",
    ),
    State.EXPIRED: Text(
        "Dieses Ticket ist abgelaufen. Es lässt sich nicht mehr drucken.",
        "This ticket has expired. It can no longer be printed.",
    ),
}
"""A ticket that is not valid yet is printed: families print it before the first day of school."""
_SINGLE = ThreadPoolExecutor(1, thread_name_prefix="paper")
"""However many families print at once, one processor is enough for them, and the others stay free."""


@dataclass(frozen=True)
class Printouts:
    """Sets the printouts of passes as they are now."""

    transactions: Transactions[Tables]
    printer: Printer
    clock: Callable[[], datetime]

    async def printout(self, kept: StoredPass, kind: PaperKind) -> bytes:
        """The sheet or the card as PDF. It is set each time: 50 ms of a thread of its own, and never an older state.

        Raises:
            NotFound: for a ticket that is not good any more, with the reason.
        """
        refuse_printout(kept, self.clock())
        draw = self.printer.ticket if kind == "ticket" else self.printer.card
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_SINGLE, draw, kept.wallet_pass, kept.design)


def refuse_printout(kept: StoredPass, now: datetime) -> None:
    """Raises NotFound, with the reason, for a ticket that nobody may print now."""
    reason = NO_PRINTOUT.get(kept.wallet_pass.state(now))
    if reason is not None:
        raise NotFound(reason)
