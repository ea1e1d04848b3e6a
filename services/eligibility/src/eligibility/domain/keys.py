"""The keys of this service's digests: who has none can neither make a digest nor find out by guessing what is in it.

Every authority has keys of its own, derived from the service's, one for each purpose: digests of two authorities, or of
two purposes, never equal each other. Pure.
"""

import hmac
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from shared.events import AuthorityId

Purpose = Literal["decision", "child", "right", "notice"]
SHORTEST_KEY_BYTES = 32
NAMED = b"name, with what is heard", b"name"
"""How keys are named, the newest first. Before names were heard, a child had fewer digests; those are made as ever."""


@dataclass(frozen=True)
class Key:
    """One secret of the service."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST_KEY_BYTES:
            raise ValueError(f"a key has at least {SHORTEST_KEY_BYTES} bytes")

    @cached_property
    def name(self) -> str:
        """By which a digest says under which key it was made, and that all are there that are made today: 8 hexadecimal
        digits. Another name than before has those of earlier cases made anew (`NAMED`)."""
        return self._named(NAMED[0])

    def bears(self, name: str | None) -> bool:
        """Whether a digest of that name was made under this key, today or before."""
        return name in [self._named(each) for each in NAMED]

    def _named(self, as_: bytes) -> str:
        return hmac.digest(self.secret, as_, "sha256").hex()[:8]

    def of(self, purpose: Purpose, authority_id: AuthorityId) -> bytes:
        """The authority's key for this purpose."""
        return hmac.digest(self.secret, f"{purpose}\x1f{authority_id}".encode(), "sha256")


@dataclass(frozen=True)
class Keys:
    """The newest makes digests; earlier ones only find what was made under them and cannot be made anew."""

    newest: Key
    earlier: tuple[Key, ...] = ()

    @property
    def every(self) -> tuple[Key, ...]:
        """The newest first: under each of them something may have been kept."""
        return (self.newest, *self.earlier)


def parse_keys(text: str) -> Keys:
    """Of a key file: a key a line, 64 hexadecimal digits or more, the newest first.

    Raises:
        ValueError: which quotes nothing of it.
    """
    try:
        made = [Key(bytes.fromhex(line)) for line in text.split()]
    except ValueError:
        raise ValueError("a key file has a key a line: 64 hexadecimal digits or more") from None
    if not made:
        raise ValueError("the key file has no key")
    return Keys(made[0], tuple(made[1:]))
