"""The command line. Calls the same workflow functions as the HTTP interface."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar
from uuid import UUID

import typer

if TYPE_CHECKING:
    from shared.events import Event
    from shared.runtime import Service

    from application.domain import Authority, School
    from application.register import Refusal
    from application.workflow import ImportReport
    from application.workflow.announce import Store

Result = TypeVar("Result")

app = typer.Typer(no_args_is_help=True, help="Takes the family's application and tells how it stands.")
import_app = typer.Typer(no_args_is_help=True, help="Fill the directory.")
authority_app = typer.Typer(no_args_is_help=True, help="School authorities in the directory.")
app.add_typer(import_app, name="import")
app.add_typer(authority_app, name="authority")
document_app = typer.Typer(no_args_is_help=True, help="Documents that families handed in.")
app.add_typer(document_app, name="document")

REFUSALS_SHOWN = 20


@import_app.callback()
def _import() -> None:
    """Fill the directory from the state's register."""  # keeps `schools` a sub-command though it is the only one


@import_app.command("schools")
def import_schools(
    schools: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Schulen.csv of the school software.")],
    authorities: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Schultraeger.csv, for the authorities' names.")
    ] = None,
    authority: Annotated[
        list[str] | None, typer.Option(help="An authority (SchultraegerNr) that takes part; may be given again.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every authority takes part.")] = False,
    replace: Annotated[bool, typer.Option(help="Drop schools that the file does not list.")] = False,
) -> None:
    """Import the register of schools. Repeatable: the same file again changes nothing.

    Without --authority or --all, it stays as it was who takes part.
    """
    from shared.registers import RegisterUnusable

    from application.checks.key_tables import school_keys
    from application.main import open_workflow
    from application.register import Refusal, read_authorities, read_schools

    try:
        lines = list(read_schools(schools, school_keys()))
        names = read_authorities(authorities) if authorities else {}
    except RegisterUnusable as error:
        _stop(str(error))
    found = [line for line in lines if not isinstance(line, Refusal)]
    parts = _authorities(found, names, taking_part=frozenset(authority or ()), every=every)
    if unknown := set(authority or ()) - {part.id for part in parts}:
        _stop(f"no school of the file belongs to authority {', '.join(sorted(unknown))}")
    workflow = _settled(open_workflow)
    with typer.progressbar(length=len(found), label="schools") as bar:
        report = workflow.directory.fill(found, parts, drop_others=replace, progress=bar.update)
    _tell(report, [line for line in lines if isinstance(line, Refusal)], sum(part.takes_part for part in parts))


@authority_app.command("set")
def set_authority(
    authority_id: Annotated[str, typer.Argument(help="SchultraegerNr of the register.")],
    takes_part: Annotated[bool, typer.Option("--takes-part/--leaves", help="Whether applications are taken.")],
) -> None:
    """Let an authority take part, or no longer."""
    from application.main import open_workflow

    if not _settled(open_workflow).directory.set_part(authority_id, takes_part=takes_part):
        _stop(f"authority {authority_id} is not in the directory; import its schools first")
    typer.echo(f"authority {authority_id} {'takes part' if takes_part else 'does not take part'}")


@document_app.callback()
def _document() -> None:
    """Documents that families handed in."""  # keeps `openings` a sub-command though it is the only one


@document_app.command("openings")
def document_openings(
    application_id: Annotated[UUID, typer.Argument(help="The application whose documents are meant.")],
) -> None:
    """Who of the authority opened which document of an application, and when: a line each, oldest first."""
    from application.domain import ApplicationId
    from application.main import open_workflow

    found = _settled(open_workflow).openings.of(ApplicationId(application_id))
    for each in found:
        typer.echo(f"{each.at.isoformat(timespec='seconds')}  {each.document_id}  {each.subject}")
    if not found:
        typer.echo("no opening is kept of this application", err=True)


def _authorities(
    schools: "list[School]", names: dict[str, str], *, taking_part: frozenset[str], every: bool
) -> "list[Authority]":
    from application.domain import Authority

    ids = dict.fromkeys(school.authority.id for school in schools)
    return [Authority(each, names.get(each, ""), takes_part=every or each in taking_part) for each in ids]


def _tell(report: "ImportReport", refusals: "list[Refusal]", taking_part: int) -> None:
    schools, authorities = report.schools, report.authorities
    typer.echo(f"schools: {schools.new} new, {schools.changed} changed, {schools.same} unchanged")
    typer.echo(f"authorities: {authorities.new} new, {authorities.changed} changed, {authorities.same} unchanged")
    if taking_part:
        typer.echo(f"taking part by this import: {taking_part}")
    if report.dropped:
        typer.echo(f"dropped: {report.dropped} schools that the file does not list")
    typer.echo(f"refused: {len(refusals)} lines")
    for refusal in refusals[:REFUSALS_SHOWN]:
        typer.echo(f"  line {refusal.line}: {refusal.reason}")
    if len(refusals) > REFUSALS_SHOWN:
        typer.echo(f"  and {len(refusals) - REFUSALS_SHOWN} more")


def _settled(make: Callable[[], Result]) -> Result:
    """Wrong configuration does not start."""
    from pydantic import ValidationError

    try:
        return make()
    except ValidationError as error:
        _stop("; ".join(f"setting APPLICATION_{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors()))


def _stop(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(2)


def _build() -> "Service[Any]":
    from application.main import build

    return build()


def _migrate() -> None:
    from application.main import migrate

    migrate()


def _announce(store: "Store", _now: datetime) -> "Iterator[Event]":
    from application.workflow.announce import announce

    return announce(store)


def main() -> None:
    """The entry point."""
    from shared.commands import add_common

    add_common(app, build=_build, migrate=_migrate, announce=_announce)
    app()
