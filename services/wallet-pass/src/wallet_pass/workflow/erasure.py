"""A family was erased: Google is told that its passes are void, then nothing is left of them here."""

from dataclasses import dataclass

import structlog
from shared.database import Transactions
from shared.errors import Invalid
from shared.events import ApplicationFamilyErased

from wallet_pass.workflow.environment import Environment
from wallet_pass.workflow.ports import GoogleAccount, Step, Tables

log = structlog.get_logger("workflow")


@dataclass(frozen=True)
class Erasure:
    transactions: Transactions[Tables]
    google: GoogleAccount | None
    environment: Environment

    async def family_erased(self, event: ApplicationFamilyErased) -> Step:
        """The passes' addresses lead nowhere afterwards.

        Raises:
            Unavailable: where Google does not answer: the event comes again, and the passes stay until then.
        """
        # 1. Google keeps what we told it: no worker could tell it later of a pass that is gone.
        if self.google is not None:
            now = self.environment.clock()
            for each in await self.transactions.read(lambda tables: tables.passes_of(event.application_id)):
                void = each.wallet_pass if each.wallet_pass.revoked_at else each.wallet_pass.revoked(now)
                try:
                    await self.google.send(void, each.design)
                except Invalid:
                    log.error("google_refused", authority=event.authority_id)

        # 2. Passes, packages, and what was told of their tickets.
        def step(tables: Tables) -> None:
            now = self.environment.clock()
            tables.note_erased(event, now)
            tables.erase(event.application_id, now)

        return step
