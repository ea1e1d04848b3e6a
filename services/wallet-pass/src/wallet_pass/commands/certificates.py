"""`wallet-pass certificates`: the ceremony at set-up."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(file_okay=False)]


def certificates(
    folder: Folder,
    pass_type: Annotated[str, typer.Option(help="Apple's pass type identifier.")] = "pass.de.schulticket.test",  # noqa: S107
    team: Annotated[str, typer.Option(help="Apple's team identifier, ten characters.")] = "SCHULTICKT",
    renew: Annotated[bool, typer.Option("--renew", help="Replace what is there: older passes keep working.")] = False,
) -> None:
    """Hold the ceremony: a private chain in the shape of Apple's, and a key in the shape of Google's."""
    from wallet_pass.certificates import complete, hold_ceremony
    from wallet_pass.main import now

    if complete(folder) and not renew:
        typer.echo(f"{folder} has its certificates already (--renew replaces them)")
        return
    hold_ceremony(folder, now(), pass_type=pass_type, team=team)
    typer.echo(f"certificates and keys are in {folder}")
