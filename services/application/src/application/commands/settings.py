"""Wrong configuration does not start: say which setting, and stop with 2."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

import typer

Result = TypeVar("Result")


def with_settings(make: Callable[[], Result]) -> Result:
    """What `make` makes out of the settings; without them, say which is wrong."""
    from pydantic import ValidationError

    try:
        return make()
    except ValidationError as error:
        stop("; ".join(f"setting APPLICATION_{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors()))


def stop(reason: str) -> NoReturn:
    """Say why on stderr and exit with 2, as all commands do where they are called wrongly."""
    typer.echo(reason, err=True)
    raise typer.Exit(2)
