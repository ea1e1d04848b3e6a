"""`eligibility renew`: the change of the school year."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from eligibility.workflow.renewal.progress import RenewalProgress


def add_to(app: typer.Typer) -> None:
    """Add `renew`."""
    app.command()(renew)


def renew(
    school_year: Annotated[str, typer.Option(help="The one to prepare, for example 2027/28: the present or the next.")],
    authority: Annotated[str | None, typer.Option(help="Only this school authority; else all.")] = None,
) -> None:
    """Carry every grant of the year before on, or tell its family to apply anew.

    Grant by grant: whatever ends it, run it again and it goes on; nothing is done twice. Prints JSON, one line for
    each authority; progress goes to stderr.
    """
    import asyncio
    import json

    from pydantic import ValidationError
    from shared.errors import Invalid, NotFound, Unavailable
    from shared.runtime import logs

    from eligibility.main import open_renewals

    logs.configure("eligibility", stays=False)
    try:
        opened, of_year, names = open_renewals()
    except ValidationError as error:
        for entry in error.errors():
            typer.echo(f"setting ELIGIBILITY_{str(entry['loc'][0]).upper()}: {entry['msg']}", err=True)
        raise typer.Exit(2) from None

    async def all_of_them() -> None:
        of_year(school_year).check(school_year)
        for name in [authority] if authority else names(school_year):
            done = await of_year(school_year).renew(name, school_year, "command", _progress)
            typer.echo(
                json.dumps({"authority": name, "school_year": school_year, **done.as_json()}, ensure_ascii=False)
            )

    try:
        asyncio.run(all_of_them())
    except (Invalid, NotFound, Unavailable) as error:
        typer.echo(error.text.en, err=True)
        raise typer.Exit(2) from None
    finally:
        opened.close()


def _progress(so_far: "RenewalProgress") -> None:
    if so_far.done % 100 == 0:
        typer.echo(f"  {so_far.done} of {so_far.of} …", err=True)
