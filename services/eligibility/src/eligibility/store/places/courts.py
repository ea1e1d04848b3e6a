"""The administrative court of each municipality of NRW: dated data of this package (courts.yaml, with its sources)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from eligibility.domain.authority import Authority, Court

KREIS_DIGITS = 5
"""The first digits of a municipality key name its Kreis or kreisfreie Stadt."""


def with_court(authority: Authority, day: date) -> Authority:
    """With the court of its seat on that day, where it names none itself. Its own always wins."""
    if authority.court is not None or authority.municipality is None:
        return authority
    court = courts_on(day).get(authority.municipality[:KREIS_DIGITS])
    return authority if court is None else authority.model_copy(update={"court": court})


@cache
def courts_on(day: date) -> Mapping[str, Court]:
    """By the key of the Kreis or kreisfreie Stadt. Empty before the first day that is known."""
    held = [each for each in _read() if each["valid_from"] <= day]
    if not held:
        return {}
    newest = max(held, key=lambda each: each["valid_from"])
    return {
        key: Court(name=each["name"], address=each["address"]) for each in newest["courts"] for key in each["districts"]
    }


@cache
def _read() -> list[dict[str, Any]]:
    text = (resources.files("eligibility.store.places") / "courts.yaml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)
    return found
