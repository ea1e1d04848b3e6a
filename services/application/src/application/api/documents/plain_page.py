"""A page of one sentence, for people whose browser comes to this service only to fetch a file."""

from html import escape

from fastapi import Request
from fastapi.responses import HTMLResponse
from shared.errors import Text
from shared.http.problems import language_of

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def page(
    request: Request, title: Text, text: Text, *, status: int = 200, to: str = "", link: Text | None = None
) -> HTMLResponse:
    """In the browser's language.

    Args:
        to: where it goes on by itself, by `link` where it does not.
    """
    language = language_of(request.headers.get("accept-language"))
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(to)}">' if to else ""
    further = f'<p><a href="{escape(to)}">{escape(link.in_language(language))}</a></p>' if link else ""
    said, more = escape(title.in_language(language)), escape(text.in_language(language))
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{said}</title>{refresh}'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>{said}</h1><p>{more}</p>{further}</main></body></html>"
    )
    return HTMLResponse(body, status, headers=HEADERS | {"Content-Language": language})
