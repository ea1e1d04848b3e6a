"""What this service tells a signer that was put back to an older copy: the tickets that passes bear."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.questions import PassesQuestion, PassesReply, PassOut

from wallet_pass.domain.passes import Pass

PAGE = 20
"""Passes: about 32 kB of the 64 that a reply may have."""
_OF_TICKET = ("ticket_id", "application_id", "authority_id", "number", "organisation_id", "product", "first_name",
              "last_name", "birth_date", "valid_from", "valid_until", "vdv", "qr")  # fmt: skip


class Store(Protocol):
    def page_by_ticket(self, after: UUID | None, limit: int) -> Sequence[Pass]:
        """By the ticket's id, from the one after `after` on; None: from the first."""


@dataclass(frozen=True)
class ToldBack:
    """Answers; changes nothing."""

    transactions: Transactions[Store]

    async def passes(self, question: PassesQuestion) -> PassesReply:
        """PAGE passes from the ticket after `after` on, revoked ones too."""
        page = await self.transactions.read(lambda store: store.page_by_ticket(question.after, PAGE))
        return PassesReply(passes=tuple(map(_out, page)), is_last=len(page) < PAGE)


def _out(one: Pass) -> PassOut:
    ticket = {name: getattr(one.ticket, name) for name in _OF_TICKET}
    return PassOut(**ticket, is_revoked=one.revoked_at is not None, is_suspended=one.suspended, last_day=one.early_end)
