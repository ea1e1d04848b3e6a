"""What was promised to whom: the checker holds the databases against it. Written by several threads."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Promise:
    """One idempotency key, and what its family and the staff were told of its application."""

    number: int
    kind: str
    """granted, refused, doubtful: what the rules are expected to make of it. The checker does not rely on it."""
    key: str
    ids: set[UUID] = field(default_factory=set)
    """Of each 201: one, however often it was sent."""
    withdrawn: bool = False
    """The withdrawal was answered."""
    revoked: set[int] = field(default_factory=set)
    """Numbers of tickets whose revocation was answered with 202."""
    ended: bool = False
    """Two persons ended its grant at the desk, on a day to come, and were answered."""
    acts: list[str] = field(default_factory=list)
    """What a person did at the desk that was answered."""

    @property
    def id(self) -> UUID | None:
        return min(self.ids, default=None)


@dataclass
class Journal:
    promises: list[Promise] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    """Keys that were sent and never answered: their applications may be there or not."""
    answers: Counter[str] = field(default_factory=Counter)
    """What HTTP answered, by status or kind of error."""
    lost: set[UUID] = field(default_factory=set)
    """Applications that a restored `application` has not, and lists."""
    named: set[UUID] = field(default_factory=set)
    """Applications of which a restored `eligibility` says that something done at the desk is lost."""
    restored: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    """What was seen to be wrong while it happened; the rest is seen at the end."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, promise: Promise) -> None:
        with self._lock:
            self.promises.append(promise)
            self.unsure.add(promise.key)

    def accepted(self, promise: Promise, application_id: str) -> None:
        with self._lock:
            promise.ids.add(UUID(application_id))
            self.unsure.discard(promise.key)

    def count(self, answer: str) -> None:
        with self._lock:
            self.answers[answer] += 1

    def violated(self, what: str) -> None:
        with self._lock:
            if what not in self.violations:
                self.violations.append(what)
