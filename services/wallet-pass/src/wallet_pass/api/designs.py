"""An authority's design, which is the same for everybody: colours and logo."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from shared.events import AuthorityId

from wallet_pass.api.headers import PUBLIC
from wallet_pass.domain.designs import Design
from wallet_pass.web.pages import design_sheet
from wallet_pass.workflow import Workflow

Operator = Annotated[int | None, Query(ge=0, le=65_535)]
DrawLogo = Callable[[Design], bytes]


def add_designs(routes: APIRouter, workflow: Workflow, draw_logo: DrawLogo) -> None:
    """What every reader may have of an authority: its colours and logo.

    Args:
        draw_logo: Google's size, as PNG.
    """

    @routes.get("/v1/passes/design/{authority_id}/colours.css", tags=["page"], response_class=Response)
    async def colours(authority_id: AuthorityId, organisation_id: Operator = None) -> Response:
        """An authority's colours as a style sheet; for one operator where it is named."""
        design = await workflow.design(authority_id, organisation_id)
        sheet = design_sheet(design.background.hex, design.foreground.hex, design.label.hex)
        return Response(sheet, media_type="text/css", headers=PUBLIC)

    @routes.get("/v1/passes/design/{authority_id}/logo.png", tags=["page"], response_class=Response)
    async def logo(authority_id: AuthorityId, organisation_id: Operator = None) -> Response:
        """The logo in an authority's colours, which Google Wallet fetches."""
        design = await workflow.design(authority_id, organisation_id)
        return Response(await asyncio.to_thread(draw_logo, design), media_type="image/png", headers=PUBLIC)
