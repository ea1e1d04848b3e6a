"""/desk/entrances: schools whose entrances nobody has confirmed, and confirming one's."""

from fastapi import APIRouter, Request, Response
from geography.model import Point
from shared.errors import FieldProblem, Forbidden, Invalid, Problem, Text

from eligibility.api.pages.pages import Form, Pages, Visit
from eligibility.api.places import PointIn, SchoolNumber
from eligibility.web import entrances_view
from eligibility.web.formatter import Formatter
from eligibility.workflow import Workflow
from eligibility.workflow.desk.entrances import EntranceDesk, SchoolWithoutEntrance
from eligibility.workflow.desk.likely_places import CONFIRM
from eligibility.workflow.desk.map_desk import WRITERS, MapDesk

MOST = 50
LINES = {f"entrances.{place}": place + 1 for place in range(MOST)}
NO_POINT = Text(
    "Bitte geben Sie je Zeile Breite und Länge in Grad an, zum Beispiel 50.77535, 6.08389 Haupteingang.",
    "Please enter latitude and longitude in degrees on each line, for example 50.77535, 6.08389 main entrance.",
)
DONE = Text(
    "Die Eingänge sind bestätigt. Ab jetzt wird bis dorthin gemessen.",
    "The entrances are confirmed. From now on ways are measured to them.",
)


def add_entrances(routes: APIRouter, pages: Pages, workflow: Workflow) -> None:
    """Add the list of schools whose entrances nobody has confirmed, and the page on which they are set."""
    _add_list(routes, pages, workflow.entrances)
    _add_school(routes, pages, workflow.entrances, workflow.map)


def _add_list(routes: APIRouter, pages: Pages, desk: EntranceDesk) -> None:
    @routes.get("/entrances")
    async def list_all(request: Request, done: str = "") -> Response:
        visit = pages.visit(request)
        say = Formatter(visit.language)
        progress = await desk.unconfirmed(visit.caller)
        return pages.show(
            visit, "entrances.html", **entrances_view.entrance_list(progress, say), done=say.text(DONE) if done else ""
        )


def _add_school(routes: APIRouter, pages: Pages, desk: EntranceDesk, map_desk: MapDesk) -> None:
    @routes.get("/entrances/{number}")
    async def one(request: Request, number: SchoolNumber) -> Response:
        visit = pages.visit(request)
        return _show(pages, visit, await desk.one(visit.caller, number))

    @routes.post("/entrances/{number}")
    async def confirm(request: Request, number: SchoolNumber) -> Response:
        """Those that OpenStreetMap has, as they are; or those that were typed."""
        visit, form = await pages.form(request)
        school = await desk.one(visit.caller, number)
        try:
            if form.get("what") == "known":
                points = [(each.point, each.name) for each in school.entrances]
            else:
                points = _typed(form)
            far_is_meant = form.get("far_is_meant") == "yes"
            await map_desk.draw_entrances(visit.caller, number, points, far_is_meant=far_is_meant)
        except (Invalid, Forbidden) as problem:
            return _show(pages, visit, await desk.one(visit.caller, number), problem, form)
        return pages.go("/entrances", done="confirmed")


def _show(
    pages: Pages, visit: Visit, school: SchoolWithoutEntrance, problem: Problem | None = None, form: Form | None = None
) -> Response:
    """One school's page.

    Args:
        form: what was refused with `problem`.
    """
    say = Formatter(visit.language)
    return pages.show(
        visit,
        "entrance.html",
        status=problem.status if problem else 200,
        **entrances_view.school(school, say),
        may_write=bool(visit.caller.roles & set(WRITERS)),
        typed=form.get("points", "") if form else "",
        errors=_errors(problem, say) if problem else {},
        is_far=_is_far(problem),
        known_sent=form is not None and form.get("what") == "known",
        problem=say.text(problem.text) if problem else "",
    )


def _errors(problem: Problem, say: Formatter) -> dict[str, str]:
    """What is wrong with a place is said at the field in which all of them stand, with its line."""
    said: dict[str, str] = {}
    for each in problem.problems:
        words, line = say.text(each.text), LINES.get(each.field)
        said[each.field if line is None else "points"] = (
            words if line is None else f"{say.t('Zeile', 'Line')} {line}: {words}"
        )
    return said


def _is_far(problem: Problem | None) -> bool:
    """Whether a place is to be confirmed."""
    return problem is not None and any(each.text.de.endswith(CONFIRM.de) for each in problem.problems)


def _typed(form: Form) -> list[tuple[Point, str]]:
    """A line each: latitude, longitude, and a name."""
    lines = [each.strip() for each in form.text("points").splitlines() if each.strip()]
    wrong = Invalid(Invalid.title, problems=[FieldProblem("points", NO_POINT)])
    if not 0 < len(lines) <= MOST:
        raise wrong
    points = []
    for line in lines:
        lat, lon, *name = [*line.replace(",", " ").replace(";", " ").split(), "", ""]
        try:
            read = PointIn.model_validate({"lat": float(lat), "lon": float(lon), "name": " ".join(name).strip()})
        except ValueError as error:
            raise wrong from error
        points.append((Point(read.lat, read.lon), read.name))
    return points


__all__ = ["add_entrances"]
