"""/desk: the pages of an authority's case workers. They call the same workflow as the API, never the API itself."""

from fastapi import APIRouter, Request, Response
from shared.errors import NotFound
from shared.sign_in import page_route

from eligibility.api.desk.letters import LetterRoom
from eligibility.api.pages.acts import add_acts
from eligibility.api.pages.case import CasePage, add_case_page
from eligibility.api.pages.entrances import add_entrances
from eligibility.api.pages.letters import add_letters
from eligibility.api.pages.own_forms import add_own_forms
from eligibility.api.pages.pages import NO_PAGE, Pages
from eligibility.api.pages.release import add_release
from eligibility.api.pages.rule_sets import RuleSetPages, add_rule_sets
from eligibility.api.pages.signing_in import add_files, add_sign_in
from eligibility.api.pages.work_list import add_work_list
from eligibility.api.rule_sets.simulations import Run
from eligibility.workflow import Workflow
from eligibility.workflow.outer_ports import Notices


def desk_router(pages: Pages, workflow: Workflow, notices: Notices, letters: LetterRoom, simulate: Run) -> APIRouter:
    """Pages are for browsers: they do not stand in the API's description."""
    routes = APIRouter(prefix="/desk", include_in_schema=False, route_class=page_route(pages))
    add_files(routes)
    add_sign_in(routes, pages, workflow.work)
    add_work_list(routes, pages, workflow.work)
    add_release(routes, pages, workflow.work, workflow.cases)
    page = CasePage(pages, workflow.cases, workflow.work)
    add_case_page(routes, pages, page, workflow.cases, notices)
    add_acts(routes, pages, page, workflow)
    add_letters(routes, pages, letters)
    add_entrances(routes, pages, workflow)
    rule_set_pages = RuleSetPages(pages, workflow.rule_sets, workflow.simulations, simulate)
    add_rule_sets(routes, pages, rule_set_pages, workflow.rule_sets)
    add_own_forms(routes, pages, workflow.own_forms)

    @routes.get("")
    async def desk(request: Request) -> Response:
        """Without a slash, as people type it."""
        pages.visit(request)
        return pages.go("/")

    @routes.get("/{path:path}")
    async def nothing_there() -> Response:
        """Last: what is no page, also of a form that was sent before and is loaded anew."""
        raise NotFound(NO_PAGE)

    return routes


__all__ = ["Pages", "desk_router"]
