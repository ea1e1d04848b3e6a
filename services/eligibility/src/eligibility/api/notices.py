"""/v1/notices/{token}: who has the token may read the notice."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from eligibility.domain import NoticeToken
from eligibility.workflow.ports import Notices


def notices_router(notices: Notices) -> APIRouter:
    router = APIRouter(prefix="/v1/notices", tags=["notices"])

    @router.get("/{token}", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
    async def notice(token: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]) -> Response:
        """The notice as PDF/UA-1. Not kept by any cache."""
        pdf = await notices.pdf(NoticeToken(token))
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'inline; filename="Bescheid.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=headers)

    return router
