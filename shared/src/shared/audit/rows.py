"""Rows whose content is on record: what is digested of them, by kind."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from shared.audit.chain import digest_of, spell_moment
from shared.birth_dates import PartlyKnownDate

AT_ONCE = 500
"""Keys in one query."""


State = Sequence[str]
"""The rows under a key, each in one spelling, in order."""
Columns = tuple[sa.ColumnElement[Any], ...]


@dataclass(frozen=True, eq=False)
class Kind:
    """Rows of a table that belong together under one key, such as the entrances of a school; often one row.

    `forms`: the columns that are digested. Forms are only added, so that what was digested by an earlier one is still
    found right.
    """

    name: str
    key: sa.ColumnElement[Any]
    forms: tuple[Columns, ...]
    chain: sa.ColumnElement[Any] | str
    """In which its acts are."""
    about: sa.ColumnElement[Any] | str = ""
    """Of what they are: with it they are erased."""
    source: sa.FromClause | None = None
    """The joined tables where `chain` and `about` stand in others."""
    only: sa.ColumnElement[bool] | None = None
    """Which rows count."""

    @property
    def form(self) -> int:
        """The newest."""
        return len(self.forms)

    @cached_property
    def of_keys(self) -> sa.Select[Any]:
        """Built once: it runs in every transaction that writes such rows."""
        return self.selected(self.form).where(self.key.in_(sa.bindparam("keys", expanding=True, type_=self.key.type)))

    def selected(self, form: int) -> sa.Select[Any]:
        """Key, chain, about, and the columns of a form."""
        chosen = sa.select(self.key.label("the_key"), *self._place(), *self._columns(form))
        return self._counted(chosen if self.source is None else chosen.select_from(self.source))

    def keys(self) -> sa.Select[Any]:
        """Chain, about and key of all rows, in this order."""
        chosen = sa.select(*self._place(), self.key.label("the_key")).distinct().order_by("the_chain", "the_about")
        return self._counted(chosen if self.source is None else chosen.select_from(self.source))

    def contents(self, form: int) -> sa.Select[Any]:
        """Key and columns of all rows, by key."""
        return self._counted(sa.select(self.key.label("the_key"), *self._columns(form))).order_by(self.key)

    def _place(self) -> Sequence[sa.ColumnElement[Any]]:
        parts = ("the_chain", self.chain), ("the_about", self.about)
        return [(sa.literal(of, sa.String()) if isinstance(of, str) else of).label(name) for name, of in parts]

    def _columns(self, form: int) -> Sequence[sa.ColumnElement[Any]]:
        return [each.label(f"c{at}") for at, each in enumerate(self.forms[form - 1])]

    def _counted(self, chosen: sa.Select[Any]) -> sa.Select[Any]:
        return chosen if self.only is None else chosen.where(self.only)


class StoredRows(NamedTuple):
    """Rows as they are now, and where they belong."""

    chain: str
    about: str
    state: State


def find(connection: Connection, kind: Kind, keys: Sequence[Any]) -> dict[str, StoredRows]:
    """The rows under these keys; those that are not there are left out."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    for begin in range(0, len(keys), AT_ONCE):
        for key, chain, about, *values in connection.execute(kind.of_keys, {"keys": keys[begin : begin + AT_ONCE]}):
            found.setdefault(str(key), (str(chain), str(about), []))[2].append(_spelled(values))
    return {key: StoredRows(chain, about, sorted(state)) for key, (chain, about, state) in found.items()}


def all_states(connection: Connection, kind: Kind, form: int) -> Iterator[tuple[str, State]]:
    """Of the whole table, key by key."""
    rows = connection.execution_options(yield_per=5000).execute(kind.contents(form))
    for key, group in groupby(rows, key=lambda row: str(row[0])):
        yield key, sorted(_spelled(row[1:]) for row in group)


def places(connection: Connection, kind: Kind) -> Iterator[tuple[str, str, Any]]:
    """(chain, about, key) of all rows."""
    yield from ((str(row[0]), str(row[1]), row[2]) for row in connection.execute(kind.keys()).all())


def row_digest(salt: str, name: str, key: str, state: State) -> str:
    """Digest of one row that is on record.

    Args:
        salt: of the act that the row belongs to; erased with the family, so that nothing can be guessed afterwards.
        name: of the kind of row.
        key: of the row.
        state: its columns, as text.

    Returns:
        64 hexadecimal digits.
    """
    return digest_of(salt, json.dumps([name, key, *state], ensure_ascii=True))


def _spelled(values: Sequence[Any]) -> str:
    return json.dumps([_plain(value) for value in values], ensure_ascii=True)


def _plain(value: Any) -> Any:
    """As both databases give it back."""
    if isinstance(value, datetime):
        return spell_moment(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | PartlyKnownDate):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
