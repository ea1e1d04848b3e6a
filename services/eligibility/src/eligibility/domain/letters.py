"""Where a family's letters go: to the home that it has on that day, not to one that it told for later. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def letters_to(submission: Mapping[str, Any], day: date) -> dict[str, Any]:
    """The address of letters on `day`; empty where the family's data are erased."""
    earlier = submission.get("letters_before")
    if earlier and day < date.fromisoformat(earlier["until"]):
        return dict(earlier["address"])
    return dict(submission.get("addressee_address") or {})


def letters_before(
    known: Mapping[str, Any], told: Mapping[str, Any], changed_from: date | None, day: date
) -> dict[str, Any]:
    """What is kept beside the address `told` on `day` for `changed_from`: where letters go until then. Empty where they
    go there at once. `known`: what was kept until now."""
    address = known.get("addressee_address")
    if not address:
        return {}
    kept = known.get("letters_before") or {}
    until = changed_from if told != address else date.fromisoformat(kept["until"]) if kept else None
    present = letters_to(known, day)
    if until is None or until <= day or present == told:
        return {}
    return {"letters_before": {"until": until.isoformat(), "address": present}}
