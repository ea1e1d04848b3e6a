"""Changes of state that pass the table of transitions by: found in the source, and refused by the database of a test."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from shared.database import Database, SessionStore
from shared.transitions import State, Transitions

BY_THE_TABLE = {"move", "begin", "before", "catch_up"}
WRITES = {"values", "update", "_update"}


@dataclass(frozen=True)
class StateColumn:
    """Where a service keeps states. `tables`: the names of its transitions; `names`: columns and attributes."""

    folder: Path
    names: frozenset[str]
    tables: frozenset[str]


def changes_past_the_table(of: StateColumn) -> list[str]:
    """FILE:FUNCTION of each change of such a column that no table of transitions has a word in."""
    return sorted(
        f"{path.relative_to(of.folder)}:{name}"
        for path in sorted(of.folder.rglob("*.py"))
        if "migrations" not in path.parts
        for name, part in _parts(ast.parse(path.read_text(encoding="utf-8")))
        if any(_changes(node, of.names) for node in _nodes(part)) and not _is_by_the_table(part, of.tables)
    )


def _parts(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Functions, and statements outside of them, by name."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{getattr(each, 'name', '')}", each) for each in node.body)
        else:
            yield getattr(node, "name", f"line {node.lineno}"), node


def _nodes(part: ast.stmt) -> Iterator[ast.AST]:
    return ast.walk(part)


def _changes(node: ast.AST, names: frozenset[str]) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_column(each, names) for target in targets for each in ast.walk(target))
        case ast.Call(func=ast.Attribute(attr=attr), keywords=keywords) if attr in WRITES:
            return any(each.arg in names for each in keywords)
        case ast.Dict(keys=keys):
            return any(isinstance(each, ast.Constant) and each.value in names for each in keys)
        case ast.Constant(value=str() as text):
            return any(re.search(rf"\bUPDATE\b.*\bSET\b.*\b{name}\s*=", text, re.DOTALL) for name in names)
    return False


def _is_column(node: ast.AST, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in names


def _is_by_the_table(part: ast.stmt, tables: frozenset[str]) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in BY_THE_TABLE
        and isinstance(node.value, ast.Name)
        and node.value.id in tables
        for node in _nodes(part)
    )


Store = TypeVar("Store", bound=SessionStore)


def refuse_other_changes(database: Database[Store], table: str, column: str, allowed: Transitions[State]) -> None:
    """From now on an SQLite database fails on a step that the table does not have, whatever statement takes it."""
    pairs = " OR ".join(
        f"(OLD.{column} = '{before}' AND NEW.{column} = '{after}')"
        for before, following in allowed.follows.items()
        for after in {*following, before}
    )
    refuse = (
        f"CREATE TRIGGER {table}_{column}_steps BEFORE UPDATE OF {column} ON {table} WHEN NOT ({pairs}) "
        "BEGIN SELECT RAISE(ABORT, 'a step that the table of transitions does not have'); END"
    )
    database.write_now(lambda store: store.session.execute(sa.text(refuse)))
