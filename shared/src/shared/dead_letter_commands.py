"""`SERVICE dead-letters …`: what was put aside, handled after all or closed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from shared.bus.dead_letters import DeadLetter
    from shared.runtime.service import Service

Json = Annotated[bool, typer.Option("--json", help="A list, for programs.")]
Id = Annotated[int, typer.Argument(metavar="ID", help="As `list` shows it.")]


def dead_letter_commands(build: "Callable[[], Service[Any]]") -> typer.Typer:
    """`build`: the service with its settings; only where a command runs."""
    app = typer.Typer(no_args_is_help=True, help="Messages that could not be handled and were put aside.")

    @app.command("list")
    def list_letters(as_json: Json = False) -> None:
        """Those that are open, oldest first. What they say is not shown: it may name people."""
        from shared.bus import dead_letters

        _show(build().database.read_now(lambda store: dead_letters.open_letters(store.session)), as_json)

    @app.command()
    def redrive(letter: Id, as_json: Json = False) -> None:
        """Handle a letter as if it came now, and close it. Exit 1: it cannot be handled, and stays."""
        import asyncio

        from shared.bus import dead_letters

        service = build()
        one = _found(service, letter)
        driving = dead_letters.DeadLetters(service.database, service.handlers)
        why = asyncio.run(driving.drive_again(letter))
        _show([one], as_json)
        if why is not None:
            typer.echo(f"it stays: {why}", err=True)
            raise typer.Exit(1)
        typer.echo("it was handled, and is closed", err=True)

    @app.command("close")
    def close_letter(letter: Id, as_json: Json = False) -> None:
        """Close a letter that need not be handled: it is listed and counted no more."""
        from shared.bus import dead_letters

        service = build()
        _found(service, letter)
        now = datetime.now(UTC)
        _show([service.database.write_now(lambda store: dead_letters.close(store.session, letter, now))], as_json)

    return app


def _found(service: "Service[Any]", letter: int) -> "DeadLetter":
    from shared.bus import dead_letters
    from shared.errors import NotFound

    try:
        return service.database.read_now(lambda store: dead_letters.open_letter(store.session, letter))
    except NotFound as error:
        typer.echo(error.text.en, err=True)
        raise typer.Exit(1) from None


def _show(letters: "list[DeadLetter]", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([each.to_json() for each in letters], indent=1, ensure_ascii=False))
        return
    for each in letters:
        at = each.received_at.isoformat(timespec="seconds")
        typer.echo(f"{each.id:>6}  {at}  {each.stream} {each.sequence}  {each.subject}  {each.reason}")
    if not letters:
        typer.echo("none")
