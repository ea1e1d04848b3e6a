"""/school/sign-in and /school/sign-out."""

from fastapi import APIRouter, Request, Response
from shared.errors import NotFound
from shared.http.page_headers import page_headers
from shared.sign_in import place_behind

from application.api.pages.pages import NO_PAGE
from application.api.pages.school.visits import ROOT, SchoolPages
from application.api.pages.signing_in import LONGEST_PLACE

BACK = f"{ROOT}/sign-in/back"


def add_sign_in(routes: APIRouter, pages: SchoolPages) -> None:
    """Add the way to the identity provider and back, and the way out."""

    @routes.get(f"{ROOT}/sign-in", response_class=Response)
    async def leave(request: Request, next: str = "") -> Response:
        """`next`: where to go on afterwards, behind /school."""
        place = place_behind(ROOT, f"{ROOT}{next}")[:LONGEST_PLACE]
        return pages.flow().start(request, place, page_headers(https=pages.https))

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


def add_nothing(routes: APIRouter, pages: SchoolPages) -> None:
    """Last: what is no page, also of a form that was sent before and is loaded again."""

    @routes.get(f"{ROOT}/{{path:path}}", response_class=Response)
    async def nothing_there(path: str) -> Response:
        if not path:
            return pages.go("")  # with a slash, as people type it
        raise NotFound(NO_PAGE)
