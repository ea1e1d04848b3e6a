"""/family/pick-up: a ticket comes onto a child's phone by a code, without an account; and where a family makes one."""

from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, Invalid, NotFound
from shared.http.clients import client_of

from application.api.pages.child.child import ONE, ChildPages
from application.api.pages.code import BROWSER_COOKIE, CodePages
from application.api.pages.pages import language
from application.api.pages.visits import ROOT
from application.workflow import linked_ticket
from application.workflow.applications.pass_links import NO_LINK_TO_CHANGE
from application.workflow.codes.codes import FIELD, CodesLocked

CODE = "pick-up-code"
TICKET = "pick-up-ticket"
"""Cookies: what was made or picked up a moment ago, so that a page that shows it can be loaded again."""
SECONDS = 900


def add_pick_up(routes: APIRouter, children: ChildPages, codes: CodePages, public_url: str) -> None:
    """The family's page on which a code is made, and the child's, on which it is typed."""
    _add_making(routes, children, public_url)
    _add_typing(routes, codes)


def _add_making(routes: APIRouter, children: ChildPages, public_url: str) -> None:
    pages, pick_ups = children.pages, children.workflow.pick_ups

    @routes.post(f"{ONE}/pick-up", response_class=Response)
    async def make(application_id: str, request: Request) -> Response:
        """Leads to a page of its own, which can be loaded again without making another one."""
        visit = await pages.form(request)
        view = await children.own(visit, application_id)
        ticket = linked_ticket(view.news)
        if ticket is None:
            raise Conflict(NO_LINK_TO_CHANGE)
        new = await pick_ups.make(visit.owner, view.application.id, UUID(ticket), children.now())
        answer = pages.go(f"/applications/{view.application.id}/pick-up")
        place = f"{pages.base}/applications/{view.application.id}/pick-up"
        _keep(answer, CODE, new.code, place, secure=pages.https)
        return answer

    @routes.get(f"{ONE}/pick-up", response_class=Response)
    async def made(application_id: str, request: Request) -> Response:
        """As long as the browser has it; then the child's page."""
        visit = pages.visit(request)
        view, code = await children.own(visit, application_id), request.cookies.get(CODE, "")
        if not code:
            return children.back(view.application.id)
        address = f"{public_url}{ROOT}/pick-up"
        return pages.show_to(visit, "pick_up_code.html", application_id=view.application.id, code=code, address=address)


def _add_typing(routes: APIRouter, codes: CodePages) -> None:
    pages, pick_ups = codes.pages, codes.workflow.pick_ups

    @routes.get(f"{ROOT}/pick-up", response_class=Response)
    async def ask(request: Request) -> Response:
        return codes.show("pick_up.html", language(request, {}), {})

    @routes.post(f"{ROOT}/pick-up", response_class=Response)
    async def use(request: Request) -> Response:
        """The policy of pages lets no form lead to another service, so the ticket's address comes on a page."""
        typed = await codes.typed(request)
        reader = language(request, typed)
        if "language" in typed:
            return codes.show("pick_up.html", reader, typed)
        try:
            mark, address = request.cookies.get(BROWSER_COOKIE, ""), client_of(request, codes.proxies)
            client = codes.workflow.codes.client_of(mark, address)
            ticket = await pick_ups.use(typed.get(FIELD, ""), client, codes.now())
        except (Invalid, NotFound, CodesLocked) as problem:
            return codes.show("pick_up.html", reader, typed | {FIELD: ""}, problem)
        answer = pages.go("/pick-up/ticket")
        _keep(answer, TICKET, ticket, f"{pages.base}/pick-up", secure=pages.https)
        return answer

    @routes.get(f"{ROOT}/pick-up/ticket", response_class=Response)
    async def picked_up(request: Request) -> Response:
        """Only what this service has set leads on, and only to a web address."""
        ticket = request.cookies.get(TICKET, "")
        if urlsplit(ticket).scheme not in ("http", "https"):
            return pages.go("/pick-up")
        return pages.show("picked_up.html", language(request, {}), ticket=ticket)


def _keep(answer: Response, name: str, value: str, path: str, *, secure: bool) -> None:
    answer.set_cookie(name, value, max_age=SECONDS, path=path, secure=secure, httponly=True, samesite="strict")
