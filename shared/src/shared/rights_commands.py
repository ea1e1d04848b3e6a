"""`SERVICE rights …`: what a service keeps of a family is exported, or erased."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol
from uuid import UUID

import typer

if TYPE_CHECKING:
    from sqlmodel import Session

    from shared.database import Database
    from shared.database.belongings import FamilyTables, PlainRow
    from shared.errors import Text
    from shared.runtime.service import Service

Ids = Annotated[list[UUID] | None, typer.Option("--application", help="An application; may be given again.")]
Authority = Annotated[str | None, typer.Option(help="All applications of this authority.")]
Rows = Mapping[str, int]
EraseOne = Callable[["Service[Any]", UUID, str | None], Rows]
"""Erases one application and returns how many rows of each table went; the last is the reason to do so despite a hold.
Raises Conflict where something holds it."""
Despite = Annotated[
    str | None,
    typer.Option(metavar="REASON", help="Erase also what must be kept; the reason, without names, stays on record."),
]
HELD_EXIT = 3
Account = Annotated[str | None, typer.Option(help="All applications and drafts of this account.")]


def now() -> datetime:
    """When a command does what it does."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class FamilyErasure:
    """Of the service that tells the others: how it erases one application, and all of an account."""

    erase_one: EraseOne
    applications_of_account: "Callable[[Service[Any], str], Sequence[UUID]]"
    erase_drafts: "Callable[[Service[Any], str], Rows]"


class FamilyStore(Protocol):
    """A service's store, with the tables that hold something of a family."""

    session: "Session"
    family_tables: "FamilyTables"

    def running_of(self, application_id: UUID, now: datetime) -> "Text | None":
        """What still runs of it here, so that it must not go unasked; None where nothing does."""
        ...


def rights_commands(build: "Callable[[], Service[Any]]", erasure: FamilyErasure | None = None) -> typer.Typer:
    """`build`: the service with its settings.

    Args:
        erasure: None where it erases as it does when it hears of one.
    """
    app = typer.Typer(no_args_is_help=True, help="What is kept of a family: to be read, and to be erased.")

    @app.command()
    def export(application: Ids = None, authority: Authority = None) -> None:
        """All rows that are kept of these applications, as JSON to stdout."""
        service = build()
        ids = _chosen(service.database, application, authority)
        _write_export(service, ids)

    _add_retention(app, build)
    _add_erased(app, build)
    if erasure is None:
        _add_erase(app, build)
    else:
        _add_erase_for_all(app, build, erasure)
    return app


def _add_retention(app: typer.Typer, build: "Callable[[], Service[Any]]") -> None:
    @app.command()
    def retention(
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; nothing is erased.")] = False,
    ) -> None:
        """Erase what has been kept for long enough; the service does it daily by itself. JSON to stdout: how many rows
        of each table, and what a hold keeps and why."""
        import asyncio

        from shared.retention_job import run_retention

        service = build()
        done = asyncio.run(run_retention(service.database, service.retention, now(), dry_run=dry_run))
        typer.echo(json.dumps(done.as_json(service.name)))
        if done.failure is not None:
            typer.echo(f"not all could be erased ({type(done.failure).__name__}); the others are", err=True)
            raise typer.Exit(1)


def _add_erased(app: typer.Typer, build: "Callable[[], Service[Any]]") -> None:
    @app.command()
    def erased() -> None:
        """Which applications were erased, as JSON to stdout: random ids, authorities and times, for `erase-again`."""
        from shared.bus.erasures import list_erased

        typer.echo(json.dumps(build().database.read_now(lambda store: list_erased(store.session)), indent=1))

    @app.command("erase-again")
    def erase_again(file: Annotated[Path, typer.Argument(help="As `rights erased` of a service printed it.")]) -> None:
        """After an older copy of this database was put in its place: what was erased since then goes once more when the
        service starts. Prints how many applications that is."""
        from shared.bus.erasures import mark_due, read_erased

        try:
            found = read_erased(file.read_bytes())
        except (OSError, ValueError):
            raise typer.BadParameter(f"{file} is no list of what was erased") from None
        service = build()
        count = service.database.write_now(lambda store: mark_due(store.session, found))
        typer.echo(json.dumps({"service": service.name, "due": count}))


def _add_erase(app: typer.Typer, build: "Callable[[], Service[Any]]") -> None:
    @app.command()
    def erase(application: Ids = None, authority: Authority = None, despite_hold: Despite = None) -> None:
        """Erase these applications here alone, and what comes of them later. JSON to stdout: how many rows of each
        table. What still runs here stays, with the reason on stderr and exit 3. In all services, with all that holds an
        application: `application rights erase`."""
        service = build()
        ids = _chosen(service.database, application, authority)
        gone, held = in_turn(ids, lambda each: erase_unless_held(service, each, despite_hold))
        _drop_remains(service)
        report(service.name, gone)
        if held:
            raise typer.Exit(HELD_EXIT)


def _add_erase_for_all(app: typer.Typer, build: "Callable[[], Service[Any]]", erasure: FamilyErasure) -> None:
    @app.command()
    def erase(
        application: Ids = None, authority: Authority = None, account: Account = None, despite_hold: Despite = None
    ) -> None:
        """Erase these applications in all services, or a family by its account. JSON to stdout: how many rows of each
        table went here; the others hear it. What something holds stays, with the reasons on stderr and exit 3."""
        service = build()
        if account is not None:
            if application or authority is not None:
                raise typer.BadParameter("name --application, --authority or --account, one of them")
            ids = list(erasure.applications_of_account(service, account))
        else:
            ids = _chosen(service.database, application, authority)
        gone, held = in_turn(ids, lambda each: erasure.erase_one(service, each, despite_hold))
        if account is not None and not held:
            gone |= erasure.erase_drafts(service, account)
        _drop_remains(service)
        report(service.name, gone)
        if held:
            raise typer.Exit(HELD_EXIT)


def _drop_remains(service: "Service[Any]") -> None:
    """Of what was erased; where others read just now, the running service does it within seconds."""
    from shared.database.remains import drop_remains

    drop_remains(service.database.url)


def report(service: str, tables: Rows) -> None:
    """As programs read it."""
    typer.echo(json.dumps({"service": service, "tables": dict(sorted(tables.items()))}))


def in_turn(ids: Sequence[UUID], erase: Callable[[UUID], Rows]) -> tuple[dict[str, int], int]:
    """One after the other, each in a transaction of its own, with the progress on stderr. Returns how many rows went,
    and how many applications stay because something holds them."""
    from shared.errors import Conflict

    gone: dict[str, int] = {}
    held = 0
    for place, each in enumerate(ids, start=1):
        try:
            for name, rows in erase(each).items():
                gone[name] = gone.get(name, 0) + rows
        except Conflict as reason:
            held += 1
            typer.echo(f"{each}: {reason.text.en}", err=True)
        typer.echo(f"{place} of {len(ids)}", err=True)
    return gone, held


def erase_unless_held(service: "Service[Any]", application_id: UUID, despite: str | None) -> Rows:
    """As the service does when it hears of it.

    Raises:
        Conflict: where something of it still runs here and nobody says `despite` what it goes.
    """

    from shared.audit import trail
    from shared.audit.acts import TrailAct
    from shared.errors import Conflict

    at = now()
    running = service.database.read_now(lambda store: store.running_of(application_id, at))
    if running is not None and despite is None:
        raise Conflict(running)
    counted = service.database.read_now(lambda store: _count(store, application_id))
    rows = erase_as_heard(service, application_id)
    if running is not None and counted is not None:
        chain, detail = counted[0], {"held": "ticket", "reason": despite}

        def note(store: FamilyStore) -> None:
            by, about = "administrator", str(application_id)
            act = TrailAct.DESPITE_HOLD
            trail.note(store.session, chain=chain, by=by, act=act, about=about, at=at, detail=detail)

        service.database.write_now(note)
    return rows


def erase_as_heard(service: "Service[Any]", application_id: UUID) -> Rows:
    """As the service does when it hears that the family was erased. What is not kept here is not noted as erased."""
    import asyncio

    from shared.events import ApplicationFamilyErased

    counted = service.database.read_now(lambda store: _count(store, application_id))
    if counted is None:
        return {}
    authority_id, rows = counted
    event = ApplicationFamilyErased(occurred_at=now(), authority_id=authority_id, application_id=application_id)

    async def handle() -> None:
        await service.database.write(await service.handlers[ApplicationFamilyErased](event))

    asyncio.run(handle())
    return rows


def _count(store: FamilyStore, application_id: UUID) -> tuple[str, Rows] | None:
    """None where nothing is kept of it, or its family was erased: what stays then is nobody's."""
    from shared.bus.erasures import erased_among
    from shared.database.belongings import count_rows

    connection, tables = store.session.connection(), store.family_tables
    authority_id = tables.authority_of(connection, application_id)
    if authority_id is None or erased_among(store.session, [application_id]):
        return None
    return authority_id, count_rows(connection, tables.of(application_id))


def _chosen(database: "Database[Any]", application: list[UUID] | None, authority: str | None) -> list[UUID]:
    if bool(application) == (authority is not None):
        raise typer.BadParameter("name --application, once or several times, or --authority")
    if authority is None:
        return list(dict.fromkeys(application or ()))
    return database.read_now(
        lambda store: list(store.family_tables.applications_of(store.session.connection(), authority))
    )


def _write_export(service: "Service[Any]", ids: Sequence[UUID]) -> None:
    """A row at a time: nobody holds all documents of a family at once."""

    def write(store: FamilyStore) -> None:
        tables = list(dict.fromkeys(each.name for one in ids[:1] for each in store.family_tables.of(one)))
        typer.echo(f'{{"service": {json.dumps(service.name)}, "tables": {{', nl=False)
        for place, name in enumerate(tables):
            typer.echo(f"{', ' if place else ''}{json.dumps(name)}: [", nl=False)
            for number, row in enumerate(_rows_of(store, name, ids)):
                typer.echo((",\n" if number else "\n") + json.dumps(row, ensure_ascii=False), nl=False)
            typer.echo("]", nl=False)
            typer.echo(f"{name}: {place + 1} of {len(tables)} tables", err=True)
        typer.echo("}}")

    service.database.read_now(write)


def _rows_of(store: FamilyStore, name: str, ids: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    from shared.database.belongings import read_rows

    plain_row: PlainRow | None = getattr(store, "plain_row", None)  # where values are kept encrypted
    for each in ids:
        for table, mine in store.family_tables.of(each).items():
            if table.name == name:
                yield from read_rows(store.session.connection(), table, mine, plain_row)
