"""What an authority writes down of a hazard. Light: without the search."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Level = Literal["primary", "secondary_1", "secondary_2"]
Line = tuple[tuple[float, float], ...]
"""Longitude, latitude."""


@dataclass(frozen=True)
class Hazard:
    """One entry of an authority's list."""

    id: str
    kind: Literal["stretch", "area"]
    line: Line
    """The stretch, or the outline of the area (the first point is not repeated)."""
    ways: tuple[int, ...]
    """OpenStreetMap ids of the ways meant, at a stretch: () for whatever runs along it."""
    reason: str
    levels: tuple[Level, ...]
    """For whom; () for all."""
    season: str
    """`MM-DD/MM-DD`, or "" for the whole year."""
    decided_on: date
    key: str = ""
    """Of the entry of the authority's danger list (rule set) that is drawn here; "" for none."""

    def concerns(self, level: Level | None, day: date | None = None) -> bool:
        """Whether it counts for a level of school (None: any) and, where given, on a day."""
        if level is not None and self.levels and level not in self.levels:
            return False
        if day is None or not self.season:
            return True
        begin, end = self.season.split("/")
        today = day.strftime("%m-%d")
        return begin <= today <= end if begin <= end else today >= begin or today <= end

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a decision that it concerns, shape and all: the list may change, the decision not."""
        return {
            "id": self.id,
            "kind": self.kind,
            "line": [list(point) for point in self.line],
            "ways": list(self.ways),
            "reason": self.reason,
            "season": self.season,
            "levels": list(self.levels),
            "decided_on": self.decided_on.isoformat(),
            **({"key": self.key} if self.key else {}),
        }


COURSE_FORMS = frozenset({"BK", "SB", "WB"})
"""Forms of school at which the year counts that of the course: every year there is upper secondary."""


def level_of(grade: str, form: str) -> Level | None:
    """The form first; then `01` to `04` primary, to `10` lower secondary, above and EF, Q1, Q2 upper secondary.

    None: the level is not known.

    Args:
        form: SVWS short key, "" where the school is not known.
    """
    if form in COURSE_FORMS:
        return "secondary_2"
    if grade in {"EF", "Q1", "Q2"}:
        return "secondary_2"
    if not grade.isdecimal():
        return None
    return "primary" if int(grade) <= 4 else "secondary_1" if int(grade) <= 10 else "secondary_2"
