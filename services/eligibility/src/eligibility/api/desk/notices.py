"""/v1/notices/{token}: who has the token may read the notice. How it was delivered is kept."""

from datetime import date
from html import escape
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from shared.errors import Forbidden, NotFound
from shared.errors import Text as BothLanguages
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import problems
from eligibility.api.desk.case_answers import CaseAnswer
from eligibility.api.desk.case_json import whole
from eligibility.domain.ids import NoticeToken
from eligibility.workflow import CaseDesk, DeliveryReport, NoticeDesk, Workflow
from eligibility.workflow.delivery.look import NoticeLinks
from eligibility.workflow.desk.notices import NO_NOTICE
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
CLOSED_PAGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Bescheid nur nach Anmeldung</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark"></head><body><main><h1>Bescheid nur nach Anmeldung</h1>
<p>{de}</p>
<p lang="en">{en}</p></main></body></html>
"""


class DeliveryIn(BaseModel):
    """How a person delivered a notice."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.delivery))

    channel: Literal["post", "mailbox"] = Field(description="Retrievals after signing in are noted by themselves.")
    day: date = Field(description="Given to the post, or put into the mailbox, on this day.")
    consent: bool = Field(default=False, description="mailbox: the addressee had consented to it.")
    instruction_faulty: bool = Field(
        default=False, description="The instruction on legal remedies was missing or wrong in what was sent."
    )
    excluded: bool = Field(default=False, description="mailbox: the addressee has excluded it (§ 9 Abs. 1 OZG).")
    provided_at: AwareDatetime | None = Field(
        default=None, description="mailbox: when it was provided; its day then counts in place of `day`."
    )
    announced_at: AwareDatetime | None = Field(
        default=None,
        description="mailbox: when the hint about it went out. With `provided_at` the fourth day counts only where "
        "that was on the day of provision at the latest.",
    )


def notices_router(notices: Notices, workflow: Workflow, identity: Identity) -> APIRouter:
    """Notices for who has their link, and the delivery that a person of the authority notes."""
    router = APIRouter(prefix="/v1/notices", tags=["notices"])
    _add_notice(router, notices, workflow.notice_links)
    _add_deliveries(router, workflow.notices, workflow.cases, identity)
    return router


def _add_notice(router: APIRouter, notices: Notices, links: NoticeLinks) -> None:

    @router.get(
        "/{token}",
        response_class=Response,
        responses={200: {"content": {"application/pdf": {}, "text/html": {}}}, **problems(403)},
    )
    async def notice(
        token: Token,
        format: Format | None = None,
        access: Annotated[str | None, Query(max_length=120)] = None,
        accept: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The notice as PDF/UA-1, or as a page (`?format=html`, or Accept: text/html without application/pdf).

        A look by who has the link, for some weeks: no retrieval, and no period begins by it. Where the notice tells of
        somebody's health, and once the link has expired, it opens by `access` alone, which the family gets after
        signing in (`POST /v1/applications/{id}/notices/{decision_id}/retrieval` of the service `application`).
        """
        is_page = wants_html(format, accept)
        try:
            await links.check(NoticeToken(token), access)
            return await uncached_response(notices, NoticeToken(token), html=is_page)
        except (NotFound, Forbidden) as problem:
            if is_page:
                page = NO_SUCH_PAGE if problem.text is NO_NOTICE else closed_page(problem.text)
                return Response(page, problem.status, HEADERS | {CSP: NO_STYLE}, "text/html")
            raise


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


def closed_page(why: BothLanguages) -> str:
    """For who opens a link that needs a sign-in now. The texts are this program's own."""
    return CLOSED_PAGE.format(de=escape(why.de), en=escape(why.en))


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
