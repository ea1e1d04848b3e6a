"""The commands that every service has: serve, migrate, outbox redrive / purge / announce, dead-letters, database,
rights.

What a service needs to run is imported by the command that runs it: `--help` and small commands start in a third of
the time.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import typer

from shared.dead_letter_commands import dead_letter_commands
from shared.rights_commands import FamilyErasure, rights_commands

if TYPE_CHECKING:
    from shared.database import Database
    from shared.events import Event
    from shared.runtime.service import Service

    Announce = Callable[[Any, datetime], Iterable[Sequence[Event]]]
    """From a service's store and the time of now: for hearers that lost more than the outbox still holds. Events of a
    page at a time, which are told in the transaction in which it was read. Hearers must know their own rows by the ids
    in the events."""

Result = TypeVar("Result")


def add_common(
    app: typer.Typer,
    *,
    name: str,
    build: "Callable[[], Service[Any]]",
    migrate: Callable[[str | None], None],
    announce: "Announce | None" = None,
    rights: FamilyErasure | None = None,
) -> None:
    """Add `serve`, `migrate`, `outbox …` and others to a service's command line. `build` and `migrate` read the
    settings.

    Args:
        name: of the process, in its log.
        announce: events of the state that stands in the tables.
        rights: where erasing a family is more than what the service does when it hears of it.
    """

    @app.command()
    def serve() -> None:
        """Run the service until SIGTERM."""
        service = _settled(name, build)
        from shared.runtime.environment import look_at_environment
        from shared.runtime.service import run

        look_at_environment(name, service.settings)
        run(service)

    _add_migrate(app, name, migrate)
    app.add_typer(_outbox_commands(name, build, announce), name="outbox")
    app.add_typer(dead_letter_commands(lambda: _own(name, build)), name="dead-letters")
    _add_database(app, name, build)
    app.add_typer(rights_commands(lambda: _own(name, build), rights), name="rights")


def _add_migrate(app: typer.Typer, name: str, migrate: Callable[[str | None], None]) -> None:
    @app.command("migrate")
    def migrate_command(
        back_to: Annotated[
            str | None,
            typer.Option(help="An earlier version, before its program is started again; what is newer is lost."),
        ] = None,
    ) -> None:
        """Bring the database to the newest version."""
        _migrate(name, lambda: migrate(back_to))


def _outbox_commands(name: str, build: "Callable[[], Service[Any]]", announce: "Announce | None") -> typer.Typer:
    outbox_app = typer.Typer(no_args_is_help=True, help="Events on their way to the bus.")

    @outbox_app.command()
    def redrive(
        since: Annotated[datetime | None, typer.Option(help="Events emitted at or after this time (UTC).")] = None,
        event: Annotated[UUID | None, typer.Option(help="One event by its id.")] = None,
    ) -> None:
        """Publish events again that the broker lost or a hearer could not read. Hearers drop what they have."""
        from shared.bus import outbox

        if (since is None) == (event is None):
            raise typer.BadParameter("name --since or --event; the last 14 days can be driven again")
        at = since.replace(tzinfo=since.tzinfo or UTC) if since else datetime.now(UTC)
        database: Database[Any] = _own(name, build).database
        if event is not None:
            count = database.write_now(lambda store: outbox.redrive(store.session, event))
        else:
            count = sum(database.write_in_steps(lambda store: outbox.redrive_since(store.session, at)))
        typer.echo(f"{count} events will be published again")

    @outbox_app.command()
    def purge(days: Annotated[int, typer.Option(min=0, help="Keep this many days.")] = 14) -> None:
        """Delete published events: they may hold personal data."""
        from shared.bus import outbox

        before = datetime.now(UTC) - timedelta(days=days)
        database: Database[Any] = _own(name, build).database

        def steps(store: Any) -> Iterator[int]:
            while count := outbox.purge(store.session, before):
                yield count

        typer.echo(f"{sum(database.write_in_steps(steps))} events deleted")

    if announce is not None:
        _add_announcement(outbox_app, name, build, announce)
    return outbox_app


def _add_announcement(
    outbox_app: typer.Typer, name: str, build: "Callable[[], Service[Any]]", announce: "Announce"
) -> None:
    @outbox_app.command("announce")
    def announce_command() -> None:
        """Tell the present state again, out of the tables: for what is older than the outbox keeps."""
        from shared.bus import outbox

        database: Database[Any] = _own(name, build).database

        def steps(store: Any) -> Iterator[int]:
            for events in announce(store, datetime.now(UTC)):
                outbox.emit(store.session, *events)
                yield len(events)

        typer.echo(f"{sum(database.write_in_steps(steps))} events will be published")


def _add_database(app: typer.Typer, name: str, build: "Callable[[], Service[Any]]") -> None:
    database_app = typer.Typer(no_args_is_help=True, help="Which state of its database this is.")

    @database_app.callback()
    def is_a_group() -> None:
        """Which state of its database this is."""

    @database_app.command("raise-epoch")
    def raise_epoch(
        above: Annotated[
            int, typer.Option(min=0, help="The highest epoch that others have heard of it, as their /readyz says.")
        ] = 0,
    ) -> None:
        """After an older copy was put in this database's place by hand (`local restore` does it by itself), with this
        service stopped: others take again what it says, and what they did not take is told again."""
        from shared.bus import epochs

        service = _own(name, build)

        def rise(store: Any) -> tuple[int, int]:
            return epochs.raise_epoch(store.session, service.name, datetime.now(UTC), above=above)

        epoch, count = service.database.write_now(rise)
        typer.echo(f"epoch {epoch}; {count} events will be published again")
        typer.echo("That it hears again what it has forgotten, at each other service: `outbox redrive --since` the "
                   "time of the copy.")  # fmt: skip

    @database_app.command("rewrite")
    def rewrite() -> None:
        """Write each table anew, so that nothing of rows that were deleted is left in the database's files. Others
        wait meanwhile: at PostgreSQL after erasures, in an hour without work; SQLite needs it hardly ever."""
        from shared.database.remains import rewrite_tables

        rewrite_tables(_owner_url(name, build))
        typer.echo("all tables are written anew")

    app.add_typer(database_app, name="database")


def _migrate(name: str, migrate: Callable[[], None]) -> None:
    _look_at_owner(name)
    _settled(name, lambda: _migrate_or_exit(name, migrate))


def _migrate_or_exit(name: str, migrate: Callable[[], None]) -> None:
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from shared.database.schema import WrongSchema
    from shared.row_security.roles import UnsafeRole
    from shared.runtime.start import DATABASE_AWAY_EXIT, NO_RIGHT, NO_SCHEMA, NOT_THE_OWNER, sentence

    try:
        migrate()
    except (WrongSchema, UnsafeRole) as error:
        typer.echo(sentence(name, error), nl=False, err=True)
        raise typer.Exit(2) from None
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) not in (NO_RIGHT, NO_SCHEMA):
            raise
        typer.echo(sentence(name, NOT_THE_OWNER), nl=False, err=True)
        raise typer.Exit(2) from None
    except OperationalError as error:
        if error.statement is not None:
            raise
        # nothing was asked yet: it could not be opened, and the driver says where it looked and as which role
        typer.echo(sentence(name, f"the database does not answer: {error.orig}"), nl=False, err=True)
        raise typer.Exit(DATABASE_AWAY_EXIT) from None


def _look_at_owner(name: str) -> None:
    """Before tables are changed: another installation's stay as they are. What else is wrong the migration says."""
    from shared.runtime.environment import prefix_of
    from shared.runtime.start import own_database

    prefix = prefix_of(name)
    if url := os.environ.get(f"{prefix}MIGRATION_URL") or os.environ.get(f"{prefix}DATABASE_URL"):
        own_database(name, url)


def _own(name: str, build: "Callable[[], Service[Any]]") -> "Service[Any]":
    """On a database of this installation alone: with another's nothing is done, and it stops with 2."""
    service = _settled(name, build)
    from shared.runtime.start import own_database

    own_database(name, service.database.url)
    return service


def _owner_url(name: str, build: "Callable[[], Service[Any]]") -> str:
    """Of the service's database, by the role that owns its tables."""
    from shared.database.migration_settings import MigrationSettings
    from shared.runtime.environment import prefix_of

    database: Database[Any] = _own(name, build).database
    database.close()
    return MigrationSettings(_env_prefix=prefix_of(name), database_url=database.url).owner_url


def _settled(name: str, make: Callable[[], Result]) -> Result:
    """Wrong configuration does not start: say which setting, and stop with 2."""
    from shared.runtime.beginning import load_libraries_alone

    load_libraries_alone()
    from pydantic import ValidationError

    from shared.runtime import logs
    from shared.runtime.environment import wrong_settings

    logs.configure(name, stays=False)
    try:
        return make()
    except ValidationError as error:
        for said in wrong_settings(name, error):
            typer.echo(said, err=True)
        raise typer.Exit(2) from None
