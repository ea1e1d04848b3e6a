"""Commands that need no running system: ceremony, specimen, verify."""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from shared.birth_dates import PartlyKnownDate
from shared.calendar import day_in_berlin, in_berlin

if TYPE_CHECKING:
    from issuance.domain.verdict import Finding

EXIT_VALID, EXIT_BAD, EXIT_UNREADABLE, EXIT_UNUSABLE = 0, 1, 2, 3
MOST_FILE_BYTES = 10_000_001
"""One more than is looked at: a longer file is refused, not cut."""
WORDS = {
    "valid": "gültig / valid",
    "status_stale": "gültig, aber Sperrliste veraltet / valid, but the status list is old",
    "not_yet_valid": "noch nicht gültig / not yet valid",
    "expired": "abgelaufen / expired",
    "revoked": "gesperrt / revoked",
    "unknown_issuer": "unbekannter Aussteller / unknown issuer",
    "invalid": "ungültig (verändert oder gefälscht) / invalid (altered or forged)",
    "unreadable": "nicht lesbar / unreadable",
}


def add(app: typer.Typer) -> None:
    app.command()(ceremony)
    app.command()(specimen)
    app.command()(verify)


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

    from issuance.signer.ceremony import KEYS, Period, make, save
    from issuance.signer.keys import KeyProblem, make_passphrase, open_keys

    if if_missing and (folder / KEYS).exists():
        typer.echo(f"{folder} has its keys already")
        return
    now = datetime.now(UTC)
    period = Period.around(day_in_berlin(now))
    try:
        persons = tuple(person or ())
        if passphrase_file is None and not (token and persons):
            raise KeyProblem("name --passphrase-file; or --token for the signer's keys and --person for the roots")
        if (folder / KEYS).exists():
            raise KeyProblem(f"{folder / KEYS} exists already; a ceremony never writes over keys")
        for path in (*((passphrase_file,) if passphrase_file else ()), *persons):
            make_passphrase(path)
        held = open_keys(folder / KEYS, None, token, may_write=True) if token else None
        save(make(period, now, tuple(organisation or ()), held=held), folder, passphrase_file, persons)
    except (KeyProblem, Problem) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(EXIT_BAD) from None
    where = (
        f"the signer's keys are in the token, the roots in {folder / KEYS}" if token else f"keys are in {folder / KEYS}"
    )
    typer.echo(f"{where} in {folder / KEYS}; keep root.pem, sub-ca.pem and trust-root.pem offline")


def specimen(
    spec: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON list of tickets, as DESIGN.md says.")],
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


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".bin, .txt, .png or .jpg")],
    trust: Annotated[Path, typer.Option(help="Folder with certificates and lists.")],
    at: Annotated[str | None, typer.Option(help="ISO 8601; without offset it is Berlin time. Default: now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    with_details: Annotated[
        bool, typer.Option("--details", help="With --json: every field of a VDV code, with the words of its codes.")
    ] = False,
) -> None:
    """Is this ticket good? Exit 0 valid, 1 not, 2 unreadable, 3 unusable trust folder."""
    from issuance.verification import trust_folder
    from issuance.verification.reading import details, read_file
    from issuance.verification.trust import Unusable
    from issuance.verification.verifier import Verifier

    moment = _moment(at)
    try:
        verifier = Verifier(trust_folder.read(trust))
    except Unusable as error:
        typer.echo(
            json.dumps({"error": error.reason, "reason": str(error)}) if as_json else str(error), err=not as_json
        )
        raise typer.Exit(EXIT_UNUSABLE) from None
    with file.open("rb") as opened:
        content = opened.read(MOST_FILE_BYTES)
    finding = read_file(verifier, file.name, content, moment)
    if as_json:
        more = {"details": details(verifier, file.name, content)} if with_details else {}
        typer.echo(json.dumps({**finding.as_json(), **more}, ensure_ascii=False, indent=2))
    else:
        _print(finding)
    raise typer.Exit({"valid": EXIT_VALID, "unreadable": EXIT_UNREADABLE}.get(finding.verdict.value, EXIT_BAD))


def _moment(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        return in_berlin(datetime.fromisoformat(at))
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{at!r} is not ISO 8601", param_hint="--at") from error


def _print(finding: "Finding") -> None:
    typer.echo(WORDS[finding.verdict.value])
    typer.echo(f"  reasons: {', '.join(finding.reasons)}")
    if finding.ticket is not None:
        born = finding.ticket.birth_date
        known_in_part = {"birth_date": str(born)} if isinstance(born, PartlyKnownDate) else {}
        for name, value in {**finding.ticket.as_json(), **known_in_part}.items():
            typer.echo(f"  {name}: {value}")
