"""Commands beside the signer's keys and tables: serve, migrate, outbox; and the authorities' terms."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from shared.commands import add_common

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.events import Event
    from shared.runtime.service import Service

    from issuance.workflow.signer.announce import Store

app = typer.Typer(no_args_is_help=True, help="The process with the keys (environment SIGNER_…).")
authority_app = typer.Typer(no_args_is_help=True, help="What each authority issues.")


def _build() -> "Service[Any]":
    from issuance.main import build_signer
    from issuance.signer.keys import KeyProblem
    from issuance.verification.trust import Unusable

    try:
        return build_signer()
    except (KeyProblem, Unusable) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from None


def _migrate() -> None:
    from issuance.main import migrate_signer

    migrate_signer()


def _announce(store: "Store", now: datetime) -> "Iterator[Event]":
    from issuance.workflow.signer.announce import announce

    return announce(store, now)


add_common(app, build=_build, migrate=_migrate, announce=_announce)
app.add_typer(authority_app, name="authority")


@authority_app.command("set")
def set_authority(
    database_url: Annotated[str, typer.Option(envvar="SIGNER_DATABASE_URL", help="The signer's database.")],
    path: Annotated[Path | None, typer.Argument(metavar="FILE", exists=True, dir_okay=False)] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The same as FILE.")] = None,
) -> None:
    """Set operator, product and area of authorities by their id (YAML or JSON). Tickets that are out keep theirs."""
    import yaml
    from pydantic import ValidationError
    from shared.database import Database

    from issuance.domain.authority_file import parse
    from issuance.store.signer import SignerStore

    source = path or file
    if source is None:
        raise typer.BadParameter("name a file")
    try:
        entries = parse(yaml.safe_load(source.read_bytes()))
    except (yaml.YAMLError, ValidationError) as error:
        typer.echo(f"{source}: {error}", err=True)
        raise typer.Exit(2) from None
    database = Database(database_url, SignerStore)
    try:
        for authority_id, terms in entries:
            database.write_now(lambda store, one=authority_id, its=terms: store.set_terms(one, its))  # type: ignore[misc]
    finally:
        database.close()
    typer.echo(f"terms of {len(entries)} authorities are set")
