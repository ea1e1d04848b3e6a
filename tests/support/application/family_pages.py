"""The families' pages, as the browser of a family sees them: real tokens of the demo's identity provider."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from application import api
from application.checks.key_tables import school_keys
from application.workflow import Workflow
from fastapi import FastAPI
from shared.http import problems
from shared.http.edge import Edge
from shared.sign_in import EndedSessions
from support.sign_in import DemoIdentity, People, StaffBrowser

URL = "http://antrag.test"
PEOPLE: People = {
    "parent-1": (["guardian"], None),
    "parent-2": (["guardian"], None),
    "anna": (["case_worker"], "10261"),
}


@dataclass
class FamilyPlace:
    """`clock[0]`: the present moment, which a test sets."""

    app: FastAPI
    identity: DemoIdentity
    workflow: Workflow
    clock: list[datetime]

    def browser(self) -> StaffBrowser:
        """Of somebody who has not signed in."""
        return StaffBrowser(self.app, URL, self.identity, "/family/sign-in")

    async def family(self, name: str = "parent-1") -> StaffBrowser:
        """Of somebody who has."""
        browser = self.browser()
        answer = await browser.sign_in(name)
        assert answer.status_code == 303, answer.text
        return browser


def family_place(workflow: Workflow, ended: Callable[[list[datetime]], EndedSessions], now: datetime) -> FamilyPlace:
    """`ended`: the sessions that are over, by the clock."""
    clock = [now]
    identity = DemoIdentity(PEOPLE, "family", f"{URL}/family/sign-in/back")
    door = identity.door(lambda: clock[0], ended=ended(clock))
    app = FastAPI()
    problems.install(app)
    app.include_router(api.family_pages(workflow, school_keys(), URL, None, door))
    app.add_middleware(Edge, maximum_body_bytes=262_144, larger=api.LARGER_BODIES)
    return FamilyPlace(app, identity, workflow, clock)
