"""Style sheets, fonts and pictures of the pages."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from shared.http.assets import Assets

from wallet_pass.api.headers import PUBLIC
from wallet_pass.workflow import NO_SUCH_PASS


def add_static(routes: APIRouter) -> None:
    """The files of the pages; HEAD for caches that only ask whether a file has changed."""
    files = Assets("wallet_pass.web", PUBLIC, missing=NO_SUCH_PASS)

    @routes.head("/v1/passes/static/{path:path}", include_in_schema=False)
    @routes.get("/v1/passes/static/{path:path}", tags=["page"], response_class=Response)
    async def static(path: str, request: Request) -> Response:
        """Style sheets, fonts and pictures of the pages."""
        return files.answer(request, path)
