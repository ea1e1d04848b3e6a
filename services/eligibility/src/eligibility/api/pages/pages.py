"""What every page of the desk passes through: who is signed in, in which language, the form's token, safe headers."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from shared.errors import Forbidden, Language, Problem, Text
from shared.http.page_headers import page_headers
from shared.http.problems import when_again
from shared.identity import Caller, line_of
from shared.sign_in import FOREIGN_FORM, Session, SignInFlow, SignInNeeded, is_for_session, place_behind

from eligibility.web.templates import render
from eligibility.workflow import access
from eligibility.workflow.desk import handling, map_desk

ROOT = "/desk"
NOT_FOR_SEARCH = {"X-Robots-Tag": "noindex, nofollow"}
LANGUAGE_COOKIE = "desk-language"
FORM_TOKEN = "form_token"  # noqa: S105  # the field's name
MOST_FIELDS = 500
LONGEST_AT_ONCE = 16_384
"""Characters of a form that is read without leaving the event loop."""
NOT_FORM = Text("Das Formular ist nicht lesbar.", "The form cannot be read.")
NO_PAGE = Text(
    "Diese Seite gibt es nicht, oder sie gehört einem anderen Schulträger.",
    "There is no such page, or it belongs to another authority.",
)


@dataclass(frozen=True)
class Visit:
    """One request of a person who is signed in."""

    request: Request
    session: Session
    language: Language

    @property
    def caller(self) -> Caller:
        """Who is signed in."""
        return self.session.caller


@dataclass(frozen=True)
class Sees:
    """Which parts of the desk the head of a page leads to."""

    cases: bool = False
    letters: bool = False
    places: bool = False

    @classmethod
    def of(cls, caller: Caller) -> "Sees":
        """By the roles that count at this moment."""
        roles = caller.counting
        cases, places = roles.intersection(access.READERS), roles.intersection(map_desk.READERS)
        return cls(bool(cases), bool(roles.intersection(handling.WORKERS)), bool(places))


class Form(dict[str, str]):
    """The fields of a form; of one that is there several times, the last. `all` gives every one."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values as they were sent, without the form's token."""
        return [(key, value) for key, value in self._pairs if key != FORM_TOKEN]

    def all(self, name: str) -> list[str]:
        """Every value of this name, in the order in which they were sent."""
        return [value for key, value in self._pairs if key == name]

    def text(self, name: str) -> str:
        """Without blanks around; a browser ends lines with CR LF."""
        return self.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip()


class Pages:
    """Shared by all routes of the desk."""

    def __init__(self, sign_in: SignInFlow, public_url: str) -> None:
        self.sign_in = sign_in
        self.sessions = sign_in.sessions
        address = urlsplit(public_url)
        self.base = f"{address.path}/desk"
        """Where the desk is reached from outside: behind a proxy there may be a path before it."""
        self.https = address.scheme == "https"

    # in

    def admit(self, request: Request) -> None:
        """By the policy table, before anything of the request is read.

        Raises:
            Forbidden.
            SignInNeeded: where nobody is signed in and nothing was typed.
        """
        line, session = line_of(request.scope), self.sign_in.session(request)
        if line is None or not is_for_session(request):
            return
        if session is not None:
            line.admit(session.caller)
        elif request.method == "GET":
            raise SignInNeeded

    def visit(self, request: Request) -> Visit:
        """Raises SignInNeeded."""
        session = self.sign_in.session(request)
        if session is None:
            raise SignInNeeded
        return Visit(request, session, self.language(request))

    async def form(self, request: Request) -> tuple[Visit, Form]:
        """A form that this session's page sent.

        Raises:
            Forbidden.
            SignInNeeded: with what was typed.
        """
        form = await fields(request)
        session = self.sign_in.read(request)
        if session is None:
            raise SignInNeeded
        if not self.sessions.form_counts(session, form.pop(FORM_TOKEN, "")):
            raise Forbidden(FOREIGN_FORM)
        if session.ends <= self.sign_in.now():
            raise SignInNeeded(form.pairs())
        return Visit(request, session, self.language(request)), form

    @staticmethod
    def language(request: Request) -> Language:
        """As chosen on a page; German for who has chosen nothing."""
        chosen = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE)
        return "en" if chosen == "en" else "de"

    # out

    def show(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page for who is signed in: its head names the person, the authority and what the menu offers."""
        session = visit.session
        head = {
            "person": session.name,
            "authority_name": session.authority_name,
            "sees": Sees.of(session.caller),
            "form_token": self.sessions.form_token(session),
        }
        return self._html(visit.request, template, visit.language, status, head | values)

    def show_anybody(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """To people who are not signed in."""
        head: dict[str, Any] = {"person": None, "authority_name": None, "sees": Sees(), "form_token": ""}
        return self._html(request, template, self.language(request), status, head | values)

    def show_problem(self, request: Request, problem: Problem) -> Response:
        """A page that says what did not work, under the problem's status; without a session the one for anybody."""
        values = {"problem": problem}
        try:
            answer = self.show(self.visit(request), "problem.html", status=problem.status, **values)
        except SignInNeeded:
            answer = self.show_anybody(request, "problem.html", status=problem.status, **values)
        answer.headers.update(when_again(problem))
        return answer

    def go(self, path: str, **query: str) -> Response:
        """After a form, a page: loading it anew sends nothing again."""
        asked = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        return RedirectResponse(f"{self.base}{path}{'?' if asked else ''}{asked}", 303, headers=self.headers())

    def headers(self) -> dict[str, str]:
        """What every page is sent with. Over HTTPS the browser is also told to use nothing else."""
        return page_headers(https=self.https) | NOT_FOR_SEARCH

    def _html(
        self, request: Request, template: str, language: Language, status: int, values: dict[str, Any]
    ) -> Response:
        here = request.url.path if request.method == "GET" else ""
        text = render(template, language, base=self.base, here=f"{self.base}{inside(here)}", **values)
        response = HTMLResponse(text, status, headers=self.headers() | {"Content-Language": language})
        if request.query_params.get("language") in ("de", "en"):
            response.set_cookie(LANGUAGE_COOKIE, language, path="/", secure=self.https, httponly=True, samesite="lax")
        return response

    def show_sign_in(self, request: Request, need: SignInNeeded) -> Response:
        """Leave for the sign-in at once, unless something was typed: then it is kept on the page and sent again."""
        if request.method == "GET":
            return self.go("/sign-in", next=inside(request.url.path))
        earlier = self.sessions.read(request)
        values: dict[str, Any] = {"typed": (), "to": ""}
        if need.typed is not None and earlier is not None:
            values = {
                "typed": need.typed,
                "to": f"{self.base}{inside(request.url.path)}",
                "form_token": self.sessions.form_token(earlier),
            }
        return self.show_anybody(request, "expired.html", status=401, **values)

    def show_sign_in_failed(self, request: Request) -> Response:
        """The identity provider's answer did not count."""
        return self.show_anybody(request, "signed_out.html", status=401, why="failed", leave=None)

    def is_signed_in(self, request: Request) -> bool:
        """Whether this is somebody, and the time is not over."""
        return self.sign_in.session(request) is not None


async def fields(request: Request) -> Form:
    """The fields of a form as browsers send it by default.

    Raises:
        Forbidden: for anything else.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Forbidden(NOT_FORM)
    try:
        text = (await request.body()).decode("utf-8")
        parse = partial(parse_qsl, text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        # a long one is a rule set, or a row of percent signs that takes a quarter of a second
        return Form(parse() if len(text) < LONGEST_AT_ONCE else await asyncio.to_thread(parse))
    except ValueError as error:
        raise Forbidden(NOT_FORM) from error


def inside(path: str) -> str:
    """The part behind `/desk` of a path of this desk; empty for any other."""
    return place_behind(ROOT, path)


def is_id(text: str) -> bool:
    """Whether this is a UUID, in any of its spellings."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
