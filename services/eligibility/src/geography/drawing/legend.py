"""What the signs and lines of the picture of a way mean, in words: its legend."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from geography.drawing.plane import MARGIN, Line, Plane

BLUE, GREEN, RED, PAPER = "#0b5394", "#287a2c", "#b3261e", "#fafafa"
READINGS: Final = {
    "strict": 'stroke="#c77700" stroke-opacity="0.7" stroke-width="9" stroke-dasharray="12 6"',
    "lenient": 'stroke="#6a3d9a" stroke-width="9" stroke-dasharray="3 4"',
}
"""Looks of the two readings, broad below the way: seen where they run along with it, and told apart without colours."""
ROW, SIZE, SMALL = 17.0, 13.0, 11.5
"""Height of a row of the legend, and of letters; a quarter of a millimetre each in the notice."""
MOST_HAZARDS = 4
"""Hazards named in the legend."""
LONGEST_REASON = 52
"""Letters of a hazard's reason that fit beside its sign."""
SWATCH: Final = 40.0
Language = Literal["de", "en"]
_WORDS: Mapping[str, Mapping[Language, str]] = {
    "way": {"de": "Kürzester Fußweg: {metres}", "en": "Shortest walk: {metres}"},
    "readings": {
        "de": "kürzeste Lesart der Karte {lenient}, längste {strict}",
        "en": "shortest reading of the map {lenient}, longest {strict}",
    },
    "lenient": {"de": "kürzeste Lesart der Karte: {metres}", "en": "shortest reading of the map: {metres}"},
    "strict": {"de": "längste Lesart der Karte: {metres}", "en": "longest reading of the map: {metres}"},
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
_WORDS_BEFORE: Mapping[str, Mapping[Language, str]] = {
    "readings": {
        "de": "großzügig gelesen {lenient}, streng gelesen {strict}",
        "en": "lenient reading {lenient}, strict reading {strict}",
    },
    "lenient": {"de": "großzügig gelesen: {metres}", "en": "lenient reading: {metres}"},
    "strict": {"de": "streng gelesen: {metres}", "en": "strict reading: {metres}"},
}
"""Of pictures that were told in these words, and are drawn as they were."""


@dataclass(frozen=True)
class Drawing:
    way: Mapping[str, Any]
    plane: Plane
    language: Language
    metres: Callable[[float], str]
    in_words_of_before: bool = False

    def word(self, key: str, **values: str) -> str:
        """A word of the drawing in its language, with `values` in its places."""
        words = _WORDS_BEFORE if self.in_words_of_before and key in _WORDS_BEFORE else _WORDS
        return words[key][self.language].format(**values)


def reading_lines(way: Mapping[str, Any]) -> dict[str, Line]:
    """The lines of the readings that are other walks."""
    return {name: line["coordinates"] for name, line in (way.get("readings") or {}).items()}


def other_entrances(way: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entrances that were measured too and are farther; none where the route was kept before they were measured."""
    return list(way.get("other_entrances") or ())


def door_sign(x: float, y: float) -> str:
    """SVG of the front door: a white circle. `x`, `y`: its centre."""
    return (
        f'<circle class="door" cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#fff" stroke="{BLUE}" stroke-width="4"></circle>'
    )


def entrance_sign(x: float, y: float) -> str:
    """SVG of the entrance that counts: a filled square. `x`, `y`: its centre."""
    return f'<rect class="entrance" x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" fill="{BLUE}"></rect>'


def other_sign(x: float, y: float) -> str:
    """SVG of another entrance: a small white square. `x`, `y`: its centre."""
    look = f'fill="#fff" stroke="{BLUE}" stroke-width="2.5"'
    return f'<rect class="other" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" {look}></rect>'


def legend(drawing: Drawing, hazards: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows with `{y}` for their base line."""
    way, rows = drawing.way, []
    if way.get("metres") is not None:
        blue = _sample(f'stroke="{BLUE}" stroke-width="5"')
        rows.append(blue + _words(drawing.word("way", metres=drawing.metres(way["metres"])) + _readings(drawing)))
    rows += _reading_rows(drawing) if reading_lines(way) else []
    safe = way.get("without_hazards") or {}
    if safe.get("met"):
        green = _sample(f'stroke="{GREEN}" stroke-width="4" stroke-dasharray="9 6"')
        found = safe.get("metres")
        told = drawing.word("no_safe") if found is None else drawing.word("safe", metres=drawing.metres(found))
        rows.append(green + _words(told))
    red = _sample(f'stroke="{RED}" stroke-opacity="0.45" stroke-width="11"')
    rows += [
        red + _words(drawing.word("hazard", reason=_short(each["reason"]), day=_day(drawing, each)))
        for each in hazards[:MOST_HAZARDS]
    ]
    if len(hazards) > MOST_HAZARDS:
        rows.append(red + _words(drawing.word("hazards", count=str(len(hazards) - MOST_HAZARDS))))
    return [*rows, _points(drawing)]


def _reading_rows(drawing: Drawing) -> list[str]:
    """A row for each reading that is another walk, or that finds none."""
    rows = []
    for name, look in READINGS.items():
        metres = drawing.way["interval"][f"{name}_m"]
        if name in reading_lines(drawing.way):
            rows.append(_sample(look) + _words(drawing.word(name, metres=drawing.metres(metres))))
        elif metres is None:
            rows.append(_words(drawing.word(name, metres=drawing.word("none"))))
    return rows


def _sample(look: str) -> str:
    return f'<path d="M{MARGIN:g} {{y}}m0 -4h{SWATCH - 12:g}" fill="none" {look}></path>'


def _readings(drawing: Drawing) -> str:
    """Both readings, where they differ and no line tells of them."""
    if reading_lines(drawing.way):
        return ""
    interval = drawing.way.get("interval") or {}
    texts = [
        drawing.word("none") if interval.get(name) is None else drawing.metres(interval[name])
        for name in ("lenient_m", "strict_m")
    ]
    own = drawing.metres(drawing.way["metres"])
    if not interval or texts == [own, own]:
        return ""
    return f" ({drawing.word('readings', lenient=texts[0], strict=texts[1])})"


def _points(drawing: Drawing) -> str:
    """What the signs at the ends mean, in one row."""
    signs = [
        ("door", door_sign),
        ("entrance", entrance_sign),
        *([("others", other_sign)] if other_entrances(drawing.way) else []),
    ]
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


def _day(drawing: Drawing, hazard: Mapping[str, Any]) -> str:
    written = str(hazard["decided_on"])
    return ".".join(reversed(written.split("-"))) if drawing.language == "de" else written
