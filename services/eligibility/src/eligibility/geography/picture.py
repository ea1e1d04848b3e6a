"""A measured way as a picture (SVG): for the notice, its page, and the command. One drawing for all.

Every look is an attribute: the page's policy allows no style but its own. What is written on it is escaped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from eligibility.geography.plane import MARGIN, WIDTH, Line, Plane
from eligibility.geography.search.hazard_list import Hazard

BLUE, GREEN, RED, PAPER = "#0b5394", "#287a2c", "#b3261e", "#fafafa"
ROW, SIZE, SMALL = 17.0, 13.0, 11.5
"""Height of a row of the legend, and of letters; a quarter of a millimetre each in the notice."""
MOST_NAMES = 7
"""Streets named on the picture, the longest first."""
MOST_HAZARDS = 4
"""Hazards named in the legend."""
LONGEST_REASON = 52
"""Letters of a hazard's reason that fit beside its sign."""
SWATCH: Final = 40.0
Language = Literal["de", "en"]
_WORDS: Mapping[str, Mapping[Language, str]] = {
    "way": {"de": "Kürzester Fußweg: {metres}", "en": "Shortest walk: {metres}"},
    "readings": {
        "de": "großzügig gelesen {lenient}, streng gelesen {strict}",
        "en": "lenient reading {lenient}, strict reading {strict}",
    },
    "none": {"de": "kein Weg", "en": "no way"},
    "safe": {
        "de": "Kürzester Fußweg ohne die Gefahrenstellen: {metres}",
        "en": "Shortest walk without the hazards: {metres}",
    },
    "no_safe": {"de": "Ohne die Gefahrenstellen gibt es keinen Weg.", "en": "Without the hazards there is no way."},
    "hazard": {"de": "Gefahrenstelle ({day}): {reason}", "en": "Hazard ({day}): {reason}"},
    "hazards": {"de": "und {count} weitere Gefahrenstellen", "en": "and {count} more hazards"},
    "door": {"de": "Wohnung", "en": "Home"},
    "entrance": {"de": "Schule, Eingang", "en": "School entrance"},
    "others": {"de": "weiterer Eingang", "en": "other entrance"},
}


def plain_metres(value: float) -> str:
    """`2488.9 m`, where no law says how to write it."""
    return f"{value:.1f} m"


@dataclass(frozen=True)
class _Drawing:
    way: Mapping[str, Any]
    plane: Plane
    language: Language
    metres: Callable[[float], str]

    def word(self, key: str, **values: str) -> str:
        return _WORDS[key][self.language].format(**values)


def svg(
    way: Mapping[str, Any],
    hazards: Sequence[Hazard] = (),
    *,
    language: Language = "de",
    metres: Callable[[float], str] = plain_metres,
    alt: str = "",
) -> str | None:
    """The way with its streets, ends, hazards, scale and legend. None where there is nothing to draw.

    way: as `Measurement.as_json` gives it; only `geometry` must be there. hazards: to draw beside those that it meets.
    metres: writes a length. alt: the text for who cannot see it.
    """
    points = (way.get("geometry") or {}).get("coordinates") or []
    if len({tuple(point) for point in points}) < 2:
        return None
    shown = _hazards(way, hazards)
    detour = _detour(way)
    drawing = _Drawing(way, Plane([*points, *detour, *(_place(each) for each in _entrances(way))]), language, metres)
    picture = [*_hazard_shapes(drawing, shown), *_ways(drawing, points, detour), *_ends(drawing, points)]
    legend = _legend(drawing, shown)
    map_height = drawing.plane.height
    height = map_height + ROW * (len(legend) + 1) + 10
    source = escape(str((way.get("network") or {}).get("attribution") or "© OpenStreetMap-Mitwirkende, ODbL 1.0"))
    rows = [part.format(y=map_height + ROW * (number + 1) + 1) for number, part in enumerate(legend)]
    rows.append(f'<text x="{MARGIN}" y="{height - 7:g}" font-size="{SMALL}">{source}</text>')
    frame = f'<rect x="0.5" y="0.5" width="{WIDTH - 1:g}" height="{height - 1:g}" fill="none" stroke="#999"></rect>'
    label = escape(alt or _title(drawing), {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{label}"'
        f' font-family="Libertinus Serif, Times New Roman, Liberation Serif, serif" font-size="{SIZE}">'
        f'<clipPath id="map"><rect width="{WIDTH:g}" height="{map_height:g}"></rect></clipPath>'
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#fff"></rect>'
        f'<rect width="{WIDTH:g}" height="{map_height:g}" fill="{PAPER}"></rect>'
        f'<g clip-path="url(#map)">{"".join(picture)}</g>{_scale(drawing)}{_north()}{"".join(rows)}{frame}</svg>'
    )


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


def _entrances(way: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(way.get("other_entrances") or ())


def _place(entrance: Mapping[str, Any]) -> tuple[float, float]:
    return entrance["lon"], entrance["lat"]


def _hazard_shapes(drawing: _Drawing, hazards: Sequence[Mapping[str, Any]]) -> list[str]:
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


def _ways(drawing: _Drawing, points: Line, detour: Line) -> list[str]:
    line = 'fill="none" stroke-linejoin="round"'
    safe = f'class="safe" {line} stroke="{GREEN}" stroke-width="4" stroke-dasharray="9 6"'
    parts = [f'<path {safe} d="{drawing.plane.path(detour)}"></path>'] if detour else []
    drawn = f'<path class="way" {line} stroke="{BLUE}" stroke-width="5" d="{drawing.plane.path(points)}"></path>'
    return [*parts, drawn, *_street_names(drawing, points)]


def _street_names(drawing: _Drawing, points: Line) -> list[str]:
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


def _ends(drawing: _Drawing, points: Line) -> list[str]:
    parts = [_other(*drawing.plane.place(_place(each))) for each in _entrances(drawing.way)]
    return [*parts, _door(*drawing.plane.place(points[0])), _entrance(*drawing.plane.place(points[-1]))]


def _door(x: float, y: float) -> str:
    return (
        f'<circle class="door" cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#fff" stroke="{BLUE}" stroke-width="4"></circle>'
    )


def _entrance(x: float, y: float) -> str:
    return f'<rect class="entrance" x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" fill="{BLUE}"></rect>'


def _other(x: float, y: float) -> str:
    look = f'fill="#fff" stroke="{BLUE}" stroke-width="2.5"'
    return f'<rect class="other" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" {look}></rect>'


def _legend(drawing: _Drawing, hazards: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows with `{y}` for their base line."""
    way, rows = drawing.way, []
    sample = '<path d="M{x0:g} {{y}}m0 -4h{wide:g}" fill="none" {look}></path>'
    line = {"x0": MARGIN, "wide": SWATCH - 12}
    if way.get("metres") is not None:
        blue = sample.format(**line, look=f'stroke="{BLUE}" stroke-width="5"')
        rows.append(blue + _words(drawing.word("way", metres=drawing.metres(way["metres"])) + _readings(drawing)))
    safe = way.get("without_hazards") or {}
    if safe.get("met"):
        green = sample.format(**line, look=f'stroke="{GREEN}" stroke-width="4" stroke-dasharray="9 6"')
        found = safe.get("metres")
        told = drawing.word("no_safe") if found is None else drawing.word("safe", metres=drawing.metres(found))
        rows.append(green + _words(told))
    red = sample.format(**line, look=f'stroke="{RED}" stroke-opacity="0.45" stroke-width="11"')
    rows += [
        red + _words(drawing.word("hazard", reason=_short(each["reason"]), day=_day(drawing, each)))
        for each in hazards[:MOST_HAZARDS]
    ]
    if len(hazards) > MOST_HAZARDS:
        rows.append(red + _words(drawing.word("hazards", count=str(len(hazards) - MOST_HAZARDS))))
    return [*rows, _points(drawing)]


def _readings(drawing: _Drawing) -> str:
    """Both readings, where they differ."""
    interval = drawing.way.get("interval") or {}
    texts = [
        drawing.word("none") if interval.get(name) is None else drawing.metres(interval[name])
        for name in ("lenient_m", "strict_m")
    ]
    own = drawing.metres(drawing.way["metres"])
    if not interval or texts == [own, own]:
        return ""
    return f" ({drawing.word('readings', lenient=texts[0], strict=texts[1])})"


def _points(drawing: _Drawing) -> str:
    """What the signs at the ends mean, in one row."""
    signs = [("door", _door), ("entrance", _entrance), *([("others", _other)] if _entrances(drawing.way) else [])]
    parts, x = [], MARGIN
    for key, sign in signs:
        word = drawing.word(key)
        parts.append(f'<g transform="translate({x + 14:g} {{y}}) translate(0 -4)">{sign(0, 0)}</g>')
        parts.append(_words(word, x + SWATCH))
        x += SWATCH + len(word) * SIZE * 0.55 + 24
    return "".join(parts)


def _words(text: str, x: float = MARGIN + SWATCH) -> str:
    safe = escape(text).replace("{", "{{").replace("}", "}}")
    return f'<text x="{x:g}" y="{{y}}">{safe}</text>'


def _short(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"


def _day(drawing: _Drawing, hazard: Mapping[str, Any]) -> str:
    written = str(hazard["decided_on"])
    return ".".join(reversed(written.split("-"))) if drawing.language == "de" else written


def _scale(drawing: _Drawing) -> str:
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


def _title(drawing: _Drawing) -> str:
    """Length and streets, for who cannot see the picture."""
    if drawing.way.get("metres") is None:
        return drawing.word("way", metres="").rstrip(": ")
    legs = ", ".join(f"{leg['street'] or '–'} {drawing.metres(leg['metres'])}" for leg in drawing.way.get("legs") or ())
    return drawing.word("way", metres=drawing.metres(drawing.way["metres"])) + (f". {legs}" if legs else "")
