"""A measured way as a picture (SVG): for the notice, its page, and the command. One drawing for all.

Every look is an attribute: the page's policy allows no style but its own. What is written on it is escaped.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from geography.drawing.legend import (
    BLUE,
    GREEN,
    PAPER,
    READINGS,
    RED,
    ROW,
    SIZE,
    SMALL,
    Drawing,
    Language,
    door_sign,
    entrance_sign,
    legend,
    other_entrances,
    other_sign,
    reading_lines,
)
from geography.drawing.plane import MARGIN, WIDTH, Line, Plane
from geography.model.hazard_list import Hazard

MOST_NAMES = 7
"""Streets named on the picture, the longest first."""


def plain_metres(value: float) -> str:
    """`2488.9 m`, where no law says how to write it.

    Args:
        value: metres.
    """
    return f"{value:.1f} m"


def svg(
    way: Mapping[str, Any],
    hazards: Sequence[Hazard] = (),
    *,
    language: Language = "de",
    metres: Callable[[float], str] = plain_metres,
    alt: str = "",
    in_words_of_before: bool = False,
) -> str | None:
    """The way with its streets, ends, hazards, scale and legend. None where there is nothing to draw.

    way: as `Measurement.as_json` gives it; only `geometry` must be there. hazards: to draw beside those that it meets.
    metres: writes a length. alt: the text for who cannot see it. in_words_of_before: for what was written down before
    the legend had its present words.
    """
    points = (way.get("geometry") or {}).get("coordinates") or []
    if len({tuple(point) for point in points}) < 2:
        return None
    shown = _hazards(way, hazards)
    detour = _detour(way)
    others = [point for line in reading_lines(way).values() for point in line]
    drawing = Drawing(
        way,
        Plane([*points, *detour, *others, *(_place(each) for each in other_entrances(way))]),
        language,
        metres,
        in_words_of_before,
    )
    picture = [*_hazard_shapes(drawing, shown), *_ways(drawing, points, detour), *_ends(drawing, points)]
    rows, height = _rows(drawing, shown)
    frame = f'<rect x="0.5" y="0.5" width="{WIDTH - 1:g}" height="{height - 1:g}" fill="none" stroke="#999"></rect>'
    label = escape(alt or _title(drawing), {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{label}"'
        f' font-family="Libertinus Serif, Times New Roman, Liberation Serif, serif" font-size="{SIZE}">'
        f'<clipPath id="map"><rect width="{WIDTH:g}" height="{drawing.plane.height:g}"></rect></clipPath>'
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#fff"></rect>'
        f'<rect width="{WIDTH:g}" height="{drawing.plane.height:g}" fill="{PAPER}"></rect>'
        f'<g clip-path="url(#map)">{"".join(picture)}</g>{_scale(drawing)}{_north()}{"".join(rows)}{frame}</svg>'
    )


def _rows(drawing: Drawing, hazards: Sequence[Mapping[str, Any]]) -> tuple[list[str], float]:
    """The legend and whence the map is, below it; and the height of the whole picture."""
    rows_of, top = legend(drawing, hazards), drawing.plane.height
    height = top + ROW * (len(rows_of) + 1) + 10
    network = drawing.way.get("network") or {}
    source = escape(str(network.get("attribution") or "© OpenStreetMap-Mitwirkende, ODbL 1.0"))
    rows = [part.format(y=top + ROW * (number + 1) + 1) for number, part in enumerate(rows_of)]
    rows.append(f'<text x="{MARGIN}" y="{height - 7:g}" font-size="{SMALL}">{source}</text>')
    return rows, height


def _hazards(way: Mapping[str, Any], given: Sequence[Hazard]) -> list[dict[str, Any]]:
    """Those given, and those met that are not among them; decisions before the shape was kept have none to draw."""
    found = {each.id: each.as_json() for each in given}
    for each in (way.get("without_hazards") or {}).get("met") or ():
        if each.get("line"):
            found.setdefault(each["id"], dict(each))
    return list(found.values())


def _detour(way: Mapping[str, Any]) -> Line:
    safe = way.get("without_hazards") or {}
    return safe["geometry"]["coordinates"] if safe.get("met") and safe.get("geometry") else []


def _place(entrance: Mapping[str, Any]) -> tuple[float, float]:
    return entrance["lon"], entrance["lat"]


def _hazard_shapes(drawing: Drawing, hazards: Sequence[Mapping[str, Any]]) -> list[str]:
    parts = []
    for each in hazards:
        path = drawing.plane.path(each["line"])
        if each["kind"] == "area":
            look = f'fill="{RED}" fill-opacity="0.15" stroke="{RED}" stroke-width="2"'
            parts.append(f'<path class="hazard" d="{path}Z" {look}></path>')
        else:
            look = f'fill="none" stroke="{RED}" stroke-opacity="0.45" stroke-width="13" stroke-linecap="round"'
            parts.append(f'<path class="hazard" d="{path}" {look}></path>')
    return parts


def _ways(drawing: Drawing, points: Line, detour: Line) -> list[str]:
    line = 'fill="none" stroke-linejoin="round"'
    safe = f'class="safe" {line} stroke="{GREEN}" stroke-width="4" stroke-dasharray="9 6"'
    parts = [f'<path {safe} d="{drawing.plane.path(detour)}"></path>'] if detour else []
    lines = reading_lines(drawing.way)
    parts += [
        f'<path class="{name}" {line} {look} d="{drawing.plane.path(lines[name])}"></path>'
        for name, look in READINGS.items()
        if name in lines
    ]
    drawn = f'<path class="way" {line} stroke="{BLUE}" stroke-width="5" d="{drawing.plane.path(points)}"></path>'
    return [*parts, drawn, *_street_names(drawing, points)]


def _street_names(drawing: Drawing, points: Line) -> list[str]:
    """The longest legs' streets at the middle of their legs, beside or above the line, where nothing else stands."""
    x0, y0 = drawing.plane.place(points[0])
    x1, y1 = drawing.plane.place(points[-1])
    upright = abs(y1 - y0) > abs(x1 - x0)
    taken = [(x0 - 12, y0 - 12, x0 + 12, y0 + 12), (x1 - 12, y1 - 12, x1 + 12, y1 + 12)]
    begin, middles = float(drawing.way.get("connector_from_m") or 0.0), []
    for leg in drawing.way.get("legs") or ():
        middles.append((leg["metres"], leg["street"], begin + leg["metres"] / 2))
        begin += leg["metres"]
    parts: list[str] = []
    for _, street, middle in sorted((each for each in middles if each[1]), reverse=True):
        x, y = drawing.plane.at(points, middle)
        wide = len(street) * SMALL * 0.56
        if upright:
            left, base = (x + 11 if x + 11 + wide < WIDTH - 40 else x - 11 - wide), y + 4
        else:
            left, base = min(max(x - wide / 2, 4.0), WIDTH - wide - 40), y - 10
        box = (left, base - 12, left + wide, base + 4)
        if base < 14 or any(_overlap(box, other) for other in taken) or len(taken) == MOST_NAMES + 2:
            continue
        taken.append(box)
        halo = f'stroke="{PAPER}" stroke-width="4" stroke-linejoin="round"'
        text = f'<text x="{left:.1f}" y="{base:.1f}" font-size="{SMALL}" fill="#333"{{look}}>{escape(street)}</text>'
        parts += [text.replace("{look}", f" {halo}"), text.replace("{look}", "")]
    return parts


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _ends(drawing: Drawing, points: Line) -> list[str]:
    parts = [other_sign(*drawing.plane.place(_place(each))) for each in other_entrances(drawing.way)]
    return [*parts, door_sign(*drawing.plane.place(points[0])), entrance_sign(*drawing.plane.place(points[-1]))]


def _scale(drawing: Drawing) -> str:
    (wide, text), low = drawing.plane.bar(), drawing.plane.height
    return (
        f'<path class="bar" d="M{MARGIN:g} {low - 16:g}v6h{wide:.1f}v-6" fill="none" stroke="#000"></path>'
        f'<text x="{MARGIN:g}" y="{low - 20:g}" font-size="{SMALL}">{text}</text>'
    )


def _north() -> str:
    x = WIDTH - 18
    return (
        f'<path d="M{x - 5:g} 26L{x:g} 12L{x + 5:g} 26Z"></path>'
        f'<text x="{x:g}" y="39" font-size="{SMALL}" text-anchor="middle">N</text>'
    )


def _title(drawing: Drawing) -> str:
    """Length and streets, for who cannot see the picture."""
    if drawing.way.get("metres") is None:
        return drawing.word("way", metres="").rstrip(": ")
    legs = ", ".join(f"{leg['street'] or '–'} {drawing.metres(leg['metres'])}" for leg in drawing.way.get("legs") or ())
    return drawing.word("way", metres=drawing.metres(drawing.way["metres"])) + (f". {legs}" if legs else "")
