"""Which of several stored rows is the house that a family means."""

from collections.abc import Sequence

from geography.model.address_key import postal_code_key
from geography.model.ellipsoid import length
from geography.model.records import Address

SAME_HOUSE_M = 50.0
"""Rows of one address that lie farther apart are different places (the same street twice in a city)."""
RANK = {
    "set_by_person": 0, "entrance": 1, "house_coordinate": 2, "building": 3, "node": 4, "range": 5, "interpolated": 6,
}  # fmt: skip
"""Which of several rows of one house tells its front door best."""
COUNTED = frozenset({"range", "interpolated"})
"""Origins of rows that a list of numbers makes: where the list stands, not where each of its houses does."""
ELSEWHERE_M = 500.0
"""Houses of one street with the same postal code are nearer to each other than this: farther ones are, as a rule, of
another street of the same name."""


def pick_address(rows: Sequence[Address], postal_code: str, neighbours: Sequence[Address] = ()) -> Address | None:
    """The row to measure from: a door before a building before a point. None: no row, or rows that contradict.

    rows: all whose `key` or `city_key` is one of `lookup_keys`. A row counts only if it has this postal code, or none
    and nothing contradicts. neighbours: other houses of streets of the same name, by whose postal codes that is seen.
    """
    wanted = postal_code_key(postal_code)
    fitting = [row for row in rows if not wanted or postal_code_key(row.postal_code) in ("", wanted)]
    exact = [row for row in fitting if wanted and row.postal_code]
    found = _one_place(fitting) or _one_place(exact)
    if found is None or not wanted or exact or not contradicts(found, wanted, neighbours):
        return found
    return None


def contradicts(house: Address, wanted: str, neighbours: Sequence[Address]) -> bool:
    """Whether a house without a postal code is hardly the one in `wanted`: the street has that code elsewhere, or
    other codes only."""
    told = [row for row in neighbours if row.postal_code]
    same = [row for row in told if postal_code_key(row.postal_code) == wanted]
    if not same:
        return bool(told)
    return min(length(*house.point, *row.point) for row in same) > ELSEWHERE_M


def one_place(rows: Sequence[Address]) -> bool:
    """Whether rows lie so near to each other that they are one house, or one row of doors."""
    return all(length(*rows[0].point, *row.point) <= SAME_HOUSE_M for row in rows)


def _one_place(rows: Sequence[Address]) -> Address | None:
    """The best row, if all of them mean the same house.

    A house that is drawn by itself goes before the list that counts it too ("24-34" stands at one of its doors), unless
    that list is so far off that it is hardly of the same street.
    """
    if not rows:
        return None
    best = min(rows, key=lambda row: (RANK[row.origin], row.source))
    drawn = [row for row in rows if row.origin not in COUNTED]
    if any(length(*best.point, *row.point) > ELSEWHERE_M for row in rows):
        return None
    return best if one_place([best, *(drawn or rows)]) else None
