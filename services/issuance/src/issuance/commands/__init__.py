"""The command line of issuance."""

from typing import TYPE_CHECKING, Any

import typer
from shared.commands import add_common
from shared.runtime.beginning import search_seldom

from issuance.commands import audit, keys, offline, recover, requests, running, signer, trials, verify

if TYPE_CHECKING:
    from shared.runtime.service import Service

app = typer.Typer(no_args_is_help=True, help="Signs tickets and publishes what a scanner needs offline.")


def _build() -> "Service[Any]":
    from issuance.main import build_api

    return build_api()


def _migrate(back_to: str | None) -> None:
    from issuance.main import migrate_api

    migrate_api(back_to)


add_common(app, name="issuance", build=_build, migrate=_migrate)
offline.add(app)
verify.add(app)
running.add(app)
requests.add(app)
recover.add(app)
app.add_typer(keys.app, name="key")
app.add_typer(audit.app, name="audit")
app.add_typer(trials.app, name="trial")
app.add_typer(signer.app, name="signer")
app.add_typer(signer.authority_app, name="authority")


def main() -> None:
    """The entry point of the command `issuance`."""
    from shared.row_security.asking import work_as

    search_seldom()
    with work_as("command"):  # which its own code asks: it may see all rows
        app()
