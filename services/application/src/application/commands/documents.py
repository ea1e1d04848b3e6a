"""`application document openings`: who of the authority opened which document."""

from typing import Annotated
from uuid import UUID

import typer

from application.commands.settings import with_settings

app = typer.Typer(no_args_is_help=True, help="Documents that families handed in.")


@app.callback()
def _document() -> None:
    """Documents that families handed in."""  # keeps `openings` a sub-command though it is the only one


@app.command("openings")
def document_openings(
    application_id: Annotated[UUID, typer.Argument(help="The application whose documents are meant.")],
) -> None:
    """Who of the authority opened which document of an application, and when: a line each, oldest first."""
    from application.domain.ids import ApplicationId
    from application.main import open_workflow

    found = with_settings(open_workflow).openings.of(ApplicationId(application_id))
    for each in found:
        typer.echo(f"{each.at.isoformat(timespec='seconds')}  {each.document_id}  {each.subject}")
    if not found:
        typer.echo("no opening is kept of this application", err=True)
