"""Which of several stored rows is the house that a family means."""

import re
from collections.abc import Sequence

from geography.model.ellipsoid import length
from geography.model.records import Address

SAME_HOUSE_M = 50.0
"""Rows of one address that lie farther apart are different places (the same street twice in a city)."""
RANK = {"set_by_person": 0, "entrance": 1, "house_coordinate": 2, "building": 3, "node": 4}
"""Which of several rows of one house tells its front door best."""


def pick_address(rows: Sequence[Address], postal_code: str) -> Address | None:
    """The row to measure from: a door before a building before a point. None: no row, or rows that contradict.

    rows: all whose `key` or `city_key` is one of `lookup_keys`. A row counts only if it
    has no postal code, or this one.
    """
    wanted = re.sub(r"\D", "", postal_code)
    fitting = [row for row in rows if not wanted or not row.postal_code or row.postal_code == wanted]
    exact = [row for row in fitting if wanted and row.postal_code == wanted]
    return _one_place(fitting) or _one_place(exact)


def _one_place(rows: Sequence[Address]) -> Address | None:
    """The best row, if all of them mean the same house."""
    if not rows:
        return None
    best = min(rows, key=lambda row: (RANK[row.origin], row.source))
    return best if all(length(*best.point, *row.point) <= SAME_HOUSE_M for row in rows) else None
