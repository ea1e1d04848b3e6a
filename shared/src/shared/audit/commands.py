"""`SERVICE audit verify`: whether the audit trail is whole."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from shared.audit.chain import Head, SignedHeads
    from shared.audit.verify import Report

Verify = Callable[[str | None, "SignedHeads | None"], "Report"]
"""One chain or all, against signed heads where there are some."""
NO_SUCH, BAD = 2, 1


def audit_commands(service: str, verify: Verify) -> typer.Typer:
    """The group `audit`.

    Args:
        service: its name among the signed heads.
    """
    app = typer.Typer(no_args_is_help=True, help="The audit trail: every act is linked to the one before.")

    @app.callback()
    def _audit() -> None:
        """The audit trail."""  # keeps `verify` a sub-command though it is the only one

    @app.command("verify")
    def verify_command(
        authority: Annotated[str | None, typer.Option(help="Only this authority's chain, without its rows.")] = None,
        expect: Annotated[
            str | None,
            typer.Option(help="NUMBER:HASH as printed earlier and kept elsewhere: that act must still be there."),
        ] = None,
        heads: Annotated[
            Path | None,
            typer.Option(
                envvar="AUDIT_HEADS", exists=True, dir_okay=False, help="Signed heads: `issuance audit heads`."
            ),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json")] = False,
    ) -> None:
        """Check every link, what it says was written, and signed heads. Exits with 1 where anything was changed, left
        out or cut off, and says what."""
        signed = _signed(service, heads, authority, expect)
        report = verify(authority, signed)
        if authority is not None and not any(each.name == authority for each in report.chains):
            typer.echo(f"{printable(authority)}: no acts of such an authority are kept", err=True)
            raise typer.Exit(NO_SUCH)
        if as_json:
            typer.echo(json.dumps(report.as_json() | {"compared_with_signed_heads": heads is not None}))
        else:
            _print(report, is_compared=heads is not None)
        if not report.ok:
            raise typer.Exit(BAD)

    return app


def _print(report: "Report", *, is_compared: bool) -> None:
    for each in report.chains:
        said = each.fault or f"{each.acts} acts hold, newest {each.head}"
        typer.echo(f"{printable(each.name)}: {printable(said)}")
    for fault in report.faults:
        typer.echo(printable(fault))
    if not report.chains:
        typer.echo("no acts are kept yet")
    for name, count in report.counts.items():
        typer.echo(f"{name}: {count}")
    if report.ok:
        typer.echo(f"All of it holds, and {report.rows} rows are as they were put on record.")
    if not is_compared:
        typer.echo("Not compared with signed heads (--heads): acts could have been written anew as a whole.", err=True)


def printable(text: str) -> str:
    """On one line, without control characters: an id from elsewhere writes no line of its own."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _signed(service: str, file: Path | None, authority: str | None, expect: str | None) -> "SignedHeads | None":
    from shared.audit.chain import Head

    found: dict[str, list[Head]] = {}
    if file is not None:
        found.update(_read(service, file))
    if expect is not None:
        number, _, value = expect.partition(":")
        if authority is None or not number.isdecimal():
            raise typer.BadParameter("--expect NUMBER:HASH needs --authority, whose head it is")
        found.setdefault(authority, []).append(Head(int(number), value))
    return found or None


def _read(service: str, file: Path) -> "dict[str, list[Head]]":
    """As `issuance audit heads` writes it: {"heads": {service: [[chain, acts, hash]]}}, of a chain as many as are
    kept."""
    from shared.audit.chain import Head

    found: dict[str, list[Head]] = {}
    try:
        told: Any = json.loads(file.read_text(encoding="utf-8"))["heads"][service]
        for chain, number, value in told:
            found.setdefault(str(chain), []).append(Head(int(number), str(value)))
    except (ValueError, KeyError, TypeError):
        typer.echo(f"{file.name}: no signed heads of {service}", err=True)
        raise typer.Exit(NO_SUCH) from None
    return found
