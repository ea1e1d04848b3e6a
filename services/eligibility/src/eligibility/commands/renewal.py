"""`eligibility renew`: the change of the school year."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shared.database import Database
    from shared.events import AuthorityId

    from eligibility.store import Store
    from eligibility.workflow.renewal.progress import RenewalProgress
    from eligibility.workflow.renewal.renewals import Renewals


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

    from shared.errors import Invalid, NotFound, Unavailable
    from shared.runtime import logs

    logs.configure("eligibility", stays=False)
    opened, of_year, names = _open()
    try:
        asyncio.run(_renew_all(school_year, of_year, (lambda _: [authority]) if authority else names))
    except (Invalid, NotFound, Unavailable) as error:
        typer.echo(error.text.en, err=True)
        raise typer.Exit(2) from None
    finally:
        opened.close()


def _open() -> "tuple[Database[Store], Callable[[str], Renewals], Callable[[str], Sequence[AuthorityId]]]":
    """Exits where a setting is missing or wrong."""
    from pydantic import ValidationError

    from eligibility.main import open_renewals

    try:
        return open_renewals()
    except ValidationError as error:
        for entry in error.errors():
            typer.echo(f"setting ELIGIBILITY_{str(entry['loc'][0]).upper()}: {entry['msg']}", err=True)
        raise typer.Exit(2) from None


async def _renew_all(
    school_year: str, of_year: "Callable[[str], Renewals]", names: "Callable[[str], Sequence[AuthorityId]]"
) -> None:
    """Authority by authority.

    Args:
        names: asked once the year is known to be one that can be prepared.
    """
    import json

    of_year(school_year).check(school_year)
    for name in names(school_year):
        done = await of_year(school_year).renew(name, school_year, "command", _progress)
        typer.echo(json.dumps({"authority": name, "school_year": school_year, **done.as_json()}, ensure_ascii=False))


def _progress(so_far: "RenewalProgress") -> None:
    if so_far.done % 100 == 0:
        typer.echo(f"  {so_far.done} of {so_far.of} …", err=True)
