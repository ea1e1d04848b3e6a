"""The command line of one machine: `local demo`, `local run`, and what an administrator needs once."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Schulticket on one machine.")
streams_app = typer.Typer(no_args_is_help=True, help="The bus's streams.")
nats_app = typer.Typer(no_args_is_help=True, help="The bus's users.")
town_app = typer.Typer(no_args_is_help=True, help="The demo town.")
app.add_typer(streams_app, name="streams")
app.add_typer(nats_app, name="nats")
app.add_typer(town_app, name="town")

Osm = Annotated[
    Path | None, typer.Option("--osm", help="A region of OpenStreetMap (.osm or .osm.pbf); with --schools.")
]
Schools = Annotated[Path | None, typer.Option("--schools", help="The school register's Schulen.csv; with --osm.")]
Seed = Annotated[int | None, typer.Option(help="Picks the families; the number is printed.")]


def main() -> None:
    app()


@app.command()
def demo(osm: Osm = None, schools: Schools = None, seed: Seed = None) -> None:
    """One application from HTTP to a checked ticket, and a refused and a doubtful one beside it. Files: var/demo."""
    from local.demo import show_demo

    raise typer.Exit(show_demo(_both(osm, schools), seed))


@app.command()
def run(
    osm: Osm = None,
    schools: Schools = None,
    seed: Seed = None,
    journey: Annotated[bool, typer.Option(help="Send the demo's applications after the start.")] = True,
) -> None:
    """The same, and stays up until Ctrl-C. Data are kept in var/run; addresses and sign-in in var/run/services.json."""
    from local.demo import show_run

    raise typer.Exit(show_run(_both(osm, schools), seed, journey=journey))


@app.command()
def web() -> None:
    """Build the pages' style sheets and scripts (KERN UX, from npm)."""
    from local.web import build_web

    build_web()


@streams_app.command("create")
def streams_create(
    nats_url: Annotated[str, typer.Option(help="For example nats://127.0.0.1:4222.")],
    seed_file: Annotated[Path, typer.Option(exists=True, help="The admin's nkey seed.")],
    replicas: Annotated[int, typer.Option(min=1, max=5, help="Servers that keep each message.")] = 1,
) -> None:
    """Make streams and durables as declared, or bring them to the declaration. Repeatable."""
    from shared.bus import admin

    asyncio.run(admin.create(nats_url, str(seed_file), replicas))
    typer.echo("streams and durables are as declared")


@nats_app.command("users")
def nats_users(folder: Annotated[Path, typer.Argument(help="Where users.conf and the seeds go.")]) -> None:
    """Write users.conf with each service's exact rights, and a seed file for each. Seeds that are there are kept."""
    from local.broker import SERVICES, write_users

    write_users(folder)
    typer.echo(f"{folder}/users.conf, and seeds for {', '.join(SERVICES)} and admin (readable for you alone)")


@town_app.command("draw")
def town_draw(
    folder: Annotated[Path, typer.Argument(help="Where the files go.")],
    seed: Annotated[int, typer.Option(help="Another seed, another town.")] = 1,
) -> None:
    """Draw Eschenborn: map, school register and authorities in the real file formats."""
    from local.town import draw_town

    files = draw_town(folder, seed)
    typer.echo(f"{files.streets}\n{files.schools}\n{files.authorities}")


def _both(osm: Path | None, schools: Path | None) -> tuple[Path, Path] | None:
    if (osm is None) != (schools is None):
        raise typer.BadParameter("a real region needs both: --osm FILE.osm.pbf and --schools Schulen.csv")
    return (osm, schools) if osm and schools else None
