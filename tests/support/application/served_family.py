"""The families' pages on a real port, with the demo's identity provider on another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from application import api
from application.checks.key_tables import school_keys
from application.store import SqlStore
from application.workflow import workflow_on
from fastapi import FastAPI
from local.identity import provider as demo
from shared.database import Database
from shared.http import problems
from shared.http.edge import Edge
from shared.sign_in import Sessions, SignInFlow
from support.application import directory
from support.application.address_book import AddressBook
from support.application.family_pages import PEOPLE
from support.served import Served
from support.sign_in import SESSION_KEY, provider_at, settings_of

SCHOOLS = (
    *directory.SCHOOLS,
    directory.school("100006", "G", name="Grundschule Nord"),
    directory.school("100007", "G", name="Grundschule West", city="Detmold"),
    directory.school("100008", "GE", name="Gesamtschule Brackwede"),
    directory.school("100009", "BK", name="Berufskolleg Senne"),
)


@dataclass
class ServedFamily:
    url: str
    database: Database[SqlStore]
    addresses: AddressBook


@contextmanager
def served_family(folder: Path) -> Iterator[ServedFamily]:
    database = directory.open_filled(f"sqlite:///{folder / 'application.db'}", *SCHOOLS)
    identity, served, addresses = Served(), Served(), AddressBook()
    back = f"{served.url}/family/sign-in/back"
    settings = settings_of(identity.url, folder, PEOPLE, {"family": back})
    identity.start(demo.app(settings, demo.load_key(settings.key_file)))
    sign_in = SignInFlow(
        Sessions(SESSION_KEY, "family", https=False),
        provider_at(identity.url, "family", back),
        lambda: datetime.now(UTC),
    )
    app = FastAPI()
    problems.install(app)
    app.include_router(
        api.family_pages(
            workflow_on(database, school_keys(), addresses, code_key=directory.CODE_KEY),
            school_keys(),
            served.url,
            None,
            sign_in,
        )
    )
    app.add_middleware(Edge, maximum_body_bytes=262_144, larger=api.LARGER_BODIES)
    served.start(app)
    yield ServedFamily(served.url, database, addresses)
    served.stop()
    identity.stop()
    database.close()
