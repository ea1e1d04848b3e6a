"""/desk: the work list, the search, and the way to the next case."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from shared.errors import Invalid

from eligibility.api.pages.pages import Pages, Visit
from eligibility.domain.ids import CaseId
from eligibility.web.case_view import WORKERS
from eligibility.web.formatter import Formatter
from eligibility.web.list_view import EMPTY, EMPTY_HINTS, PILE_NAMES, row, tabs
from eligibility.workflow.access import READERS
from eligibility.workflow.case_queries import MOST_COUNTED
from eligibility.workflow.desk.work_list import Listing, Pile, WorkList

ON_A_PAGE = 25


def add_work_list(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    """Add the list of cases by pile, the search, and the way to the next case. Who may read no cases is sent to the
    rule sets."""
    _add_list(routes, pages, work)
    _add_next_case(routes, pages, work)
    _add_search(routes, pages, work)


def _add_list(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    @routes.get("/")
    async def show(
        request: Request,
        pile: Pile = "review",
        mine: bool = False,
        newest: bool = False,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> Response:
        visit = pages.visit(request)
        if not visit.caller.counting.intersection(READERS):
            return pages.go("/rule-sets")  # who administers reads no cases
        offset = (page - 1) * ON_A_PAGE
        found = await work.page(visit.caller, pile, mine=mine, newest=newest, limit=ON_A_PAGE, offset=offset)
        asked: dict[str, Any] = {"pile": pile} | ({"mine": 1} if mine else {}) | ({"newest": 1} if newest else {})
        values = list_values(visit, found, pile, mine=mine, newest=newest) | {
            "page": page,
            "pages": max(1, -(-found.total // ON_A_PAGE)),
            "page_url": f"{pages.base}/?{urlencode(asked)}",
        }
        return pages.show(visit, "list.html", **values)


def _add_next_case(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    @routes.get("/next")
    async def next_case(request: Request, pile: Pile = "review", after: UUID | None = None) -> Response:
        """The case that this person takes up next; the list, where nothing is left."""
        visit = pages.visit(request)
        found = await work.next_case(visit.caller, pile, CaseId(after) if after else None)
        if found is None:
            return pages.go("/", pile=pile)
        return pages.go(f"/cases/{found}", pile=pile)


def _add_search(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    @routes.post("/search")
    async def search(request: Request) -> Response:
        """By POST: a name has no place in an address or a log."""
        visit, form = await pages.form(request)
        say = Formatter(visit.language)
        text = form.text("search")[:100]
        error, status = None, 200
        try:
            found = await work.find(visit.caller, text)
        except Invalid as problem:
            error, status = say.text(problem.text), problem.status
            found = await work.page(visit.caller, "review", limit=0, offset=0)
        values = list_values(visit, found, None) | {"searched": text, "search_error": error}
        if error:
            values |= {"empty": ""}
        return pages.show(visit, "list.html", status=status, **values)


def list_values(
    visit: Visit, found: Listing, pile: Pile | None, *, mine: bool = False, newest: bool = False
) -> dict[str, Any]:
    """What list.html shows.

    Args:
        pile: None for what a search found.
    """
    say = Formatter(visit.language)
    rows = [row(each, visit.caller, found.today, found.now, say) for each in found.entries]
    return {
        "heading": say.text(PILE_NAMES[pile]) if pile else say.t("Suchergebnis", "Search result"),
        "piles": tabs(found, say),
        "pile": pile,
        "mine": mine,
        "newest": newest,
        "rows": rows,
        "total_text": _count_text(found.total, len(rows), pile, say),
        "can_release": bool(visit.caller.roles & WORKERS) and any(each.releasable for each in rows),
        "page": 1,
        "pages": 1,
        "page_url": "",
        "empty": say.text(EMPTY[pile]) if pile else say.t("Nichts gefunden.", "Nothing found."),
        "empty_hint": say.text(EMPTY_HINTS[pile]) if pile in EMPTY_HINTS else "",
        "searched": None,
        "search_error": None,
        "alerts": [],
    }


def _count_text(total: int, shown: int, pile: Pile | None, say: Formatter) -> str:
    """How many cases the list has, or that a search found more than it shows."""
    if pile is None and total > shown:
        return say.t(
            f"Mehr als {shown} Fälle passen; die ersten {shown} stehen hier. Bitte suchen Sie genauer.",
            f"More than {shown} cases match; the first {shown} are shown. Please search more narrowly.",
        )
    if total >= MOST_COUNTED:
        most = say.number(MOST_COUNTED)
        return say.t(f"{most} Fälle oder mehr", f"{most} cases or more")
    if total == 1:
        return say.t("1 Fall", "1 case")
    return say.t(f"{say.number(total)} Fälle", f"{say.number(total)} cases")
