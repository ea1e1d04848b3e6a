"""What every page that needs a sign-in passes through: who is signed in, the form's token, errors as pages."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from shared.errors import Forbidden, Language, Problem, Text, Unavailable
from shared.http.page_headers import page_headers
from shared.http.problems import when_again
from shared.identity import Caller
from shared.sign_in import FOREIGN_FORM, Session, SignInFlow, SignInNeeded, is_for_session, place_behind

from application.api.pages.pages import LANGUAGE_COOKIE, LONGEST_FORM, Pages, language, typed_of
from application.domain.codes import is_code_account
from application.domain.ids import Owner

ROLE = "guardian"
FORM_TOKEN = "form_token"  # noqa: S105  # the field's name
ROOT = "/family"
NOT_A_FAMILY = Text(
    "Mit diesem Konto können Sie hier keine Anträge stellen oder ansehen. Bitte melden Sie sich mit dem Konto an, mit "
    "dem Ihre Familie den Antrag gestellt hat.",
    "With this account you cannot apply here or look at applications. Please sign in with the account with which your "
    "family has applied.",
)
NO_SIGN_IN = Text(
    "Die Anmeldung für Familien ist hier nicht eingerichtet. Bitte wenden Sie sich an Ihren Schulträger oder an die "
    "Schule. Die Auskunft, ob ein Ticket zu erwarten ist, geht ohne Anmeldung.",
    "Signing in for families is not set up here. Please ask your school authority or the school. Asking whether a "
    "ticket is to be expected works without signing in.",
)


@dataclass(frozen=True)
class Visit:
    """One request of a person who is signed in. `typed`: the fields of the form that was sent."""

    request: Request
    session: Session
    language: Language
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> Owner:
        """Whose applications are shown: the same account as at the API."""
        return Owner(self.session.caller.subject)

    def as_family(self) -> Caller:
        """Without what the same person may do besides, where it also works for an authority."""
        return Caller(self.session.caller.subject, None, frozenset({ROLE}))


class FamilyPages(Pages):
    """Shared by all routes of the families. `sign_in`: None where no identity provider is configured."""

    root, role, not_admitted, no_sign_in = ROOT, ROLE, NOT_A_FAMILY, NO_SIGN_IN
    """Where the pages lie, whose they are, and what is said to others."""

    def __init__(self, public_url: str, sign_in: SignInFlow | None = None) -> None:
        super().__init__(public_url)
        self.sign_in = sign_in

    # in

    def flow(self) -> SignInFlow:
        """Raises Unavailable where nobody can sign in."""
        if self.sign_in is None:
            raise Unavailable(self.no_sign_in)
        return self.sign_in

    def visitor(self, request: Request) -> Session | None:
        """Who is signed in and is a family; None: nobody, or the time is over. For pages that also work without."""
        found = None if self.sign_in is None else self.sign_in.session(request)
        return found if found is not None and self.role in found.caller.counting else None

    def visit(self, request: Request) -> Visit:
        """Raises SignInNeeded, and Unavailable where nobody can sign in."""
        session = self.flow().session(request)
        if session is None:
            raise SignInNeeded
        self.expect_role(session.caller)
        return Visit(request, session, language(request, {}))

    async def form(self, request: Request, longest: int = LONGEST_FORM) -> Visit:
        """A form that this session's page sent.

        Args:
            longest: bytes.

        Raises:
            Forbidden.
            SignInNeeded: with what was typed.
            Invalid: for what is no form.
        """
        if self.flow().read(request) is None:
            raise SignInNeeded
        return self.admit_form(request, await typed_of(request, longest))

    def admit_form(self, request: Request, typed: dict[str, str]) -> Visit:
        """The same of a form that was read already: takes the token out of `typed`."""
        flow = self.flow()
        session = flow.read(request)
        if session is None:
            raise SignInNeeded
        self.expect_role(session.caller)
        if not flow.sessions.form_counts(session, typed.pop(FORM_TOKEN, "")):
            raise Forbidden(FOREIGN_FORM)
        if session.ends <= flow.now():
            raise SignInNeeded(tuple(typed.items()))
        return Visit(request, session, language(request, typed), typed)

    # out

    def show_to(
        self, visit: Visit, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> Response:
        """A page for who is signed in; its head names the person."""
        head = {
            "person": visit.session.name,
            "form_token": self.flow().sessions.form_token(visit.session),
            "here": self._here(visit.request),
        }
        shown = self.show(template, visit.language, status, headers, **(head | values))
        return self._with_language(shown, visit.typed.get("language") or visit.request.query_params.get("language"))

    def show_anybody(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """To people who are not signed in."""
        shown = self.show(template, language(request, {}), status, here=self._here(request), **values)
        return self._with_language(shown, request.query_params.get("language"))

    def show_visitor(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """To everybody; the head names who is signed in."""
        session = self.visitor(request)
        if session is None:
            return self.show_anybody(request, template, status, **values)
        return self.show_to(Visit(request, session, language(request, {})), template, status, **values)

    def show_problem(self, request: Request, problem: Problem) -> Response:
        """A page that says what did not work, under the problem's status; without a session the one for anybody."""
        values: dict[str, Any] = {"problem": problem, "has_sign_in": self.sign_in is not None}
        answer = self.show_visitor(request, "problem.html", problem.status, **values)
        answer.headers.update(when_again(problem))
        return answer

    def go(self, path: str, **query: str) -> Response:
        """After a form, a page: loading it anew sends nothing again.

        Args:
            path: behind /family, `#` and all.
        """
        place, mark, part = path.partition("#")
        asked = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        address = f"{self.base}{place}{'?' if asked else ''}{asked}{mark}{part}"
        return RedirectResponse(address, 303, headers=page_headers(https=self.https))

    def show_sign_in(self, request: Request, need: SignInNeeded) -> Response:
        """Leave for the sign-in at once, unless something was typed: then it is kept on the page and sent again."""
        earlier = self.flow().read(request)
        if request.method == "GET":
            by_code = earlier is not None and is_code_account(Owner(earlier.caller.subject))
            return self.go("/code" if by_code else "/sign-in", next=self._place(request))
        values: dict[str, Any] = {"typed": (), "to": "", "form_token": ""}
        if need.typed is not None and earlier is not None:
            token = self.flow().sessions.form_token(earlier)
            values = {"typed": need.typed, "to": f"{self.base}{self._place(request)}", "form_token": token}
        return self.show_anybody(request, "expired.html", 401, **values)

    def show_sign_in_failed(self, request: Request) -> Response:
        """The identity provider's answer did not count."""
        return self.show_anybody(request, "signed_out.html", 401, why="failed", leave=None)

    def admit(self, request: Request) -> None:
        """By the policy table, before anything of the request is read.

        Raises:
            Forbidden.
            SignInNeeded: where nobody is signed in and nothing was typed.
        """
        if not is_for_session(request):
            return
        session = self.flow().session(request)
        if session is not None:
            self.expect_role(session.caller)
        elif request.method == "GET":
            raise SignInNeeded

    def expect_role(self, caller: Caller) -> None:
        """Raises Forbidden for whoever these pages are not for."""
        if self.role not in caller.counting:
            raise Forbidden(self.not_admitted)

    def is_signed_in(self, request: Request) -> bool:
        """Whether this is somebody, and the time is not over."""
        return self.sign_in is not None and self.sign_in.session(request) is not None

    def _place(self, request: Request) -> str:
        return place_behind(self.root, request.url.path)

    def _here(self, request: Request) -> str:
        """The page's own address, where it is loaded anew in the other language; that of the children after a form."""
        return f"{self.base}{self._place(request)}" if request.method == "GET" else self.base

    def _with_language(self, answer: Response, chosen: str | None) -> Response:
        """Remembers a language that was chosen."""
        if chosen in ("de", "en"):
            answer.set_cookie(LANGUAGE_COOKIE, chosen, path="/", secure=self.https, httponly=True, samesite="lax")
        return answer


def inside(path: str) -> str:
    """The part behind /family of a path of these pages; empty for any other."""
    return place_behind(ROOT, path)
