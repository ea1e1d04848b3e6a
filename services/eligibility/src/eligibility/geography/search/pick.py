"""Which of several stored rows is the house that a family means."""

import re
from collections.abc import Sequence

from eligibility.geography.search.ellipsoid import length
from eligibility.geography.search.records import Address

SAME_HOUSE_M = 50.0
"""Rows of one address that lie farther apart are different places (the same street twice in a city)."""
_RANK = {"entrance": 0, "building": 1, "node": 2}


def pick_address(rows: Sequence[Address], postal_code: str) -> Address | None:
    """The row to measure from: a door before a building before a point. None: no row, or rows that contradict each other.

    rows: what was found by `lookup_keys`. A row found by its city counts only if it has no postal code, or this one.
    """
    wanted = re.sub(r"\D", "", postal_code)
    fitting = [row for row in rows if not wanted or not row.postal_code or row.postal_code == wanted]
    exact = [row for row in fitting if wanted and row.postal_code == wanted]
    fitting = exact or fitting
    if not fitting:
        return None
    best = min(fitting, key=lambda row: (_RANK[row.origin], row.source))
    apart = max(length(*best.point, *row.point) for row in fitting)
    return best if apart <= SAME_HOUSE_M else None
