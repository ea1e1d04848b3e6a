"""HTTP in: the scanner page. Everything it needs comes from here; once visited, it works without a network."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Header, Response
from shared.errors import NotFound, Text

from issuance.web import assets
from issuance.web.assets import Asset

NO_FILE = Text("Diese Datei gibt es nicht.", "There is no such file.")
SCANNER_CLIENT = "schulticket-scanner"
"""The page's client id at the identity provider: public, authorization code with PKCE, redirect to this page."""


def policy(identity_origin: str) -> str:
    """The page's Content-Security-Policy. The identity provider is asked for its metadata and for the token."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",  # the barcode reader is WebAssembly; no eval of text
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' data:",  # KERN's icons are masks inside its style sheet
            f"connect-src 'self' {identity_origin}".rstrip(),
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types schulticket",
        )
    )


HEADERS = {
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-cache",  # the service worker keeps the files; a new visit asks whether there are newer ones
    "Vary": "Accept-Encoding",
}

AcceptEncoding = Annotated[str, Header(include_in_schema=False)]
IfNoneMatch = Annotated[str | None, Header(include_in_schema=False)]


def router(issuer: str = "") -> APIRouter:
    """`issuer`: the OIDC issuer at which inspectors sign in to send their log."""
    routes = APIRouter(tags=["scanner"])
    parts = urlsplit(issuer)
    headers = HEADERS | {"Content-Security-Policy": policy(f"{parts.scheme}://{parts.netloc}" if issuer else "")}

    @routes.get("/scan/settings.json")
    async def settings(response: Response) -> dict[str, str]:
        """Where inspectors sign in."""
        response.headers["Cache-Control"] = "no-store"
        return {"issuer": issuer, "client_id": SCANNER_CLIENT}

    @routes.get("/scan", response_class=Response)
    async def page(accept_encoding: AcceptEncoding = "", if_none_match: IfNoneMatch = None) -> Response:
        """The scanner page: reads and verifies tickets by itself, in German and English."""
        return _answer(assets.asset(assets.PAGE), headers, accept_encoding, if_none_match)

    @routes.get("/scan/service-worker.js", response_class=Response)
    async def worker(accept_encoding: AcceptEncoding = "", if_none_match: IfNoneMatch = None) -> Response:
        """Keeps the page for times without a network."""
        answer = _answer(assets.service_worker(), headers, accept_encoding, if_none_match)
        answer.headers["Service-Worker-Allowed"] = "../scan"  # it lies beside what it serves
        return answer

    @routes.get("/scan/static/{path:path}", response_class=Response)
    async def static(path: str, accept_encoding: AcceptEncoding = "", if_none_match: IfNoneMatch = None) -> Response:
        """Scripts, style sheets, fonts and pictures of the scanner page."""
        return _answer(assets.asset(path), headers, accept_encoding, if_none_match)

    return routes


def _answer(
    found: Asset | None, strict: Mapping[str, str], accept_encoding: str, if_none_match: str | None
) -> Response:
    if found is None:
        raise NotFound(NO_FILE)
    headers = dict(strict) | {"ETag": f'"{found.integrity}"'}
    if if_none_match is not None and found.integrity in if_none_match:
        return Response(status_code=304, headers=headers)
    if found.compressed is not None and "gzip" in accept_encoding:
        headers["Content-Encoding"] = "gzip"
        return Response(found.compressed, media_type=found.media_type, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)
