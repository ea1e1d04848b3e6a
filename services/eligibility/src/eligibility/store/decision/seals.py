"""Notices that wait for the seal of their authority, and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from shared.database import contents
from shared.events import AuthorityId
from shared.runtime.backlog import key_column, may_be_tried

from eligibility.domain.ids import DecisionId, NoticeToken
from eligibility.domain.seal import SEAL_STATES, SealState
from eligibility.store.base import Tables
from eligibility.store.tables import DECISION, NOTICE, PDF

SEALING = "sealing"
"""The worker whose work list the notices that wait are."""
WAITS = NOTICE.c.seal == sa.literal_column("'waiting'")
"""Written out: only so SQLite uses the partial index."""
_OF_DECISION = NOTICE.join(DECISION, DECISION.c.id == NOTICE.c.decision_id)
AUTHORITIES = sa.select(DECISION.c.authority_id).select_from(_OF_DECISION).where(WAITS).distinct()
TO_SEAL = (
    sa.select(NOTICE.c.token, NOTICE.c.decision_id, NOTICE.c.pdf_digest, NOTICE.c.written_at)
    .select_from(_OF_DECISION)
    .where(
        WAITS,
        DECISION.c.authority_id == sa.bindparam("authority"),
        may_be_tried(SEALING, key_column(NOTICE.c.decision_id)),
    )
    .order_by(NOTICE.c.written_at)
    .limit(sa.bindparam("most"))
)
"""Few wait at a time: the partial index names them."""
WAITING_SINCE = sa.select(NOTICE.c.written_at.label("since")).where(WAITS)
COUNT_UNSEALED = sa.select(sa.func.count()).select_from(NOTICE).where(NOTICE.c.seal == SealState.UNSEALED)


class NoticeToSeal(NamedTuple):
    token: NoticeToken
    decision_id: DecisionId
    pdf: bytes
    written_at: datetime


class SealTables(Tables):
    """A part of the store, in one session."""

    def authorities_to_seal(self) -> Sequence[AuthorityId]:
        """Of which notices wait."""
        return sorted(row["authority_id"] for row in self.rows(AUTHORITIES))

    def notices_to_seal(self, authority_id: AuthorityId, limit: int, now: datetime) -> Sequence[NoticeToSeal]:
        """Oldest first, without those that could not be sealed and are not to be tried now."""
        found = []
        for row in self.rows(TO_SEAL, authority=authority_id, most=limit, now=now):
            pdf = contents.get(self.session, PDF, row["pdf_digest"])
            if pdf is not None:
                notice = (NoticeToken(row["token"]), DecisionId(UUID(row["decision_id"])), pdf, row["written_at"])
                found.append(NoticeToSeal(*notice))
        return found

    def set_sealed(self, token: NoticeToken, sealed: bytes, now: datetime) -> bool:
        """In place of the letter without a seal. False where something had become of it already: the first counts."""
        before = self.one(sa.select(NOTICE.c.pdf_digest).where(NOTICE.c.token == token))
        values = {"seal": SealState.SEALED, "sealed_at": now, "pdf_digest": contents.digest_of(sealed)}
        if before is None or not self._end(token, values):
            return False
        contents.put(self.session, PDF, sealed)
        contents.drop_unused(self.session, PDF, NOTICE.c.pdf_digest, [before["pdf_digest"]])
        return True

    def set_unsealed(self, token: NoticeToken, fault: str) -> bool:
        """It goes out without a seal, and why."""
        return self._end(token, {"seal": SealState.UNSEALED, "seal_fault": fault})

    def _end(self, token: NoticeToken, values: dict[str, Any]) -> bool:
        before = SEAL_STATES.before(values["seal"])
        statement = NOTICE.update().where(NOTICE.c.token == token, NOTICE.c.seal.in_(before)).values(**values)
        return bool(self.run(statement, {}))
