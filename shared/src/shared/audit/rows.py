"""Rows whose content is on record: what is digested of them, by kind."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from shared.audit.chain import digest_of, spelled
from shared.birth_dates import PartlyKnownDate

AT_ONCE = 500
"""Keys in one query."""


@dataclass(frozen=True, eq=False)
class Kind:
    """Rows of a table that belong together under one key, such as the entrances of a school; often one row.

    `forms`: the columns that are digested. Forms are only added, so that what was digested by an earlier one is still
    found right.
    """

    name: str
    key: sa.ColumnElement[Any]
    forms: tuple[tuple[sa.ColumnElement[Any], ...], ...]
    chain: sa.ColumnElement[str] | str = "all"
    """Which chain a row is in that was there before there were chains: a column, or a name."""
    about: sa.ColumnElement[Any] | str = ""
    source: sa.FromClause | None = None
    """The joined tables where `chain` and `about` stand in others."""

    @property
    def form(self) -> int:
        """The newest."""
        return len(self.forms)

    def selected(self, *more: sa.ColumnElement[Any], form: int) -> sa.Select[Any]:
        """Key, `more` and the columns of a form, in one order: that of key and columns."""
        columns = self.forms[form - 1]
        key = self.key.label("the_key")
        chosen = sa.select(key, *more, *(each.label(f"c{at}") for at, each in enumerate(columns)))
        if more and self.source is not None:
            chosen = chosen.select_from(self.source)
        return chosen


State = Sequence[str]
"""The rows under a key, each in one spelling, in order."""


def states(connection: Connection, kind: Kind, keys: Sequence[Any]) -> dict[str, State]:
    """How the rows under these keys are now; those that are not there are left out."""
    found: dict[str, State] = {}
    for begin in range(0, len(keys), AT_ONCE):
        some = kind.key.in_(keys[begin : begin + AT_ONCE])
        rows = connection.execute(kind.selected(form=kind.form).where(some))
        found.update(_gathered((str(row[0]), tuple(row[1:])) for row in rows))
    return found


def all_states(connection: Connection, kind: Kind, form: int) -> Iterator[tuple[str, State]]:
    """Of the whole table, key by key."""
    rows = connection.execution_options(yield_per=5000).execute(kind.selected(form=form).order_by(kind.key))
    for key, group in groupby(rows, key=lambda row: str(row[0])):
        yield key, sorted(_spelled(row[1:]) for row in group)


def places(connection: Connection, kind: Kind) -> Iterator[tuple[str, str, Any]]:
    """(chain, about, key) of all rows, for those from before."""
    chain = sa.literal(kind.chain) if isinstance(kind.chain, str) else kind.chain
    about = sa.literal(kind.about) if isinstance(kind.about, str) else kind.about
    chosen = sa.select(chain, about, kind.key).distinct().order_by(chain, about)
    if kind.source is not None:
        chosen = chosen.select_from(kind.source)
    yield from ((str(row[0]), str(row[1]), row[2]) for row in connection.execute(chosen).all())


def _gathered(rows: Iterator[tuple[str, tuple[Any, ...]]]) -> Mapping[str, State]:
    found: dict[str, list[str]] = {}
    for key, values in rows:
        found.setdefault(key, []).append(_spelled(values))
    return {key: sorted(each) for key, each in found.items()}


def row_digest(salt: str, name: str, key: str, state: State) -> str:
    return digest_of(salt, json.dumps([name, key, *state], ensure_ascii=True))


def _spelled(values: Sequence[Any]) -> str:
    return json.dumps([_plain(value) for value in values], ensure_ascii=True)


def _plain(value: Any) -> Any:
    """As both databases give it back."""
    if isinstance(value, datetime):
        return spelled(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | PartlyKnownDate):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
