"""The ticket on paper, behind the same unguessable link as the pass."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response

from wallet_pass.api.headers import PRIVATE
from wallet_pass.domain.passes import PassToken
from wallet_pass.workflow import Workflow
from wallet_pass.workflow.ports import PaperKind

PDF = "application/pdf"
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {}}, "description": "PDF/UA-1, in German and English"},
    404: {"description": "There is no such pass, or its ticket is suspended, revoked or expired: nobody may print it"},
}
FILES: dict[PaperKind, str] = {"ticket": "Schulticket-Blatt.pdf", "card": "Schulticket-Karte.pdf"}
"""A name says nothing about the child: it stands in the lists of downloads of shared computers."""
Token = Annotated[str, Path()]


def add_printouts(routes: APIRouter, workflow: Workflow) -> None:
    """HEAD for programs that only ask whether there is one."""

    async def answer(token: str, kind: PaperKind) -> Response:
        pdf = await workflow.printouts.printout(await workflow.find(PassToken(token)), kind)
        headers = PRIVATE | {"Content-Disposition": f'inline; filename="{FILES[kind]}"', "X-Robots-Tag": "noindex"}
        return Response(pdf, media_type=PDF, headers=headers)

    @routes.head("/v1/passes/{token}/ticket.pdf", include_in_schema=False)
    @routes.get("/v1/passes/{token}/ticket.pdf", tags=["pass"], response_class=Response, responses=ANSWERS)
    async def sheet(token: Token) -> Response:
        """The ticket as a sheet of A4 to fold: both codes, name, date of birth, validity, what to show with it."""
        return await answer(token, "ticket")

    @routes.head("/v1/passes/{token}/card.pdf", include_in_schema=False)
    @routes.get("/v1/passes/{token}/card.pdf", tags=["pass"], response_class=Response, responses=ANSWERS)
    async def card(token: Token) -> Response:
        """The ticket as a card to cut out, as large as a bank card (ID-1), with both codes."""
        return await answer(token, "card")
