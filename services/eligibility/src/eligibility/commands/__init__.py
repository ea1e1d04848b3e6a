"""The command line of the service: `eligibility …`. Calls the same functions as HTTP and the bus."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer
from shared.runtime.beginning import search_seldom

from eligibility.commands import (
    audit,
    authority,
    digest_keys,
    evaluate,
    geography,
    letters,
    own_forms,
    place_imports,
    places,
    reconcile,
    rule_sets,
    seal,
)
from eligibility.commands import renewal as renewals

if TYPE_CHECKING:
    from shared.events import Event
    from shared.runtime.service import Service

    from eligibility.commands.geography import Importer
    from eligibility.workflow.decision.announce import Store

app = typer.Typer(no_args_is_help=True, help="Decides by the rules of the responsible school authority.")
evaluate.add_to(app)
rule_sets.add_to(app)
geography.add_to(app)
places.add_to(app)
renewals.add_to(app)
digest_keys.add_to(app)
reconcile.add_to(app)
app.add_typer(authority.app, name="authority")
app.add_typer(audit.app, name="audit")
app.add_typer(own_forms.app, name="forms")
app.add_typer(seal.app, name="seal")
app.add_typer(letters.app, name="letters")


@contextmanager
def _open_importer() -> "Iterator[Importer]":
    from eligibility.commands.settings import database
    from eligibility.store import open_importer

    with open_importer(database()) as importer:
        yield importer


imports = geography.import_commands(_open_importer)
app.add_typer(imports, name="import")
place_imports.add_to(imports)


def _build() -> "Service[Any]":
    from eligibility.main import build

    return build()


def _migrate(back_to: str | None) -> None:
    from eligibility.main import migrate

    migrate(back_to)


def _announce(store: "Store", _now: datetime) -> "Iterator[Sequence[Event]]":
    from eligibility.main import Settings, load_keys
    from eligibility.workflow.decision.announce import announce

    settings = Settings()
    return announce(store, load_keys(settings.digest_keys_file), settings.public_url)


def main() -> None:
    """The entry point."""
    search_seldom()
    import sys

    whole = ("serve", "migrate", "outbox", "database", "dead-letters", "rights", "--help")
    if not sys.argv[1:] or sys.argv[1] in whole:
        # these commands load the whole service: the others start in a third of the time
        from shared.commands import add_common

        add_common(app, name="eligibility", build=_build, migrate=_migrate, announce=_announce)
    from shared.row_security.asking import work_as

    with work_as("command"):  # which its own code asks: it may see all rows
        app()
