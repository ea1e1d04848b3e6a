"""`application import schools`, `application authority set`: the directory of schools and authorities."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from application.commands.settings import stop, with_settings

if TYPE_CHECKING:
    from application.domain.school import Authority, School
    from application.register import Refusal
    from application.workflow import ImportReport

import_app = typer.Typer(no_args_is_help=True, help="Fill the directory.")
authority_app = typer.Typer(no_args_is_help=True, help="School authorities in the directory.")

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
        stop(str(error))
    found = [line for line in lines if not isinstance(line, Refusal)]
    parts = _authorities(found, names, taking_part=frozenset(authority or ()), every=every)
    if unknown := set(authority or ()) - {part.id for part in parts}:
        stop(f"no school of the file belongs to authority {', '.join(sorted(unknown))}")
    workflow = with_settings(open_workflow)
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

    if not with_settings(open_workflow).directory.set_part(authority_id, takes_part=takes_part):
        stop(f"authority {authority_id} is not in the directory; import its schools first")
    typer.echo(f"authority {authority_id} {'takes part' if takes_part else 'does not take part'}")


def _authorities(
    schools: "list[School]", names: dict[str, str], *, taking_part: frozenset[str], every: bool
) -> "list[Authority]":
    from application.domain.school import Authority

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
