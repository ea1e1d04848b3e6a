"""/school: the pupils who apply for this school, by class; and one click that confirms one of them, or a class."""

from fastapi import APIRouter, Request, Response
from shared.errors import Text

from application.api.pages.pages import LONGEST_FORM
from application.api.pages.school.visits import ROOT, SchoolPages, pupil_id_of
from application.api.pages.visits import Visit
from application.domain.attendance import AttendanceState
from application.domain.ids import ApplicationId
from application.web.school_view import STATES, counts, sections
from application.web.templates import Formatter
from application.workflow.attendance.pupils import MOST_PUPILS
from application.workflow.attendance.statements import SchoolAnswer

LONGEST_CLASS = MOST_PUPILS * 40
"""Bytes of the ids of a class: at most all pupils of a school."""
LONGEST_NUMBER = 6
SAID_BEFORE = Text("Schon vorher so angegeben: {same}.", "Said so before: {same}.")
DONE: dict[str, Text] = {
    "confirmed": Text("Bestätigt: {count}.",
                      "Confirmed: {count}."),
    "list": Text("Übernommen: {count}. Von allen anderen Zeilen der Liste wurde "
                 "nichts gespeichert.",
                 "Taken over: {count}. Nothing was kept of all other lines of the list."),
    "left": Text("Gemeldet: nicht (mehr) an dieser Schule. Der Schulträger prüft das; die Familie sieht es.",
                 "Reported: not at this school (any more). The authority looks at it; the family sees it."),
    "differs": Text("Gemeldet: andere Angaben. Der Schulträger fragt die Familie.",
                    "Reported: other data. The authority asks the family."),
    "reopened": Text("Zurückgenommen.", "Taken back."),
}  # fmt: skip
"""What a page says after an act."""


def add_pupils(routes: APIRouter, pages: SchoolPages) -> None:
    """The list, and what is confirmed on it."""
    attendance = pages.workflow.attendance

    @routes.get(ROOT, response_class=Response)
    async def show(request: Request) -> Response:
        visit = pages.visit(request)
        return await _list(pages, visit)

    @routes.post(f"{ROOT}/confirmations", response_class=Response)
    async def confirm(request: Request) -> Response:
        """All whose ids the form names: those who were shown, whoever has come since."""
        visit = await pages.form(request, LONGEST_FORM + LONGEST_CLASS)
        year = pages.year_of(visit.typed.get("year", ""))
        given = [each for each in visit.typed.get("pupils", "").split(",") if each][:MOST_PUPILS]
        ids: list[ApplicationId] = list(dict.fromkeys(map(pupil_id_of, given)))
        answers = [SchoolAnswer(each, AttendanceState.CONFIRMED) for each in ids]
        count = await attendance.answer(visit.session.caller, year, answers, pages.now())
        query = {"year": str(year), "done": "confirmed", "count": str(count.kept), "same": str(count.same)}
        return pages.go("", **query, **({"state": state} if (state := visit.typed.get("state", "")) else {}))


async def _list(pages: SchoolPages, visit: Visit) -> Response:
    asked = visit.request.query_params
    year = pages.year_of(asked.get("year", ""))
    wanted = asked.get("state", "")
    pupils = await pages.workflow.attendance.pupils(visit.session.caller, year)
    say = Formatter(visit.language)
    return pages.show_to(
        visit,
        "school_pupils.html",
        school=await pages.school_name(visit),
        year=str(year),
        years=[str(each) for each in pages.years()],
        wanted=wanted if wanted in STATES else "",
        states=[("", say.t("alle", "all"))]
        + [(str(key), words.in_language(say.language)) for key, (_, words) in STATES.items()],
        counts=counts(pupils),
        classes=sections(pupils, wanted if wanted in STATES else "", say),
        done=done_words(visit),
    )


def done_words(visit: Visit) -> str:
    """What was just done, from the address; empty where it names nothing of ours."""
    asked = visit.request.query_params
    text = DONE.get(asked.get("done", ""))
    if text is None:
        return ""
    count, same = asked.get("count", "0"), asked.get("same", "0")
    if not all(each.isascii() and each.isdigit() and len(each) < LONGEST_NUMBER for each in (count, same)):
        return ""
    said = text.in_language(visit.language).format(count=count)
    return said if same == "0" else f"{said} {SAID_BEFORE.in_language(visit.language).format(same=same)}"
