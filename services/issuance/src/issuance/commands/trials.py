"""Trials that need no running system: fuzzing of every decoder, a stolen key, a year of rotations, copied tickets."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True, help="Trials with throw-away keys: mutants, a stolen key, a year of rotations, copies."
)

Seed = Annotated[int, typer.Option(help="The same seed tries the same.")]


@app.command()
def fuzz(
    count: Annotated[int, typer.Option(min=1, help="Mutants of each code and list.")] = 100_000, seed: Seed = 1
) -> None:
    """Millions of mutants: none is valid, none raises an error without a type."""
    from issuance.acceptance.trials import fuzz as run

    _report(lambda now: run(count, seed, now))


@app.command()
def drill(count: Annotated[int, typer.Option(min=1, help="Honest tickets.")] = 100_000, seed: Seed = 1) -> None:
    """A thief has the signing keys: honest tickets stay valid, forged ones turn red, new ones are signed."""
    from issuance.acceptance.trials import drill as run

    _report(lambda now: run(count, seed, now))


@app.command()
def year(weeks: Annotated[int, typer.Option(min=1, max=100)] = 52, seed: Seed = 1) -> None:
    """Another key signs every week; scanners up to a week behind are never wrongly red or green."""
    from issuance.acceptance.key_rotation_trial import run

    _report(lambda now: run(weeks, seed, now))


@app.command()
def copies(
    count: Annotated[int, typer.Option(min=1000, help="Meetings of tickets and scanners.")] = 1_000_000, seed: Seed = 1
) -> None:
    """Copied tickets in a simulated month: how many are noticed, and how many honest ones are suspected."""
    from issuance.acceptance.copy_trial import run

    _report(lambda now: run(count, seed, now.replace(hour=0, minute=0, second=0, microsecond=0)))


def _report(work: Callable[[datetime], object]) -> None:
    import structlog

    from issuance.acceptance.trials import TrialFailure

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        typer.echo(json.dumps(work(datetime.now(UTC))))
    except TrialFailure as found:
        typer.echo(str(found), err=True)
        raise typer.Exit(1) from None


@app.command()
def vectors(folder: Annotated[Path, typer.Argument(file_okay=False)]) -> None:
    """Write test vectors for other readers, from throw-away keys (FORMAT.md)."""
    import structlog

    from issuance.acceptance.vectors import make

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in make().items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    typer.echo(f"test vectors are in {folder}")
