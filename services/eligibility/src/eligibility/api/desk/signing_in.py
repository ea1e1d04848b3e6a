"""/desk/sign-in, /desk/sign-out, and the files that pages need."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import RedirectResponse
from shared.errors import NotFound
from shared.identity import Unauthenticated

from eligibility.api.desk.pages import NO_PAGE, Pages, inside
from eligibility.sign_in import Attempt
from eligibility.web.assets import asset
from eligibility.workflow.work_list import WorkList

log = structlog.get_logger("desk")
PUBLIC = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}


def add_sign_in(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    sessions, provider = pages.sessions, pages.provider

    @routes.get("/sign-in")
    async def leave(next: str = "") -> Response:
        """To the identity provider, with a fresh state, nonce and PKCE challenge."""
        attempt = Attempt.new()
        answer = RedirectResponse(provider.address(attempt), 303, headers=pages.headers())
        kept = {"state": attempt.state, "nonce": attempt.nonce, "verifier": attempt.verifier}
        sessions.write_attempt(answer, kept | {"next": inside(f"/desk{next}")[:200]}, pages.now())
        return answer

    @routes.get("/sign-in/back")
    async def back(request: Request) -> Response:
        """1. The attempt that this browser began. 2. Who it is. 3. Only people of an authority. 4. A session."""
        # 1.
        kept = sessions.read_attempt(request, pages.now())
        if kept is None:
            raise Unauthenticated
        # 2.
        attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
        try:
            person = await provider.back(attempt, dict(request.query_params))
        except Unauthenticated:
            log.warning("sign_in_refused")
            raise
        # 3.
        authority_name = await work.authority_name(person.caller)
        # 4.
        answer = pages.go(kept["next"] or "/")
        session = sessions.begin(person.caller, person.name, authority_name, pages.now(), sessions.read(request))
        sessions.write(answer, session)
        sessions.forget_attempt(answer)
        return answer

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await pages.form(request)
        answer = pages.go("/signed-out")
        sessions.forget(answer)
        return answer

    @routes.get("/signed-out")
    async def signed_out(request: Request) -> Response:
        return pages.show_anybody(request, "signed_out.html", why="left", leave=provider.client.end_session_url)


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
