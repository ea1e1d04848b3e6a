"""The sign-in and the sign-out of the families' pages, and of a school's office: below the root of each."""

from fastapi import APIRouter, Request, Response
from shared.errors import NotFound
from shared.http.page_headers import page_headers
from shared.sign_in import place_behind
from shared.trust import TRUST

from application.api.pages.pages import NO_PAGE
from application.api.pages.visits import ROOT, FamilyPages

BACK_BEHIND = "/sign-in/back"
BACK = f"{ROOT}{BACK_BEHIND}"
LONGEST_PLACE = 200
"""Of the page that was asked for before the sign-in: it goes into a cookie."""


def add_sign_in(routes: APIRouter, pages: FamilyPages) -> None:
    """Add the way to the identity provider and back, and the way out."""

    @routes.get(f"{pages.root}/sign-in", response_class=Response)
    async def leave(request: Request, next: str = "", trust: str = "") -> Response:
        """`next`: where to go on afterwards, behind the root; `trust`: the level of trust that a page asks for."""
        place = place_behind(pages.root, f"{pages.root}{next}")[:LONGEST_PLACE]
        wanted = trust if trust in TRUST else None
        return pages.flow().start(request, place, page_headers(https=pages.https), wanted)

    @routes.get(f"{pages.root}{BACK_BEHIND}", response_class=Response)
    async def back(request: Request) -> Response:
        """Whoever it is gets a session: what the account may not do, the pages say themselves."""
        flow = pages.flow()
        returned = await flow.callback(request)
        answer = pages.go(returned.then)
        flow.open_session(request, answer, returned)
        return answer

    @routes.post(f"{pages.root}/sign-out", response_class=Response)
    async def sign_out(request: Request) -> Response:
        visit = await pages.form(request)
        answer = pages.go("/signed-out")
        await pages.flow().sign_out(visit.session, answer)
        return answer

    @routes.get(f"{pages.root}/signed-out", response_class=Response)
    async def signed_out(request: Request) -> Response:
        leave = None if pages.sign_in is None else pages.sign_in.provider.client.end_session_url
        return pages.show_anybody(request, "signed_out.html", why="left", leave=leave)


def add_nothing(routes: APIRouter, pages: FamilyPages) -> None:
    """Last: what is no page, also of a form that was sent before and is loaded anew."""

    @routes.get(f"{pages.root}/{{path:path}}", response_class=Response)
    async def nothing_there(path: str) -> Response:
        if not path:
            return pages.go("")  # with a slash, as people type it
        raise NotFound(NO_PAGE)
