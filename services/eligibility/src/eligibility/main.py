"""Wiring: the only file that knows all others."""

import secrets
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from fastapi import APIRouter
from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from shared.database import Database
from shared.database.migration import upgrade
from shared.identity import Identity
from shared.runtime import Service, ServiceSettings

from eligibility import api, rule_sets
from eligibility.api import desk as desk_pages
from eligibility.consumer import handlers
from eligibility.domain import NoticeToken
from eligibility.geography import NetworkUnusable, check_age
from eligibility.notice import Press
from eligibility.printing import Printing
from eligibility.rule_sets import simulating
from eligibility.settling import Settling
from eligibility.sign_in import Client, IdentityProvider
from eligibility.store import Store, StoredRecords
from eligibility.store.address_search import StoredAddresses
from eligibility.walking import Walks
from eligibility.workflow import CaseDesk, Decide, Documents, Handling, NoticeDesk, Revise, SelfPayers, Surroundings
from eligibility.workflow.families import Families
from eligibility.workflow.map_desk import MapDesk
from eligibility.workflow.rule_set_desk import RuleSetDesk
from eligibility.workflow.simulation_desk import SimulationDesk
from eligibility.workflow.work_list import WorkList


class Settings(ServiceSettings):
    """From the environment: ELIGIBILITY_PORT, ELIGIBILITY_DATABASE_URL …"""

    model_config = SettingsConfigDict(env_prefix="ELIGIBILITY_")

    network_file: Path
    """As written by `eligibility network build`."""
    network_most_days: int = 0
    """A map older than this many days stops the start; 0: any age."""
    application_url: str = Field(default="", pattern=r"^(https?://[^/]+(/.*[^/])?)?$")
    """Where the service `application` is reached from outside, for links to documents; empty: links are paths."""
    desk_client_id: str | None = None
    """By this name the identity provider knows the case workers' pages (/desk). None: no pages, all below unset."""
    desk_client_secret_file: Path | None = None
    """Where the provider wants a secret beside PKCE."""
    desk_authorize_url: str | None = None
    desk_token_url: str | None = None
    desk_end_session_url: str | None = None
    desk_session_key_file: Path | None = None
    """Encrypts the sessions: at least 32 random characters, the same for all processes."""
    desk_session_minutes: int = Field(60, ge=5, le=720)
    """So long a sign-in counts; then rights are asked for anew at the identity provider."""

    @model_validator(mode="after")
    def _desk_is_whole(self) -> Self:
        needed = ("desk_client_id", "desk_authorize_url", "desk_token_url", "desk_session_key_file")
        missing = [name for name in needed if getattr(self, name) is None]
        if 0 < len(missing) < len(needed):
            raise ValueError(f"the desk needs {', '.join(missing)} too")
        return self


class DatabaseSettings(BaseSettings):
    """What commands need that only touch the database."""

    model_config = SettingsConfigDict(env_prefix="ELIGIBILITY_", extra="ignore")

    database_url: str


def open_database() -> Database[Store]:
    """The database named by ELIGIBILITY_DATABASE_URL."""
    return Database(DatabaseSettings().database_url, Store)


def migrate() -> None:
    """Bring that database to the newest version."""
    upgrade(DatabaseSettings().database_url, "eligibility")


def build() -> Service:
    """The service as it runs. Exits for a network file that is none."""
    settings = Settings()
    database = Database(settings.database_url, Store)
    records = StoredRecords(database, rule_sets.preset)
    walks = Walks(settings.network_file)
    try:
        # a file that cannot be used stops the start, not the first application
        check_age(walks.network, _now().date(), settings.network_most_days)
    except NetworkUnusable as error:
        raise SystemExit(f"setting ELIGIBILITY_NETWORK_FILE: {error}") from None
    surroundings = Surroundings(_now, _token, settings.public_url, settings.application_url)
    desk = CaseDesk(database, records, surroundings)
    notice_desk = NoticeDesk(database, surroundings)
    printing = Printing(database, Press())
    families = Families(database, records, surroundings)
    settling = Settling(families)
    decide = Decide(records, walks, surroundings)
    rule_set_desk = RuleSetDesk(
        database, surroundings, rule_sets.from_text, rule_sets.as_yaml, rule_sets.preset_or_none
    )
    identity = Identity(settings.issuer, settings.audience)
    return Service(
        name="eligibility",
        settings=settings,
        database=database,
        routers=[
            api.cases_router(desk, identity),
            api.handling_router(desk, Handling(database, records, surroundings), notice_desk, printing, identity),
            api.family_router(families, desk, identity),
            api.notices_router(printing, notice_desk, desk, identity),
            api.questions_router(walks, rule_sets.preset, settings.open_limit),
            api.places_router(MapDesk(database, _now), identity),
            api.addresses_router(StoredAddresses(database)),
            api.rule_sets_router(rule_set_desk, rule_sets.preset, rule_sets.PRESETS, identity),
            api.simulations_router(SimulationDesk(database, records), simulating.run, simulating.from_body, identity),
            *_pages(settings, database, records, surroundings, rule_set_desk, printing, identity),
        ],
        handlers=handlers(decide, Revise(decide, surroundings), Documents(surroundings), SelfPayers(surroundings)),
        workers=[printing.run, settling.run],
        description="Entscheidet nach den Regeln des zuständigen Schulträgers.",
        warm_up=walks.warm_up,
        started=[
            partial(database.after_commit, printing.wake),
            partial(database.after_commit, settling.wake),
            partial(keep_presets, database),
        ],
    )


def _pages(  # noqa: PLR0917  # wiring
    settings: Settings,
    database: Database[Store],
    records: StoredRecords,
    surroundings: Surroundings,
    rule_set_desk: RuleSetDesk,
    printing: Printing,
    identity: Identity,
) -> list[APIRouter]:
    """The case workers' pages, where they are configured."""
    if not (settings.desk_client_id and settings.desk_authorize_url and settings.desk_token_url):
        return []
    if settings.desk_session_key_file is None:
        return []
    client = Client(
        settings.desk_client_id,
        settings.desk_authorize_url,
        settings.desk_token_url,
        f"{settings.public_url}/desk/sign-in/back",
        settings.desk_client_secret_file,
        settings.desk_end_session_url,
    )
    https = settings.public_url.startswith("https:")
    try:
        key = settings.desk_session_key_file.read_text().strip()
        sessions = desk_pages.Sessions(key, https=https, minutes=settings.desk_session_minutes)
    except (OSError, ValueError) as error:
        raise SystemExit(f"setting ELIGIBILITY_DESK_SESSION_KEY_FILE: {error}") from None
    provider = IdentityProvider(client, settings.issuer, identity)
    workflows = desk_pages.Workflows(
        CaseDesk(database, records, surroundings),
        Handling(database, records, surroundings),
        NoticeDesk(database, surroundings),
        WorkList(database, records, surroundings),
        rule_set_desk,
        SimulationDesk(database, records),
    )
    pages = desk_pages.Pages(sessions, provider, _now, settings.public_url)
    return [desk_pages.desk_router(pages, workflows, printing, simulating.run)]


def keep_presets(database: Database[Store]) -> None:
    """What this program's presets hold is kept for good: a later program can compute their decisions again."""
    for name in rule_sets.PRESETS:
        rules = rule_sets.preset(name)
        database.write_now(partial(_archive, rules.version, rules.rule_set.content()))


def _archive(version: str, content: dict[str, Any], store: Store) -> None:
    store.archive(version, content, _now())


def _now() -> datetime:
    return datetime.now(UTC)


def _token() -> NoticeToken:
    return NoticeToken(secrets.token_urlsafe(16))
