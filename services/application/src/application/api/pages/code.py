"""/family/code and /family/letter: ways in for people without an account."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import Forbidden, Invalid, Language, NotFound, Problem, Text
from shared.http.clients import NO_PROXIES, Proxies, client_of
from shared.http.limits import Limit
from shared.identity import Caller

from application.api.pages.apply.drafting import FOREIGN, new_nonce
from application.api.pages.apply.start import check_site
from application.api.pages.pages import language, typed_of
from application.api.pages.signing_in import LONGEST_PLACE
from application.api.pages.visits import ROLE, ROOT, FamilyPages, inside
from application.domain.ids import ApplicationId
from application.workflow import Workflow
from application.workflow.codes.codes import FIELD, CodesLocked, OpenedCode

FORM_COOKIE = "code-form"
"""By which a form is known as one of this browser's own: nobody is signed in to a stranger's application."""
FORM_SECONDS = 1800
BROWSER_COOKIE = "code-browser"
"""Of a browser that has used a right code: it is counted by itself from then on."""
BROWSER_SECONDS = 180 * 24 * 3600
NAME = Text("Zugang mit Code", "Access with a code")
NO_NUMBER = Text(
    "Das ist keine Antragsnummer. Sie steht auf der Kopie Ihres Antrags und hat 32 Ziffern und Buchstaben.",
    "This is no application number. It stands on the copy of your application and has 32 digits and letters.",
)


@dataclass(frozen=True)
class CodePages:
    """Shared by both pages. `limit`: how often one client may ask what costs work."""

    pages: FamilyPages
    workflow: Workflow
    limit: Limit | None = None
    proxies: Proxies = NO_PROXIES

    def show(  # all that it shows
        self, template: str, reader: Language, typed: dict[str, str], problem: Problem | None = None,
        *, field: str = FIELD, done: bool = False,
    ) -> Response:  # fmt: skip
        """The page, with what was typed except for a code."""
        nonce = new_nonce()
        errors = {field: problem.text.in_language(reader)} if problem else {}
        answer = self.pages.show(
            template, reader, problem.status if problem else 200, _when_again(problem),
            nonce=nonce, typed=typed, errors=errors, done=done, place=inside(f"{ROOT}{typed.get('next', '')}"),
        )  # fmt: skip
        answer.set_cookie(
            FORM_COOKIE, nonce, max_age=FORM_SECONDS, path=self.pages.base, secure=self.pages.https, httponly=True,
            samesite="strict",
        )  # fmt: skip
        return answer

    async def typed(self, request: Request) -> dict[str, str]:
        """The fields of a form of this page.

        Raises:
            Forbidden: where another page sent it.
        """
        check_site(request)
        if self.limit is not None:
            await self.limit.check(request)
        typed = await typed_of(request)
        nonce = typed.pop("nonce", "")
        if not nonce or not hmac.compare_digest(request.cookies.get(FORM_COOKIE, "").encode(), nonce.encode()):
            raise Forbidden(FOREIGN)
        return typed

    async def use(self, request: Request, reader: Language, typed: dict[str, str]) -> Response:
        """1. What the code opens. 2. A session of its own, in place of the browser's earlier one. 3. On to the
        application, or to where one is begun."""
        # 1.
        flow, codes = self.pages.flow(), self.workflow.codes
        client = codes.client_of(request.cookies.get(BROWSER_COOKIE, ""), client_of(request, self.proxies))
        opened = await codes.use(typed.get(FIELD, ""), client, flow.now())
        # 2.
        answer = self.pages.go(self._place(opened, typed.get("next", "")))
        caller = Caller(opened.account, None, frozenset({ROLE}))
        flow.sessions.write(answer, flow.sessions.begin(caller, NAME.in_language(reader), "", flow.now(), None))
        answer.set_cookie(
            BROWSER_COOKIE, codes.browser_mark(), max_age=BROWSER_SECONDS, path=f"{self.pages.base}/code",
            secure=self.pages.https, httponly=True, samesite="lax",
        )  # fmt: skip
        answer.delete_cookie(FORM_COOKIE, path=self.pages.base, secure=self.pages.https, httponly=True)
        # 3.
        return answer

    def now(self) -> datetime:
        """By the sign-in's clock, where there is one."""
        return datetime.now(UTC) if self.pages.sign_in is None else self.pages.sign_in.now()

    @staticmethod
    def _place(opened: OpenedCode, wanted: str) -> str:
        if opened.application_id is not None:
            return f"/applications/{opened.application_id}"
        place = inside(f"{ROOT}{wanted}")[:LONGEST_PLACE]
        return place or "/apply"


def number_of(typed: str) -> ApplicationId | None:
    """Of an application; None for what is none."""
    try:
        return ApplicationId(UUID("".join(typed.split())))
    except ValueError:
        return None


def _when_again(problem: Problem | None) -> dict[str, str] | None:
    return {"Retry-After": str(problem.retry_after)} if isinstance(problem, CodesLocked) else None


def add_codes(routes: APIRouter, pages: CodePages) -> None:
    """Add the page on which a code is typed, and the one on which a letter is asked for."""

    @routes.get(f"{ROOT}/code", response_class=Response)
    async def ask(request: Request, next: str = "") -> Response:
        """`next`: where to go on afterwards, behind /family."""
        pages.pages.flow()
        return pages.show("code.html", language(request, {}), {"next": next[:LONGEST_PLACE]})

    @routes.post(f"{ROOT}/code", response_class=Response)
    async def use(request: Request) -> Response:
        typed = await pages.typed(request)
        reader = language(request, typed)
        if "language" in typed:
            return pages.show("code.html", reader, typed)
        try:
            return await pages.use(request, reader, typed)
        except (Invalid, NotFound, CodesLocked) as problem:
            return pages.show("code.html", reader, typed | {FIELD: ""}, problem)

    @routes.get(f"{ROOT}/letter", response_class=Response)
    async def letter(request: Request) -> Response:
        return pages.show("letter.html", language(request, {}), {})

    @routes.post(f"{ROOT}/letter", response_class=Response)
    async def order(request: Request) -> Response:
        """The same answer whether there is such an application or not."""
        typed = await pages.typed(request)
        reader = language(request, typed)
        if "language" in typed:
            return pages.show("letter.html", reader, typed)
        number = number_of(typed.get("number", ""))
        if number is None:
            return pages.show("letter.html", reader, typed, Invalid(NO_NUMBER), field="number")
        await pages.workflow.letters.ask(number, pages.now())
        return pages.show("letter.html", reader, {}, done=True)
