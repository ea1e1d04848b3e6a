"""The admin step in an installation, before its services start: `python -m shared.bus --nats-url … --seed-file …`."""

import asyncio
from pathlib import Path
from typing import Annotated

import nats.errors
import nats.js.errors
import nkeys
import typer

from shared.bus import admin
from shared.bus.safety import UnsafeBroker


def create(
    nats_url: Annotated[str, typer.Option(help="For example tls://nats:4222.")],
    seed_file: Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True, help="The admin's nkey seed.")],
    replicas: Annotated[int, typer.Option(min=1, max=5, help="Servers that keep each message; 3 in a cluster.")] = 1,
    ca_file: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="At tls://…: whose certificates the broker may show."
        ),
    ] = None,
    installation: Annotated[
        str | None, typer.Option(help="Whose streams they are: the name in the …_INSTALLATION of its processes.")
    ] = None,
) -> None:
    """Make streams and durables as declared, or bring them to the declaration. Repeatable. Exit 2: they are another
    installation's, and nothing was changed; 3: too few servers; 1: the broker does not answer, or lets nobody in."""
    try:
        asyncio.run(admin.create(nats_url, str(seed_file), replicas, ca_file, installation))
    except UnsafeBroker as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except admin.TooFewServers as error:
        typer.echo(f"too few servers for --replicas {replicas}: {error}", err=True)
        raise typer.Exit(3) from None
    except nats.js.errors.APIError as error:
        typer.echo(f"--nats-url {nats_url}: the broker refuses: {error.description}", err=True)
        raise typer.Exit(1) from None
    except (ValueError, nkeys.NkeysError) as error:  # of an address or a seed that is none
        typer.echo(f"--nats-url or --seed-file: {error}", err=True)
        raise typer.Exit(1) from None
    except (nats.errors.Error, OSError) as error:
        remedy = "does the broker run there, is --seed-file its admin's, and did --ca-file sign its certificate?"
        typer.echo(f"--nats-url {nats_url}: {error.__cause__ or error}: {remedy}", err=True)
        raise typer.Exit(1) from None
    typer.echo("streams and durables are as declared")


if __name__ == "__main__":
    typer.run(create)
