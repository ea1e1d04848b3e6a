"""Shards: how tickets are numbered, so that a status list stays small. Pure."""

from datetime import date

from shared.calendar import SchoolYear

SHARDS_A_YEAR = 16
PLACES_DRAWN = 1_000_000
"""Of the 1,048,576 places of a shard. A full shard's snapshot stays below 18 kB with 2 % revoked."""
SHARD_FILL = PLACES_DRAWN
LAST_NUMBER = 1 << 32
"""A number has 32 bits in the VDV code."""
TRIES = 16
"""Draws of a place; where the shard is nearly full and all were taken, the next free place after the last draw is."""


def first_shard(valid_from: date) -> int:
    """The first of the 16 shards of a school year (August to July). 416 is 2026/27; ends in 2255."""
    return max(SchoolYear.of(valid_from).first - 2000, 0) * SHARDS_A_YEAR
