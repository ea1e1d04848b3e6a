"""`issuance verify`: is this ticket good? Needs no running system, only a folder of certificates and lists."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from shared.birth_dates import PartlyKnownDate
from shared.calendar import in_berlin

if TYPE_CHECKING:
    from issuance.domain.verdict import VerificationResult
    from issuance.verification.trust import Trust, Unusable

EXIT_VALID, EXIT_BAD, EXIT_UNREADABLE, EXIT_UNUSABLE = 0, 1, 2, 3
MOST_FILE_BYTES = 10_000_001
"""One more than is looked at: a longer file is refused, not cut."""
WORDS = {
    "valid": "gültig / valid",
    "status_unchecked": "echt, aber ohne Sperrliste nicht geprüft / genuine, but not checked: no status list",
    "status_stale": "gültig, aber Sperrliste veraltet / valid, but the status list is old",
    "not_yet_valid": "noch nicht gültig / not yet valid",
    "expired": "abgelaufen / expired",
    "suspended": "ausgesetzt / suspended",
    "revoked": "gesperrt / revoked",
    "unknown_issuer": "unbekannter Aussteller / unknown issuer",
    "invalid": "ungültig (verändert oder gefälscht) / invalid (altered or forged)",
    "unreadable": "nicht lesbar / unreadable",
}


class Status(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"


EXITS = {"valid": EXIT_VALID, "unreadable": EXIT_UNREADABLE}
"""By verdict; EXIT_BAD of all others."""


def add(app: typer.Typer) -> None:
    """Adds `verify`."""
    app.command()(verify)


def verify(  # noqa: PLR0917
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A code's bytes, its text, or a picture of it.")
    ],
    trust: Annotated[Path, typer.Option(help="Folder with certificates and lists.")],
    at: Annotated[str | None, typer.Option(help="ISO 8601; without offset it is Berlin time. Default: now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    with_details: Annotated[
        bool, typer.Option("--details", help="With --json: every field of a VDV code, with the words of its codes.")
    ] = False,
    status: Annotated[
        Status, typer.Option(help="optional: a ticket whose shard has no status list in the folder may be valid.")
    ] = Status.REQUIRED,
    root: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Root of the trust list: its key, or a list once trusted."),
    ] = None,
    state: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Keeps the highest versions seen; older lists are refused.")
    ] = None,
) -> None:
    """Is this ticket good? Exit 0 valid, 1 not, 2 unreadable, 3 unusable trust folder."""
    from issuance.verification.reading import details, read_file
    from issuance.verification.trust import Unusable
    from issuance.verification.verifier import Verifier

    moment = _moment(at)
    try:
        verifier = Verifier(_trust(trust, root, state), status is Status.OPTIONAL)
    except Unusable as error:
        _say_unusable(error, as_json)
        raise typer.Exit(EXIT_UNUSABLE) from None
    content = _first_bytes(file)
    finding = read_file(verifier, file.name, content, moment)
    if as_json:
        more = {"details": details(verifier, file.name, content)} if with_details else {}
        typer.echo(json.dumps({**finding.as_json(), **more}, ensure_ascii=False, indent=2))
    else:
        _print(finding)
    raise typer.Exit(EXITS.get(finding.verdict.value, EXIT_BAD))


def _trust(folder: Path, root: Path | None, state: Path | None) -> "Trust":
    """The folder, under the root that is expected and not older than what was seen.

    Raises:
        Unusable.
    """
    from shared.durable_files import write_durably

    from issuance.verification import remembered, trust_folder

    trust = trust_folder.read(folder)
    if root is not None:
        remembered.check_root(trust, remembered.parse_root(root.read_bytes()))
    if state is not None:
        seen = remembered.parse(state.read_bytes()) if state.exists() else remembered.NOTHING
        after = remembered.follow(seen, trust)
        if after != seen:
            write_durably(state, after.encode())  # a state that was half written would refuse everything
    return trust


def _say_unusable(error: "Unusable", as_json: bool) -> None:
    text = json.dumps({"error": error.reason, "reason": str(error)}) if as_json else str(error)
    typer.echo(text, err=not as_json)


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_FILE_BYTES)


def _moment(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        return in_berlin(datetime.fromisoformat(at))
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{at!r} is not ISO 8601", param_hint="--at") from error


def _print(finding: "VerificationResult") -> None:
    typer.echo(WORDS[finding.verdict.value])
    typer.echo(f"  reasons: {', '.join(finding.reasons)}")
    if finding.ticket is not None:
        born = finding.ticket.birth_date
        known_in_part = {"birth_date": str(born)} if isinstance(born, PartlyKnownDate) else {}
        for name, value in {**finding.ticket.as_json(), **known_in_part}.items():
            typer.echo(f"  {name}: {value}")
