"""What is kept of an application, and how all of it goes: for whoever erases a family."""

from datetime import UTC, datetime
from typing import ClassVar

import sqlalchemy as sa
from shared.audit import trail
from shared.bus import erasures
from shared.bus.dead_letters import forget_about
from shared.database import contents
from shared.database.belongings import FamilyTables
from shared.events.base import OfApplication

from eligibility.domain.ids import ApplicationId
from eligibility.store.base import Tables
from eligibility.store.decision.attendance import ATTENDANCE
from eligibility.store.decision.tickets import RIGHT_MARK, TICKET, TICKET_REQUEST
from eligibility.store.decision.told_children import TOLD_CHILD
from eligibility.store.desk.documents import DOCUMENT
from eligibility.store.desk.messages import MESSAGE
from eligibility.store.tables import CASE, DECISION, NOTICE, PDF, Row
from eligibility.store.told_elsewhere import TOLD as TOLD_ELSEWHERE

OF_APPLICATION: tuple[sa.Table, ...] = (
    MESSAGE,
    DOCUMENT,
    TICKET,
    RIGHT_MARK,
    TICKET_REQUEST,
    TOLD_CHILD,
    ATTENDANCE,
    CASE,
)
"""Tables whose rows name the application. Messages, documents and news of tickets may come before their case, so no
foreign key takes them along; all that names a case goes with it (ON DELETE CASCADE)."""
OF_CASE: tuple[sa.Table, ...] = (TOLD_ELSEWHERE,)
"""Tables whose rows name the case, and may be there before it."""
FAMILY_TABLES = FamilyTables(
    Row.metadata,
    tuple(each.c.application_id for each in OF_APPLICATION),
    (*((each.c.case_id, CASE.c.id) for each in OF_CASE), (PDF.c.digest, NOTICE.c.pdf_digest)),
)
STAYS = frozenset({"audit"})
"""Tables that name a case and outlive it: who did what, as a chain that breaks where a link is taken out. Nothing that
a family said stands in it; of shared's chain, the salts and details of a case go with it."""


class ErasureTables(Tables):
    family_tables: ClassVar = FAMILY_TABLES

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""
        erasures.note(self.session, of.application_id, of.authority_id, now)

    def erase(self, application_id: ApplicationId) -> int:
        """Everything of one application, and the names that it is looked for by. Returns how many rows went, without
        those that went along."""
        mine = sa.select(CASE.c.id, CASE.c.authority_id).where(CASE.c.application_id == str(application_id))
        now = datetime.now(UTC)
        for case in self.rows(mine):
            trail.erase(self.session, chain=case["authority_id"], about=case["id"], by="erasure", at=now)
            for table in OF_CASE:
                self.run(table.delete().where(table.c.case_id == case["id"]))
        printed = sa.select(NOTICE.c.pdf_digest).join(DECISION, DECISION.c.id == NOTICE.c.decision_id)
        printed = printed.join(CASE, CASE.c.id == DECISION.c.case_id)
        printed = printed.where(CASE.c.application_id == str(application_id))
        digests = [row["pdf_digest"] for row in self.rows(printed)]
        of_these = (table.delete().where(table.c.application_id == str(application_id)) for table in OF_APPLICATION)
        gone = sum(self.run(each) for each in of_these)
        forget_about(self.session, [application_id])
        contents.drop_unused(self.session, PDF, NOTICE.c.pdf_digest, digests)
        return gone
