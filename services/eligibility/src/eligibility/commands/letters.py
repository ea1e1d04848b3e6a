"""`eligibility letters …`: the queue of letters of an authority, for whoever prints them without the pages."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

if TYPE_CHECKING:
    from shared.identity import Caller

    from eligibility.domain.dispatch import DispatchId
    from eligibility.workflow.delivery.letters import Letter, LetterDesk
    from eligibility.workflow.outer_ports import LetterFiles

app = typer.Typer(no_args_is_help=True, help="Notices that go by post: list, print, note the day of posting.")
Authority = Annotated[str, typer.Option(help="Number of the school authority.")]
By = Annotated[str, typer.Option(help="Who does it: kept with each letter. The account's id, not a name.")]
Ids = Annotated[list[UUID] | None, typer.Argument(help="Letters, as `list` names them; none: all that wait.")]
Answer = TypeVar("Answer")


@app.command("list")
def list_letters(authority: Authority) -> None:
    """Print the queue as JSON: what is to be printed, posted, and what came back. Without names and addresses."""
    import json

    found = _run(authority, "command", lambda desk, _, caller: desk.all(caller))
    states = {"queued": found.queued, "printed": found.printed, "returned": found.returned}
    shown = {
        state: [{"id": str(each.dispatch.id), "case_id": str(each.case.id), "since": each.dispatch.since.isoformat()}
                for each in letters]
        for state, letters in states.items()
    }  # fmt: skip
    typer.echo(json.dumps({"authority": authority, "counts": found.counts, **shown}))


@app.command("print")
def print_letters(
    authority: Authority,
    to: Annotated[Path, typer.Option(dir_okay=False, help="The ZIP file to write: a list, and a PDF for each letter.")],
    by: By = "command",
    letters: Ids = None,
) -> None:
    """Write the letters that wait into a ZIP file, at most 100, and note them as printed.

    Those that are named are printed again.
    """

    async def act(desk: "LetterDesk", files: "LetterFiles", caller: "Caller") -> int:
        ids = _named(letters) or _ids((await desk.all(caller)).queued)
        if not ids:
            return 0
        to.write_bytes(await files.archive(await desk.chosen(caller, ids)))
        await desk.note_printed(caller, ids)
        return len(ids)

    typer.echo(f"{_run(authority, by, act)} letters printed")


@app.command("posted")
def note_posted(
    authority: Authority,
    day: Annotated[str, typer.Option(help="The day on which they were given to the post: 2026-12-01.")],
    by: By = "command",
    letters: Ids = None,
) -> None:
    """Note that the printed letters were given to the post on that day: from it their periods are computed."""
    from datetime import date

    try:
        posted_on = date.fromisoformat(day)
    except ValueError:
        typer.echo(f"{day}: no day, as in 2026-12-01", err=True)
        raise typer.Exit(2) from None

    async def act(desk: "LetterDesk", _: "LetterFiles", caller: "Caller") -> int:
        ids = _named(letters) or _ids((await desk.all(caller)).printed)
        if ids:
            await desk.note_posted(caller, ids, posted_on)
        return len(ids)

    typer.echo(f"{_run(authority, by, act)} letters posted")


def _named(letters: "Sequence[UUID] | None") -> "list[DispatchId]":
    from eligibility.domain.dispatch import DispatchId

    return [DispatchId(each) for each in letters or ()]


def _ids(letters: "Sequence[Letter]") -> "list[DispatchId]":
    from eligibility.workflow.delivery.letters import MOST_AT_ONCE

    return [each.dispatch.id for each in letters[:MOST_AT_ONCE]]


def _run(authority: str, by: str, act: "Callable[[LetterDesk, LetterFiles, Caller], Awaitable[Answer]]") -> "Answer":
    """Exits with 2 for what is refused, and says why."""
    import asyncio
    from datetime import UTC, datetime

    from shared.errors import Problem
    from shared.identity import Caller

    from eligibility.commands.settings import database
    from eligibility.printing.letters import LetterPrinter
    from eligibility.printing.press import Press
    from eligibility.printing.worker import NoticePrinter
    from eligibility.workflow.delivery.letters import LetterDesk

    def now() -> datetime:
        return datetime.now(UTC)

    opened = database()
    desk, files = LetterDesk(opened, now), LetterPrinter(NoticePrinter(opened, Press(), now), now)
    caller = Caller(by, authority, frozenset({"case_worker"}))

    async def run() -> "Answer":
        return await act(desk, files, caller)

    try:
        return asyncio.run(run())
    except Problem as problem:
        typer.echo(problem.text.en, err=True)
        raise typer.Exit(2) from None
    finally:
        opened.close()
