"""What this service tells a signer that was put back to an older copy: the tickets that passes bear."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.pages import count_fitting
from shared.questions import PassesQuestion, PassesReply, PassOut

from wallet_pass.domain.passes import Pass

PAGE = 20
"""Passes at most: about 32 kB; of long names and codes fewer fit into a reply."""
_OF_TICKET = ("ticket_id", "application_id", "authority_id", "number", "organisation_id", "product", "first_name",
              "last_name", "birth_date", "valid_from", "valid_until", "vdv", "qr")  # fmt: skip


class Store(Protocol):
    def page_by_ticket(self, after: UUID | None, limit: int) -> Sequence[Pass]:
        """By the ticket's id, from the one after `after` on; None: from the first."""


@dataclass(frozen=True)
class EventReplies:
    """Answers; changes nothing."""

    transactions: Transactions[Store]

    async def passes(self, question: PassesQuestion) -> PassesReply:
        """Passes from the ticket after `after` on, revoked ones too; PAGE of them at most."""
        page = await self.transactions.read(lambda store: store.page_by_ticket(question.after, PAGE))
        found = [_out(each) for each in page]
        count = count_fitting(found)
        return PassesReply(passes=tuple(found[:count]), is_last=len(page) < PAGE and count == len(page))


def _out(one: Pass) -> PassOut:
    ticket = {name: getattr(one.ticket, name) for name in _OF_TICKET}
    return PassOut(**ticket, is_revoked=one.revoked_at is not None, is_suspended=one.suspended, last_day=one.early_end)
