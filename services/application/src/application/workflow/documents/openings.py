"""Who of the authority opened which document: kept to account for it (Art. 5 (2) GDPR), shown on no page."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.database import Transactions

from application.domain.ids import ApplicationId
from application.workflow.ports import Opening, Store


class Openings:
    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    def of(self, application_id: ApplicationId) -> Sequence[Opening]:
        """Oldest first. For the command line."""
        return self._database.read_now(lambda store: store.openings_of(application_id))

    async def forget(self, now: datetime, kept: timedelta) -> None:
        """Those that have been kept so long."""
        await self._database.write(lambda store: store.drop_openings(now - kept), wake=False)
