"""/desk/entrances: schools whose entrances nobody has confirmed, and confirming one's."""

from fastapi import APIRouter, Request, Response
from geography.model import Point
from shared.errors import FieldProblem, Forbidden, Invalid, Problem, Text

from eligibility.api.pages.pages import Form, Pages, Visit
from eligibility.api.places import PointIn, SchoolNumber
from eligibility.web import entrances_view
from eligibility.web.formatter import Formatter
from eligibility.workflow import Workflow
from eligibility.workflow.desk.likely_places import CONFIRM
from eligibility.workflow.desk.map_desk import WRITERS

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
    desk = workflow.entrances

    @routes.get("/entrances")
    async def list_all(request: Request, done: str = "") -> Response:
        visit = pages.visit(request)
        say = Formatter(visit.language)
        progress = await desk.unconfirmed(visit.caller)
        return pages.show(
            visit, "entrances.html", **entrances_view.entrance_list(progress, say), done=say.text(DONE) if done else ""
        )

    @routes.get("/entrances/{number}")
    async def one(request: Request, number: SchoolNumber) -> Response:
        return await _show(pages.visit(request), number)

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
            await workflow.map.draw_entrances(visit.caller, number, points, far_is_meant=far_is_meant)
        except (Invalid, Forbidden) as problem:
            return await _show(visit, number, problem, form)
        return pages.go("/entrances", done="confirmed")

    async def _show(visit: Visit, number: str, problem: Problem | None = None, form: Form | None = None) -> Response:
        say = Formatter(visit.language)
        return pages.show(
            visit,
            "entrance.html",
            status=problem.status if problem else 200,
            **entrances_view.school(await desk.one(visit.caller, number), say),
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
