"""/codes: people of an authority make codes for a class and print letters, with the browser."""

from datetime import datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from shared.errors import FieldProblem, Forbidden, Invalid, NotFound, Problem, Text
from shared.http.page_headers import page_headers
from shared.identity import Unauthenticated
from shared.sign_in import FOREIGN_FORM, Session, SignInFlow

from application.api.codes.codes import authority_of, batch_id_of
from application.api.codes.printed import STAFF, PrintedCodes
from application.api.documents.staff_documents import StaffRoute
from application.api.pages.code import NO_NUMBER, number_of
from application.api.pages.pages import HEAD, language, typed_of
from application.web.templates import render
from application.workflow import Workflow
from application.workflow.codes.codes import ClassOrder

PLACE = "/codes"
FORM_TOKEN = "form_token"  # noqa: S105  # the field's name
LONGEST_NUMBER = 60
LONGEST_COUNT = 3
"""Digits; Python refuses to read some thousands."""
DONE = {
    "revoked": Text("Die Codes sind gesperrt.", "The codes are revoked."),
    "ordered": Text("Der Brief wartet unten auf den Druck.", "The letter waits below to be printed."),
}


class StaffCodes:
    """The one page, and what its forms do."""

    def __init__(self, workflow: Workflow, sign_in: SignInFlow, public_url: str) -> None:
        self.workflow, self.sign_in, self.printed = workflow, sign_in, PrintedCodes(workflow, public_url)
        address = urlsplit(public_url)
        self.base, self._https = address.path, address.scheme == "https"

    def session(self, request: Request) -> Session | None:
        """Of somebody who works for an authority; None: the way to the sign-in.

        Raises:
            Forbidden.
        """
        found = self.sign_in.session(request)
        if found is not None:
            found.caller.require(*STAFF)
        return found

    async def show(
        self, request: Request, session: Session, typed: dict[str, str] | None = None, problem: Problem | None = None
    ) -> Response:
        """Forms, letters that wait, and classes; at the field what is wrong with what was typed."""
        reader = language(request, {})
        authority = authority_of(session.caller)
        done = DONE.get(request.query_params.get("done", ""))
        text = render(
            "codes.html", reader,
            **HEAD | {"area": "codes", "here": f"{self.base}{PLACE}"},
            base=f"{self.base}/family", here_base=self.base, worker=session.name,
            token=self.sign_in.sessions.form_token(session),
            done=done.in_language(reader) if done else "",
            typed={"number": request.query_params.get("number", "")[:LONGEST_NUMBER]} | (typed or {}),
            errors={each.field: each.text.in_language(reader) for each in problem.problems} if problem else {},
            batches=await self.workflow.codes.batches(authority),
            letters=await self.workflow.letters.waiting(authority),
        )  # fmt: skip
        status = problem.status if problem else 200
        return HTMLResponse(text, status, headers=page_headers(https=self._https) | {"Content-Language": reader})

    async def form(self, request: Request) -> tuple[Session, dict[str, str]]:
        """Whose browser sent it, and what was typed.

        Raises:
            Unauthenticated, Forbidden.
        """
        session = self.session(request)
        if session is None:
            raise Unauthenticated
        typed = await typed_of(request)
        if not self.sign_in.sessions.form_counts(session, typed.pop(FORM_TOKEN, "")):
            raise Forbidden(FOREIGN_FORM)
        return session, typed

    def back(self, done: str) -> Response:
        """To the page, after a form: loading it again sends nothing again."""
        return RedirectResponse(f"{self.base}{PLACE}?done={done}", 303, headers=page_headers(https=self._https))

    def now(self) -> datetime:
        """By the sign-in's clock."""
        return self.sign_in.now()


def router(workflow: Workflow, sign_in: SignInFlow, public_url: str) -> APIRouter:
    """Pages are for browsers: they do not stand in the API's description."""
    routes = APIRouter(include_in_schema=False, route_class=StaffRoute)
    staff = StaffCodes(workflow, sign_in, public_url)

    @routes.get(PLACE)
    async def show(request: Request) -> Response:
        session = staff.session(request)
        if session is None:
            number = number_of(request.query_params.get("number", ""))
            asked = PLACE if number is None else f"{PLACE}?number={number}"
            return sign_in.start(request, asked, page_headers(https=False))
        return await staff.show(request, session)

    @routes.post(PLACE)
    async def make(request: Request) -> Response:
        session, typed = await staff.form(request)
        caller, count = session.caller, typed.get("count", "")
        order = ClassOrder(
            typed.get("school_number", ""),
            typed.get("label", ""),
            int(count) if count.isdecimal() and len(count) <= LONGEST_COUNT else 0,
        )
        try:
            return await staff.printed.sheet(authority_of(caller), order, caller.subject, staff.now())
        except Invalid as problem:
            return await staff.show(request, session, typed, problem)

    _add_letters(routes, staff)

    @routes.post(f"{PLACE}/{{batch_id}}/revocation")
    async def revoke(batch_id: str, request: Request) -> Response:
        caller = (await staff.form(request))[0].caller
        await workflow.codes.revoke(authority_of(caller), batch_id_of(batch_id), caller.subject, staff.now())
        return staff.back("revoked")

    return routes


def _add_letters(routes: APIRouter, staff: StaffCodes) -> None:
    @routes.post(f"{PLACE}/letters")
    async def letters(request: Request) -> Response:
        caller = (await staff.form(request))[0].caller
        return await staff.printed.letters(authority_of(caller), caller.subject, staff.now())

    @routes.post(f"{PLACE}/letter-order")
    async def order(request: Request) -> Response:
        session, typed = await staff.form(request)
        number = number_of(typed.get("number", ""))
        try:
            if number is None:
                raise Invalid(NO_NUMBER)
            await staff.workflow.letters.ask_as_staff(authority_of(session.caller), number, staff.now())
        except (Invalid, NotFound) as problem:
            problem.problems = (FieldProblem("number", problem.text),)
            return await staff.show(request, session, typed, problem)
        return staff.back("ordered")
