"""All five databases at one moment of quiet, by application."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from chaos.world import World

Row = dict[str, object]
Rows = dict[UUID, list[Row]]


def id_in(row: Row, column: str) -> UUID:
    value = row[column]
    assert isinstance(value, UUID), f"no id: {value!r}"
    return value


@dataclass(frozen=True)
class Picture:
    """Keys are ids of applications, but for `decisions` (cases), `passes` and `known` (tickets)."""

    applications: Rows
    news: Rows
    cases: Rows
    decisions: Rows
    tickets: Rows
    steps: Rows
    """Of the signer's audit, by ticket."""
    known: Rows
    passes: Rows


def picture_of(world: World) -> Picture:
    """Ids are 32 digits in some tables and have hyphens in others: here they are UUIDs."""

    def read(service: str, query: str, by: str) -> Rows:
        found: Rows = defaultdict(list)
        for row in world.rows(service, query):
            each = {name: _id(name, row[name]) for name in row.keys()}  # noqa: SIM118  # a sqlite3.Row iterates values
            found[id_in(each, by)].append(each)
        return dict(found)

    of_tickets = "ticket_id, application_id, organisation_id, number, state"
    return Picture(
        read("application", "SELECT id, owner, idempotency_key AS key FROM application", "id"),
        read("application", "SELECT application_id, kind, reference FROM news", "application_id"),
        read("eligibility", "SELECT id, application_id, school_year, state FROM case_file", "application_id"),
        read(
            "eligibility",
            "SELECT id, case_id, round, outcome, released_at, withdrawn_at, ended_on FROM decision",
            "case_id",
        ),
        read(
            "signer",
            f"SELECT {of_tickets}, case_id, decision_id, generation, token_id, last_day FROM ticket",
            "application_id",
        ),
        read("signer", "SELECT ticket_id, step FROM audit", "ticket_id"),
        read("issuance", f"SELECT {of_tickets} FROM known_ticket", "ticket_id"),
        read(
            "wallet-pass", "SELECT ticket_id, application_id, token, qr, revoked_at, suspended FROM pass", "ticket_id"
        ),
    )


def _id(name: str, value: object) -> object:
    is_id = name == "id" or name.endswith("_id")
    if is_id and isinstance(value, str) and len(value) in (32, 36):
        return UUID(value)
    return value
