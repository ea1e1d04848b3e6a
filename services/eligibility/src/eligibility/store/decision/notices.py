"""Notices as rows: what is to be printed, and what has been."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from shared.events import AuthorityId
from shared.runtime.backlog import key_column, may_be_tried

from eligibility.domain.ids import DecisionId, NoticeToken
from eligibility.store.tables import DECISION, NOTICE

PRINTING = "printing"
"""The worker whose work list the notices without a PDF are; a notice is known there by its decision, for its token is
what opens it."""
TO_PRINT = (
    sa.select(NOTICE.c.token, NOTICE.c.content, NOTICE.c.decision_id, DECISION.c.authority_id)
    .join(DECISION, DECISION.c.id == NOTICE.c.decision_id)
    .where(NOTICE.c.pdf_digest.is_(None), may_be_tried(PRINTING, key_column(NOTICE.c.decision_id)))
    .order_by(NOTICE.c.written_at)
    .limit(sa.bindparam("most"))
)


NOTICE_BY_TOKEN = (
    sa.select(NOTICE.c.content, NOTICE.c.pdf_digest, NOTICE.c.decision_id, NOTICE.c.seal, DECISION.c.authority_id)
    .join(DECISION, DECISION.c.id == NOTICE.c.decision_id)
    .where(NOTICE.c.token == sa.bindparam("of"))
)


class StoredNotice(NamedTuple):
    """What a notice says, and the PDF where it has been printed."""

    content: dict[str, Any]
    pdf: bytes | None
    decision_id: DecisionId
    authority_id: AuthorityId
    waits_for_seal: bool


class NoticeToPrint(NamedTuple):
    token: NoticeToken
    content: dict[str, Any]
    decision_id: DecisionId
    authority_id: AuthorityId
