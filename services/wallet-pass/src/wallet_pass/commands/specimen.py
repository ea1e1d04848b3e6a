"""`wallet-pass specimen`: passes for a reader's acceptance test."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wallet_pass.domain.passes import Pass
    from wallet_pass.google.wallet import GoogleWallet


def specimen(
    spec: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    tickets: Annotated[Path, typer.Option(exists=True, file_okay=False, help="As `issuance specimen` writes it.")],
    output: Annotated[Path, typer.Option("-o", "--output", file_okay=False)],
    public_url: Annotated[str, typer.Option(help="Where the passes would be updated.")] = "https://wallet-pass.invalid",
) -> None:
    """Passes for a reader's acceptance test: 1.pkpass, 1-google.json, 1-google.jwt, 1-ticket.pdf, 1-card.pdf, …,
    certs/."""
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
    from wallet_pass.credentials import load_signer
    from wallet_pass.domain.designs import DEFAULT_DESIGN
    from wallet_pass.google.wallet import GoogleWallet, ServiceAccount
    from wallet_pass.main import now
    from wallet_pass.printing.press import TicketPress

    moment = now()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        hold_ceremony(folder, moment)
        apple = AppleWallet(load_signer(folder), public_url, f"{public_url}/apple")
        google = GoogleWallet(
            TEST_GOOGLE_ISSUER, ServiceAccount.load(folder / GOOGLE_ACCOUNT), public_url, lambda: moment
        )
        (output / "certs").mkdir(exist_ok=True)
        for name in (ROOT, INTERMEDIATE, LEAF, GOOGLE_PUBLIC):
            shutil.copyfile(folder / name, output / "certs" / name)
    press = TicketPress()
    for place, entry in enumerate(read_spec(spec), 1):
        wallet_pass = specimen_pass(entry, place, tickets, moment)
        (output / f"{place}.pkpass").write_bytes(apple.make(wallet_pass, DEFAULT_DESIGN, moment))
        (output / f"{place}-google.json").write_text(_google_documents(google, wallet_pass), "utf-8")
        (output / f"{place}-ticket.pdf").write_bytes(press.ticket(wallet_pass, DEFAULT_DESIGN))
        (output / f"{place}-card.pdf").write_bytes(press.card(wallet_pass, DEFAULT_DESIGN))
        (output / f"{place}-google.jwt").write_text(google.save_token(wallet_pass, moment), "ascii")


def _google_documents(google: "GoogleWallet", wallet_pass: "Pass") -> str:
    from wallet_pass.domain.designs import DEFAULT_DESIGN

    documents = {
        "class": google.generic_class(wallet_pass),
        "object": google.generic_object(wallet_pass, DEFAULT_DESIGN),
    }
    return json.dumps(documents, indent=2, ensure_ascii=False)
