"""A family that writes and sends, over both services."""

from collections.abc import Sequence
from uuid import UUID

from eligibility.domain.ids import ApplicationId
from eligibility.domain.message import Message
from shared.events import ApplicationSubmitted
from support.application.files import pdf
from support.both_services import BothServices
from support.databases import on_both
from support.eligibility.office import ANNA
from support.outbox import told

PDF = pdf()
HOME = {"street": "Kirchstraße", "house_number": "5a", "postal_code": "33100", "city": "Eschenborn"}
BODY = {
    "guardian": {"first_name": "Zoë", "last_name": "Müller"},
    "pupil": {"first_name": "Jānis", "last_name": "Muller", "birth_date": "2013-02-28"},
    "home": HOME, "school_number": "100004", "grade": "07", "track": "GY9", "school_year": "2026/27",
    "wanted_from": "2026-08-01", "lives_in_nrw": True,
}  # fmt: skip
LOST = "Ich habe mein Handy verloren, bitte sperren Sie das Ticket!"
BOTH = on_both("world")


def number_of(both: BothServices) -> UUID:
    return told(both.database, ApplicationSubmitted)[0].application_id


def messages(both: BothServices) -> Sequence[Message]:
    return both.world.database.read_now(lambda store: store.messages_of(ApplicationId(number_of(both))))


async def pile(both: BothServices) -> int:
    return (await both.world.desk.counts(ANNA))["messages"]


async def granted(both: BothServices) -> str:
    path = await both.applies(BODY)
    await both.deliver_all()
    return path
