"""Wiring: the only file that knows all others."""

from pydantic_settings import BaseSettings, SettingsConfigDict
from shared.database import Database
from shared.database.migration import upgrade
from shared.identity import Identity
from shared.runtime import Service, ServiceSettings

from application import api
from application.consumer import handlers
from application.key_tables import school_keys
from application.store import SqlStore
from application.workflow import Store, Workflow, workflow_on


class Settings(ServiceSettings):
    """From the environment: APPLICATION_PORT, APPLICATION_DATABASE_URL …"""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_")


class DatabaseSettings(BaseSettings):
    """What commands need that only touch the database."""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_", extra="ignore")

    database_url: str


def open_database(url: str) -> Database[Store]:
    return Database(url, SqlStore)


def migrate() -> None:
    """Bring the database named by APPLICATION_DATABASE_URL to the newest version."""
    upgrade(DatabaseSettings().database_url, "application")


def open_workflow() -> Workflow:
    """For commands: the workflow on the database named by APPLICATION_DATABASE_URL."""
    return workflow_on(open_database(DatabaseSettings().database_url), school_keys())


def build() -> Service:
    """The service as it runs."""
    settings = Settings()
    database = open_database(settings.database_url)
    keys = school_keys()
    workflow = workflow_on(database, keys)
    identity = Identity(settings.issuer, settings.audience)
    return Service(
        name="application",
        settings=settings,
        database=database,
        routers=[
            api.applications(workflow, identity, settings.public_url),
            api.documents(workflow, identity, settings.public_url),
            api.schools(workflow, keys),
        ],
        handlers=handlers(workflow),
        larger_bodies=[api.LARGER_BODY],
        description="Nimmt Anträge auf Schülerfahrkosten entgegen und zeigt, wie sie stehen.",
    )
