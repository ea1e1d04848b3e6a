"""Who helps with a child's application: invite, take back, remove; and the link that shows once."""

from fastapi import APIRouter, Request, Response
from shared.errors import NotFound

from application.api.pages.child.child import ONE, ChildPages
from application.api.people.limits import InvitationLimits
from application.api.requests import application_id_of, invitation_id_of, person_id_of
from application.domain.ids import ApplicationId
from application.domain.people import InvitationKind, PersonKind

LINK = "invitation-link"
"""The cookie with which the owner's browser shows the link that was just made: the store does not have it."""
LINK_SECONDS = 900


def add_people(routes: APIRouter, children: ChildPages, public_url: str, limits: InvitationLimits) -> None:
    """/family/applications/{application_id}/invitations and …/people."""
    _add_invitations(routes, children, public_url, limits)
    _add_removals(routes, children)


def _add_invitations(routes: APIRouter, children: ChildPages, public_url: str, limits: InvitationLimits) -> None:
    pages, people = children.pages, children.workflow.people

    @routes.post(f"{ONE}/invitations", response_class=Response)
    async def invite(application_id: str, request: Request) -> Response:
        """Leads to a page of its own, which can be loaded again without inviting again."""
        visit = await pages.form(request)
        number = application_id_of(application_id)
        takes_over = visit.typed.get("kind") == InvitationKind.TAKEOVER
        await people.expect(visit.owner, number)
        limits.invite(visit.owner, request)
        kind = InvitationKind.TAKEOVER if takes_over else InvitationKind.HELPER
        new = await people.invite(visit.owner, number, kind, children.now())
        answer = pages.go(f"/applications/{number}/invitations")
        answer.set_cookie(
            LINK, new.token, max_age=LINK_SECONDS, path=_place(children, number), secure=pages.https, httponly=True,
            samesite="strict",
        )  # fmt: skip
        return answer

    @routes.get(f"{ONE}/invitations", response_class=Response)
    async def link(application_id: str, request: Request) -> Response:
        """As long as the browser has it, and nobody has used it; then the child's page."""
        visit = pages.visit(request)
        view, token = await children.own(visit, application_id), request.cookies.get(LINK, "")
        try:
            kind = await people.kind_of(token, children.now())
        except NotFound:
            answer = children.back(view.application.id, part="#people")
            answer.delete_cookie(LINK, path=_place(children, view.application.id))
            return answer
        return pages.show_to(
            visit,
            "invited.html",
            application_id=view.application.id,
            link=f"{public_url}/invitations/{token}",
            takes_over=kind is InvitationKind.TAKEOVER,
        )


def _add_removals(routes: APIRouter, children: ChildPages) -> None:
    pages, people = children.pages, children.workflow.people

    @routes.post(f"{ONE}/invitations/{{invitation_id}}/removal", response_class=Response)
    async def take_back(application_id: str, invitation_id: str, request: Request) -> Response:
        visit = await pages.form(request)
        number, which = application_id_of(application_id), invitation_id_of(invitation_id)
        await people.take_back(visit.owner, number, which, children.now())
        return children.back(number, "taken-back", "#top")

    @routes.post(f"{ONE}/people/{{person_id}}/removal", response_class=Response)
    async def remove(application_id: str, person_id: str, request: Request) -> Response:
        """Who has removed oneself sees the application no more."""
        visit = await pages.form(request)
        number, person = application_id_of(application_id), person_id_of(person_id)
        you = (await children.view(visit, application_id)).you
        await people.remove(visit.owner, number, person, children.now())
        return children.back(number, "person-removed", "#top") if you is PersonKind.OWNER else pages.go("")


def _place(children: ChildPages, application_id: ApplicationId) -> str:
    return f"{children.pages.base}/applications/{application_id}/invitations"
