"""Wiring: the only file that knows all others."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from fastapi import APIRouter
from shared.audit.begin import begin
from shared.audit.heads import HEADS, TellingHeads
from shared.bus.questions import Asker
from shared.database import Database
from shared.database.migration import downgrade, upgrade
from shared.database.schema import Schema
from shared.encryption import FamilyKeys, KeysUnusable, open_family_keys
from shared.errors import Text
from shared.events import ApplicationAuditHead
from shared.http.landing import Link
from shared.http.limits import Limit
from shared.identity import Identity
from shared.mail import mail_workers
from shared.runtime.service import Service
from shared.runtime.worker import Worker
from shared.sign_in import LOOK_SECONDS, EndedSessions, sign_in_flow

from application import api
from application.checks import SchoolKeys
from application.checks.key_tables import school_keys
from application.consumer import answers, handlers
from application.domain.retention_table import retention_rules
from application.settings import DatabaseSettings, KeySettings, RightsSettings, Settings
from application.store import SqlStore
from application.store.figures import show_figures
from application.store.openings import KINDS
from application.web.mail_templates import MAIL_TEMPLATES
from application.workflow import Workflow, workflow_on
from application.workflow.family_keys import EndedKeys
from application.workflow.mails.hints import draw_consequences
from application.workflow.retention import retention_tasks
from application.workflow.told_back import EventReplies

HOUR = 3600.0
DESTROY_SECONDS = 20.0
"""So long at most a key outlives its family."""
WRONG_KEYS_EXIT = 2
Result = TypeVar("Result")


def open_database(url: str, keys: FamilyKeys | None = None) -> Database[SqlStore]:
    """SQLite or PostgreSQL, by the URL's scheme.

    Args:
        keys: None where nothing that a family wrote is read or written.
    """
    return Database(url, partial(SqlStore, keys=keys))


def open_keys(url: str, file: Path) -> FamilyKeys:
    """Exits with 2, and says what to do, where they cannot be used."""
    return _or_exit(partial(open_family_keys, url, file))


def _or_exit(use: Callable[[], Result]) -> Result:
    try:
        return use()
    except KeysUnusable as error:
        sys.stderr.write(f"application: {error}\n")
        raise SystemExit(WRONG_KEYS_EXIT) from None


SCHEMA = Schema("application", "application")


def migrate(back_to: str | None = None) -> None:
    """Bring the database named by APPLICATION_DATABASE_URL to the newest version, or back to an earlier one."""
    url = DatabaseSettings().database_url
    if back_to is not None:
        downgrade(url, SCHEMA, back_to)
        return
    upgrade(url, SCHEMA.package)
    begin(url, KINDS)


def open_workflow(*, with_families: bool = False) -> Workflow:
    """For commands: the workflow on the database named by APPLICATION_DATABASE_URL.

    Args:
        with_families: what a family wrote is read or written, for which the keys are needed.
    """
    named = KeySettings() if with_families else None
    keys = open_keys(named.keys_url, named.keys_file) if named else None
    return workflow_on(open_database(DatabaseSettings().database_url, keys), school_keys())


DESCRIPTION = Text(
    "Nimmt Anträge auf Schülerfahrkosten entgegen und zeigt, wie sie stehen. Hier sprechen Familien, Schulen "
    "und Antragsportale mit Schulticket.",
    "Takes applications for school transport and shows how they stand. Here families, schools and portals talk "
    "to Schulticket.",
)


def _databases(settings: Settings) -> tuple[Database[SqlStore], EndedKeys]:
    """The service's own, and its key store behind it."""
    keys = open_keys(settings.keys_url, settings.keys_file)
    database = open_database(settings.database_url, keys)
    return database, EndedKeys(database, keys)


def build() -> Service[SqlStore]:
    """The service as it runs."""
    settings, terms = Settings(), RightsSettings().terms
    database, ended_keys = _databases(settings)
    keys = school_keys()
    asker = Asker()
    most_bytes = settings.document_bytes_per_account
    workflow = workflow_on(
        database,
        keys,
        asker,
        most_bytes=most_bytes,
        drafts=settings.draft_terms,
        office=settings.office,
        action_days=terms.action_days,
        code_key=settings.code_key,
    )
    identity, ended = settings.identity, EndedSessions(database, _now)
    return Service(
        name="application",
        schema=SCHEMA,
        accepts_without_bus=True,
        settings=settings,
        database=database,
        routers=_routers(settings, workflow, keys, identity, ended),
        policy={**api.INTERFACE, **(api.DOCUMENT_PAGES if settings.desk_client_id is not None else {})},
        identity=identity,
        handlers=handlers(workflow),
        answers=answers(EventReplies(database)),
        asker=asker,
        retention=retention_tasks(terms, settings.short_terms),
        figures=show_figures,
        workers=[
            *_workers(settings, workflow, database),
            _looking(ended),
            _destroying(ended_keys),
        ],
        started=[partial(_play_again, ended_keys)],
        larger_bodies=api.LARGER_BODIES,
        description=DESCRIPTION,
        examples=lambda: api.examples(workflow, keys, settings.public_url),
        links=[
            Link("/family", Text("Die eigenen Kinder und ihre Anträge", "Your children and their applications")),
            Link("/family/precheck", Text("Bekommt mein Kind ein Ticket?", "Will my child get a ticket?")),
            Link("/v1/schools?search=Schule", Text("Schulen suchen", "Search schools")),
        ],
    )


def _routers(
    settings: Settings, workflow: Workflow, keys: SchoolKeys, identity: Identity, ended: EndedSessions
) -> list[APIRouter]:
    families = sign_in_flow(
        settings, settings.family, identity, _now, cookie="family", back=api.FAMILY_BACK, ended=ended
    )
    schools = sign_in_flow(
        settings, settings.school, identity, _now, cookie="school", back=api.SCHOOL_BACK, ended=ended
    )
    public_url, limits = settings.public_url, settings.draft_limits
    invitations = api.InvitationLimits.of(settings.invitations_per_account_and_day)
    # one for both ways to the same work, or who takes both may ask twice as much
    of_drafts, of_prechecks = settings.open_limit, settings.open_limit
    reader, exports = _own_data(settings, workflow, keys)
    return [
        api.applications(workflow, identity, public_url),
        api.me(workflow, reader, identity, exports),
        api.copies(workflow, keys, identity),
        api.documents(workflow, identity, public_url),
        api.drafts(workflow, identity, public_url, limits, of_drafts),
        api.draft_documents(workflow, identity, public_url, limits, of_drafts),
        api.people(workflow, identity, public_url, invitations, of_drafts),
        api.codes(workflow, identity, api.PrintedCodes(workflow, public_url)),
        api.schools(workflow, keys, settings.open_limit),
        api.class_lists(workflow, identity),
        api.school_pages(workflow, public_url, schools),
        api.prechecks(workflow, of_prechecks),
        api.family_pages(
            workflow,
            keys,
            public_url,
            of_prechecks,
            families,
            contact=settings.accessibility_email,
            drafts=limits,
            invitations=invitations,
            own_data=reader,
            exports=exports,
        ),
        *_for_staff(settings, workflow, identity),
    ]


def _own_data(settings: Settings, workflow: Workflow, keys: SchoolKeys) -> tuple[api.OwnDataReader, Limit]:
    """How an account's data are read, and how often a day."""
    rules = retention_rules(RightsSettings().terms, settings.short_terms)
    reader = api.OwnDataReader(workflow, keys, settings.public_url, rules)
    return reader, api.export_limit(settings.exports_per_account_and_day)


def _workers(settings: Settings, workflow: Workflow, database: Database[SqlStore]) -> list[Worker]:
    async def forget_openings() -> None:
        await workflow.openings.forget(_now(), timedelta(days=settings.document_openings_days))

    async def forget_drafts() -> int:
        return await workflow.drafts.forget(_now())

    async def forget_invitations() -> int:
        return await workflow.people.forget(_now())

    async def remind() -> None:
        await workflow.reminders.remind(_now())
        await workflow.contacts.forget_asked(_now())

    async def forget_codes() -> int:
        gone = [await each.forget(_now()) for each in (workflow.codes, workflow.letters, workflow.look_links)]
        return sum(gone)

    async def erase_again() -> int:
        return await workflow.erasure.erase_again(_now())

    return [
        Worker("erasures", erase_again, HOUR),
        Worker("reminders", remind, HOUR),
        *mail_workers(settings, database, MAIL_TEMPLATES, draw_consequences, _now),
        Worker("forgetting", forget_openings, HOUR),
        Worker("drafts", forget_drafts, HOUR),
        Worker("invitations", forget_invitations, HOUR),
        Worker("codes", forget_codes, HOUR),
        Worker(HEADS, TellingHeads(database, ApplicationAuditHead, _now).tell, settings.audit_heads_seconds),
    ]


def _looking(ended: EndedSessions) -> Worker:
    return Worker("ended_sessions", ended.look, LOOK_SECONDS)


def _destroying(ended: EndedKeys) -> Worker:
    async def destroy() -> None:
        await asyncio.to_thread(ended.destroy, _now())

    return Worker("family_keys", destroy, DESTROY_SECONDS)


def _play_again(ended: EndedKeys) -> None:
    """Before anybody is served: what a restore brought back of families that were erased."""
    _or_exit(partial(ended.play_again, _now()))


def _for_staff(settings: Settings, workflow: Workflow, identity: Identity) -> list[APIRouter]:
    """Documents for case workers' browsers, where the sign-in is configured."""
    sign_in = sign_in_flow(settings, settings.desk, identity, _now, cookie="documents", back=api.BACK)
    return (
        []
        if sign_in is None
        else [
            api.staff_documents(workflow, sign_in, settings.public_url),
            api.staff_codes(workflow, sign_in, settings.public_url),
        ]
    )


def _now() -> datetime:
    return datetime.now(UTC)
