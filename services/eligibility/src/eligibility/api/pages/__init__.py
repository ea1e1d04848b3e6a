"""/desk: the pages of an authority's case workers. They call the same workflow as the API, never the API itself."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from eligibility.api.pages.acts import add_acts
from eligibility.api.pages.case import CasePage, add_case_page
from eligibility.api.pages.pages import Pages
from eligibility.api.pages.rule_sets import RuleSetPages, add_rule_sets
from eligibility.api.pages.signing_in import add_files, add_sign_in
from eligibility.api.pages.work_list import add_release, add_work_list
from eligibility.api.rule_sets.simulations import Run
from eligibility.workflow import CaseDesk, Handling, NoticeDesk
from eligibility.workflow.desk.work_list import WorkList
from eligibility.workflow.ports import Notices
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from eligibility.workflow.rule_sets.simulation_desk import SimulationDesk


@dataclass(frozen=True)
class Workflows:
    """What the pages call."""

    cases: CaseDesk
    handling: Handling
    notices: NoticeDesk
    work: WorkList
    rule_sets: RuleSetDesk
    simulations: SimulationDesk


def desk_router(pages: Pages, workflows: Workflows, notices: Notices, simulate: Run) -> APIRouter:
    """Pages are for browsers: they do not stand in the API's description."""
    routes = APIRouter(prefix="/desk", include_in_schema=False, route_class=pages.route())
    add_files(routes)
    add_sign_in(routes, pages, workflows.work)
    add_work_list(routes, pages, workflows.work)
    add_release(routes, pages, workflows.work, workflows.cases)
    page = CasePage(pages, workflows.cases, workflows.work)
    add_case_page(routes, pages, page, workflows.cases, notices)
    add_acts(routes, pages, page, workflows.cases, workflows.handling, workflows.notices)
    rule_set_pages = RuleSetPages(pages, workflows.rule_sets, workflows.simulations, simulate)
    add_rule_sets(routes, pages, rule_set_pages, workflows.rule_sets)

    @routes.get("")
    async def desk(request: Request) -> Response:
        """Without a slash, as people type it."""
        pages.visit(request)
        return pages.go("/")

    return routes


__all__ = ["Pages", "Workflows", "desk_router"]
