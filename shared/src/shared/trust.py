"""How surely an account's person is known. Pure."""

from typing import Literal, get_args

Trust = Literal["none", "basic", "substantial", "high"]
"""eIDAS calls them low, substantial, high."""
TRUST: tuple[Trust, ...] = get_args(Trust)
"""Lowest first."""


def reaches(trust: Trust, wanted: Trust) -> bool:
    """Whether this level is the one that is wanted, or a higher one."""
    return TRUST.index(trust) >= TRUST.index(wanted)
