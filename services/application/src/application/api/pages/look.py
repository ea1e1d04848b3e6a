"""/look/{look_token}: how an application stands, for who has the link. Nothing can be done here."""

from fastapi import APIRouter, Request, Response
from shared.errors import Text
from shared.http.limits import Limit

from application.api.applications.texts import STATUS
from application.api.pages.child.child import ONE, ChildPages
from application.api.pages.pages import language
from application.api.requests import application_id_of
from application.domain.timeline import EntryKind

LINK = "look-link"
HAPPENED = {
    EntryKind.REVIEW_OPENED: Text("Der Antrag wird geprüft.", "The application is being reviewed."),
    EntryKind.QUESTION_ASKED: Text(
        "Der Schulträger hat eine Frage. Bitte melden Sie sich an, um sie zu lesen.",
        "The authority has a question. Please sign in to read it.",
    ),
    EntryKind.ANSWERED: Text("Eine Nachricht ist eingegangen.", "A message has arrived."),
    EntryKind.GRANTED: Text("Über den Antrag ist entschieden.", "The application has been decided."),
    EntryKind.REFUSED: Text("Über den Antrag ist entschieden.", "The application has been decided."),
    EntryKind.GRANT_ENDED: Text("Eine Bewilligung endet.", "A grant ends."),
    EntryKind.TICKET_ISSUED: Text("Das Ticket ist ausgestellt.", "The ticket has been issued."),
    EntryKind.TICKET_REVOKED: Text("Ein Ticket ist gesperrt.", "A ticket is revoked."),
    EntryKind.TICKET_REPLACED: Text("Ein neues Ticket ist ausgestellt.", "Another ticket has been issued."),
    EntryKind.TICKET_SUSPENDED: Text("Das Ticket ist ausgesetzt.", "The ticket is suspended."),
    EntryKind.TICKET_RESTORED: Text("Das Ticket gilt wieder.", "The ticket is valid again."),
    EntryKind.PASS_READY: Text("Das Ticket liegt bereit.", "The ticket is ready."),
    EntryKind.WITHDRAWN: Text("Der Antrag ist zurückgenommen.", "The application has been withdrawn."),
}
"""That something happened. What was decided and why stands in the notice, which this link does not open."""
LINK_SECONDS = 900


def add_look(routes: APIRouter, children: ChildPages, public_url: str, limit: Limit | None) -> None:
    """The page behind the link, and the family's page on which one is made.

    Args:
        limit: how often one client may try a link.
    """
    pages, links = children.pages, children.workflow.look_links
    _add_making(routes, children, public_url)

    @routes.get("/look/{look_token}", response_class=Response)
    async def look(look_token: str, request: Request) -> Response:
        if limit is not None:
            await limit.check(request)
        seen = await links.look(look_token, children.now())
        reader = language(request, {})
        return pages.show(
            "look.html",
            reader,
            here=f"{pages.base.removesuffix('/family')}/look/{look_token}",
            seen=seen,
            stands=STATUS[seen.status].in_language(reader),
            happened=[(at, HAPPENED[kind].in_language(reader)) for at, kind in reversed(seen.happened)],
        )


def _add_making(routes: APIRouter, children: ChildPages, public_url: str) -> None:
    pages, links = children.pages, children.workflow.look_links

    @routes.post(f"{ONE}/look-links", response_class=Response)
    async def make(application_id: str, request: Request) -> Response:
        """Leads to a page of its own, which can be loaded again without making another one."""
        visit = await pages.form(request)
        number = application_id_of(application_id)
        new = await links.make(visit.owner, number, children.now())
        answer = pages.go(f"/applications/{number}/look-links")
        answer.set_cookie(
            LINK, new.token, max_age=LINK_SECONDS, path=f"{pages.base}/applications/{number}/look-links",
            secure=pages.https, httponly=True, samesite="strict",
        )  # fmt: skip
        return answer

    @routes.get(f"{ONE}/look-links", response_class=Response)
    async def made(application_id: str, request: Request) -> Response:
        """As long as the browser has it; then the child's page."""
        visit = pages.visit(request)
        view, token = await children.own(visit, application_id), request.cookies.get(LINK, "")
        if not token:
            return children.back(view.application.id)
        link = f"{public_url}/look/{token}"
        return pages.show_to(visit, "look_link.html", application_id=view.application.id, link=link)

    @routes.post(f"{ONE}/look-links/removal", response_class=Response)
    async def remove(application_id: str, request: Request) -> Response:
        visit = await pages.form(request)
        number = application_id_of(application_id)
        await links.remove_all(visit.owner, number)
        return children.back(number, "look-links-removed", "#top")
