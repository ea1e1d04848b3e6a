"""What a family's newest change changed: each part of what it told, before and now. Pure."""

from collections.abc import Mapping

from pydantic import JsonValue
from shared.events import ApplicationSubmitted

Difference = tuple[str, JsonValue, JsonValue]
"""Name of the part, as the event calls it, what was told before, and what is told now. An address, a person and each
list count as one part."""
NOT_TOLD = ("event_id", "occurred_at", "household", "holder_change")
WHOLE = ("home", "addressee", "addressee_address", "child", "course", "place_of_teaching", "second_home",
    "second_guardian", "second_address")  # fmt: skip


def differences(before: ApplicationSubmitted | None, now: ApplicationSubmitted | None) -> list[Difference]:
    """Nothing where it was not kept what was told."""
    if before is None or now is None:
        return []
    was, told = (_flat(each.model_dump(mode="json", exclude=set(NOT_TOLD))) for each in (before, now))
    return [(name, was.get(name), told.get(name)) for name in {**was, **told} if was.get(name) != told.get(name)]


def _flat(content: Mapping[str, JsonValue], prefix: str = "") -> dict[str, JsonValue]:
    flat: dict[str, JsonValue] = {}
    for name, value in content.items():
        if isinstance(value, dict) and name not in WHOLE:
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
