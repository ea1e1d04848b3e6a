"""Phones and watches that asked to be told when one of their passes changes. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType
from uuid import UUID, uuid5

DeviceId = NewType("DeviceId", str)
"""Apple's deviceLibraryIdentifier: drawn by the phone for this use, and the secret by which it asks for its list."""
PushToken = NewType("PushToken", str)
"""Under which Apple's push service knows the device: hexadecimal digits."""

DEVICE_ID = r"^[A-Za-z0-9._~-]{1,64}$"
"""Phones send 32 hexadecimal digits; Apple promises no form."""
PUSH_TOKEN = r"^[0-9A-Fa-f]{16,200}$"  # noqa: S105  (a pattern)
"""64 digits today. Apple asks for no fixed length: at most 100 bytes are known."""
MOST_PASSES = 100
"""On one device. Our own choice: a teacher who tries a whole class has thirty."""
MOST_DEVICES = 50
"""With one pass. Our own choice: two parents and a child with a phone, a watch and their successors have ten."""
_NAMES = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True)
class Device:
    """One that is due for a push, or asks for its list."""

    id: UUID
    push_token: PushToken = field(repr=False)
    registered_at: datetime
    """When it named this push token last."""
    wanted: int
    """The tag of the newest change among its passes."""


def device_key(device_id: DeviceId) -> UUID:
    """By which it is kept and logged: what the phone sends is a secret."""
    return uuid5(_NAMES, device_id)


def next_tag(previous: int, now: datetime) -> int:
    """Larger than every tag that was given, also by a database that an older copy has replaced since: microseconds of
    the clock where that is ahead."""
    return max(previous + 1, int(now.timestamp() * 1_000_000))
