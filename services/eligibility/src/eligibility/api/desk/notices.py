"""/v1/notices/{token}: who has the token may read the notice. How it was delivered is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from shared.errors import NotFound
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import problems
from eligibility.api.desk.case_answers import CaseAnswer
from eligibility.api.desk.case_json import whole
from eligibility.domain.ids import NoticeToken
from eligibility.workflow import CaseDesk, DeliveryReport, NoticeDesk
from eligibility.workflow.outer_ports import Notices

Format = Literal["pdf", "html"]
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
POLICY = "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Nothing is fetched, run, sent or framed; one style, by its hash."""
NO_STYLE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
CSP = "Content-Security-Policy"
HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
NO_SUCH_PAGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Kein Bescheid gefunden</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark"></head><body><main><h1>Kein Bescheid gefunden</h1>
<p>Unter dieser Adresse gibt es keinen Bescheid. Bitte prüfen Sie den Link: Er muss vollständig sein. Hilft das nicht,
wenden Sie sich an den Schulträger, bei dem Sie den Antrag gestellt haben.</p>
<p lang="en">There is no notice at this address. Please check the link: it must be complete. If that does not help, turn
to the authority to which you applied.</p></main></body></html>
"""
"""A family opens the link in a browser: it reads words there, no JSON."""


class DeliveryIn(BaseModel):
    """How a person delivered a notice."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.delivery))

    channel: Literal["post", "mailbox"] = Field(description="Retrievals are noted by themselves.")
    day: date = Field(description="Given to the post, or put into the mailbox, on this day.")
    consent: bool = Field(default=False, description="mailbox: the addressee had consented to it.")
    instruction_faulty: bool = Field(
        default=False, description="The instruction on legal remedies was missing or wrong in what was sent."
    )


PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
PREVIEWS = (
    "bot", "preview", "facebookexternalhit", "whatsapp", "telegram", "skype", "slack", "safelinks", "proofpoint",
    "mimecast", "barracuda", "crawler", "spider",
)  # fmt: skip
"""Parts of the names by which such programs call themselves."""


def notices_router(notices: Notices, notice_desk: NoticeDesk, desk: CaseDesk, identity: Identity) -> APIRouter:
    """Notices for who has their token, and the delivery that a person of the authority notes."""
    router = APIRouter(prefix="/v1/notices", tags=["notices"])
    _add_notice(router, notices, notice_desk)
    _add_deliveries(router, notice_desk, desk, identity)
    return router


def _add_notice(router: APIRouter, notices: Notices, notice_desk: NoticeDesk) -> None:

    @router.get(
        "/{token}",
        response_class=Response,
        responses={200: {"content": {"application/pdf": {}, "text/html": {}}}},
    )
    async def notice(
        request: Request,
        token: Token,
        format: Format | None = None,
        accept: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The notice as PDF/UA-1, or as a page (`?format=html`, or Accept: text/html without application/pdf).

        The first retrieval is noted: from it the period of the legal remedy may run. A program that looks at a link
        before anybody does is answered, and that is no retrieval.
        """
        try:
            answer = await uncached_response(notices, NoticeToken(token), html=wants_html(format, accept))
        except NotFound:
            if wants_html(format, accept):
                return Response(
                    NO_SUCH_PAGE, status_code=404, media_type="text/html", headers=HEADERS | {CSP: NO_STYLE}
                )
            raise
        if not looks_ahead(request.headers):
            await notice_desk.retrieved(NoticeToken(token))
        return answer


def _add_deliveries(router: APIRouter, notice_desk: NoticeDesk, desk: CaseDesk, identity: Identity) -> None:

    @router.post(
        "/{token}/deliveries",
        status_code=201,
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def deliver(
        caller: Annotated[Caller, Depends(identity.caller)], token: Token, delivery: DeliveryIn
    ) -> dict[str, Any]:
        """Note that the notice was given to the post or put into a mailbox; answers the case with the new period."""
        case_id = await notice_desk.deliver(caller, NoticeToken(token), DeliveryReport(**delivery.model_dump()))
        return whole(await desk.file(caller, case_id))


def looks_ahead(headers: Mapping[str, str]) -> bool:
    """Browsers fetch what may be opened next, messengers and mail filters what a link leads to: nobody has read it."""
    said = " ".join(headers.get(name, "") for name in PURPOSES).lower()
    agent = headers.get("user-agent", "").lower()
    return "prefetch" in said or "preview" in said or any(each in agent for each in PREVIEWS)


def wants_html(format_: Format | None, accept: str | None) -> bool:
    """Whether a page is asked for rather than the PDF. `format_` counts before `accept`, the header."""
    if format_ is not None:
        return format_ == "html"
    asked = (accept or "").lower()
    return "text/html" in asked and "application/pdf" not in asked


async def uncached_response(notices: Notices, token: NoticeToken, *, html: bool) -> Response:
    """Not kept by any cache."""
    headers = dict(HEADERS)
    if html:
        page = await notices.html(token)
        headers[CSP] = POLICY.format(style=page.style)
        return Response(page.text, media_type="text/html", headers=headers)
    pdf = await notices.pdf(token)
    headers["Content-Disposition"] = 'inline; filename="Bescheid.pdf"'
    return Response(pdf, media_type="application/pdf", headers=headers)
