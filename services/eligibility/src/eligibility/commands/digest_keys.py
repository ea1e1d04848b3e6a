"""`eligibility digest-keys FILE`: the keys under which the service makes its digests."""

import secrets
from pathlib import Path
from typing import Annotated

import typer
from shared.durable_files import OWNER, write_durably
from shared.options import no_device

KEY_BYTES = 32


def add_to(app: typer.Typer) -> None:
    """Add `digest-keys` to the service's commands."""

    @app.command("digest-keys")
    def digest_keys(
        file: Annotated[
            Path,
            typer.Argument(dir_okay=False, callback=no_device, help="ELIGIBILITY_DIGEST_KEYS_FILE of the service."),
        ],
        rotate: Annotated[bool, typer.Option("--rotate", help="Put a new key before those that are there.")] = False,
    ) -> None:
        """Write a new key, readable by the owner alone; a file that is there stays as it is, unless --rotate is given.

        The service makes its digests of children anew under the newest key when it starts. Then the earlier lines can
        be taken out of the file.
        """
        earlier = file.read_text(encoding="ascii") if file.exists() else ""
        if earlier and not rotate:
            typer.echo(f"{file}: is there already")
            return
        write_durably(file, f"{secrets.token_hex(KEY_BYTES)}\n{earlier}", mode=OWNER)
        typer.echo(f"{file}: a new key")
