"""The command line of the service: `eligibility …`. Calls the same functions as HTTP and the bus."""

import typer

from eligibility.commands import rules

app = typer.Typer(no_args_is_help=True, help="Decides by the rules of the responsible school authority.")
rules.add_to(app)


def main() -> None:
    app()
