"""/desk: the work list, search, and release of several cases at once."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from shared.errors import Invalid, Problem

from eligibility.api.pages.pages import Form, Pages, Visit, is_id
from eligibility.domain.ids import CaseId
from eligibility.web.case_view import WORKERS
from eligibility.web.formatter import Formatter
from eligibility.web.list_view import EMPTY, EMPTY_HINTS, PILE_NAMES, Row, row, tabs
from eligibility.workflow import CaseDesk
from eligibility.workflow.access import READERS
from eligibility.workflow.case_queries import MOST_COUNTED
from eligibility.workflow.desk.cases import MOST_AT_ONCE
from eligibility.workflow.desk.work_list import Entry, Listing, Pile, WorkList

ON_A_PAGE = 25


def add_work_list(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    """Add the list of cases by pile, the search, and the way to the next case. Who may read no cases is sent to the
    rule sets."""

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
        values = _values(visit, found, pile, mine=mine, newest=newest) | {
            "page": page,
            "pages": max(1, -(-found.total // ON_A_PAGE)),
            "page_url": f"{pages.base}/?{urlencode(asked)}",
        }
        return pages.show(visit, "list.html", **values)

    @routes.get("/next")
    async def next_case(request: Request, pile: Pile = "review", after: UUID | None = None) -> Response:
        """The case that this person takes up next; the list, where nothing is left."""
        visit = pages.visit(request)
        found = await work.next_case(visit.caller, pile, CaseId(after) if after else None)
        if found is None:
            return pages.go("/", pile=pile)
        return pages.go(f"/cases/{found}", pile=pile)

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
        values = _values(visit, found, None) | {"searched": text, "search_error": error}
        if error:
            values |= {"empty": ""}
        return pages.show(visit, "list.html", status=status, **values)


def _values(
    visit: Visit, found: Listing, pile: Pile | None, *, mine: bool = False, newest: bool = False
) -> dict[str, Any]:
    say = Formatter(visit.language)
    rows = _rows(found.entries, visit, found)
    shown, total = len(rows), found.total
    counted = (
        say.t(f"{say.number(total)} Fälle", f"{say.number(total)} cases") if total != 1 else say.t("1 Fall", "1 case")
    )
    if total >= MOST_COUNTED:
        most = say.number(MOST_COUNTED)
        counted = say.t(f"{most} Fälle oder mehr", f"{most} cases or more")
    if pile is None and total > shown:
        counted = say.t(
            f"Mehr als {shown} Fälle passen; die ersten {shown} stehen hier. Bitte suchen Sie genauer.",
            f"More than {shown} cases match; the first {shown} are shown. Please search more narrowly.",
        )
    return {
        "heading": say.text(PILE_NAMES[pile]) if pile else say.t("Suchergebnis", "Search result"),
        "piles": tabs(found, say),
        "pile": pile,
        "mine": mine,
        "newest": newest,
        "rows": rows,
        "total_text": counted,
        "can_release": bool(visit.caller.roles & WORKERS) and any(each.releasable for each in rows),
        "page": 1,
        "pages": 1,
        "page_url": "",
        "empty": say.text(EMPTY[pile]) if pile else say.t("Nichts gefunden.", "Nothing found."),
        "empty_hint": say.text(EMPTY_HINTS[pile]) if pile in EMPTY_HINTS else "",
        "searched": None,
        "search_error": None,
        "told": [],
    }


def _rows(entries: Any, visit: Visit, listing: Listing) -> list[Row]:
    say = Formatter(visit.language)
    return [row(each, visit.caller, listing.today, listing.now, say) for each in entries]


def add_release(routes: APIRouter, pages: Pages, work: WorkList, desk: CaseDesk) -> None:
    """Add the release of several cases: first asked for confirmation, then done."""

    async def chosen(visit: Visit, form: Form) -> list[Entry]:
        ids = list(dict.fromkeys(CaseId(UUID(each)) for each in form.all("case")[:MOST_AT_ONCE] if is_id(each)))
        return list(await work.these(visit.caller, ids))

    @routes.post("/release")
    async def ask(request: Request) -> Response:
        """What would be released, before anything is."""
        visit, form = await pages.form(request)
        say, clear = Formatter(visit.language), form.get("what") == "clear"
        rows = [] if clear else [_line(each, visit, pages) for each in await chosen(visit, form)]
        if not rows and not clear:
            return await _nothing_chosen(visit)
        many = len(rows)
        heading = say.t("Wirklich freigeben?", "Really release?")
        button = (
            say.t("Alle klaren Bewilligungen freigeben", "Release all clear grants")
            if clear
            else say.t(
                f"{many} {'Fall' if many == 1 else 'Fälle'} freigeben",
                f"Release {many} {'case' if many == 1 else 'cases'}",
            )
        )
        return pages.show(visit, "release.html", heading=heading, rows=rows, clear=clear, button=button, results=None)

    async def _nothing_chosen(visit: Visit) -> Response:
        say = Formatter(visit.language)
        found = await work.page(visit.caller, "prepared", limit=ON_A_PAGE, offset=0)
        told = ("warning", say.t("Es ist kein Fall ausgewählt.", "No case is selected."), "")
        return pages.show(visit, "list.html", status=422, **(_values(visit, found, "prepared") | {"told": [told]}))

    @routes.post("/release/confirmed")
    async def release(request: Request) -> Response:
        """Each case by itself: what cannot be released says why and stops no other."""
        visit, form = await pages.form(request)
        say = Formatter(visit.language)
        heading = say.t("Freigabe", "Release")
        if form.get("what") == "clear":
            done = await desk.release_clear_grants(visit.caller)
            told = say.t(
                f"Freigegeben: {say.number(done.released)}. Klare Bewilligungen, die noch warten: "
                f"{say.number(done.left)}. Alle anderen Fälle unter „Freizugeben“ brauchen einen Blick und werden "
                "einzeln freigegeben.",
                f"Released: {say.number(done.released)}. Clear grants that still wait: {say.number(done.left)}. "
                "All other cases to be released need a look, and are released one by one.",
            )
            return pages.show(visit, "release.html", heading=heading, results=[], told=told)
        results = []
        for entry in await chosen(visit, form):
            good, text = await _release_one(visit, entry)
            results.append((_line(entry, visit, pages), good, text))
        return pages.show(visit, "release.html", heading=heading, results=results, told="")

    async def _release_one(visit: Visit, entry: Entry) -> tuple[bool, str]:
        say, decision = Formatter(visit.language), entry.decision
        if decision is not None and decision.released_by == visit.caller.subject:
            return True, say.t("schon freigegeben", "released already")
        try:
            await desk.release(visit.caller, entry.case.id)
        except Problem as problem:
            return False, say.text(problem.text)
        return True, say.t("freigegeben", "released")


def _line(entry: Entry, visit: Visit, pages: Pages) -> Row:
    now = pages.sign_in.now()
    return row(entry, visit.caller, now.date(), now, Formatter(visit.language))
