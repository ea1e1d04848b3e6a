"""The command line of one machine: `local demo`, `local run`, and what an administrator needs once."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from shared.runtime.beginning import search_seldom

app = typer.Typer(no_args_is_help=True, help="Schulticket on one machine.")
streams_app = typer.Typer(no_args_is_help=True, help="The bus's streams.")
nats_app = typer.Typer(no_args_is_help=True, help="The bus's users.")
town_app = typer.Typer(no_args_is_help=True, help="The demo town.")
cluster_app = typer.Typer(no_args_is_help=True, help="The system as a cluster on this machine.")
app.add_typer(cluster_app, name="cluster")
app.add_typer(streams_app, name="streams")
app.add_typer(nats_app, name="nats")
app.add_typer(town_app, name="town")

Osm = Annotated[
    Path | None, typer.Option("--osm", help="A region of OpenStreetMap (.osm or .osm.pbf); with --schools.")
]
Schools = Annotated[Path | None, typer.Option("--schools", help="The school register's Schulen.csv; with --osm.")]
System = Annotated[
    Path | None, typer.Option(help="The system's folder; default: the newest of var/run/data-…", file_okay=False)
]
Seed = Annotated[int | None, typer.Option(help="Picks the families; the number is printed.")]


def main() -> None:
    """The entry point of the program `local`."""
    search_seldom()
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
    revoke_by_two: Annotated[
        bool, typer.Option(help="A ticket is revoked by two people, as an authority may choose.")
    ] = False,
) -> None:
    """The same, and stays up until Ctrl-C. Data are kept in var/run; addresses and sign-in in var/run/services.json."""
    from local.demo import show_run

    raise typer.Exit(show_run(_both(osm, schools), seed, journey=journey, revokes_by_two=revoke_by_two))


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """How the running system is: what each process says of itself, and the broker. Exit 1: something is not ready; 3:
    nothing runs."""
    from local.demo import RUN
    from local.report import Report
    from local.status import show_status

    raise typer.Exit(show_status(RUN / "services.json", Report(), as_json=as_json))


@app.command()
def web() -> None:
    """Build the pages' style sheets and scripts (KERN UX, from npm)."""
    from local.web import build_web

    build_web()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where the copies go; not on the disk of the databases.")],
    every: Annotated[
        float | None, typer.Option(min=1, help="Seconds from copy to copy; without it one is made.")
    ] = None,
    keys_to: Annotated[
        Path | None,
        typer.Option(help="Where the newest copy of the keys of families goes: apart, on another disk."),
    ] = None,
    system: System = None,
) -> None:
    """Copy all five databases while the system runs. Old copies go: kept are the newest 12, one an hour for a day, one
    a day for two weeks. Keys are not among them: keep keys/ and nats/ of its folder apart, and of the keys of families
    the newest copy alone (--keys-to)."""
    from local.backup.command import show_backup

    raise typer.Exit(show_backup(typer.echo, _system(system), folder, every, keys_to))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(exists=True, help="What `local backup` wrote to: its newest copy, or one.")],
    only: Annotated[str | None, typer.Option(help="One service: application, eligibility, signer …")] = None,
    system: System = None,
) -> None:
    """Put a copy back in a stopped system, and say what to do then. What was there is moved aside; keys stay."""
    from local.backup.command import show_restore

    raise typer.Exit(show_restore(typer.echo, _system(system), folder, only))


@app.command("supply-chain")
def supply_chain(
    database: Annotated[
        str | None, typer.Option(help="Another database of vulnerabilities that answers as OSV's.")
    ] = None,
) -> None:
    """Bill of materials (CycloneDX 1.6), licences, known vulnerabilities. Exit 1: something was found; 3: it could not
    look."""
    from local.supply_chain.audit import DATABASE
    from local.supply_chain.command import show_supply_chain

    raise typer.Exit(show_supply_chain(typer.echo, database or DATABASE))


@cluster_app.command("run")
def cluster_run(
    seed: Seed = None,
    journey: Annotated[bool, typer.Option(help="Send the demo's applications after the start.")] = True,
) -> None:
    """Three servers of the bus, PostgreSQL, two copies of each service behind a balancer, up until Ctrl-C. Data are
    kept in var/cluster; addresses, processes and sign-in in var/cluster/services.json."""
    from local.cluster.command import show_cluster

    raise typer.Exit(show_cluster(seed, journey=journey))


@streams_app.command("create")
def streams_create(
    nats_url: Annotated[str, typer.Option(help="nats://127.0.0.1:4222; of several servers, with commas between.")],
    seed_file: Annotated[Path, typer.Option(exists=True, help="The admin's nkey seed.")],
    replicas: Annotated[int, typer.Option(min=1, max=5, help="Servers that keep each message.")] = 1,
    ca_file: Annotated[
        Path | None, typer.Option(exists=True, help="At tls://…: whose certificates the broker may show.")
    ] = None,
    installation: Annotated[
        str | None, typer.Option(help="Whose streams they are: the name in the …_INSTALLATION of its processes.")
    ] = None,
) -> None:
    """Make streams and durables as declared, or bring them to the declaration. Repeatable. Exit 2: they are another
    installation's, and nothing was changed; 3: too few servers."""
    from shared.bus import admin
    from shared.bus.safety import UnsafeBroker

    try:
        asyncio.run(admin.create(nats_url, str(seed_file), replicas, ca_file, installation))
    except UnsafeBroker as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except admin.TooFewServers as error:
        typer.echo(f"no {replicas} servers are there ({error}): start them, or name fewer --replicas", err=True)
        raise typer.Exit(3) from error
    typer.echo("streams and durables are as declared")


@nats_app.command("users")
def nats_users(
    folder: Annotated[Path, typer.Argument(help="Where users.conf, store-key.conf, tls.conf and the seeds go.")],
    tls_certificate: Annotated[
        Path | None, typer.Option(exists=True, help="The broker's certificate and what leads up from it, PEM.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(exists=True, help="Its key, PEM.")] = None,
) -> None:
    """Write what nats.conf includes: an account for each process with exactly its requests, the key of the store, TLS;
    and a seed file for each. Seeds and keys that are there are kept."""
    from local.broker import SERVICES, Tls, write_users

    if (tls_certificate is None) != (tls_key is None):
        raise typer.BadParameter("TLS needs both: --tls-certificate and --tls-key")
    write_users(folder, Tls(tls_certificate, tls_key) if tls_certificate and tls_key else None)
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


def _system(folder: Path | None) -> Path:
    from local.backup.copies import newest_system
    from local.files import VAR

    found = folder or newest_system(VAR / "run")
    if found is None:
        typer.echo(f"there is no system in {VAR / 'run'}: name its folder by --system", err=True)
        raise typer.Exit(1)
    return found.resolve()


def _both(osm: Path | None, schools: Path | None) -> tuple[Path, Path] | None:
    if (osm is None) != (schools is None):
        raise typer.BadParameter("a real region needs both: --osm FILE.osm.pbf and --schools Schulen.csv")
    return (osm, schools) if osm and schools else None
