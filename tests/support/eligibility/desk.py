"""The desk's pages over the small place, as the browser of one of its people sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Protocol

from eligibility import presets, simulating
from eligibility.api import PAGES
from eligibility.api.desk.letters import LetterRoom
from eligibility.api.pages import Pages, desk_router
from eligibility.domain.case import Case
from eligibility.domain.ids import NoticeToken
from eligibility.store import StoredRecords
from eligibility.workflow import Workflow
from eligibility.workflow.delivery.letters import Letter
from eligibility.workflow.outer_ports import NoticePage
from fastapi import FastAPI
from shared.http import problems
from shared.sign_in import EndedSessions, SignInFlow
from support.eligibility import small_place
from support.eligibility.world import World
from support.identity import PlainTokens
from support.sign_in import DemoIdentity, People, StaffBrowser
from support.standing_app import AppOfWorld, StandingApp, behind_gate

URL = "http://desk.test"
BACK = "/desk/sign-in/back"
PEOPLE: People = {
    "anna": (["case_worker"], "12345"),
    "bert": (["releaser"], "12345"),
    "carl": (["case_worker"], "12345"),
    "rita": (["case_reader"], "12345"),
    "ada": (["administrator"], "12345"),
    "abel": (["administrator"], "12345"),
    "fremd": (["case_worker", "administrator"], "99999"),
    "eltern": (["guardian"], None),
}


class CaseMaker(Protocol):
    """Applies for one more child; `changes`: facts of its application that are not the usual ones."""

    async def __call__(self, **changes: object) -> Case: ...


class PrintedAtOnce:
    """Implements Notices: stands for the press."""

    async def pdf(self, token: NoticeToken) -> bytes:
        return b"%PDF-1.7 " + token.encode()

    async def html(self, token: NoticeToken) -> NoticePage:
        return NoticePage("<p>Bescheid</p>", "sha256-x")

    async def archive(self, letters: Sequence[Letter]) -> bytes:
        return b"PK" + b" ".join(each.dispatch.token.encode() for each in letters)


class Desk(StaffBrowser):
    """`clock[0]`: the present moment for sessions, which a test sets."""

    clock: list[datetime]


@dataclass
class DeskParts:
    """What the pages ask for, of one world."""

    sign_in: SignInFlow
    workflow: Workflow


@cache
def _standing(url: str) -> StandingApp[DeskParts]:
    def build(world: DeskParts) -> FastAPI:
        app = FastAPI(openapi_url=None)
        problems.install(app)
        printed, workflow = PrintedAtOnce(), world.workflow
        letters = LetterRoom(workflow.letters, printed, workflow.proving)
        app.include_router(desk_router(Pages(world.sign_in, url), workflow, printed, letters, simulating.run))
        return behind_gate(app, PAGES, PlainTokens())

    return StandingApp(build)


def desk_app(world: World, sign_in: SignInFlow, url: str, application_url: str) -> AppOfWorld:
    """The pages, of an authority whose decisions are all released by a person."""
    records = StoredRecords(world.database, presets.preset, lambda: world.clock[0].date())  # noqa: PLW0108  # it moves
    workflow = world.workflow_by(records, replace(world.environment, application_url=application_url))
    world.set_authority(release_by_person="everything")
    return _standing(url).serving(DeskParts(sign_in, workflow))


def open_desk(world: World) -> Desk:
    """Beside the world's authority there is a neighbour."""
    clock = [world.clock[0]]
    identity = DemoIdentity(PEOPLE, "desk", URL + BACK)
    app = desk_app(
        world,
        identity.sign_in(lambda: clock[0], ended=EndedSessions(world.database, lambda: clock[0])),
        URL,
        "https://antrag.example",
    )
    neighbour = small_place.authority(id="99999", name="Nachbarstadt", register_numbers=())
    world.database.write_now(lambda store: store.set_authority(neighbour))
    desk = Desk(app, URL, identity, "/desk/")
    desk.clock = clock
    return desk
