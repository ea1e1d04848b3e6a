"""/desk/sign-in, /desk/sign-out, and the files that pages need."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from shared.errors import NotFound

from eligibility.api.pages.pages import NO_PAGE, Pages, inside
from eligibility.web.assets import asset
from eligibility.workflow.desk.work_list import WorkList

LONGEST_PLACE = 200
"""Of the page that was asked for before the sign-in: it goes into a cookie."""
PUBLIC = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}


def add_sign_in(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    door = pages.door

    @routes.get("/sign-in")
    async def leave(request: Request, next: str = "") -> Response:
        return door.leave(request, inside(f"/desk{next}")[:LONGEST_PLACE], pages.headers())

    @routes.get("/sign-in/back")
    async def back(request: Request) -> Response:
        """1. Who it is. 2. Only people of an authority. 3. A session."""
        # 1.
        returned = await door.back(request)
        # 2.
        authority_name = await work.authority_name(returned.person.caller)
        # 3.
        answer = pages.go(returned.then or "/")
        door.let_in(request, answer, returned, authority_name)
        return answer

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await pages.form(request)
        answer = pages.go("/signed-out")
        door.sessions.forget(answer)
        return answer

    @routes.get("/signed-out")
    async def signed_out(request: Request) -> Response:
        return pages.show_anybody(request, "signed_out.html", why="left", leave=door.provider.client.end_session_url)


def add_files(routes: APIRouter) -> None:
    @routes.get("/static/{path:path}")
    async def static(
        path: str,
        accept_encoding: Annotated[str, Header()] = "",
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Style sheets, fonts and pictures of the pages."""
        found = asset(path)
        if found is None:
            raise NotFound(NO_PAGE)
        headers = PUBLIC | {"ETag": found.tag, "Vary": "Accept-Encoding"}
        if if_none_match == found.tag:
            return Response(status_code=304, headers=headers)
        if found.compressed is not None and "gzip" in accept_encoding:
            headers["Content-Encoding"] = "gzip"
            return Response(found.compressed, media_type=found.media_type, headers=headers)
        return Response(found.content, media_type=found.media_type, headers=headers)
