"""/desk/sign-in, /desk/sign-out, and the files that pages need."""

from fastapi import APIRouter, Request, Response
from shared.http.assets import Assets

from eligibility.api.pages.pages import NO_PAGE, Pages, inside
from eligibility.workflow.desk.work_list import WorkList

LONGEST_PLACE = 200
"""Of the page that was asked for before the sign-in: it goes into a cookie."""
PUBLIC = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}


def add_sign_in(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    """Add the way to the identity provider and back, and the way out."""
    sign_in = pages.sign_in

    @routes.get("/sign-in")
    async def leave(request: Request, next: str = "") -> Response:
        return sign_in.start(request, inside(f"/desk{next}")[:LONGEST_PLACE], pages.headers())

    @routes.get("/sign-in/back")
    async def back(request: Request) -> Response:
        """1. Who it is. 2. Only people of an authority. 3. A session."""
        # 1.
        returned = await sign_in.callback(request)
        # 2.
        authority_name = await work.authority_name(returned.person.caller)
        # 3.
        answer = pages.go(returned.then or "/")
        sign_in.open_session(request, answer, returned, authority_name)
        return answer

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        visit, _ = await pages.form(request)
        answer = pages.go("/signed-out")
        await sign_in.sign_out(visit.session, answer)
        return answer

    @routes.get("/signed-out")
    async def signed_out(request: Request) -> Response:
        return pages.show_anybody(request, "signed_out.html", why="left", leave=sign_in.provider.client.end_session_url)


def add_files(routes: APIRouter) -> None:
    """Add style sheets, fonts and pictures. They are public: a problem's page needs them before anybody has signed
    in."""
    files = Assets("eligibility.web", PUBLIC, missing=NO_PAGE)

    @routes.head("/static/{path:path}")
    @routes.get("/static/{path:path}")
    async def static(path: str, request: Request) -> Response:
        """Style sheets, fonts and pictures of the pages."""
        return files.answer(request, path)
