"""An authority's design, for its administrators: read, chosen, and its pictures sent."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from shared.http.edge import LargerBody
from shared.http.limits import Limit
from shared.identity import Caller, Identity

from wallet_pass.api.design_bodies import DesignAnswer, DesignBody
from wallet_pass.domain.pictures import FAULTS, MOST_BYTES, PictureFault, PictureKind
from wallet_pass.workflow.designs import DesignOf, Designs

UPLOAD = LargerBody(
    "PUT",
    re.compile(r"/v1/designs/[^/]{1,8}/pictures/[^/]{1,16}"),
    MOST_BYTES,
    FAULTS[PictureFault.TOO_MANY_BYTES],
)
Of = Literal["all"] | Annotated[int, Path(ge=0, le=65_535)]
"""`all` operators, or one by its number (VDV-KA)."""
PICTURE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in ("image/png", "image/jpeg")},
    }
}


@dataclass(frozen=True)
class DesignStaff:
    """Who may choose designs."""

    identity: Identity
    designs: Designs
    limit: Limit
    """How many pictures an authority may send; each takes up to eight seconds of a processor."""


def add_staff_designs(routes: APIRouter, staff: DesignStaff) -> None:
    """For the administrators of school authorities."""
    whose = Annotated[Caller, Depends(staff.identity.caller)]
    designs = staff.designs

    @routes.get("/v1/designs/{of}", tags=["design"])
    async def read(of: Of, who: whose) -> DesignAnswer:
        """What counts for the authority's passes: of `all` operators, or of one by its number."""
        return DesignAnswer.of(await designs.design(_of(who, of)))

    @routes.put("/v1/designs/{of}", tags=["design"])
    async def choose(of: Of, body: DesignBody, who: whose) -> DesignAnswer:
        """Choose it. Passes are made again, some a second; the same design again changes nothing. Pictures stay."""
        return DesignAnswer.of(await designs.choose(_of(who, of), body.design(), who.subject))

    @routes.delete("/v1/designs/{of}", tags=["design"])
    async def drop(of: Of, who: whose) -> DesignAnswer:
        """Go back to the design for all operators, or to the usual one."""
        return DesignAnswer.of(await designs.drop(_of(who, of), who.subject))

    @routes.put("/v1/designs/{of}/pictures/{kind}", tags=["design"], openapi_extra=PICTURE_BODY)
    async def send_picture(of: Of, kind: PictureKind, who: whose, request: Request) -> DesignAnswer:
        """The bytes of a PNG or JPEG (`curl -T logo.png`). All sizes are made out of it here. What a file is, its bytes
        say; SVG is refused. A logo needs 480 pixels of width or 150 of height, an icon 180 x 180, a thumbnail
        270 x 270; transparent margins do not count."""
        staff.limit.spend(str(who.authority_id), request)
        return DesignAnswer.of(await designs.set_picture(_of(who, of), kind, await request.body(), who.subject))

    @routes.delete("/v1/designs/{of}/pictures/{kind}", tags=["design"])
    async def drop_picture(of: Of, kind: PictureKind, who: whose) -> DesignAnswer:
        """Take one's own picture out again."""
        return DesignAnswer.of(await designs.drop_picture(_of(who, of), kind, who.subject))


def _of(who: Caller, of: Of) -> DesignOf:
    return DesignOf(str(who.authority_id), None if of == "all" else of)
