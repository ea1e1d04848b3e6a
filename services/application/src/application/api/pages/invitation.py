"""/invitations/{token}: a link that somebody has passed on, and the page on which it is accepted, signed in."""

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from shared.errors import Language
from shared.http.limits import Limit
from shared.http.problems import from_validation

from application.api.pages.child.child import ChildPages
from application.api.pages.link_pages import LONGEST_TOKEN, LinkPage
from application.api.pages.pages import language, typed_of
from application.api.pages.visits import ROOT, Visit
from application.domain.people import InvitationKind, PersonKind
from application.form.called import CALLED, called_by_account

PLACE = f"{ROOT}/invitation"
COOKIE = "invitation"
"""With the link's token, from the button to the acceptance: no address that is signed in on the way has it."""
COOKIE_SECONDS = 1800


def add_invitation(routes: APIRouter, children: ChildPages, limit: Limit | None) -> None:
    """`limit`: how often one client may try a link."""
    page = LinkPage(children.pages, "invitation_link.html", "/invitation/continue", "invitation-form")
    accepting = InvitationPages(children)

    @routes.get("/invitations/{token}", response_class=Response)
    async def ask(token: str, request: Request) -> Response:
        return page.ask(token, language(request, {}))

    @routes.post(f"{PLACE}/continue", response_class=Response)
    async def go_on(request: Request) -> Response:
        if limit is not None:
            await limit.check(request)
        token = await page.pressed(request)
        if isinstance(token, Response):
            return token
        return accepting.keep(request, token, page, language(request, await typed_of(request)))

    @routes.get(PLACE, response_class=Response)
    async def show(request: Request) -> Response:
        return await accepting.show(children.pages.visit(request))

    @routes.post(PLACE, response_class=Response)
    async def accept(request: Request) -> Response:
        if limit is not None:
            await limit.check(request)
        return await accepting.accept(await children.pages.form(request))


class InvitationPages:
    """An invitation before who was invited."""

    def __init__(self, children: ChildPages) -> None:
        self._children, self._pages = children, children.pages

    def keep(self, request: Request, token: str, page: LinkPage, reader: Language) -> Response:
        """In a cookie of these pages, for the way over the sign-in. That begins with a link: under `form-action 'self'`
        a browser follows no form to another host. What no cookie can hold is no token of ours."""
        self._pages.flow()
        kept = token[:LONGEST_TOKEN] if token.isascii() else ""
        is_signed_in = self._pages.visitor(request) is not None
        answer = self._pages.go("/invitation") if is_signed_in else page.ask(token, reader, is_opened=True)
        answer.set_cookie(
            COOKIE, kept, max_age=COOKIE_SECONDS, path=self._path, secure=self._pages.https,
            httponly=True, samesite="lax",
        )  # fmt: skip
        return answer

    async def show(self, visit: Visit, status: int = 200, errors: dict[str, str] | None = None) -> Response:
        """What accepting it means.

        Raises:
            NotFound: for a link that is old, used, or none.
        """
        kind = await self._children.workflow.people.kind_of(self._token(visit), self._children.now())
        return self._pages.show_to(
            visit,
            "invitation.html",
            status,
            here=self._path,
            takes_over=kind is InvitationKind.TAKEOVER,
            typed={"name": called_by_account(visit.session.name)} | visit.typed,
            errors=errors or {},
        )

    async def accept(self, visit: Visit) -> Response:
        """Pressed twice it is the same."""
        try:
            name = CALLED.validate_python(visit.typed.get("name", ""))
        except ValidationError as error:
            problem = from_validation(error.errors(include_url=False, include_input=False))
            told = problem.problems[0].text if problem.problems else problem.text
            return await self.show(visit, 422, {"name": told.in_language(visit.language)})
        people = self._children.workflow.people
        accepted = await people.accept(visit.owner, self._token(visit), name, self._children.now())
        done = "taken-over" if accepted.you is PersonKind.OWNER else "joined"
        answer = self._children.back(accepted.application_id, done, "#top")
        answer.delete_cookie(COOKIE, path=self._path, secure=self._pages.https, httponly=True, samesite="lax")
        return answer

    @property
    def _path(self) -> str:
        return f"{self._pages.base}/invitation"

    @staticmethod
    def _token(visit: Visit) -> str:
        return visit.request.cookies.get(COOKIE, "")
