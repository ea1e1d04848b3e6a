"""Children of one family who apply in the small place."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from eligibility.domain.case import Case
from shared.birth_dates import BirthDate
from shared.events import ApplicationSubmitted, ApplicationWithdrawn, Circumstances, Sibling
from support.eligibility.small_place import submitted
from support.eligibility.world import World, settled

HOUSEHOLD = uuid4()
OLDER, YOUNGER, YOUNGEST = date(2015, 3, 1), date(2017, 5, 1), date(2019, 1, 15)
OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


def sibling(birth: BirthDate, *, funded: bool = True, **changes: object) -> Sibling:
    """As a child's application names it."""
    return Sibling(birth_date=birth, funded=funded, **changes)


def child(
    birth: BirthDate, *siblings: Sibling, household: UUID | None = HOUSEHOLD, **changes: object
) -> ApplicationSubmitted:
    """Its application, which names these siblings."""
    circumstances = Circumstances(lives_in_nrw=True, siblings=siblings)
    return submitted(birth_date=birth, circumstances=circumstances, household=household, **changes)


def two_children() -> tuple[ApplicationSubmitted, ApplicationSubmitted]:
    """Two funded children, each naming the other; the older first."""
    return child(OLDER, sibling(YOUNGER)), child(YOUNGER, sibling(OLDER))


def withdrawal(event: ApplicationSubmitted) -> ApplicationWithdrawn:
    return ApplicationWithdrawn(
        occurred_at=OCTOBER, authority_id="12345", application_id=event.application_id, withdrawal_id=uuid4()
    )


def share(world: World, event: ApplicationSubmitted) -> int:
    """What the family pays for this child now, in cents a month."""
    decision = world.decision_of(event.application_id)
    assert decision.own_share_cents is not None
    return decision.own_share_cents


async def one_moves_down(world: World) -> ApplicationSubmitted:
    """The older child gets its grant after the younger one, whose share falls. The younger one's application."""
    younger = child(YOUNGER, sibling(OLDER, funded=False))
    await world.hear(younger)
    await world.hear(child(OLDER, sibling(YOUNGER)))
    await settled(world.families())
    return younger


async def older_leaves(world: World, both: tuple[ApplicationSubmitted, ApplicationSubmitted]) -> Case:
    """The older child's grant ends in October: the younger one's share would rise. Its case."""
    for event in both:
        await world.hear(event)
    await settled(world.families())
    world.clock[0] = OCTOBER
    await world.hear(withdrawal(both[0]))
    await settled(world.families())
    return world.case_of(both[1].application_id)
