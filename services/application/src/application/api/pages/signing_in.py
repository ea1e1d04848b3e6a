"""/family/sign-in and /family/sign-out."""

from fastapi import APIRouter, Request, Response
from shared.errors import NotFound
from shared.http.page_headers import page_headers
from shared.trust import TRUST

from application.api.pages.pages import NO_PAGE
from application.api.pages.visits import ROOT, FamilyPages, inside

BACK = f"{ROOT}/sign-in/back"
LONGEST_PLACE = 200
"""Of the page that was asked for before the sign-in: it goes into a cookie."""


def add_sign_in(routes: APIRouter, pages: FamilyPages) -> None:
    """Add the way to the identity provider and back, and the way out."""

    @routes.get(f"{ROOT}/sign-in", response_class=Response)
    async def leave(request: Request, next: str = "", trust: str = "") -> Response:
        """`next`: where to go on afterwards, behind /family; `trust`: the level of trust that a page asks for."""
        place = inside(f"{ROOT}{next}")[:LONGEST_PLACE]
        wanted = trust if trust in TRUST else None
        return pages.flow().start(request, place, page_headers(https=pages.https), wanted)

    @routes.get(BACK, response_class=Response)
    async def back(request: Request) -> Response:
        """Whoever it is gets a session: what the account may not do, the pages say themselves."""
        flow = pages.flow()
        returned = await flow.callback(request)
        answer = pages.go(returned.then)
        flow.open_session(request, answer, returned)
        return answer

    @routes.post(f"{ROOT}/sign-out", response_class=Response)
    async def sign_out(request: Request) -> Response:
        visit = await pages.form(request)
        answer = pages.go("/signed-out")
        await pages.flow().sign_out(visit.session, answer)
        return answer

    @routes.get(f"{ROOT}/signed-out", response_class=Response)
    async def signed_out(request: Request) -> Response:
        leave = None if pages.sign_in is None else pages.sign_in.provider.client.end_session_url
        return pages.show_anybody(request, "signed_out.html", why="left", leave=leave)


def add_nothing(routes: APIRouter, pages: FamilyPages) -> None:
    """Last: what is no page, also of a form that was sent before and is loaded anew."""

    @routes.get(f"{ROOT}/{{path:path}}", response_class=Response)
    async def nothing_there(path: str) -> Response:
        if not path:
            return pages.go("")  # with a slash, as people type it
        raise NotFound(NO_PAGE)
