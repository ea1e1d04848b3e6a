"""What the bus brings a service between two requests, as a worker hears it: of two tenants by turns."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

from eligibility.domain.ids import NoticeToken
from eligibility.store import Store
from eligibility.workflow import Environment, MeasuredRoutes
from shared.database import Database
from shared.database.database import SessionStore
from shared.errors import NotFound
from shared.events import (
    EligibilityGranted,
    EligibilityQuestionAsked,
    Event,
    Person,
    TicketStateChanged,
)
from shared.runtime.service import Service
from support.application.family_pages import REASON
from support.eligibility import small_place
from support.eligibility.world import KEYS, MeasurerAsTold, World
from support.matrix.actors import AUTHORITIES, ORGANISATIONS
from support.row_security.two_copies import Copy, Hear
from support.wallet_pass import tickets

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SCHOOLS = ("100001", "100006")


async def _hear(copy: Copy, *events: Event) -> None:
    """As the consumer does; of an application that was erased meanwhile nothing is kept."""
    service = cast("Service[SessionStore]", copy.service)
    for event in events:
        with suppress(NotFound):
            await service.database.write(await service.handlers[type(event)](event))


async def _to_application(copy: Copy, chance: random.Random) -> None:
    """A grant with its ticket, or a question."""
    tenant = chance.randrange(2)
    ids = copy.matrix.places.of[tenant]
    of = UUID(ids["application_id"])
    head: dict[str, object] = {"application_id": of, "authority_id": AUTHORITIES[tenant], "occurred_at": NOW}
    granted = EligibilityGranted.model_validate(head | {
        "decision_id": UUID(ids["decision_id"]), "valid_from": date(2026, 9, 2), "valid_until": date(2027, 7, 31),
        "own_share_cents": 1400, "distance_m": 4321.5, "limit_m": 3500, "reasons": (REASON,), "rules_version": "nrw",
        "notice_url": "https://bescheid.example/v1/notices/b",
    })  # fmt: skip
    asked = EligibilityQuestionAsked.model_validate(head | {
        "question_id": UUID(int=chance.getrandbits(64)), "case_id": UUID(int=tenant), "text": "Bitte das Attest.",
        "due": date(2027, 12, 20),
    })  # fmt: skip
    if chance.random() < 0.3:
        await _hear(copy, asked)
    else:
        await _hear(copy, granted, _ticket(tenant, 1001 + tenant, UUID(ids["ticket_id"]), of))


def _ticket(tenant: int, number: int, ticket_id: UUID, application_id: UUID) -> TicketStateChanged:
    return TicketStateChanged.model_validate({
        "application_id": application_id, "authority_id": AUTHORITIES[tenant], "occurred_at": NOW,
        "ticket_id": ticket_id, "case_id": None, "decision_id": UUID(int=5), "number": number,
        "organisation_id": ORGANISATIONS[tenant], "product": 9995, "valid_from": NOW,
        "valid_until": NOW + timedelta(days=300), "step": 1, "state": "issued", "happened": "issued",
    })  # fmt: skip


async def _to_eligibility(copy: Copy, chance: random.Random) -> None:
    """One of few children applies at one of the authorities: a sibling, or a child for whom the other one was asked too.
    Then families are looked at."""
    tenant, metres = chance.randrange(2), chance.choice((1500.0, 2010.0, 4000.0))
    answer = MeasuredRoutes(small_place.measurement(metres, lenient_m=metres - 20, strict_m=metres + 30))
    environment = Environment(
        lambda: small_place.NOW, lambda: NoticeToken(uuid4().hex), KEYS, "https://bescheid.example"
    )
    database = cast("Database[Store]", copy.service.database)
    world = World(database, MeasurerAsTold(answer), environment, [small_place.NOW])
    child = Person(first_name=chance.choice(("Ana", "Bo")), last_name="Mustermann")
    event = small_place.submitted(authority_id=AUTHORITIES[tenant], school_number=SCHOOLS[tenant], child=child)
    await world.hear(event)
    if chance.random() < 0.5:
        await world.families().settle()


async def _to_issuance(copy: Copy, chance: random.Random) -> None:
    tenant = chance.randrange(2)
    number = chance.choice((1001 + tenant, 2001 + tenant))
    await _hear(copy, _ticket(tenant, number, UUID(int=number), UUID(int=tenant + 1)))


async def _to_wallet_pass(copy: Copy, chance: random.Random) -> None:
    tenant, number = chance.randrange(2), chance.randrange(1, 1000)
    ids: dict[str, object] = {"ticket_id": UUID(int=number), "application_id": UUID(int=number + 1), "number": number}
    authority, organisation = AUTHORITIES[tenant], ORGANISATIONS[tenant]
    await _hear(copy, tickets.issued(**ids, authority_id=authority, organisation_id=organisation))


NEWS: dict[str, Hear] = {
    "application": _to_application,
    "eligibility": _to_eligibility,
    "issuance": _to_issuance,
    "wallet-pass": _to_wallet_pass,
}
