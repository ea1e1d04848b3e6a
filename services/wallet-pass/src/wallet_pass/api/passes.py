"""The page of a pass and its downloads."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from shared.errors import Language, NotFound
from shared.http.limits import Limit
from shared.http.problems import language_of

from wallet_pass.api.google_documents import GoogleDocuments
from wallet_pass.api.headers import PKPASS, PRIVATE
from wallet_pass.domain.links import AFTER_THE_TICKET
from wallet_pass.domain.passes import PassToken
from wallet_pass.web.pages import not_found_page, pass_page
from wallet_pass.web.phones import phone_of
from wallet_pass.workflow import NO_SUCH_PASS, Workflow

PAGE_HEADERS = PRIVATE | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
        "style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types schulticket; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Vary": "Accept-Language, User-Agent",
    "X-Robots-Tag": "noindex, nofollow",
}
"""`data:` for KERN's icons, which are masks inside its style sheet. The one script has the page kept on a phone
(static/offline.js); without it the page works the same."""

KEEP_UNTIL = "Schulticket-Keep-Until"
"""Until when a phone keeps the page for times without a network; in UTC."""
Token = Annotated[str, Path()]
"""Of whatever length: what is none is not there, and the answer is the same."""
AcceptLanguage = Annotated[str | None, Header(include_in_schema=False)]


def chosen_language(language: str | None, accept_language: str | None) -> Language:
    """What the address asks for, where we speak it; else what the reader's browser prefers."""
    return "en" if language == "en" else "de" if language == "de" else language_of(accept_language)


def by_pass(limit: Limit) -> Callable[[Request], Awaitable[None]]:
    """A dependency of the routes of one pass: drawing its code takes 15 ms, for whoever has its link, and a school with
    all its phones behind one address shall open all of its passes."""

    async def check(request: Request) -> None:
        limit.spend(request.path_params["token"], request)

    return check


def add_page(routes: APIRouter, workflow: Workflow, clock: Callable[[], datetime], is_test: bool) -> None:
    """The page behind the link that a family has.

    Args:
        is_test: the certificates are not Apple's, and the page says so.
    """

    @routes.head("/v1/passes/{token}", include_in_schema=False)
    @routes.get(
        "/v1/passes/{token}",
        tags=["page"],
        response_class=HTMLResponse,
        responses={404: {"description": "A page that says what to do", "content": {"text/html": {}}}},
    )
    async def page(
        token: Token,
        language: Annotated[str | None, Query(json_schema_extra={"enum": ["de", "en"]})] = None,
        accept_language: AcceptLanguage = None,
        user_agent: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> HTMLResponse:
        """The page of one pass: both wallets, the ticket's picture, name, validity and number."""
        reader = chosen_language(language, accept_language)
        headers = PAGE_HEADERS | {"Content-Language": reader}
        try:
            kept = await workflow.find(PassToken(token))
        except NotFound:
            return HTMLResponse(not_found_page(reader), status_code=404, headers=headers)
        google = workflow.google_token(kept)
        phone = phone_of(user_agent)
        content = pass_page(kept, clock(), reader, google_token=google, is_test=is_test, phone=phone)
        until = kept.wallet_pass.good_until + AFTER_THE_TICKET
        return HTMLResponse(content, headers=headers | {KEEP_UNTIL: until.strftime("%Y-%m-%dT%H:%M:%SZ")})


def add_downloads(routes: APIRouter, workflow: Workflow) -> None:
    """Everything that the page links to, under the same unguessable token. HEAD for programs that check links."""

    @routes.head("/v1/passes/{token}/pass.pkpass", include_in_schema=False)
    @routes.get("/v1/passes/{token}/pass.pkpass", tags=["pass"], response_class=Response)
    async def package(token: Token) -> Response:
        """The signed pass for Apple Wallet."""
        content = await workflow.package(PassToken(token))
        headers = PRIVATE | {"Content-Disposition": 'attachment; filename="schulticket.pkpass"'}
        return Response(content, media_type=PKPASS, headers=headers)

    @routes.head("/v1/passes/{token}/ticket.png", include_in_schema=False)
    @routes.get("/v1/passes/{token}/ticket.png", tags=["pass"], response_class=Response)
    async def aztec(token: Token) -> Response:
        """The VDV-KA barcode."""
        return Response(await workflow.picture(PassToken(token), "aztec"), media_type="image/png", headers=PRIVATE)

    @routes.head("/v1/passes/{token}/ticket-qr.png", include_in_schema=False)
    @routes.get("/v1/passes/{token}/ticket-qr.png", tags=["pass"], response_class=Response)
    async def qr(token: Token) -> Response:
        """The signed QR code."""
        return Response(await workflow.picture(PassToken(token), "qr"), media_type="image/png", headers=PRIVATE)

    @routes.head("/v1/passes/{token}/ticket-qr-paper.png", include_in_schema=False)
    @routes.get("/v1/passes/{token}/ticket-qr-paper.png", tags=["pass"], response_class=Response)
    async def qr_on_paper(token: Token) -> Response:
        """The signed QR code for paper: with a tenth of it covered it is still read."""
        return Response(await workflow.picture(PassToken(token), "qr-paper"), media_type="image/png", headers=PRIVATE)

    _add_google(routes, workflow)


def _add_google(routes: APIRouter, workflow: Workflow) -> None:
    @routes.head("/v1/passes/{token}/google.json", include_in_schema=False)
    @routes.get("/v1/passes/{token}/google.json", tags=["pass"], response_model=GoogleDocuments)
    async def google(token: Token) -> JSONResponse:
        """Google Wallet's GenericClass and GenericObject, as they go to Google over REST."""
        found = await workflow.google_pass(PassToken(token))
        return JSONResponse({"class": found.generic_class, "object": found.generic_object}, headers=PRIVATE)

    @routes.head("/v1/passes/{token}/google.jwt", include_in_schema=False)
    @routes.get("/v1/passes/{token}/google.jwt", tags=["pass"], response_class=PlainTextResponse)
    async def google_jwt(token: Token) -> PlainTextResponse:
        """The signed token of Google's save link: https://pay.google.com/gp/v/save/…"""
        signed = workflow.google_token(await workflow.find(PassToken(token)))
        if signed is None:
            raise NotFound(NO_SUCH_PASS)
        return PlainTextResponse(signed, headers=PRIVATE)
