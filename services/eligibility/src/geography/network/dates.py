"""What the dates of a way say on the day of the map: that it is not there yet, no longer, or not for long. Pure.

The day is the extract's own, so that the same extract gives the same network on every day.
"""

import re
from collections.abc import Mapping
from typing import Final

from geography.network.walking_values import CERTAIN, DOUBTFUL, LAWFUL

BEGINS: Final = ("start_date", "opening_date")
"""https://wiki.openstreetmap.org/wiki/Key:start_date (`C19`, `~1890`: of old things), Key:opening_date (planned)."""
ENDS: Final = ("end_date", "closing_date")
"""https://wiki.openstreetmap.org/wiki/Key:end_date: gone, or planned to go."""
DATES: Final = (*BEGINS, *ENDS)
_DATE = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?")


def by_dates(tags: Mapping[str, str], day: str) -> int:
    """The strength that dates leave.

    Args:
        day: of the map, YYYY-MM-DD, or "" where it is not known.
    """
    strength = CERTAIN
    for key in DATES:
        said = tags.get(key, "").strip()
        if said:
            strength &= _begun(key, said, day) if key in BEGINS else _ended(said, day)
    return strength


def _begun(key: str, said: str, day: str) -> int:
    """Not there yet: doubtful. A planned opening is doubtful too where it cannot be read."""
    found = _DATE.search(said)
    if found is None or not day:
        return DOUBTFUL if key == "opening_date" else CERTAIN
    return DOUBTFUL if found.group() > day[: len(found.group())] else CERTAIN


def _ended(said: str, day: str) -> int:
    """Gone, or of a day that cannot be read or compared (this month, this year): doubtful. Soon to go: not certain."""
    found = _DATE.fullmatch(said)
    return LAWFUL if found is not None and day and said > day[: len(said)] else DOUBTFUL
