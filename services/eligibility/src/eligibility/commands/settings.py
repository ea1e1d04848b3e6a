"""Wrong configuration does not start: say which setting, and stop with 2."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from shared.database import Database

    from eligibility.store import Store


def database() -> "Database[Store]":
    """The database named by ELIGIBILITY_DATABASE_URL."""
    from pydantic import ValidationError

    from eligibility.main import open_database

    try:
        return open_database()
    except ValidationError as error:
        for entry in error.errors():
            typer.echo(f"setting ELIGIBILITY_{str(entry['loc'][0]).upper()}: {entry['msg']}", err=True)
        raise typer.Exit(2) from None
