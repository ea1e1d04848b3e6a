"""Commands beside the signer's keys and tables: serve, migrate, outbox; and the authorities' terms."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from shared.commands import add_common

from issuance.commands import revoke_many
from issuance.commands.audit import signer_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared.events import Event
    from shared.runtime.service import Service

    from issuance.domain.terms import Terms
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
    except OSError as error:
        typer.echo(f"setting SIGNER_KEYS: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(2) from None


def _migrate(back_to: str | None) -> None:
    from issuance.main import migrate_signer

    migrate_signer(back_to)


def _announce(store: "Store", now: datetime) -> "Iterator[Sequence[Event]]":
    from issuance.workflow.signer.announce import announce

    return announce(store, now)


add_common(app, name="signer", build=_build, migrate=_migrate, announce=_announce)
app.add_typer(authority_app, name="authority")
revoke_many.add(app)
app.add_typer(signer_app, name="audit")


@authority_app.command("set")
def set_authority(
    database_url: Annotated[str, typer.Option(envvar="SIGNER_DATABASE_URL", help="The signer's database.")],
    path: Annotated[Path | None, typer.Argument(metavar="FILE", exists=True, dir_okay=False)] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The same as FILE.")] = None,
) -> None:
    """Set operator, product and area of authorities by their id (YAML or JSON). Tickets that are out keep theirs."""
    from shared.database import Database
    from shared.runtime.start import own_database

    from issuance.store.signer import SignerStore

    source = path or file
    if source is None:
        raise typer.BadParameter("name a file")
    try:
        entries = terms_of(source)
    except ValueError as error:
        typer.echo(f"{source}: {error}", err=True)
        raise typer.Exit(2) from None
    database = Database(own_database("signer", database_url), SignerStore)
    try:
        for authority_id, terms in entries:
            database.write_now(lambda store, one=authority_id, its=terms: store.set_terms(one, its))  # type: ignore[misc]
    finally:
        database.close()
    typer.echo(f"terms of {len(entries)} authorities are set")


LONGEST_FILE, MOST_PARTS, DEEPEST = 1_000_000, 100_000, 30
"""Bytes, values in them (some 400 authorities with 15 each), and levels."""


def terms_of(source: Path) -> "list[tuple[str, Terms]]":
    """The terms in a file, by authority.

    Raises:
        ValueError: what is wrong with it.
    """
    import yaml

    from issuance.domain.authority_file import parse

    data = source.read_bytes()
    if len(data) > LONGEST_FILE:
        raise ValueError(f"longer than {LONGEST_FILE:,} bytes")
    try:
        depth = 0
        # the events come one after the other; only building calls itself for each level
        for parts, event in enumerate(yaml.parse(data, getattr(yaml, "CSafeLoader", yaml.SafeLoader))):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or parts > MOST_PARTS or depth > DEEPEST:
                raise ValueError("aliases, or more and deeper than any such file")
        content = yaml.safe_load(data)
    except (yaml.YAMLError, RecursionError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"neither YAML nor JSON: {str(error)[:300]}") from error
    return parse(content)
