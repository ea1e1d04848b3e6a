"""The API of cases over the small place; tokens are taken at their word (support/identity.py)."""

from dataclasses import dataclass

from eligibility import api, presets
from eligibility.printing.press import Press
from eligibility.printing.worker import NoticePrinter
from eligibility.workflow import Workflow
from eligibility.workflow.family.families import Families
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from fastapi import FastAPI
from geography.model import Measurement, Point
from shared.events import ApplicationSubmitted
from shared.http import problems
from support.eligibility import small_place
from support.eligibility.world import World
from support.identity import PlainTokens
from support.standing_app import AppOfWorld, StandingApp, behind_gate

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


@dataclass
class CasesParts:
    """What the application asks for, of one world."""

    workflow: Workflow
    printing: NoticePrinter
    families: Families
    rule_set_desk: RuleSetDesk


def _build(world: CasesParts) -> FastAPI:
    app, identity = FastAPI(openapi_url=None), PlainTokens()
    problems.install(app)
    workflow = world.workflow
    app.include_router(api.cases_router(workflow.cases, identity))
    desks = workflow.cases, workflow.handling, workflow.notices
    app.include_router(api.handling_router(*desks, world.printing, identity, workflow.messages, workflow.ticket_desk))
    app.include_router(api.attendance_router(workflow.cases, workflow.attendance_desk, identity))
    app.include_router(api.family_router(world.families, workflow.proofs, workflow.cases, identity))
    app.include_router(api.notices_router(world.printing, workflow, identity))
    app.include_router(api.questions_router(DistancesAsTold(small_place.measurement(1234.5678)), presets.preset))
    app.include_router(api.rule_sets_router(world.rule_set_desk, presets.preset, presets.PRESETS, identity))
    return behind_gate(app, api.INTERFACE, identity)


CASES = StandingApp(_build)


def cases_app(world: World) -> AppOfWorld:
    printing = NoticePrinter(world.database, Press(), world.environment.now)
    rule_sets = RuleSetDesk(world.database, world.environment, presets)
    return CASES.serving(CasesParts(world.workflow, printing, world.families(), rule_sets))


def path_of(world: World, event: ApplicationSubmitted) -> str:
    """Of its case."""
    return f"/v1/cases/{world.case_of(event.application_id).id}"
