"""What the service does by itself: hourly, daily, and when something was written."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.audit.heads import HEADS, TellingHeads
from shared.database import Database
from shared.events import ApplicationAuditHead
from shared.mail import mail_workers
from shared.runtime.worker import Worker
from shared.sign_in import LOOK_SECONDS, EndedSessions

from application.settings import Settings
from application.store import SqlStore
from application.web.mail_templates import MAIL_TEMPLATES
from application.workflow import Workflow
from application.workflow.family_keys import EndedKeys
from application.workflow.mails.hints import draw_consequences

HOUR = 3600.0
DESTROY_SECONDS = 20.0
"""So long at most a key outlives its family."""


def workers(
    settings: Settings,
    workflow: Workflow,
    database: Database[SqlStore],
    ended: EndedSessions,
    ended_keys: EndedKeys,
    *,
    clock: Callable[[], datetime],
) -> list[Worker]:
    """All that it does without being asked."""
    openings_kept = timedelta(days=settings.document_openings_days)

    async def forget_openings() -> None:
        await workflow.openings.forget(clock(), openings_kept)

    async def remind() -> None:
        await workflow.reminders.remind(clock())
        await workflow.contacts.forget_asked(clock())

    async def forget_codes() -> int:
        kinds = (workflow.codes, workflow.letters, workflow.look_links, workflow.pick_ups)
        return sum([await each.forget(clock()) for each in kinds])

    async def destroy() -> None:
        await asyncio.to_thread(ended_keys.destroy, clock())

    return [
        Worker("erasures", lambda: workflow.erasure.erase_again(clock()), HOUR),
        Worker("reminders", remind, HOUR),
        *mail_workers(settings, database, MAIL_TEMPLATES, draw_consequences, clock),
        Worker("forgetting", forget_openings, HOUR),
        Worker("drafts", lambda: workflow.drafts.forget(clock()), HOUR),
        Worker("invitations", lambda: workflow.people.forget(clock()), HOUR),
        Worker("codes", forget_codes, HOUR),
        Worker(HEADS, TellingHeads(database, ApplicationAuditHead, clock).tell, settings.audit_heads_seconds),
        Worker("ended_sessions", ended.look, LOOK_SECONDS, everywhere=True),
        Worker("family_keys", destroy, DESTROY_SECONDS),
    ]
