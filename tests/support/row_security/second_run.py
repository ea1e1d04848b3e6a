"""Sequences of requests, once more behind the wall: tests of the APIs at PostgreSQL, where each request is that of its
caller, whom the gate of their applications asks for. A person does a step, and the next one must find what it left.

Each kind of database is made once, for all tests one after another, and put back after each.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.matrix.on_postgresql import Rows
from support.row_security.hidden import answers_that_count, looking_for_hidden_rows

UNIT = Path(__file__).parents[2] / "unit"
SEQUENCES = {
    "database_url": (
        "application/api/applications/test_changes.py",
        "application/api/applications/test_in_force.py",
        "application/api/applications/test_loss.py",
        "application/api/applications/test_notices.py",
        "application/api/applications/test_own_acts.py",
        "application/api/applications/test_self_payer.py",
        "application/api/codes",
        "application/api/pages/test_child_changes.py",
        "application/api/pages/test_child_notices.py",
        "application/api/pages/test_child_people.py",
        "application/api/pages/test_code_pages.py",
        "application/api/pages/test_custody_pages.py",
        "application/api/pages/test_own_data_pages.py",
        "application/api/pages/test_ticket_links.py",
        "application/api/people/test_people.py",
        "application/api/test_me.py",
    ),
    "world": (
        "eligibility/api/desk/test_cases_handling.py",
        "eligibility/api/desk/test_overrides.py",
        "eligibility/api/desk/test_second_person.py",
        "eligibility/api/desk/test_tickets_of_a_case.py",
        "eligibility/api/pages/test_desk_acts.py",
        "eligibility/api/pages/test_desk_changes.py",
        "eligibility/api/pages/test_desk_doubles.py",
        "eligibility/api/pages/test_desk_entrances.py",
        "eligibility/api/pages/test_desk_letters.py",
        "eligibility/api/pages/test_desk_messages.py",
        "eligibility/api/pages/test_desk_own_forms.py",
        "eligibility/api/pages/test_desk_rule_sets.py",
        "eligibility/api/pages/test_desk_tickets.py",
        "eligibility/api/rule_sets/test_own_forms_http.py",
        "eligibility/api/test_map_desk.py",
    ),
    "house_url": ("issuance/api/test_inspection_api.py", "issuance/api/test_ticket_requests.py"),
}
"""Where several people act, or something changes between two requests, by the fixture that has the database: folders and
files below tests/unit. Those of drafts, documents and passes run at both databases by themselves."""


def run_twice(metafunc: pytest.Metafunc) -> None:
    """A test of a sequence gets both databases."""
    path = Path(str(metafunc.module.__file__))
    for fixture, places in SEQUENCES.items():
        if fixture in metafunc.fixturenames and any(path.is_relative_to(UNIT / each) for each in places):
            metafunc.parametrize(fixture, ["sqlite", "postgresql"], indirect=True)


def first_examples(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """All tests; of one with many examples the first alone behind the wall: they differ in what is said, hardly in whose
    rows are read."""
    seen: set[tuple[Path, str]] = set()
    for item in items:
        if isinstance(item, pytest.Function) and _is_second_run(item):
            if (item.path, item.originalname) in seen:
                continue
            seen.add((item.path, item.originalname))
        yield item


def _is_second_run(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and any(item.callspec.params.get(each) == "postgresql" for each in SEQUENCES)


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
        try:
            with looking_for_hidden_rows() as seen, answers_that_count(seen):
                yield url
        finally:
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
