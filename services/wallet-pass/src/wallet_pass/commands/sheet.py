"""`wallet-pass sheet`: cards for a school that hands out tickets to a class."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from wallet_pass.workflow.ports import HandOut

MOST = 20_000
LONGEST_FILE = 1_000_000
"""Bytes; a line takes 37."""


def sheet(
    output: Annotated[Path, typer.Option("-o", "--output", dir_okay=False, help="FILE.pdf; of more than 200 cards "
                                         "FILE-1.pdf, FILE-2.pdf, …")],
    application: Annotated[list[UUID] | None, typer.Option(help="An application; may be given several times.")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Applications, one on a line.")] = None,
) -> None:  # fmt: skip
    """Cards to hand out, sorted by name, and a list to sign. Ends with 1 where an application has no card."""
    import getpass

    from shared.database import Database
    from shared.errors import NotFound
    from shared.runtime.start import own_database

    from wallet_pass.main import now
    from wallet_pass.printing.printer import Printer
    from wallet_pass.settings import Settings
    from wallet_pass.store import PassStore
    from wallet_pass.workflow.sheets import in_parts, take

    asked = [*(application or []), *(_read_ids(file) if file else [])]
    if not asked or len(asked) > MOST:
        typer.echo(f"name 1 to {MOST} applications: --application ID, or --file IDS", err=True)
        raise typer.Exit(2)
    database = Database(own_database("wallet-pass", Settings().database_url), PassStore)
    by = f"command {getpass.getuser()}"
    try:
        whole = database.write_now(lambda store: take(store, asked, None, by, now()))
    except NotFound as error:
        typer.echo(error.text.en, err=True)
        raise typer.Exit(1) from None
    finally:
        database.close()
    printer = Printer()
    with typer.progressbar(length=len(whole.passes), label="cards") as bar:
        for path, part in _files(output, list(in_parts(whole))):
            path.write_bytes(printer.sheet(part))
            bar.update(len(part.passes))
    typer.echo(f"{len(whole.passes)} cards are in {output if whole.parts == 1 else output.parent}")
    for left, reason in whole.left_out:
        typer.echo(f"{left}: no card ({'no ticket' if reason == 'none' else reason})", err=True)
    raise typer.Exit(1 if whole.left_out else 0)


def _files(output: Path, parts: "list[HandOut]") -> "Iterator[tuple[Path, HandOut]]":
    for part in parts:
        name = output.name if len(parts) == 1 else f"{output.stem}-{part.part}{output.suffix}"
        yield output.with_name(name), part


def _read_ids(file: Path) -> list[UUID]:
    """Empty lines and what stands behind # count for nothing."""
    if file.stat().st_size > LONGEST_FILE:
        typer.echo(f"{file} is larger than {LONGEST_FILE} bytes", err=True)
        raise typer.Exit(2)
    found = []
    for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
        said = line.partition("#")[0].strip()
        try:
            found += [UUID(said)] if said else []
        except ValueError:
            typer.echo(f"{file}, line {number} is no application's id", err=True)
            raise typer.Exit(2) from None
    return found
