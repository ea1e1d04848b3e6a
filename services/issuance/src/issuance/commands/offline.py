"""Commands that need no running system: ceremony, specimen. `verify` has a file of its own."""

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from shared.calendar import day_in_berlin

EXIT_BAD, EXIT_UNREADABLE = 1, 2


def add(app: typer.Typer) -> None:
    """Adds `ceremony` and `specimen`."""
    app.command()(ceremony)
    app.command()(specimen)


def ceremony(  # noqa: PLR0917
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Gets keys/ (encrypted) and public/.")],
    passphrase_file: Annotated[
        Path | None,
        typer.Option(envvar="SIGNER_PASSPHRASE_FILE", help="16 characters or more; made where it is missing."),
    ] = None,
    token: Annotated[
        str,
        typer.Option(
            envvar="SIGNER_TOKEN_URI",
            help="Make the signer's keys in this PKCS#11 token: pkcs11:token=LABEL?module-path=SO&pin-source=file:PIN",
        ),
    ] = "",
    organisation: Annotated[
        list[int] | None, typer.Option(help="Organisation ids that the ticket key may speak for; none means all.")
    ] = None,
    person: Annotated[
        list[Path] | None,
        typer.Option(help="Passphrase file of each person needed for the roots, in order; made where it is missing."),
    ] = None,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing where keys exist.")] = False,
) -> None:
    """Hold the key ceremony: a private test PKI for the VDV code, keys for the signed QR code, the trust list."""
    from shared.errors import Problem

    from issuance.signer.ceremony import KEYS
    from issuance.signer.keys import KeyProblem

    if if_missing and (folder / KEYS).exists():
        typer.echo(f"{folder} has its keys already")
        return
    try:
        _make_keys(folder, passphrase_file, token, tuple(organisation or ()), tuple(person or ()))
    except (KeyProblem, Problem) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(EXIT_BAD) from None
    where = (
        f"the signer's keys are in the token, the roots in {folder / KEYS}" if token else f"keys are in {folder / KEYS}"
    )
    typer.echo(f"{where}; keep root.pem, sub-ca.pem and trust-root.pem offline")


def _make_keys(
    folder: Path, passphrase_file: Path | None, token: str, organisations: tuple[int, ...], persons: tuple[Path, ...]
) -> None:
    """Raises KeyProblem where passphrases are not named, or keys exist already."""
    from issuance.signer.ceremony import KEYS, Period, make, save
    from issuance.signer.keys import KeyProblem, make_passphrase, open_keys

    now = datetime.now(UTC)
    if passphrase_file is None and not (token and persons):
        raise KeyProblem("name --passphrase-file; or --token for the signer's keys and --person for the roots")
    if (folder / KEYS).exists():
        raise KeyProblem(f"{folder / KEYS} exists already; a ceremony never writes over keys")
    for path in (*((passphrase_file,) if passphrase_file else ()), *persons):
        make_passphrase(path)
    held = open_keys(folder / KEYS, None, token, may_write=True) if token else None
    period = Period.around(day_in_berlin(now))
    save(make(period, now, organisations, held=held), folder, passphrase_file, persons)


SPEC_HELP = (
    "JSON list of tickets. One needs last_name, birth_date, valid_from, valid_until (2026-08-01) and organisation_id "
    "(70); first_name, gender, product, area, number, qr and more may be told."
)


def specimen(
    spec: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=SPEC_HELP)],
    output: Annotated[Path, typer.Option("-o", "--output", file_okay=False)],
    status_lists: Annotated[
        bool, typer.Option("--status-lists", help="Add status lists of now: after 24 hours tickets are status_stale.")
    ] = False,
) -> None:
    """Tickets for a reader's acceptance test, from a throw-away test key: 1.bin, 1.png, 1-qr.txt, …, trust/."""
    from pydantic import ValidationError

    from issuance.acceptance.specimen import SPEC, make
    from issuance.domain.ticket import Refuse

    _log_errors_to_stderr()
    try:
        tickets = SPEC.validate_json(spec.read_bytes())
        make(tickets, output, datetime.now(UTC), status_lists)
    except ValidationError as error:
        for entry in error.errors():
            typer.echo(f"{'.'.join(map(str, entry['loc'])) or 'SPEC'}: {entry['msg']}", err=True)
        raise typer.Exit(EXIT_UNREADABLE) from None
    except Refuse as refusal:
        typer.echo(f"cannot be issued: {refusal.reason}", err=True)
        raise typer.Exit(EXIT_UNREADABLE) from None
    typer.echo(f"{len(tickets)} tickets are in {output}, what a reader must trust in {output / 'trust'}")


def _log_errors_to_stderr() -> None:
    """A signature of a running signer is logged; one of a throw-away key is nobody's business."""
    import structlog

    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet, logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
