"""/family/data: read, take along, correct and erase what is kept of the own account; /family/privacy for everybody."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, Text
from shared.http.limits import Limit

from application.api.own_data.me import sent_archive
from application.api.own_data.reading import OwnDataReader
from application.api.pages.pages import language
from application.api.pages.visits import ROOT, FamilyPages, Visit
from application.workflow import Workflow

DATA = f"{ROOT}/data"
CONFIRM = "confirm"
UNCONFIRMED = Text(
    "Bitte kreuzen Sie an, dass Sie Ihre Daten löschen möchten.", "Please tick that you want to erase your data."
)


class OwnDataPages:
    """Of the account that is signed in."""

    def __init__(self, pages: FamilyPages, workflow: Workflow, reader: OwnDataReader, limit: Limit) -> None:
        self.pages, self.workflow, self.reader, self.limit = pages, workflow, reader, limit

    def now(self) -> datetime:
        """By the clock of the sign-in."""
        return self.pages.flow().now()

    async def show(self, visit: Visit, *, done: bool = False) -> Response:
        """What there is, and what can be done about it."""
        account = await self.reader.read(visit.owner, visit.language, self.now())
        return self.pages.show_to(visit, "own_data.html", account=account, done=done)

    async def ask(self, visit: Visit, status: int = 200, error: Text | None = None) -> Response:
        """What erasing means, what must stay and until when, and a button."""
        now = self.now()
        account = await self.reader.read(visit.owner, visit.language, now)
        held = {str(each.application_id): each.holds for each in await self.workflow.erasure.held_of(visit.owner, now)}
        return self.pages.show_to(
            visit, "own_data_erase.html", status, account=account, held=held, confirm=CONFIRM,
            error=error.in_language(visit.language) if error else "",
        )  # fmt: skip


def add_own_data(routes: APIRouter, own: OwnDataPages) -> None:
    """The pages of the own data, and what is kept of everybody."""
    _add_reading(routes, own)
    _add_erasure(routes, own)


def _add_reading(routes: APIRouter, own: OwnDataPages) -> None:
    pages = own.pages

    @routes.get(f"{ROOT}/privacy", response_class=Response)
    async def privacy(request: Request) -> Response:
        """What is kept where, for how long, why and for whom."""
        return pages.show_visitor(request, "privacy.html", kept=own.reader.kept(language(request, {})))

    @routes.get(DATA, response_class=Response)
    async def overview(request: Request) -> Response:
        return await own.show(pages.visit(request), done=request.query_params.get("done") == "erased")

    @routes.get(f"{DATA}/read", response_class=Response)
    async def read(request: Request) -> Response:
        """All of it, to be read."""
        visit = pages.visit(request)
        account = await own.reader.read(visit.owner, visit.language, own.now())
        return pages.show_to(visit, "own_data_read.html", account=account)

    @routes.get(f"{DATA}/export", response_class=Response)
    async def export(request: Request) -> Response:
        """The archive."""
        visit = pages.visit(request)
        own.limit.spend(visit.owner, request)
        return await sent_archive(own.reader, visit.owner, visit.language)


def _add_erasure(routes: APIRouter, own: OwnDataPages) -> None:
    pages = own.pages

    @routes.get(f"{DATA}/erasure", response_class=Response)
    async def ask(request: Request) -> Response:
        return await own.ask(pages.visit(request))

    @routes.post(f"{DATA}/erasure", response_class=Response)
    async def erase(request: Request) -> Response:
        """What must stay for a while stays. A second time changes nothing."""
        visit = await pages.form(request)
        if "language" in visit.typed:
            return await own.ask(visit)
        if visit.typed.get(CONFIRM) != "yes":
            return await own.ask(visit, 422, UNCONFIRMED)
        try:
            await own.workflow.erasure.of_account(visit.owner, own.now(), keep_held=True)
        except Conflict as conflict:  # decided a moment ago
            return await own.ask(visit, 409, conflict.text)
        return pages.go("/data", done="erased")
