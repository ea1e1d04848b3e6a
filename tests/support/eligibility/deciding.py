"""One application, decided: what it told, what a person is asked, what the rules said."""

from eligibility.workflow import MeasuredRoutes
from geography.model.types import WithoutHazards
from shared.events import ApplicationSubmitted, Circumstances
from support.eligibility import small_place
from support.eligibility.world import World

SHORT, LONG = 1500.0, 6000.0
"""Metres: below and above every limit."""
FARES = [
    {"valid_from": "2026-01-01", "valid_until": "2026-12-31", "monthly_cents": 4300, "source": "Erlass BASS 20022"},
    {"valid_from": "2027-01-01", "monthly_cents": 4800, "source": "Tarifbeschluss"},
]
SCHOOL_TICKET = {"key": "dt-schule", "name": "Deutschlandticket Schule", "fares": FARES}
OFFER = {"offered": True, "product": "dt-schule", "rebate_cents": 500, "source": "Ratsbeschluss vom 1. April 2026"}
REASONABLE = {
    "kind": "car", "public_available": True, "walk_to_stops_m": 900.0, "minutes_a_day": 90, "minutes_one_way": 45,
    "waiting_minutes": 20, "leaves_home_at": "06:40", "special_available": False, "kilometres_one_way": 10.0,
    "school_days_a_month": 20,
}  # fmt: skip
"""Of bus and train: nothing speaks against them."""


def product(cents: int, **changes: object) -> dict[str, object]:
    """Another ticket, by this fare."""
    fare = {"valid_from": "2026-01-01", "monthly_cents": cents, "source": "Tarif"}
    return {"key": "ticket", "name": "Schülerticket", "fares": [fare], **changes}


def listed(key: str = "b64", **changes: object) -> dict[str, object]:
    """An entry of the authority's danger list."""
    entry = {
        "key": key,
        "stretch": "B 64 zwischen Ortsausgang und Kirchstraße, kein Gehweg",
        "levels": ["primary"],
        "valid_from": "2026-01-01",
        "source": "Verkehrsschau vom 03.03.2026",
    }
    return entry | changes


def around(safe: float | None, metres: float = 1500.0, **hazard: object) -> MeasuredRoutes:
    """A way on which a drawn hazard lies, and the length of the way around it."""
    met = {"id": "h1", "reason": "kein Gehweg", "season": "", "levels": [], "decided_on": "2026-03-03", "key": "b64"}
    return MeasuredRoutes(
        small_place.measurement(metres, without_hazards=WithoutHazards(safe, None, ({**met, **hazard},)))
    )


async def decided(world: World, metres: float, **changes: object) -> ApplicationSubmitted:
    """On a way of this length."""
    world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
    event = small_place.submitted(**changes)
    await world.hear(event)
    return event


def lives_here(**more: object) -> Circumstances:
    return Circumstances(lives_in_nrw=True, **more)


def questions(world: World, event: ApplicationSubmitted) -> list[str]:
    """Rules that ask a person."""
    return [each["rule"] for each in world.case_of(event.application_id).reasons if each["result"] == "question"]


def texts(world: World, event: ApplicationSubmitted) -> str:
    return " ".join(each["text"] for each in world.case_of(event.application_id).reasons)
