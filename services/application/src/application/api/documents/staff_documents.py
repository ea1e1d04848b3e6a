"""/documents: a case worker opens a document with the browser. The API's way wants a token, which a link cannot bring.

Only people of the responsible authority come in here: a family has its own way, with its token. GET alone, and nothing
can be changed, so no form needs a token of its own.
"""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from shared.errors import Problem, Text
from shared.identity import Caller, Unauthenticated
from shared.sign_in import SignInFlow

from application.api.documents.documents import file_response
from application.api.documents.plain_page import HEADERS, page
from application.api.requests import application_id_of, document_id_of
from application.workflow import Workflow
from application.workflow.documents.documents import READERS

BACK = "/documents/sign-in/back"
CODES = "/codes"
"""The other page of an authority's people at this service (application.api.codes.staff_pages)."""
NOT_SIGNED_IN = Text("Die Anmeldung hat nicht geklappt.", "Signing in did not work.")
ONCE_MORE = Text(
    "Vielleicht hat es zu lange gedauert. Bitte schließen Sie dieses Fenster und öffnen Sie die Unterlage noch einmal "
    "von der Seite des Falls aus.",
    "Perhaps it took too long. Please close this window and open the document once more from the page of the case.",
)
SIGNED_IN = Text("Sie sind angemeldet.", "You are signed in.")
COMES = Text(
    "Die Unterlage wird heruntergeladen. Danach können Sie dieses Fenster schließen.",
    "The document is being downloaded. You can close this window then.",
)
OPEN = Text("Unterlage herunterladen", "Download the document")


class StaffRoute(APIRoute):
    """Errors are pages here."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handler(request)
            except Unauthenticated:
                return page(request, NOT_SIGNED_IN, ONCE_MORE, status=401)
            except Problem as problem:
                return page(request, problem.title, problem.text, status=problem.status)

        return answered


def router(workflow: Workflow, sign_in: SignInFlow, public_url: str) -> APIRouter:
    """Pages are for browsers: they do not stand in the API's description."""
    routes = APIRouter(include_in_schema=False, route_class=StaffRoute)
    base = urlsplit(public_url).path

    @routes.get(BACK)
    async def back(request: Request) -> Response:
        """1. Who it is. 2. Only an authority's people. 3. A session, and on to the document."""
        # 1.
        returned = await sign_in.callback(request)
        # 2.
        returned.person.caller.require(*READERS, "administrator")
        if returned.then.partition("?")[0] == CODES:
            to_codes = RedirectResponse(f"{base}{returned.then}", 303, headers=HEADERS)
            sign_in.open_session(request, to_codes, returned)
            return to_codes
        _as_staff(returned.person.caller)
        # 3. A page, not a redirect: a download would leave the identity provider's page standing.
        answer = page(request, SIGNED_IN, COMES, to=f"{base}{returned.then}", link=OPEN)
        sign_in.open_session(request, answer, returned)
        return answer

    @routes.get("/documents/{application_id}/{document_id}")
    async def fetch(application_id: str, document_id: str, request: Request) -> Response:
        """The file, after the sign-in and with the checks and headers of the API; the opening is noted."""
        session = sign_in.session(request)
        person = None if session is None else _as_staff(session.caller)
        number, which = application_id_of(application_id), document_id_of(document_id)
        if person is None:
            return sign_in.start(request, f"/documents/{number}/{which}", HEADERS)
        document = await workflow.documents.one(person, number, which, sign_in.now())
        return file_response(document, workflow.documents.part)

    return routes


def _as_staff(caller: Caller) -> Caller:
    """Without what the same person may do as a guardian.

    Raises:
        Forbidden: where nothing is left.
    """
    caller.require(*READERS)
    return Caller(caller.subject, caller.authority_id, caller.roles.intersection(READERS))
