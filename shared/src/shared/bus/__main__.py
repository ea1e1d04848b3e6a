"""The admin step in an installation, before its services start: `python -m shared.bus --nats-url … --seed-file …`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from shared.bus import admin


def create(
    nats_url: Annotated[str, typer.Option(help="For example tls://nats:4222.")],
    seed_file: Annotated[Path, typer.Option(exists=True, help="The admin's nkey seed.")],
    replicas: Annotated[int, typer.Option(min=1, max=5, help="Servers that keep each message; 3 in a cluster.")] = 1,
    ca_file: Annotated[
        Path | None, typer.Option(exists=True, help="At tls://…: whose certificates the broker may show.")
    ] = None,
) -> None:
    """Make streams and durables as declared, or bring them to the declaration. Repeatable."""
    asyncio.run(admin.create(nats_url, str(seed_file), replicas, ca_file))
    typer.echo("streams and durables are as declared")


if __name__ == "__main__":
    typer.run(create)
