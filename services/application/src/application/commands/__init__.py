"""The command line. Calls the same workflow functions as the HTTP interface."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer
from shared.runtime.beginning import search_seldom

from application.commands import attendance, audit, documents, keys, reconcile, rights, schools

if TYPE_CHECKING:
    from shared.events import Event
    from shared.runtime.service import Service

    from application.workflow.announce import Store

app = typer.Typer(no_args_is_help=True, help="Takes the family's application and tells how it stands.")
app.add_typer(schools.import_app, name="import")
app.add_typer(schools.authority_app, name="authority")
app.add_typer(documents.app, name="document")
app.add_typer(attendance.app, name="attendance")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
reconcile.add(app)


def _build() -> "Service[Any]":
    from application.main import build

    return build()


def _migrate(back_to: str | None) -> None:
    from application.main import migrate

    migrate(back_to)


def _announce(store: "Store", _now: datetime) -> "Iterator[Sequence[Event]]":
    from application.workflow.announce import announce

    return announce(store)


def main() -> None:
    """The entry point."""
    search_seldom()
    from shared.commands import add_common

    add_common(
        app, name="application", build=_build, migrate=_migrate, announce=_announce, rights=rights.family_erasure()
    )
    from shared.row_security.asking import work_as

    with work_as("command"):  # which its own code asks: it may see all rows
        app()
