"""Schools without a confirmed entrance as their pages show them: everything is text already, in one language."""

from dataclasses import dataclass
from typing import Any

from geography.model import Point
from shared.errors import Text
from shared.school_names import everyday_name

from eligibility.web.formatter import Formatter
from eligibility.workflow.desk.entrances import Progress, SchoolWithoutEntrance

MEASURED_TO = {
    "school_point": ("warning", Text("Punkt im Register", "Point in the register")),
    "openstreetmap": ("info", Text("Eingang aus OpenStreetMap", "Entrance from OpenStreetMap")),
    "nothing": ("danger", Text("Kein Ort bekannt", "No place known")),
}


@dataclass(frozen=True)
class Line:
    number: str
    name: str
    place: str
    colour: str
    measured_to: str
    applications: str
    open: str
    years: str
    """Where there is more than one school year."""


def line(one: SchoolWithoutEntrance, say: Formatter) -> Line:
    """A school whose entrances nobody has confirmed: to what its routes are measured, and how many cases that
    touches."""
    colour, words = MEASURED_TO[one.measured_to]
    school = one.school
    years = [
        say.t(f"{each.school_year}: {each.applications}, davon offen {each.open_cases}",
              f"{each.school_year}: {each.applications}, {each.open_cases} of them open")
        for each in one.by_year
    ]  # fmt: skip
    return Line(
        school.number,
        everyday_name(school.name) or school.short_name or school.number,
        ", ".join(filter(None, (school.street, f"{school.postal_code} {school.city}".strip()))),
        colour,
        say.text(words),
        say.number(one.applications),
        say.number(one.open_cases),
        "; ".join(years),
    )


def entrance_list(progress: Progress, say: Formatter) -> dict[str, Any]:
    """The list of such schools, and how many are done."""
    total, confirmed = progress.total, progress.confirmed
    return {
        "lines": [line(each, say) for each in progress.unconfirmed],
        "total": total,
        "confirmed": confirmed,
        "progress": say.t(
            f"Bei {say.number(confirmed)} von {say.number(total)} Schulen mit Anträgen sind die Eingänge bestätigt.",
            f"The entrances of {say.number(confirmed)} of {say.number(total)} schools with applications are confirmed.",
        ),
    }


def school(one: SchoolWithoutEntrance, say: Formatter) -> dict[str, Any]:
    """`looked_up`: where its surroundings can be seen."""
    known = [(each.name or say.t("ohne Namen", "without a name"), _degrees(each.point), _map(each.point))
             for each in one.entrances]  # fmt: skip
    point = one.school.point
    return {"line": line(one, say), "known": known, "point": (_degrees(point), _map(point)) if point else None}


def _degrees(point: Point) -> str:
    return f"{point.lat:.5f}, {point.lon:.5f}"


def _map(point: Point) -> str:
    return f"https://www.openstreetmap.org/?mlat={point.lat:.6f}&mlon={point.lon:.6f}#map=19/{point.lat:.6f}/{point.lon:.6f}"
