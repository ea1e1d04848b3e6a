"""Sequences of requests, once more behind the wall: tests of the APIs at PostgreSQL, where each request is that of its
caller, whom the gate of their applications asks for. A person does a step, and the next one must find what it left.

Each kind of database is made once, for all tests one after another, and put back after each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.matrix.on_postgresql import Rows
from support.row_security.hidden import answers_that_count, looking_for_hidden_rows

UNIT = Path(__file__).parents[2] / "unit"
SEQUENCES = {
    "database_url": ("application/api",),
    "world": ("eligibility/api",),
    "house_url": ("issuance/api",),
}
"""Where tests send requests of several people, or the same one's after something changed, by the fixture that has their
database: folders and files below tests/unit."""


def run_twice(metafunc: pytest.Metafunc) -> None:
    """A test of a sequence gets both databases."""
    path = Path(str(metafunc.module.__file__))
    for fixture, places in SEQUENCES.items():
        if fixture in metafunc.fixturenames and any(path.is_relative_to(UNIT / each) for each in places):
            metafunc.parametrize(fixture, ["sqlite", "postgresql"], indirect=True)


@dataclass
class WalledDatabases:
    """`new_database` makes an empty one and returns its URL, of the running role."""

    new_database: Callable[[], str]
    _kept: dict[str, tuple[str, Rows]] = field(default_factory=dict)

    @contextmanager
    def of(self, service: str, fill: Callable[[str], object]) -> Iterator[str]:
        """Its URL for a test. `fill` makes its tables, with what each test begins with.

        Each statement of a request finds what a worker would find: no policy hides what the query's own filter shows.
        """
        if service not in self._kept:
            url = self.new_database()
            fill(url)
            self._kept[service] = url, Rows(url)
        url, rows = self._kept[service]
        with looking_for_hidden_rows() as seen, answers_that_count(seen):
            yield url
        rows.put_back()
        assert not seen.faults, seen.faults

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of one that is empty yet, looked at as `of` does."""
        with looking_for_hidden_rows() as seen, answers_that_count(seen):
            yield self.new_database()
        assert not seen.faults, seen.faults

    def close(self) -> None:
        for _, rows in self._kept.values():
            rows.close()
