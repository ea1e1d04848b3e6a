"""The command line of wallet-pass."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer
from shared.commands import add_common
from shared.runtime.beginning import search_seldom

from wallet_pass.commands import audit, certificates, designs, remakes, rotation, sheet, specimen

if TYPE_CHECKING:
    from shared.events import Event
    from shared.runtime.service import Service

    from wallet_pass.workflow.announce import Store

app = typer.Typer(no_args_is_help=True, help="Makes wallet passes out of signed tickets.")


def _build() -> "Service[Any]":
    from pydantic import ValidationError

    from wallet_pass.main import build

    try:
        return build()
    except ValidationError:
        raise
    except (OSError, ValueError) as error:  # a file is missing, or does not belong to the others
        typer.echo(f"wallet-pass: {error}", err=True)
        raise typer.Exit(2) from None


def _migrate(back_to: str | None) -> None:
    from wallet_pass.main import migrate

    migrate(back_to)


def _announce(store: "Store", _now: datetime) -> "Iterator[Sequence[Event]]":
    from wallet_pass.settings import Settings
    from wallet_pass.workflow.announce import announce

    return announce(store, Settings().public_url)


add_common(app, name="wallet-pass", build=_build, migrate=_migrate, announce=_announce)
app.add_typer(audit.app, name="audit")
app.command()(certificates.certificates)
app.command("certificates-import")(certificates.certificates_import)
app.command()(specimen.specimen)
app.command()(designs.design)
app.command("rotating-code")(rotation.rotating_code)
app.command()(remakes.remakes)
app.command()(sheet.sheet)


def main() -> None:
    """The entry point of the program `wallet-pass`."""
    from shared.row_security.asking import work_as

    search_seldom()
    with work_as("command"):  # which its own code asks: it may see all rows
        sys.exit(app())
