"""What options and arguments of commands have in common."""

from pathlib import Path

import typer


def no_device(path: Path | None) -> Path | None:
    """The path, of a file that is written: one that is there is a file, and no device, socket or pipe.

    Raises:
        typer.BadParameter.
    """
    if path is not None and path.exists() and not path.is_file():
        raise typer.BadParameter(f"{path} is no file; name one that is there, or that is to be made")
    return path
