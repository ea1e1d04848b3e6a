"""The command line of wallet-pass."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from shared.commands import add_common

if TYPE_CHECKING:
    from shared.events import Event
    from shared.runtime import Service

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


def _migrate() -> None:
    from wallet_pass.main import migrate

    migrate()


def _announce(store: "Store", _now: datetime) -> "Iterator[Event]":
    from wallet_pass.main import Settings
    from wallet_pass.workflow.announce import announce

    return announce(store, Settings().public_url)


add_common(app, build=_build, migrate=_migrate, announce=_announce)

Folder = Annotated[Path, typer.Argument(file_okay=False)]


@app.command()
def certificates(
    folder: Folder,
    pass_type: Annotated[str, typer.Option(help="Apple's pass type identifier.")] = "pass.de.schulticket.test",  # noqa: S107
    team: Annotated[str, typer.Option(help="Apple's team identifier, ten characters.")] = "SCHULTICKT",
    renew: Annotated[bool, typer.Option("--renew", help="Replace what is there: older passes keep working.")] = False,
) -> None:
    """Hold the ceremony: a private chain in the shape of Apple's, and a key in the shape of Google's."""
    from wallet_pass.certificates import complete, hold_ceremony
    from wallet_pass.main import now

    if complete(folder) and not renew:
        typer.echo(f"{folder} has its certificates already (--renew replaces them)")
        return
    hold_ceremony(folder, now(), pass_type=pass_type, team=team)
    typer.echo(f"certificates and keys are in {folder}")


@app.command()
def specimen(
    spec: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    tickets: Annotated[Path, typer.Option(exists=True, file_okay=False, help="As `issuance specimen` writes it.")],
    output: Annotated[Path, typer.Option("-o", "--output", file_okay=False)],
    public_url: Annotated[str, typer.Option(help="Where the passes would be updated.")] = "https://wallet-pass.invalid",
) -> None:
    """Passes for a reader's acceptance test: 1.pkpass, 1-google.json, 1-google.jwt, …, certs/."""
    from pydantic import ValidationError

    from wallet_pass.acceptance.specimen import read_spec

    try:
        entries = read_spec(spec)
    except (ValidationError, ValueError) as error:
        typer.echo(f"{spec}: {error}", err=True)
        raise typer.Exit(2) from None
    missing = [
        name
        for place in range(1, len(entries) + 1)
        for name in (f"{place}.bin", f"{place}-qr.txt")
        if not (tickets / name).is_file()
    ]
    if missing:
        typer.echo(
            f"{tickets} lacks {', '.join(missing[:5])}: run `issuance specimen {spec} -o {tickets}` first", err=True
        )
        raise typer.Exit(2)
    empty = [f"{place}.bin" for place in range(1, len(entries) + 1) if not (tickets / f"{place}.bin").stat().st_size]
    if empty:
        typer.echo(f"{tickets}: {', '.join(empty[:5])} is empty: no ticket, so no pass is made", err=True)
        raise typer.Exit(2)
    output.mkdir(parents=True, exist_ok=True)
    try:
        _write_specimens(spec, tickets, output, public_url)
    except ValueError as error:
        typer.echo(f"{tickets}: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{len(entries)} passes are in {output}")


@app.command()
def design(  # noqa: PLR0917 typer takes what it may name
    authority_id: str,
    issuer_de: Annotated[str, typer.Option(help="Who stands behind the ticket, in German.")],
    issuer_en: Annotated[str, typer.Option(help="The same in English; default: as in German.")] = "",
    background: Annotated[str, typer.Option(help="#rrggbb")] = "#0b3c5d",
    foreground: Annotated[str, typer.Option(help="#rrggbb")] = "#ffffff",
    label: Annotated[str, typer.Option(help="#rrggbb")] = "#b9d9eb",
) -> None:
    """Set an authority's design; its passes are made anew."""
    from shared.database import Database
    from shared.errors import Invalid, Text

    from wallet_pass.domain import Colour, Design
    from wallet_pass.main import Settings, now
    from wallet_pass.store import PassStore

    try:
        chosen = Design(
            Text(issuer_de, issuer_en or issuer_de),
            Colour.from_hex(background),
            Colour.from_hex(foreground),
            Colour.from_hex(label),
        )
    except Invalid as error:
        typer.echo(error.text.de, err=True)
        raise typer.Exit(2) from None
    database = Database(Settings().database_url, PassStore)
    count = database.write_now(lambda store: store.set_design(authority_id, chosen, now()))
    typer.echo(f"design of {authority_id} set; {count} passes will be made anew")


def _write_specimens(spec: Path, tickets: Path, output: Path, public_url: str) -> None:
    """A fresh chain whose private keys are gone when this ends; the public parts go to certs/."""
    import shutil
    from tempfile import TemporaryDirectory

    from wallet_pass.acceptance.specimen import read_spec, specimen_pass
    from wallet_pass.apple.package import AppleWallet
    from wallet_pass.certificates import (
        GOOGLE_ACCOUNT,
        GOOGLE_PUBLIC,
        INTERMEDIATE,
        LEAF,
        ROOT,
        TEST_GOOGLE_ISSUER,
        hold_ceremony,
    )
    from wallet_pass.domain import DEFAULT_DESIGN
    from wallet_pass.google.wallet import GoogleWallet, ServiceAccount
    from wallet_pass.main import load_signer, now

    moment = now()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        hold_ceremony(folder, moment)
        apple = AppleWallet(load_signer(folder), public_url)
        google = GoogleWallet(TEST_GOOGLE_ISSUER, ServiceAccount.load(folder / GOOGLE_ACCOUNT), public_url)
        (output / "certs").mkdir(exist_ok=True)
        for name in (ROOT, INTERMEDIATE, LEAF, GOOGLE_PUBLIC):
            shutil.copyfile(folder / name, output / "certs" / name)
    for place, entry in enumerate(read_spec(spec), 1):
        wallet_pass = specimen_pass(entry, place, tickets, moment)
        documents = {
            "class": google.generic_class(wallet_pass),
            "object": google.generic_object(wallet_pass, DEFAULT_DESIGN),
        }
        (output / f"{place}.pkpass").write_bytes(apple.make(wallet_pass, DEFAULT_DESIGN, moment))
        (output / f"{place}-google.json").write_text(json.dumps(documents, indent=2, ensure_ascii=False), "utf-8")
        (output / f"{place}-google.jwt").write_text(google.save_token(wallet_pass, moment), "ascii")


def main() -> None:
    sys.exit(app())
