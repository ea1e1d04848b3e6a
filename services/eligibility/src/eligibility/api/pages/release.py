"""/desk/release: several cases at once, first asked for confirmation, then done."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import Problem

from eligibility.api.pages.pages import Form, Pages, Visit, is_id
from eligibility.api.pages.work_list import ON_A_PAGE, list_values
from eligibility.domain.ids import CaseId
from eligibility.web.formatter import Formatter
from eligibility.web.list_view import Row, row
from eligibility.workflow import CaseDesk
from eligibility.workflow.desk.cases import MOST_AT_ONCE, ReleaseCount
from eligibility.workflow.desk.work_list import Entry, WorkList


def add_release(routes: APIRouter, pages: Pages, work: WorkList, desk: CaseDesk) -> None:
    """Add the release of several cases: first asked for confirmation, then done."""
    _add_question(routes, pages, work)
    _add_confirmation(routes, pages, work, desk)


def _add_question(routes: APIRouter, pages: Pages, work: WorkList) -> None:
    @routes.post("/release")
    async def ask(request: Request) -> Response:
        """What would be released, before anything is."""
        visit, form = await pages.form(request)
        say, clear = Formatter(visit.language), form.get("what") == "clear"
        rows = [] if clear else [_line(each, visit, pages) for each in await _chosen(work, visit, form)]
        if not rows and not clear:
            return await _nothing_chosen(pages, work, visit)
        heading = say.t("Wirklich freigeben?", "Really release?")
        button = (
            say.t("Alle klaren Bewilligungen freigeben", "Release all clear grants") if clear else _button(rows, say)
        )
        return pages.show(visit, "release.html", heading=heading, rows=rows, clear=clear, button=button, results=None)


def _add_confirmation(routes: APIRouter, pages: Pages, work: WorkList, desk: CaseDesk) -> None:
    @routes.post("/release/confirmed")
    async def release(request: Request) -> Response:
        """Each case by itself: what cannot be released says why and stops no other."""
        visit, form = await pages.form(request)
        say = Formatter(visit.language)
        heading = say.t("Freigabe", "Release")
        if form.get("what") == "clear":
            text = _count(await desk.release_clear_grants(visit.caller), say)
            return pages.show(visit, "release.html", heading=heading, results=[], count=text)
        results = []
        for entry in await _chosen(work, visit, form):
            good, text = await _release_one(desk, visit, entry)
            results.append((_line(entry, visit, pages), good, text))
        return pages.show(visit, "release.html", heading=heading, results=results, count="")


async def _chosen(work: WorkList, visit: Visit, form: Form) -> Sequence[Entry]:
    """The cases that are ticked in the list, as many as may be released at once."""
    ids = list(dict.fromkeys(CaseId(UUID(each)) for each in form.all("case")[:MOST_AT_ONCE] if is_id(each)))
    return await work.these(visit.caller, ids)


async def _nothing_chosen(pages: Pages, work: WorkList, visit: Visit) -> Response:
    say = Formatter(visit.language)
    found = await work.page(visit.caller, "prepared", limit=ON_A_PAGE, offset=0)
    alert = ("warning", say.t("Es ist kein Fall ausgewählt.", "No case is selected."), "")
    return pages.show(visit, "list.html", status=422, **(list_values(visit, found, "prepared") | {"alerts": [alert]}))


async def _release_one(desk: CaseDesk, visit: Visit, entry: Entry) -> tuple[bool, str]:
    """Whether the case is released now, and what the page says of it."""
    say, decision = Formatter(visit.language), entry.decision
    if decision is not None and decision.released_by == visit.caller.subject:
        return True, say.t("schon freigegeben", "released already")
    try:
        await desk.release(visit.caller, entry.case.id)
    except Problem as problem:
        return False, say.text(problem.text)
    return True, say.t("freigegeben", "released")


def _button(rows: Sequence[Row], say: Formatter) -> str:
    many = len(rows)
    return say.t(
        f"{many} {'Fall' if many == 1 else 'Fälle'} freigeben", f"Release {many} {'case' if many == 1 else 'cases'}"
    )


def _count(done: ReleaseCount, say: Formatter) -> str:
    return say.t(
        f"Freigegeben: {say.number(done.released)}. Klare Bewilligungen, die noch warten: "
        f"{say.number(done.left)}. Alle anderen Fälle unter „Freizugeben“ brauchen einen Blick und werden "
        "einzeln freigegeben.",
        f"Released: {say.number(done.released)}. Clear grants that still wait: {say.number(done.left)}. "
        "All other cases to be released need a look, and are released one by one.",
    )


def _line(entry: Entry, visit: Visit, pages: Pages) -> Row:
    now = pages.sign_in.now()
    return row(entry, visit.caller, now.date(), now, Formatter(visit.language))
