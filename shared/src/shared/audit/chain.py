"""Acts as a chain: each bears the hash of the one before, so none can be changed, left out or put in. Pure."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from shared.audit.acts import TrailAct

BEGINNING = "0" * 64
"""Before the first act."""
ERASED = TrailAct.ERASED
FORM = 2
"""Of what is hashed; eligibility's first form has none (see there)."""


class Head(NamedTuple):
    """How long a chain is, and the hash of its newest act."""

    number: int = 0
    hash: str = BEGINNING


SignedHeads = Mapping[str, Sequence[Head]]
"""By chain: all heads that were signed and kept, not only the newest. Whoever cuts acts off and lets others grow on
leaves the newest one right."""


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


def spell_moment(at: datetime) -> str:
    """A moment in the one spelling that is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link_act(head: Head, chain: str, values: tuple[str, str, str, str, str]) -> Act:
    """The next act after `head`.

    Args:
        values: at, by, act, about, digest.
    """
    number = head.number + 1
    return Act(chain, number, *values, head.hash, _hash(chain, number, *values, head.hash))


def _hash(  # noqa: PLR0917  # one for each column
    chain: str, number: int, at: str, by: str, act: str, about: str, digest: str, previous: str
) -> str:
    """SHA-256 over the act and the hash before it. Each part behind its length: no other act is spelled alike. By hand,
    because a million of them are checked in seconds, and JSON takes four times as long."""
    text = (
        f"{FORM} {number} {len(chain)}:{chain}{len(at)}:{at}{len(by)}:{by}{len(act)}:{act}{len(about)}:{about}"
        f"{len(digest)}:{digest}{len(previous)}:{previous}"
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(salt: str, content: str) -> str:
    """Whoever has not the salt cannot guess what was digested, however short it is."""
    return hmac.digest(salt.encode(), content.encode(), "sha256").hex()


class Broken(ValueError):
    """A chain does not hold. The text names the act, and nothing that is kept of it."""


Columns = Act | tuple[str, int, str, str, str, str, str, str, str]


def follow_chain(acts: Iterable[Columns], after: Head) -> Iterator[Columns]:
    """The acts, each checked against the one before.

    Raises:
        Broken: at the first that does not follow.
    """
    expected, last = after
    for act in acts:
        chain, number, at, by, what, about, digest, previous, value = act
        expected += 1
        if number != expected:
            raise Broken(f"act {expected} is missing")
        if previous != last:
            raise Broken(f"act {number} does not follow act {number - 1}")
        if _hash(chain, number, at, by, what, about, digest, previous) != value:
            raise Broken(f"act {number} was changed")
        last = value
        yield act
