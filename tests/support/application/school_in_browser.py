"""A school's office before real browsers, at a clock that a test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from application import api
from application.checks.key_tables import school_keys
from application.workflow import Workflow
from fastapi import FastAPI, Response
from local.identity import provider as demo
from playwright.sync_api import Page
from shared.http import problems
from shared.http.edge import Edge
from shared.identity import Caller
from shared.sign_in import EndedSessions, Sessions, SignInFlow
from support.application import directory
from support.application.school_place import FIRST, SECOND
from support.databases import make_tables
from support.served import Served
from support.sign_in import SESSION_KEY, People, provider_at, settings_of

PEOPLE: People = {"office-1": (["school"], FIRST), "office-2": (["school"], SECOND), "parent-1": (["guardian"], None)}


@dataclass
class ServedSchool:
    url: str
    workflow: Workflow
    clock: list[datetime]


@contextmanager
def served_school(folder: Path, now: datetime) -> Iterator[ServedSchool]:
    """The pages of both schools, on a port, with the demo's identity provider on another."""
    url = f"sqlite:///{folder / 'application.db'}"
    make_tables(url, "application")
    database = directory.open_filled(url, *directory.SCHOOLS)
    workflow, clock = directory.workflow_of(database), [now]
    identity, served = Served(), Served()
    back = f"{served.url}{api.SCHOOL_BACK}"
    settings = settings_of(identity.url, folder, PEOPLE, {"school": back})
    identity.start(demo.app(settings, demo.load_key(settings.key_file)))
    flow = SignInFlow(
        Sessions(SESSION_KEY, "school", https=False),
        provider_at(identity.url, "school", back),
        lambda: clock[0],
        EndedSessions(database, lambda: clock[0]),
    )
    app = FastAPI()
    problems.install(app)
    app.include_router(api.family_pages(workflow, school_keys(), served.url))
    app.include_router(api.school_pages(workflow, served.url, flow))
    app.add_middleware(Edge, maximum_body_bytes=262_144, larger=api.LARGER_BODIES)
    served.start(app)
    yield ServedSchool(served.url, workflow, clock)
    served.stop()
    identity.stop()
    database.close()


def enter_office(page: Page, served: ServedSchool, who: str = "office-1", school: str = FIRST) -> None:
    """By a cookie: the way through the provider has a test of its own."""
    sessions, answer = Sessions(SESSION_KEY, "school", https=False), Response()
    caller = Caller(who, None, frozenset({"school"}), school_number=school)
    sessions.write(answer, sessions.begin(caller, who, "", served.clock[0], None))
    name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": served.url}])
