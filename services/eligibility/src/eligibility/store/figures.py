"""What the operator sees of the work that waits: cases for a person, notices to be printed."""

from datetime import datetime

import sqlalchemy as sa
from shared.runtime.operations import show_work

from eligibility.store import Store
from eligibility.store.decision.notices import PRINTING
from eligibility.store.decision.seals import SEALING, WAITING_SINCE
from eligibility.store.tables import Row
from eligibility.workflow.case_queries import WORK

CASE, NOTICE, AUTHORITY = (Row.metadata.tables[name] for name in ("case_file", "notice", "authority"))
PERSON = "person"
"""Cases that wait for a case worker."""
FOR_A_PERSON = sa.select(CASE.c.opened_at.label("since")).where(
    CASE.c.authority_id.in_(sa.select(AUTHORITY.c.id)), CASE.c.state.in_(WORK)
)
"""By authority and state: so the index of the desk's list is used, and no case is read that waits for nobody."""
TO_PRINT = sa.select(NOTICE.c.written_at.label("since")).where(NOTICE.c.pdf_digest.is_(None))
"""As the index of what is to be printed has it."""


def figures(store: Store, now: datetime) -> None:
    """Sets `work_waiting` and `work_oldest_seconds`."""
    show_work(store.session, PERSON, FOR_A_PERSON, now)
    show_work(store.session, PRINTING, TO_PRINT, now)
    show_work(store.session, SEALING, WAITING_SINCE, now)
