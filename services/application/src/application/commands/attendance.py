"""`application attendance import`: an operator brings a school's class list in, for a school without an account."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from application.commands.settings import stop, with_settings

if TYPE_CHECKING:
    from application.workflow.attendance.class_lists import ListReport

app = typer.Typer(no_args_is_help=True, help="What schools say of the pupils who apply for them.")


@app.callback()
def _attendance() -> None:
    """What schools say of the pupils who apply for them."""  # keeps `import` a sub-command though it is the only one


@app.command("import")
def import_class_list(
    school_number: Annotated[str, typer.Argument(help="The school's number in the register.")],
    school_year: Annotated[str, typer.Argument(help="For example 2026/27.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Schulnummer;Nachname;Vorname; …")],
    apply: Annotated[bool, typer.Option("--apply", help="Take over what the list says; else it is looked at.")] = False,
) -> None:
    """Compare a class list with the applications. Repeatable: the same list again changes nothing.

    Nothing is kept of pupils who have not applied, and no name is printed.
    """
    import asyncio
    from datetime import UTC, datetime
    from functools import partial

    from shared.calendar import SchoolYear
    from shared.errors import Problem

    from application.checks.class_list import MOST_BYTES
    from application.main import open_workflow

    try:
        year = SchoolYear.parse(school_year)
    except ValueError as error:
        stop(str(error))
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    lists = with_settings(partial(open_workflow, with_families=True)).class_lists
    try:
        report = asyncio.run(lists.of_command(school_number, year, content, datetime.now(UTC), apply=apply))
    except Problem as problem:
        stop(problem.text.en)
    _tell(report)


def _tell(report: "ListReport") -> None:
    found = report.found
    typer.echo(f"match: {len(found.matches)}, other data: {len(found.differing)}, not sure: {len(found.unsure)}")
    typer.echo(f"not applied: {found.unknown} (nothing is kept of them)")
    typer.echo(f"applied, not in the list: {len(found.not_listed)}")
    for fault in report.read.faults:
        typer.echo(f"  line {fault.line}: {fault.text.en}")
    if report.count is None:
        typer.echo(f"to be taken over: {len(report.answers)}; with --apply")
    else:
        typer.echo(f"taken over: {report.count.kept}")
