"""Wiring: the only file that knows all others."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from shared.audit.begin import begin
from shared.audit.heads import HEADS, TellingHeads
from shared.bus.questions import AnswersTo, Asker
from shared.calendar import SchoolYear
from shared.database import Database
from shared.database.migration_settings import migrate_database
from shared.database.schema import Schema
from shared.events import AuthorityId, EligibilityAuditHead
from shared.identity import Identity
from shared.runtime.backlog import Backlog
from shared.runtime.caught_up import CaughtUp
from shared.runtime.service import Service
from shared.runtime.start import own_database
from shared.runtime.worker import Worker
from shared.sign_in import LOOK_SECONDS, EndedSessions, SignInFlow, StaffSettings, sign_in_flow

from eligibility import api, presets, simulating
from eligibility.api import examples
from eligibility.api import pages as desk_pages
from eligibility.api.landing import DESCRIPTION, DESK, FACTS
from eligibility.api.rule_sets.simulations import Run
from eligibility.consumer import answers, handlers
from eligibility.domain.ids import NoticeToken
from eligibility.domain.keys import Keys, parse_keys
from eligibility.measuring import NetworkMeasurer, open_measurer
from eligibility.printing.letters import LetterPrinter
from eligibility.printing.press import Press
from eligibility.printing.seals import load_seals
from eligibility.printing.seals.worker import seal_worker
from eligibility.printing.worker import NoticePrinter
from eligibility.store import Store, StoredRecords
from eligibility.store.decision.notices import PRINTING
from eligibility.store.decision.records import berlin_today
from eligibility.store.figures import figures
from eligibility.store.on_record import KINDS
from eligibility.store.places.address_search import StoredAddresses
from eligibility.store.retention import RetentionSettings
from eligibility.store.row_security import ROW_SECURITY
from eligibility.tables_of_before import keep_presets, mark_children, move_pdfs, write_address_keys, write_names
from eligibility.workflow import Assessor, Decide, Environment, Workflow, workflow_on
from eligibility.workflow.addresses import Addresses
from eligibility.workflow.catch_up import CatchingUp
from eligibility.workflow.delivery import daily
from eligibility.workflow.family.families import FAMILIES
from eligibility.workflow.prechecks import Prechecks
from eligibility.workflow.renewal.renewals import Renewals
from eligibility.workflow.retention import retention_tasks
from eligibility.workflow.told_back import EventReplies


class Settings(StaffSettings):
    """From the environment: ELIGIBILITY_PORT, ELIGIBILITY_DATABASE_URL …; ELIGIBILITY_DESK_… for the pages (/desk)."""

    model_config = SettingsConfigDict(env_prefix="ELIGIBILITY_")

    digest_keys_file: Path
    """The keys of digests, as written by `eligibility digest-keys`."""
    network_file: Path
    """As written by `eligibility network build`."""
    network_most_days: int = 0
    """A map older than this many days stops the start; 0: any age."""
    seals_file: Path | None = None
    """Which authorities seal their notices, and with which token (printing.seals.settings); None: none does."""
    simulation_cases: int = Field(default=10_000, ge=1)
    """Given by hand, at once; a body holds 2,000 usual ones."""
    simulation_seconds: float = Field(default=120, gt=0)
    """How long a simulation may take: 200,000 past decisions take 40 on two cores."""
    application_url: str = Field(default="", pattern=r"^(https?://[^/]+(/.*[^/])?)?$")
    """Where the service `application` is reached from outside, for links to documents; empty: links are paths, and the
    desk has none. The desk's links need the sign-in at `application`, APPLICATION_DESK_…."""


class DatabaseSettings(BaseSettings):
    """What commands need that only touch the database."""

    model_config = SettingsConfigDict(env_prefix="ELIGIBILITY_", extra="ignore")

    database_url: str


SCHEMA = Schema("eligibility", "eligibility")


def open_database() -> Database[Store]:
    """The database named by ELIGIBILITY_DATABASE_URL."""
    return Database(own_database("eligibility", DatabaseSettings().database_url), Store)


def migrate(back_to: str | None = None) -> None:
    """Bring that database to the newest version, or back to an earlier one."""
    if url := migrate_database("ELIGIBILITY_", SCHEMA, back_to):
        database = Database(url, Store)
        move_pdfs(database)
        database.close()
        begin(url, KINDS)


@dataclass(frozen=True)
class Parts:
    """What the service is put together from."""

    settings: Settings
    database: Database[Store]
    environment: Environment
    records: StoredRecords
    measurer: NetworkMeasurer
    addresses: StoredAddresses
    workflow: Workflow
    printing: NoticePrinter
    identity: Identity
    ended: EndedSessions


def build() -> Service[Store]:
    """The service as it runs. Exits for a network file that is none."""
    parts = _parts(Settings())
    settings, database, measurer = parts.settings, parts.database, parts.measurer
    asker = Asker()
    caught_up = CaughtUp(database, CatchingUp(database, asker, _now).catch_up)
    sign_in = sign_in_flow(
        settings, settings.desk, parts.identity, _now, cookie="desk", back="/desk/sign-in/back", ended=parts.ended
    )
    return Service(
        name="eligibility",
        schema=SCHEMA,
        row_security=ROW_SECURITY,
        figures=figures,
        settings=settings,
        database=database,
        routers=_routers(parts, sign_in),
        own_readers=[api.OWN_READERS],
        policy={**api.INTERFACE, **(api.PAGES if sign_in is not None else {})},
        identity=parts.identity,
        handlers=handlers(parts.workflow),
        asker=asker,
        catch_up=caught_up.wait,
        answers=_answers(parts),
        workers=_workers(parts, caught_up),
        retention=retention_tasks(RetentionSettings().terms),
        description=DESCRIPTION,
        examples=partial(_examples, measurer),
        links=[*([DESK] if settings.desk_client_id else []), FACTS],
        warm_up=measurer.warm_up,
        started=_conversions(database, parts.environment.keys),
    )


def _parts(settings: Settings) -> Parts:
    database = Database(settings.database_url, Store)
    measurer = open_measurer(settings.network_file, _now().date(), settings.network_most_days)
    keys = load_keys(settings.digest_keys_file)
    seals = load_seals(settings.seals_file)
    environment = Environment(_now, _token, keys, settings.public_url, settings.application_url, sealing=set(seals))
    records, backlog = StoredRecords(database, presets.preset), Backlog(FAMILIES, database, _now)
    return Parts(
        settings,
        database,
        environment,
        records,
        measurer,
        StoredAddresses(database),
        workflow_on(database, records, measurer, environment, presets, families_backlog=backlog),
        NoticePrinter(database, Press(), _now, seals),
        settings.identity,
        EndedSessions(database, _now),
    )


def _routers(parts: Parts, sign_in: SignInFlow | None) -> list[APIRouter]:
    settings, workflow, identity, printing = parts.settings, parts.workflow, parts.identity, parts.printing
    simulate = partial(simulating.run, seconds=settings.simulation_seconds)
    cases_of = partial(simulating.from_body, most=settings.simulation_cases)
    cases = workflow.cases
    letters = api.LetterRoom(workflow.letters, LetterPrinter(printing, _now), workflow.proving)
    return [
        api.cases_router(cases, identity),
        api.handling_router(
            cases, workflow.handling, workflow.notices, printing, identity, workflow.messages, workflow.ticket_desk
        ),
        api.attendance_router(cases, workflow.attendance_desk, identity),
        api.family_router(workflow.families, workflow.proofs, cases, identity),
        api.notices_router(printing, workflow, identity),
        api.letters_router(letters, identity),
        api.questions_router(parts.measurer, presets.preset, settings.open_limit, identity),
        api.places_router(workflow.map, identity, workflow.entrances),
        api.addresses_router(parts.addresses, settings.open_limit, identity),
        api.renewals_router(renewals(parts.database, parts.measurer, parts.environment), identity),
        api.rule_sets_router(workflow.rule_sets, presets.preset, presets.PRESETS, identity),
        api.own_forms_router(workflow.own_forms, identity),
        api.simulations_router(workflow.simulations, simulate, cases_of, identity),
        *_pages(sign_in, parts, letters, simulate),
    ]


def _answers(parts: Parts) -> AnswersTo:
    """To what other services ask."""
    typed, workflow = Addresses(parts.database, parts.addresses), parts.workflow
    prechecks = Prechecks(Assessor(parts.records, parts.measurer), typed, _now)
    back = EventReplies(parts.database, _now)
    return answers(typed, prechecks, workflow.message_terms, back, workflow.notice_links)


def _workers(parts: Parts, caught_up: CaughtUp) -> list[Worker]:
    database, heads = parts.database, TellingHeads(parts.database, EligibilityAuditHead, _now)
    return [
        Worker(PRINTING, parts.printing.print_due, 1.0, woken=True),
        seal_worker(parts.database, load_seals(parts.settings.seals_file), _now),
        Worker("ended_sessions", parts.ended.look, LOOK_SECONDS, everywhere=True),
        daily.worker(database, parts.printing, _now, Backlog(daily.DELIVERY, database, _now)),
        *caught_up.first(Worker(FAMILIES, parts.workflow.families.settle, 5.0, woken=True)),
        Worker(HEADS, heads.tell, parts.settings.audit_heads_seconds),
    ]


def _conversions(database: Database[Store], keys: Keys) -> list[Callable[[], None]]:
    """Rows of earlier programs, which need the code of this one."""
    return [
        *(partial(each, database) for each in (move_pdfs, write_names, write_address_keys)),
        lambda: keep_presets(database, _now()),
        partial(mark_children, database, keys),
    ]


async def _examples(measurer: NetworkMeasurer) -> Mapping[str, Any]:
    return examples.on_map(*await measurer.example(), berlin_today())


def _pages(sign_in: SignInFlow | None, parts: Parts, letters: api.LetterRoom, simulate: Run) -> list[APIRouter]:
    """The case workers' pages, where they are configured."""
    if sign_in is None:
        return []
    pages = desk_pages.Pages(sign_in, parts.settings.public_url)
    return [desk_pages.desk_router(pages, parts.workflow, parts.printing, letters, simulate)]


def load_keys(file: Path) -> Keys:
    """Exits for a file that is none, without a word of what it says."""
    try:
        return parse_keys(file.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "a key a line, 64 hexadecimal digits or more"
        raise SystemExit(f"setting ELIGIBILITY_DIGEST_KEYS_FILE: {reason}") from None


def renewals(database: Database[Store], measurer: NetworkMeasurer, told: Environment) -> Callable[[str], Renewals]:
    """The change of the school year, by the rules that are in force on the first day of the year named."""

    def of_year(school_year: str) -> Renewals:
        def first_day() -> date:
            return max(berlin_today(), SchoolYear.parse(school_year).first_day)

        records = StoredRecords(database, presets.preset, first_day)
        return Renewals(database, records, Decide(records, measurer, told), told)

    return of_year


class RenewalSettings(DatabaseSettings):
    """What the change of the school year needs besides."""

    digest_keys_file: Path
    network_file: Path
    public_url: str
    seals_file: Path | None = None


def open_renewals() -> tuple[Database[Store], Callable[[str], Renewals], Callable[[str], Sequence[AuthorityId]]]:
    """For the command: the database, the work of a school year, and the authorities with grants of the year before."""
    settings = RenewalSettings()
    database = Database(own_database("eligibility", settings.database_url), Store)

    def names(school_year: str) -> Sequence[AuthorityId]:
        before = str(SchoolYear.parse(school_year).previous)
        return database.read_now(lambda store: store.authorities_with_grants(before))

    keys = load_keys(settings.digest_keys_file)
    environment = Environment(_now, _token, keys, settings.public_url, sealing=set(load_seals(settings.seals_file)))
    return database, renewals(database, NetworkMeasurer(settings.network_file), environment), names


def _now() -> datetime:
    return datetime.now(UTC)


def _token() -> NoticeToken:
    return NoticeToken(secrets.token_urlsafe(16))
