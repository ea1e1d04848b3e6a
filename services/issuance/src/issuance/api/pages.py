"""HTTP in: the scanner page. Everything it needs comes from here; once visited, it works without a network."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from shared.errors import Text
from shared.http.assets import Assets, files_of

from issuance.api.answers import ScannerSettings
from issuance.web.service_worker import PAGE, service_worker

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
}


FOR_PARTS = (
    "Content-Security-Policy",  # which holds in the barcode reader's worker
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
)
"""Of a page's parts; the others mean something for the page alone, and would be 12 kB before the first verdict."""


def router(issuer: str = "") -> APIRouter:
    """`issuer`: the OIDC issuer at which inspectors sign in to send their log."""
    routes = APIRouter(tags=["scanner"])
    parts = urlsplit(issuer)
    headers = HEADERS | {"Content-Security-Policy": policy(f"{parts.scheme}://{parts.netloc}" if issuer else "")}
    files = Assets("issuance.web", headers, missing=NO_FILE)
    parts_of_it = Assets("issuance.web", {name: headers[name] for name in FOR_PARTS}, missing=NO_FILE)
    keeper = service_worker(files_of("issuance.web"))

    @routes.get("/scan/settings.json")
    async def settings(response: Response) -> ScannerSettings:
        """Where inspectors sign in."""
        response.headers["Cache-Control"] = "no-store"
        return ScannerSettings(issuer=issuer, client_id=SCANNER_CLIENT)

    @routes.head("/scan", include_in_schema=False)
    @routes.get("/scan", response_class=Response)
    async def page(request: Request) -> Response:
        """The scanner page: reads and verifies tickets by itself, in German and English."""
        return files.answer(request, PAGE)

    @routes.head("/scan/service-worker.js", include_in_schema=False)
    @routes.get("/scan/service-worker.js", response_class=Response)
    async def worker(request: Request) -> Response:
        """Keeps the page for times without a network."""
        return keeper.answer(request, headers | {"Service-Worker-Allowed": "../scan"})  # it lies beside what it serves

    @routes.head("/scan/static/{path:path}", include_in_schema=False)
    @routes.get("/scan/static/{path:path}", response_class=Response)
    async def static(path: str, request: Request) -> Response:
        """Scripts, style sheets, fonts and pictures of the scanner page."""
        return parts_of_it.answer(request, path)

    return routes
