"""`issuance signer revoke`: many tickets at once, on the signer's machine, by a person who has confirmed how many.

The API and the desk end so many an hour and no more (`workflow.signer.endings`): whoever steals an account there cannot
take the tickets of a whole town.
"""

import asyncio
import getpass
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import uuid4

import typer

if TYPE_CHECKING:
    from shared.database import Database

    from issuance.domain.ticket import StoredTicket
    from issuance.store.signer import SignerStore

Each = TypeVar("Each")
BATCH = 100
"""In one transaction: the signer's own work goes on in between."""
LONGEST_FILE = 20_000_000
"""Bytes: more than a million numbers."""


def add(app: typer.Typer) -> None:
    """Adds `revoke`."""
    app.command("revoke")(revoke)


def revoke(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A number on each line.")],
    organisation: Annotated[int, typer.Option(help="Organisation id of the tickets.", min=0, max=65535)],
    reason: Annotated[str, typer.Option(help="withdrawn, notice, fraud, lost, by_authority, or words (no names).")],
    database_url: Annotated[str, typer.Option(envvar="SIGNER_DATABASE_URL", help="The signer's database.")],
    confirm: Annotated[int | None, typer.Option(help="How many; asked for where it is not given.")] = None,
) -> None:
    """Revoke many tickets for good, however many the API lets one have revoked in an hour. Exits with 1 where nothing
    was done."""
    # 1. Which tickets these are, and how many of them can be revoked.
    from shared.database import Database
    from shared.runtime.start import own_database

    from issuance.store.signer import SignerStore

    numbers = _numbers(file)
    database: Database[SignerStore] = Database(own_database("signer", database_url), SignerStore)
    try:
        found = _found(database, organisation, numbers)
        for authority_id, count in sorted(Counter(each.order.authority_id for each in found).items()):
            typer.echo(f"authority {authority_id}: {count} tickets")
        typer.echo(f"{len(numbers) - len(found)} of {len(numbers)} numbers are unknown or dead already")
        # 2. A person says how many: nothing brings them back.
        told = confirm
        if told is None and found:
            words = f"{len(found)} tickets will be revoked for good, and with each the others of its right to ride"
            told = typer.prompt(f"{words}. Type how many", type=int)
        if not found or told != len(found):
            typer.echo(f"nothing is revoked: {len(found)} tickets, confirmed {told}", err=True)
            raise typer.Exit(1)
        # 3. As a request each, noted with who asked.
        _revoke(database, found, reason)
        left = len(_found(database, organisation, [each.order.ticket.number for each in found]))
    finally:
        database.close()
    typer.echo(f"{len(found) - left} tickets are revoked; the signer tells of it when it runs")
    if left:
        typer.echo(f"{left} are not: nobody holds them yet, or they cannot be revoked for this reason", err=True)


def _numbers(file: Path) -> Sequence[int]:
    """Each once, in their order. Exits with 2 for a file that is none."""
    content = file.read_bytes()
    lines = [line.strip() for line in content.split(b"\n") if line.strip()]
    if len(content) > LONGEST_FILE or not all(line.isdigit() and len(line) <= 10 for line in lines):
        typer.echo(f"{file}: a ticket number on each line, and nothing else", err=True)
        raise typer.Exit(2)
    return list(dict.fromkeys(int(line) for line in lines))


def _found(database: "Database[SignerStore]", organisation: int, numbers: Sequence[int]) -> "list[StoredTicket]":
    """Those that live."""
    from issuance.domain.ticket import LIVING

    found: list[StoredTicket] = []
    for some in _batches(numbers):
        known = database.read_now(lambda store, some=some: [store.find(organisation, each) for each in some])  # type: ignore[misc]
        found += [each for each in known if each is not None and each.state in LIVING]
    return found


def _revoke(database: "Database[SignerStore]", found: "Sequence[StoredTicket]", reason: str) -> None:
    from shared.events import RevocationRequested

    from issuance.domain.right import AUTHORITY
    from issuance.workflow.signer.revoke import TicketRevocation

    revoking = TicketRevocation(_now)
    asked_by = f"command {getpass.getuser()}"
    for some in _batches(found):
        steps = [
            asyncio.run(
                revoking.requested(
                    RevocationRequested(
                        occurred_at=_now(),
                        authority_id=each.order.authority_id,
                        request_id=uuid4(),
                        number=each.order.ticket.number,
                        organisation_id=each.order.ticket.terms.organisation_id,
                        reason=reason,
                        requested_by=asked_by,
                        party=AUTHORITY,
                    )
                )
            )
            for each in some
        ]
        database.write_now(lambda store, steps=steps: [step(store) for step in steps])  # type: ignore[misc]


def _batches(all_of_them: Sequence[Each]) -> Iterator[Sequence[Each]]:
    for start in range(0, len(all_of_them), BATCH):
        yield all_of_them[start : start + BATCH]


def _now() -> datetime:
    return datetime.now(UTC)
