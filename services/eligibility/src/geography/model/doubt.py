"""One place on which a way to school is in doubt, and how it is said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.errors import Text

DoubtKind = Literal["stretch", "plaza", "gate", "home", "entrance"]
_KINDS: Mapping[str, Text] = {
    "stretch": Text("Wegstück", "stretch"),
    "plaza": Text("Platz", "plaza"),
    "gate": Text("Tor oder Sperre", "gate or barrier"),
    "home": Text("Haustür vielleicht an:", "front door possibly on:"),
    "entrance": Text("Eingang vielleicht an:", "entrance possibly on:"),
}
NAMELESS = Text("Weg ohne Namen", "way without a name")
_OBJECTS: Mapping[str, Text] = {
    "way": Text("Weg", "way"), "relation": Text("Relation", "relation"), "node": Text("Knoten", "node"),
}  # fmt: skip
MOST_NAMED = 5
"""Places named in a sentence; the rest are in the measurement."""


@dataclass(frozen=True)
class Doubt:
    """What a way uses that the next stronger reading does not walk, or where else an end of it may be."""

    kind: DoubtKind
    place: str
    """Of OpenStreetMap: `way/123`, `relation/9`, `node/5`. The same in all cases over it."""
    street: str
    metres: float
    """Walked there; 0 at a gate, at another place of an end, and at what is the only way out."""
    reasons: tuple[str, ...]
    """Keys of FLAG_TEXTS, sorted."""
    reading: str
    """The reading that walks there: `standard` (the strict one does not) or `lenient` (the standard one does not). Of
    another place of an end: the shorter of the two readings that differ by it."""

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a decision and answered by the API."""
        return {
            "kind": self.kind,
            "place": self.place,
            "street": self.street,
            "metres": self.metres,
            "reasons": list(self.reasons),
            "reading": self.reading,
        }


def name_of(doubt: Mapping[str, Any]) -> Text:
    """Of a doubt as JSON: `Wegstück Hauptstraße (Weg 123 in OpenStreetMap, 85 m)`."""
    kind, (sort, _, number) = _KINDS[doubt["kind"]], doubt["place"].partition("/")
    named = Text(doubt["street"], doubt["street"]) if doubt.get("street") else None
    if named is None and doubt["kind"] in {"home", "entrance"}:
        named = NAMELESS
    metres = f", {round(doubt['metres'])} m" if doubt.get("metres") else ""
    sorts = _OBJECTS[sort]
    return Text(
        f"{kind.de}{f' {named.de}' if named else ''} ({sorts.de} {number} in OpenStreetMap{metres})",
        f"{kind.en}{f' {named.en}' if named else ''} ({sorts.en} {number} in OpenStreetMap{metres})",
    )


def names_of(doubts: Iterable[Mapping[str, Any]]) -> Text | None:
    """The places in one enumeration, each once; None where there is none."""
    found = {(doubt["kind"], doubt["place"]): name_of(doubt) for doubt in doubts}
    named = list(found.values())[:MOST_NAMED]
    more = len(found) - len(named)
    if not named:
        return None
    german, english = ", ".join(each.de for each in named), ", ".join(each.en for each in named)
    return Text(f"{german} und {more} weitere", f"{english} and {more} more") if more else Text(german, english)
