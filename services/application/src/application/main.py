"""Wiring: the only file that knows all others."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from fastapi import APIRouter
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
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
from shared.mail import MailSettings, mail_workers
from shared.runtime.service import Service
from shared.runtime.worker import Worker
from shared.sign_in import LOOK_SECONDS, EndedSessions, SchoolSettings, SignInFlow, sign_in_flow

from application import api
from application.checks import SchoolKeys
from application.checks.key_tables import school_keys
from application.checks.uploads import KEPT_OF_ONE, MEGABYTE
from application.consumer import answers, handlers
from application.domain.retention import ACTION_DAYS
from application.domain.retention_table import ShortTerms, retention_rules
from application.domain.retention_terms import RetentionTerms
from application.store import SqlStore
from application.store.figures import show_figures
from application.store.openings import KINDS
from application.web.mail_templates import MAIL_TEMPLATES
from application.workflow import KEPT, KEPT_OF_A_DRAFT, DraftTerms, MailOffice, Workflow, workflow_on
from application.workflow.family_keys import EndedKeys
from application.workflow.mails.hints import draw_consequences
from application.workflow.retention import retention_tasks
from application.workflow.told_back import EventReplies

HOUR = 3600.0
DESTROY_SECONDS = 20.0
"""So long at most a key outlives its family."""
WRONG_KEYS_EXIT = 2
Result = TypeVar("Result")
SHORTEST_KEY = 32


class Settings(SchoolSettings, MailSettings):
    """From the environment: APPLICATION_PORT, APPLICATION_DATABASE_URL …

    APPLICATION_FAMILY_…: the sign-in of families with a browser; unset: they have the pages alone that need none.
    APPLICATION_SCHOOL_…: the sign-in of schools' offices; unset: they have no pages.
    APPLICATION_MAIL_…: the server that brings hints to families; unset: none are sent.
    APPLICATION_DESK_…: the sign-in by which case workers open documents from the page of a case; unset: they cannot.
    """

    model_config = SettingsConfigDict(env_prefix="APPLICATION_")

    keys_url: str
    """The key store: a database of its own for the keys of families, apart from what they encrypt and from its copies;
    `sqlite:///path` or `postgresql+psycopg://…`."""
    keys_file: Path
    """The master keys that wrap them, as written by `application keys master`."""

    desk_session_minutes: int = Field(10, ge=5, le=720)
    """Short, as signing out at the desk does not end it here; a new one costs no password while the identity provider
    still knows the person."""
    document_bytes_per_account: int = Field(KEPT_OF_ONE, ge=0)
    """Of all documents of one account together, in bytes; 0: as many as come. Our own choice: twenty of the largest
    size, where a family with three children sends some ten of 3 MB a year."""
    document_openings_days: int = Field(730, ge=1, le=3650)
    """So long it is kept who of the authority opened which document. Our own choice: no rule for it was found. Until
    the end of the next year is what § 76 (4) BDSG sets for such records of the police, at most two years."""

    draft_days: int = Field(KEPT.days, ge=1, le=365)
    """So long a draft is kept after the last edit."""
    draft_document_bytes: int = Field(KEPT_OF_A_DRAFT, ge=0)
    """Of the documents of one draft together; 0: as many as come."""
    drafts_per_account_and_day: int = Field(20, ge=0)
    """0: no limit. Our own choice: a family with five children that begins each four times."""
    drafts_per_address_and_day: int = Field(500, ge=0)
    """0: no limit. Our own choice: behind one address may be a school's office, or a telephone company's customers."""
    draft_document_bytes_per_day: int = Field(500 * MEGABYTE, ge=0)
    """Into drafts, by one account, or by one address without an account; 0: no limit. Our own choice: fifty families
    behind one address, each with three photographs; it bounds what a stranger can make us keep."""

    invitations_per_account_and_day: int = Field(20, ge=0)
    """0: no limit. Our own choice, as of drafts: five people for each of four children."""

    exports_per_account_and_day: int = Field(10, ge=0)
    """0: no limit. Our own choice: all documents of a family are read for each."""
    code_key_file: Path | None = None
    """Makes the digests of codes for people without an account: at least 32 random characters, the same for all
    processes. None: there are no codes. With another key no code counts any more."""

    accessibility_email: str | None = Field(default=None, pattern=r"^[^@\s<>\"']+@[^@\s<>\"']+$")
    """Where families say what is not accessible on the pages; None: they are led to their school authority."""

    @property
    def code_key(self) -> bytes | None:
        """Exits where the file cannot be used."""
        if self.code_key_file is None:
            return None
        try:
            key = self.code_key_file.read_text().strip().encode()
        except OSError as error:
            raise SystemExit(f"setting APPLICATION_CODE_KEY_FILE: {error}") from None
        if len(key) < SHORTEST_KEY:
            raise SystemExit(f"setting APPLICATION_CODE_KEY_FILE: the key needs at least {SHORTEST_KEY} characters")
        return key

    @property
    def draft_terms(self) -> DraftTerms:
        """How long drafts are kept, and how much in one."""
        return DraftTerms(timedelta(days=self.draft_days), self.draft_document_bytes)

    @property
    def short_terms(self) -> ShortTerms:
        """How long what goes without its application is kept."""
        return ShortTerms(self.draft_days, self.document_openings_days)

    @property
    def office(self) -> MailOffice | None:
        """Where mails are sent; None: nowhere. Exits where the key cannot be used."""
        if self.mail_host is None:
            return None
        return MailOffice(self.public_url, self.key_of_mails())

    @property
    def draft_limits(self) -> api.DraftLimits:
        """How much may be begun and handed in within a day."""
        of_account, of_address = self.drafts_per_account_and_day, self.drafts_per_address_and_day
        return api.DraftLimits.of(of_account, of_address, self.draft_document_bytes_per_day, self.proxies)


class RightsSettings(BaseSettings):
    """How long a decision holds back the erasure of its family."""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_", extra="ignore")

    action_days: int = Field(ACTION_DAYS, ge=1, le=3650)
    """So long after a decision an action may still come in. Unsure, as the delivery is not known here."""
    retention_undecided_days: int = Field(RetentionTerms.undecided_days, ge=0, le=36500)
    """This and the next: for how long an application is kept, by what became of it (domain.retention_terms). No period
    was found in the law; our own choice, for an authority to set."""
    retention_withdrawn_days: int = Field(RetentionTerms.withdrawn_days, ge=0, le=36500)
    retention_refused_days: int = Field(RetentionTerms.refused_days, ge=0, le=36500)
    retention_granted_days: int = Field(RetentionTerms.granted_days, ge=0, le=36500)
    retention_sensitive_days: int = Field(RetentionTerms.sensitive_days, ge=0, le=36500)

    @property
    def terms(self) -> RetentionTerms:
        """For how long an application is kept."""
        return RetentionTerms(
            self.action_days,
            self.retention_undecided_days,
            self.retention_withdrawn_days,
            self.retention_refused_days,
            self.retention_granted_days,
            self.retention_sensitive_days,
        )


class KeySettings(BaseSettings):
    """Where the keys of families lie."""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_", extra="ignore")

    keys_url: str
    keys_file: Path


class DatabaseSettings(BaseSettings):
    """What commands need that only touch the database."""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_", extra="ignore")

    database_url: str


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


def open_workflow() -> Workflow:
    """For commands: the workflow on the database named by APPLICATION_DATABASE_URL."""
    return workflow_on(open_database(DatabaseSettings().database_url), school_keys())


DESCRIPTION = Text(
    "Nimmt Anträge auf Schülerfahrkosten entgegen und zeigt, wie sie stehen. Hier sprechen Familien, Schulen "
    "und Antragsportale mit Schulticket.",
    "Takes applications for school transport and shows how they stand. Here families, schools and portals talk "
    "to Schulticket.",
)


def build() -> Service[SqlStore]:
    """The service as it runs."""
    settings, terms = Settings(), RightsSettings().terms
    family_keys = open_keys(settings.keys_url, settings.keys_file)
    database = open_database(settings.database_url, family_keys)
    ended_keys = EndedKeys(database, family_keys)
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
    families = sign_in_flow(
        settings, settings.family, identity, _now, cookie="family", back=api.FAMILY_BACK, ended=ended
    )
    schools = sign_in_flow(
        settings, settings.school, identity, _now, cookie="school", back=api.SCHOOL_BACK, ended=ended
    )
    return Service(
        name="application",
        schema=SCHEMA,
        accepts_without_bus=True,
        settings=settings,
        database=database,
        routers=_routers(settings, workflow, keys, identity, families, schools),
        policy={**api.INTERFACE, **(api.DOCUMENT_PAGES if settings.desk_client_id is not None else {})},
        identity=identity,
        handlers=handlers(workflow),
        answers=answers(EventReplies(database)),
        asker=asker,
        retention=retention_tasks(terms, settings.short_terms),
        figures=show_figures,
        workers=[
            *_workers(settings, workflow, database),
            Worker("ended_sessions", ended.look, LOOK_SECONDS),
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


def _routers(  # noqa: PLR0917  # all that they are made of
    settings: Settings,
    workflow: Workflow,
    keys: SchoolKeys,
    identity: Identity,
    families: SignInFlow | None,
    schools: SignInFlow | None,
) -> list[APIRouter]:
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
