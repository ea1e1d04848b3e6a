"""Implements Mailbox: the mailboxes of user accounts, as strictly as an operator may be."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from eligibility.domain.dispatch import DispatchId
from eligibility.workflow.delivery.ports import MailboxRefused, Provision
from shared.errors import Text, Unavailable

AWAY = Text("Das Postfach ist nicht erreichbar.", "The mailbox cannot be reached.")


@dataclass
class Mailboxes:
    """`accounts`: those that have one. A notice is taken once: the same again is answered as the first time, and
    another under its id is a fault of who sends it."""

    now: Callable[[], datetime]
    accounts: frozenset[str]
    announces: bool = False
    """It sends a hint of its own, at once."""
    away: bool = False
    taken: dict[DispatchId, tuple[str, bytes, Provision]] = field(default_factory=dict)

    async def provide(self, dispatch_id: DispatchId, account: str, pdf: bytes) -> Provision:
        if self.away:
            raise Unavailable(AWAY)
        if account not in self.accounts:
            raise MailboxRefused
        if not pdf.startswith(b"%PDF-"):
            raise AssertionError("what is put into a mailbox is a PDF")
        known = self.taken.get(dispatch_id)
        if known is not None:
            if known[:2] != (account, pdf):
                raise AssertionError("another notice under the same id")
            return known[2]
        now = self.now()
        provision = Provision(now, now if self.announces else None)
        self.taken[dispatch_id] = (account, pdf, provision)
        return provision
