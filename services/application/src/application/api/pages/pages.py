"""What every page of the families passes through: its language, what was typed, safe headers, errors as pages."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from shared.errors import Invalid, Language, Text
from shared.http.assets import Assets
from shared.http.page_headers import page_headers
from shared.http.problems import language_of

from application.web.templates import render

LANGUAGE_COOKIE = "family-language"
PUBLIC = {"Cache-Control": "public, max-age=3600"}
MOST_FIELDS = 100
LONGEST_FORM = 16_384
NOT_FORM = Text(
    "Das Formular ist nicht lesbar. Bitte laden Sie die Seite neu.", "The form cannot be read. Please reload the page."
)
NO_PAGE = Text("Diese Seite gibt es nicht.", "There is no such page.")
HEAD: dict[str, Any] = {"person": "", "form_token": "", "here": "", "files": "", "area": "family"}
"""Of the page's head: who is signed in, the token of forms, and where the page is loaded in the other language; without
one it is the page's form that is sent for it."""


class Pages:
    """Shared by all routes of the pages. `base`: their address, behind whatever path a proxy adds."""

    def __init__(self, public_url: str) -> None:
        address = urlsplit(public_url)
        self.base = f"{address.path}/family"
        self.https = address.scheme == "https"

    def show(
        self, template: str, language: Language, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> Response:
        """A page.

        Args:
            headers: beside those that every page is sent with.
            values: also what the head says (HEAD).
        """
        sent = page_headers(https=self.https) | {"Content-Language": language} | (headers or {})
        return HTMLResponse(render(template, language, base=self.base, **(HEAD | values)), status, headers=sent)

    def add_static(self, routes: APIRouter) -> None:
        """The files of the pages; HEAD for caches that only ask whether a file has changed."""
        files = Assets("application.web", PUBLIC, missing=NO_PAGE)

        @routes.head("/family/static/{path:path}", include_in_schema=False, response_class=Response)
        @routes.get("/family/static/{path:path}", tags=["pages"], response_class=Response)
        async def static(path: str, request: Request) -> Response:
            """Formatvorlagen, Schriften und Bilder der Seiten."""
            return files.answer(request, path)


def language(request: Request, typed: dict[str, str]) -> Language:
    """As chosen on the page; else that of the page which was shown; else as chosen on another page; else what the
    browser prefers."""
    chosen = typed.get("language") or typed.get("shown_language") or request.query_params.get("language")
    chosen = chosen or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("de", "en"):
        return "en" if chosen == "en" else "de"
    return language_of(request.headers.get("accept-language"))


async def typed_of(request: Request, longest: int = LONGEST_FORM) -> dict[str, str]:
    """The fields of a form as browsers send it by default, without blanks around.

    Args:
        longest: bytes of the form.

    Raises:
        Invalid: for anything else.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind != "application/x-www-form-urlencoded" or len(body) > longest:
        raise Invalid(NOT_FORM)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise Invalid(NOT_FORM) from error
    if any("\x00" in value for _, value in pairs):  # as in an address (shared.http.edge): PostgreSQL takes none
        raise Invalid(NOT_FORM)
    return {name: value.strip() for name, value in pairs}
