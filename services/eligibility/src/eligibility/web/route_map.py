"""The measured ways as a drawing from their own geometry: no map service hears of anybody's home."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eligibility.notice.route import METRES_PER_DEGREE, NICE_METRES, thinned
from eligibility.web.spoken import Spoken
from eligibility.workflow.notice_content import map_date

WIDTH, HEIGHT, MARGIN = 720, 400, 36
RULER_WIDTH, RULER_LEFT, RULER_RIGHT = 720, 16, 16


@dataclass(frozen=True)
class Line:
    """A way on the drawing. `kind` names its stroke: attended, nearest or safe."""

    kind: str
    points: str
    start: tuple[float, float]
    end: tuple[float, float]
    label: str
    metres: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    lines: tuple[Line, ...]
    bar: float
    bar_text: str
    source: str


@dataclass(frozen=True)
class Mark:
    x: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Ruler:
    """Both readings and the limit on one scale, from 0 metres on the left."""

    width: int
    measured: Mark
    limit: Mark | None
    band: tuple[float, float]
    lenient: str
    strict: str | None
    beyond: bool
    """The measured way is longer than the limit."""


def drawing(ways: dict[str, Any], say: Spoken) -> Drawing | None:
    """All ways of a case in one frame, north above. None where nothing was measured."""
    found = _coordinates(ways, say)
    if not found:
        return None
    every = [point for _, _, points, _ in found for point in points]
    middle = math.radians(sum(lat for _, lat in every) / len(every))
    plane = [(lon * math.cos(middle) * METRES_PER_DEGREE, lat * METRES_PER_DEGREE) for lon, lat in every]
    west, north = min(x for x, _ in plane), max(y for _, y in plane)
    wide, high = max(x for x, _ in plane) - west, north - min(y for _, y in plane)
    if wide <= 0 and high <= 0:
        return None
    inner = (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    scale = min(inner[0] / wide if wide else math.inf, inner[1] / high if high else math.inf)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2

    def put(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point[0] * math.cos(middle) * METRES_PER_DEGREE, point[1] * METRES_PER_DEGREE
        return round(left + (x - west) * scale, 1), round(top + (north - y) * scale, 1)

    lines = []
    for kind, label, points, metres in found:
        drawn = [put(each) for each in points]
        lines.append(Line(kind, " ".join(f"{x},{y}" for x, y in drawn), drawn[0], drawn[-1], label, metres))
    bar = max((each for each in NICE_METRES if each * scale <= WIDTH / 4), default=NICE_METRES[0])
    text = f"{bar} m" if bar < 1000 else f"{bar // 1000} km"
    return Drawing(WIDTH, HEIGHT, tuple(lines), round(bar * scale, 1), text, _source(ways, say))


def ruler(way: dict[str, Any], limit_m: int | None, say: Spoken) -> Ruler:
    """`way`: the one that is tested against the limit."""
    measured = float(way["metres"])
    interval = way.get("interval") or {}
    lenient = float(interval.get("lenient_m") or measured)
    strict = interval.get("strict_m", measured)
    longest = max(measured, float(strict or 0), float(limit_m or 0)) * 1.12 or 1.0
    scale = (RULER_WIDTH - RULER_LEFT - RULER_RIGHT) / longest

    def at(metres: float) -> float:
        return round(RULER_LEFT + metres * scale, 1)

    def mark(metres: float, text: str) -> Mark:
        x = at(metres)
        return Mark(x, text, "end" if x > RULER_WIDTH * 0.72 else "start" if x < RULER_WIDTH * 0.28 else "middle")

    return Ruler(
        RULER_WIDTH,
        mark(measured, f"{say.t('gemessen', 'measured')} {say.metres(measured, limit_m)}"),
        None
        if limit_m is None
        else mark(limit_m, say.t(f"Grenze {say.limit(limit_m)}", f"limit {say.limit(limit_m)}")),
        (at(lenient), at(float(strict) if strict is not None else longest)),
        say.metres(lenient, limit_m),
        None if strict is None else say.metres(float(strict), limit_m),
        limit_m is not None and measured > limit_m,
    )


def _coordinates(ways: dict[str, Any], say: Spoken) -> list[tuple[str, str, Sequence[tuple[float, float]], str]]:
    """Kind, label, points and length of each way that has a geometry; the one that is tested lies on top."""
    attended, nearest = ways.get("attended"), ways.get("nearest")
    tested = nearest or attended or {}
    name = (nearest or {}).get("school_name") or say.t("nächstgelegene Schule", "nearest school")
    wanted = [
        ("attended", say.t("Weg zur besuchten Schule", "Way to the school attended"), attended),
        ("nearest", say.t(f"Weg zur nächstgelegenen Schule ({name})", f"Way to the nearest school ({name})"), nearest),
        ("safe", say.t("Weg ohne Gefahrenstellen", "Way without hazards"), tested.get("without_hazards")),
    ]
    found: list[tuple[str, str, Sequence[tuple[float, float]], str]] = []
    for kind, label, way in wanted:
        points = thinned(((way or {}).get("geometry") or {}).get("coordinates", ()))
        if way and len(points) >= 2:
            found.append((kind, label, points, say.metres(way.get("metres"))))
    return found


def _source(ways: dict[str, Any], say: Spoken) -> str:
    network = (ways.get("nearest") or ways.get("attended") or {}).get("network") or {}
    source = str(network.get("attribution") or "© OpenStreetMap-Mitwirkende, ODbL")
    day = map_date(network)
    stand = say.t(f", Stand {day}", f", as of {day}") if day else ""
    return say.t(f"Norden ist oben. Kartendaten: {source}{stand}.", f"North is up. Map data: {source}{stand}.")
