"""What a service is, at its root: a page for people, JSON for programs, both with the links that lead on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from shared.errors import Language, Text
from shared.http.problems import language_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
STYLE = (
    ":root{color-scheme:light dark}body{font:1.05rem/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;"
    "padding:0 1rem}dt{margin-top:1rem}dd{margin:0}a{overflow-wrap:anywhere}"
)


@dataclass(frozen=True)
class Link:
    path: str
    """Below the service's own address."""
    text: Text


EVERYWHERE = (
    Link("/openapi.json", Text("Beschreibung der Schnittstelle (OpenAPI)", "Description of the interface (OpenAPI)")),
    Link("/readyz", Text("Ob der Dienst bereit ist", "Whether the service is ready")),
)


def landing_router(name: str, what: Text, links: Sequence[Link], public_url: str) -> APIRouter:
    """`/`, by Accept and Accept-Language."""
    router = APIRouter(include_in_schema=False)
    every = (*links, *EVERYWHERE)

    @router.get("/")
    async def root(request: Request) -> Response:
        language = language_of(request.headers.get("accept-language"))
        headers = {"Content-Language": language, "Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
        if "text/html" in request.headers.get("accept", ""):
            page = _page(name, what, every, public_url, language)
            return Response(page, media_type="text/html", headers=headers | {"Content-Security-Policy": POLICY})
        found: Mapping[str, object] = {
            "name": f"Schulticket: {name}",
            "description": what.in_language(language),
            "links": [{"href": f"{public_url}{each.path}", "title": each.text.in_language(language)} for each in every],
        }
        return JSONResponse(found, headers=headers)

    return router


def _page(name: str, what: Text, links: Sequence[Link], public_url: str, language: Language) -> str:
    lines = "".join(
        f'<dt>{escape(each.text.in_language(language))}</dt><dd><a href="{escape(public_url + each.path)}">'
        f"{escape(public_url + each.path)}</a></dd>"
        for each in links
    )
    title = f"Schulticket: {escape(name)}"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>{escape(what.in_language(language))}</p><dl>{lines}</dl></main></body></html>"
    )
