"""The API of cases over the small place; tokens are taken at their word (support/identity.py)."""

from dataclasses import dataclass

from eligibility import api, presets
from eligibility.printing.press import Press
from eligibility.printing.worker import Printing
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from fastapi import FastAPI
from geography.model import Measurement, Point
from shared.events import ApplicationSubmitted
from shared.http import problems
from support.eligibility import small_place
from support.eligibility.world import World
from support.identity import PlainTokens

REASON = {
    "outcome": "granted",
    "reason": "Das Attest liegt vor.",
    "legal_basis": "§ 6 Abs. 1 SchfkVO",
    "own_share_cents": 1400,
}
"""A person's decision."""


@dataclass
class DistancesAsTold:
    """Implements Distances."""

    answer: Measurement

    async def distance(self, start: Point, end: Point) -> Measurement:
        return self.answer


def cases_app(world: World) -> FastAPI:
    app, identity = FastAPI(), PlainTokens()
    problems.install(app)
    printing = Printing(world.database, Press(), world.surroundings.now)
    app.include_router(api.cases_router(world.desk, identity))
    desks = world.desk, world.handling, world.notice_desk
    app.include_router(
        api.handling_router(*desks, printing, identity, world.workflow.messages, world.workflow.ticket_desk)
    )
    app.include_router(api.family_router(world.families(), world.workflow.proofs, world.desk, identity))
    app.include_router(api.notices_router(printing, world.notice_desk, world.desk, identity))
    app.include_router(api.questions_router(DistancesAsTold(small_place.measurement(1234.5678)), presets.preset))
    desk = RuleSetDesk(world.database, world.surroundings, presets)
    app.include_router(api.rule_sets_router(desk, presets.preset, presets.PRESETS, identity))
    return app


def path_of(world: World, event: ApplicationSubmitted) -> str:
    """Of its case."""
    return f"/v1/cases/{world.case_of(event.application_id).id}"
