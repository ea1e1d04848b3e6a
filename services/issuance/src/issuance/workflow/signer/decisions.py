"""Which decisions this process has heard of, told to an eligibility that was put back to an older copy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.errors import Text, Unavailable
from shared.questions import DecisionsQuestion, DecisionsReply

BEHIND = Text("Der Signierer holt selbst gerade auf.", "The signer is catching up itself just now.")


class Store(Protocol):
    @property
    def is_behind(self) -> bool:
        """This database was put back, and has not caught up."""

    def digests_of(self, decision_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Of those that were heard of."""


@dataclass(frozen=True)
class Decisions:
    transactions: Transactions[Store]

    async def known(self, question: DecisionsQuestion) -> DecisionsReply:
        """Raises Unavailable while it does not know itself."""

        def look(store: Store) -> Mapping[UUID, str]:
            if store.is_behind:
                raise Unavailable(BEHIND)
            return store.digests_of(question.decision_ids)

        return DecisionsReply(known=dict(await self.transactions.read(look)))
