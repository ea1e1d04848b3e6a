"""Wiring: the only file that knows all others."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from shared.audit.begin import begin
from shared.bus.questions import Asker
from shared.database import Database
from shared.database.migration_settings import migrate_database
from shared.database.schema import Schema
from shared.encryption import FamilyKeys, KeysUnusable, open_family_keys
from shared.errors import Text
from shared.http.landing import Link
from shared.runtime.service import Service
from shared.runtime.start import own_database, sentence
from shared.sign_in import EndedSessions

from application import api
from application.background import workers
from application.checks import SchoolKeys
from application.checks.key_tables import school_keys
from application.consumer import answers, handlers
from application.interface import routers
from application.settings import DatabaseSettings, KeySettings, RightsSettings, Settings
from application.store import SqlStore
from application.store.figures import show_figures
from application.store.openings import KINDS
from application.store.row_security import ROW_SECURITY
from application.workflow import Workflow, workflow_on
from application.workflow.family_keys import EndedKeys
from application.workflow.retention import retention_tasks
from application.workflow.told_back import EventReplies

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
        sys.stderr.write(sentence("application", error))
        raise SystemExit(WRONG_KEYS_EXIT) from None


SCHEMA = Schema("application", "application")


def migrate(back_to: str | None = None) -> None:
    """Bring the database named by APPLICATION_DATABASE_URL to the newest version, or back to an earlier one."""
    if url := migrate_database("APPLICATION_", SCHEMA, back_to):
        begin(url, KINDS)


def open_workflow(*, with_families: bool = False) -> Workflow:
    """For commands: the workflow on the database named by APPLICATION_DATABASE_URL.

    Args:
        with_families: what a family wrote is read or written, for which the keys are needed.
    """
    url = own_database("application", DatabaseSettings().database_url)
    named = KeySettings() if with_families else None
    keys = open_keys(named.keys_url, named.keys_file) if named else None
    return workflow_on(open_database(url, keys), school_keys())


LINKS = [
    Link("/family", Text("Die eigenen Kinder und ihre Anträge", "Your children and their applications")),
    Link("/family/precheck", Text("Bekommt mein Kind ein Ticket?", "Will my child get a ticket?")),
    Link("/v1/schools?search=Schule", Text("Schulen suchen", "Search schools")),
]
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


def _workflow(settings: Settings, database: Database[SqlStore], keys: SchoolKeys, asker: Asker) -> Workflow:
    return workflow_on(
        database,
        keys,
        asker,
        most_bytes=settings.document_bytes_per_account,
        drafts=settings.draft_terms,
        office=settings.office,
        action_days=RightsSettings().action_days,
        code_key=settings.code_key,
    )


def build() -> Service[SqlStore]:
    """The service as it runs."""
    settings, terms = Settings(), RightsSettings().terms
    database, ended_keys = _databases(settings)
    keys = school_keys()
    asker = Asker()
    workflow = _workflow(settings, database, keys, asker)
    identity, ended = settings.identity, EndedSessions(database, _now)
    return Service(
        name="application",
        schema=SCHEMA,
        row_security=ROW_SECURITY,
        accepts_without_bus=True,
        settings=settings,
        database=database,
        routers=routers(settings, workflow, keys, identity, ended, clock=_now),
        policy={**api.INTERFACE, **(api.DOCUMENT_PAGES if settings.desk_client_id is not None else {})},
        identity=identity,
        handlers=handlers(workflow),
        answers=answers(EventReplies(database)),
        asker=asker,
        retention=retention_tasks(terms, settings.short_terms),
        figures=show_figures,
        workers=workers(settings, workflow, database, ended, ended_keys, clock=_now),
        started=[partial(_play_again, ended_keys)],
        larger_bodies=api.LARGER_BODIES,
        description=DESCRIPTION,
        examples=lambda: api.examples(workflow, keys, settings.public_url),
        links=LINKS,
    )


def _play_again(ended: EndedKeys) -> None:
    """Before anybody is served: what a restore brought back of families that were erased."""
    _or_exit(partial(ended.play_again, _now()))


def _now() -> datetime:
    return datetime.now(UTC)
