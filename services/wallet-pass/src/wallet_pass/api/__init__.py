"""HTTP in: the page of a pass and its downloads, and Apple's web service."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from shared.errors import Forbidden, Language, NotFound
from shared.events import AuthorityId
from shared.http.assets import Assets
from shared.http.problems import language_of

from wallet_pass.domain import Design, PassToken
from wallet_pass.web.pages import design_sheet, not_found_page, pass_page
from wallet_pass.workflow import NO_SUCH_PASS, Workflow

PKPASS = "application/vnd.apple.pkpass"
PRIVATE = {"Cache-Control": "no-store"}
"""Passes are personal: no cache on the way may keep them."""
PAGE_HEADERS = PRIVATE | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow",
}
"""`data:` for KERN's icons, which are masks inside its style sheet. No script at all."""
PUBLIC = {"Cache-Control": "public, max-age=3600"}

Token = Annotated[str, Path(max_length=64)]
AcceptLanguage = Annotated[str | None, Header(include_in_schema=False)]
DrawLogo = Callable[[Design], bytes]


def router(workflow: Workflow, *, clock: Callable[[], datetime], draw_logo: DrawLogo, is_test: bool) -> APIRouter:
    """`is_test`: the page says that phones do not accept passes signed with these certificates."""
    routes = APIRouter()
    _add_public(routes, workflow, draw_logo)
    _add_page(routes, workflow, clock, is_test)
    _add_downloads(routes, workflow)
    _add_apple(routes, workflow)
    return routes


def _add_public(routes: APIRouter, workflow: Workflow, draw_logo: DrawLogo) -> None:
    """What is the same for everybody: style sheets, pictures, an authority's colours and logo."""

    files = Assets("wallet_pass.web", PUBLIC, missing=NO_SUCH_PASS)

    @routes.head("/v1/passes/static/{path:path}", include_in_schema=False)
    @routes.get("/v1/passes/static/{path:path}", tags=["page"], response_class=Response)
    async def static(path: str, request: Request) -> Response:
        """Style sheets, fonts and pictures of the pages."""
        return files.answer(request, path)

    @routes.get("/v1/passes/design/{authority_id}/colours.css", tags=["page"], response_class=Response)
    async def colours(authority_id: AuthorityId) -> Response:
        """An authority's colours as a style sheet."""
        design = await workflow.design(authority_id)
        sheet = design_sheet(design.background.hex, design.foreground.hex, design.label.hex)
        return Response(sheet, media_type="text/css", headers=PUBLIC)

    @routes.get("/v1/passes/design/{authority_id}/logo.png", tags=["page"], response_class=Response)
    async def logo(authority_id: AuthorityId) -> Response:
        """The logo in an authority's colours, which Google Wallet fetches."""
        return Response(draw_logo(await workflow.design(authority_id)), media_type="image/png", headers=PUBLIC)


def _add_page(routes: APIRouter, workflow: Workflow, clock: Callable[[], datetime], is_test: bool) -> None:
    @routes.get(
        "/v1/passes/{token}",
        tags=["page"],
        response_class=HTMLResponse,
        responses={404: {"description": "A page that says what to do", "content": {"text/html": {}}}},
    )
    async def page(
        token: Token,
        language: Annotated[Literal["de", "en"] | None, Query()] = None,
        accept_language: AcceptLanguage = None,
    ) -> HTMLResponse:
        """The page of one pass: both wallets, the ticket's picture, name, validity and number."""
        reader: Language = language or language_of(accept_language)
        headers = PAGE_HEADERS | {"Content-Language": reader}
        try:
            kept = await workflow.find(PassToken(token))
        except NotFound:
            return HTMLResponse(not_found_page(reader), status_code=404, headers=headers)
        google = workflow.google_token(kept)
        content = pass_page(kept, clock(), reader, google_token=google, is_test=is_test)
        return HTMLResponse(content, headers=headers)


def _add_downloads(routes: APIRouter, workflow: Workflow) -> None:
    @routes.get("/v1/passes/{token}/pass.pkpass", tags=["pass"], response_class=Response)
    async def package(token: Token) -> Response:
        """The signed pass for Apple Wallet."""
        content = await workflow.package(PassToken(token))
        headers = PRIVATE | {"Content-Disposition": 'attachment; filename="schulticket.pkpass"'}
        return Response(content, media_type=PKPASS, headers=headers)

    @routes.get("/v1/passes/{token}/ticket.png", tags=["pass"], response_class=Response)
    async def aztec(token: Token) -> Response:
        """The VDV-KA barcode."""
        return Response(await workflow.picture(PassToken(token), "aztec"), media_type="image/png", headers=PRIVATE)

    @routes.get("/v1/passes/{token}/ticket-qr.png", tags=["pass"], response_class=Response)
    async def qr(token: Token) -> Response:
        """The signed QR code."""
        return Response(await workflow.picture(PassToken(token), "qr"), media_type="image/png", headers=PRIVATE)

    @routes.get("/v1/passes/{token}/google.json", tags=["pass"])
    async def google(token: Token) -> JSONResponse:
        """Google Wallet's GenericClass and GenericObject, as they go to Google over REST."""
        return JSONResponse(await workflow.google_documents(PassToken(token)), headers=PRIVATE)

    @routes.get("/v1/passes/{token}/google.jwt", tags=["pass"], response_class=PlainTextResponse)
    async def google_jwt(token: Token) -> PlainTextResponse:
        """The signed token of Google's save link: https://pay.google.com/gp/v/save/…"""
        signed = workflow.google_token(await workflow.find(PassToken(token)))
        if signed is None:
            raise NotFound(NO_SUCH_PASS)
        return PlainTextResponse(signed, headers=PRIVATE)


def _add_apple(routes: APIRouter, workflow: Workflow) -> None:
    """Apple's web service: a phone fetches the newest pass. Some readers join `//v1`: both forms are answered."""

    @routes.get("/apple/v1/passes/{pass_type}/{serial_number}", tags=["apple"], response_class=Response)
    @routes.get("/apple//v1/passes/{pass_type}/{serial_number}", include_in_schema=False)
    async def newest(
        request: Request,
        pass_type: Annotated[str, Path(max_length=200)],
        serial_number: Annotated[str, Path(max_length=64)],
        if_modified_since: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The pass, where it has changed. `Authorization: ApplePass <authenticationToken>`."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        serial = _uuid(serial_number)
        if scheme != "ApplePass" or serial is None:
            return _unauthorised()
        try:
            content, changed_at = await workflow.package_for_phone(
                pass_type, serial, token.strip(), _http_date(if_modified_since)
            )
        except Forbidden:
            return _unauthorised()
        headers = PRIVATE | {"Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True)}
        if content is None:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=PKPASS, headers=headers)


def _unauthorised() -> Response:
    return Response(status_code=401, headers=PRIVATE | {"WWW-Authenticate": "ApplePass"})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _http_date(text: str | None) -> datetime | None:
    """None where there is no date or an unreadable one: then the pass is sent."""
    try:
        date = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return date.replace(tzinfo=date.tzinfo or UTC)
