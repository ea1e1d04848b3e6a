"""/emails/{token}: the link by which an address is confirmed; and what a family wants of its address."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from shared.errors import NotFound
from shared.http.limits import Limit

from application.api.pages.child.child import ONE, ChildPages
from application.api.pages.link_pages import LinkPage
from application.api.pages.pages import NO_PAGE, language, typed_of
from application.api.pages.visits import ROOT
from application.api.requests import application_id_of


def add_emails(routes: APIRouter, children: ChildPages, limit: Limit | None) -> None:
    """`limit`: how often one client may try a link."""
    _add_confirmation(routes, children, limit)
    _add_wishes(routes, children)


def _add_confirmation(routes: APIRouter, children: ChildPages, limit: Limit | None) -> None:
    pages, contacts = children.pages, children.workflow.contacts
    page = LinkPage(pages, "email_link.html", "/email/confirmation", "email-form")

    @routes.get("/emails/{token}", response_class=Response)
    async def ask(token: str, request: Request) -> Response:
        """A mail program that looks at the link confirms nothing."""
        return page.ask(token, language(request, {}))

    @routes.post(f"{ROOT}/email/confirmation", response_class=Response)
    async def confirm(request: Request) -> Response:
        """By whoever reads the mailbox, signed in or not."""
        if limit is not None:
            await limit.check(request)
        token = await page.pressed(request)
        if isinstance(token, Response):
            return token
        await contacts.confirm(token, pages.sign_in.now() if pages.sign_in else datetime.now(UTC))
        return pages.show("email_confirmed.html", language(request, await typed_of(request)))


def _add_wishes(routes: APIRouter, children: ChildPages) -> None:
    pages, contacts = children.pages, children.workflow.contacts

    @routes.post(f"{ONE}/email", response_class=Response)
    async def wish(application_id: str, request: Request) -> Response:
        """A new link, no more hints, or hints again."""
        visit = await pages.form(request)
        number, wanted = application_id_of(application_id), visit.typed.get("wish", "link")
        if wanted == "link":
            await contacts.ask_again(visit.owner, number, children.now())
        elif wanted in ("stop", "start"):
            await contacts.want_hints(visit.owner, number, wants=wanted == "start")
        else:
            await children.own(visit, application_id)
            raise NotFound(NO_PAGE)
        return children.back(number, f"email-{wanted}", "#top")
