"""Acts as a chain: each bears the hash of the one before, so none can be changed, left out or put in. Pure."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

BEGINNING = "0" * 64
"""Before the first act."""
ERASED = "erased"
"""The act after which what earlier ones of the same chain and `about` held may be missing."""
FORM = 2
"""Of what is hashed; eligibility's first form has none (see there)."""
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


class Head(NamedTuple):
    """How long a chain is, and the hash of its newest act."""

    number: int = 0
    hash: str = BEGINNING


class Act(NamedTuple):
    """Who did what, about what, and a digest of what was written: one link."""

    chain: str
    number: int
    at: str
    by: str
    """The OIDC subject of a person, `family`, `rules`, `import`, or a service."""
    act: str
    about: str
    """Id of the case, ticket, application … ; empty where there is none."""
    digest: str
    """Of its content under its salt; empty where it has none."""
    previous: str
    hash: str


def spelled(at: datetime) -> str:
    """A moment in the one spelling that is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def linked(head: Head, chain: str, values: tuple[str, str, str, str, str]) -> Act:
    """The next act after `head`. `values`: at, by, act, about, digest."""
    number = head.number + 1
    return Act(chain, number, *values, head.hash, _hash(chain, number, *values, head.hash))


def _hash(*content: object) -> str:
    return hashlib.sha256(_encode([FORM, *content]).encode()).hexdigest()


def digest_of(salt: str, content: str) -> str:
    """Whoever has not the salt cannot guess what was digested, however short it is."""
    return hmac.digest(salt.encode(), content.encode(), "sha256").hex()


class Broken(ValueError):
    """A chain does not hold. The text names the act, and nothing that is kept of it."""


def followed(acts: Iterable[Act], after: Head) -> Iterable[Act]:
    """The acts, each checked against the one before. Raises Broken at the first that does not follow."""
    number, previous = after
    for act in acts:
        number += 1
        if act.number != number:
            raise Broken(f"act {number} is missing")
        if act.previous != previous:
            raise Broken(f"act {number} does not follow act {number - 1}")
        if _hash(*act[:-1]) != act.hash:
            raise Broken(f"act {number} was changed")
        previous = act.hash
        yield act
