"""Bodies that a case worker can paste: shown in the OpenAPI document, with days that lie ahead when it is asked for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from geography.model import Point
from shared.calendar import SchoolYear, day_in_berlin

ANSWER_WITHIN = timedelta(days=14)
SOME_ID = "6f0c3f5e-6a52-4c55-9d3e-2b1f0a7c9d10"
"""Stands for the id of what is there."""


def shows(example: Callable[[date], dict[str, Any]]) -> Callable[[dict[str, Any]], None]:
    """For `json_schema_extra`.

    Args:
        example: of today.
    """

    def put(schema: dict[str, Any]) -> None:
        schema["examples"] = [example(day_in_berlin(datetime.now(UTC)))]

    return put


def question(today: date) -> dict[str, Any]:
    """An example of `QuestionIn`; the day to answer is two weeks ahead."""
    return {
        "text": "Bitte senden Sie uns das ärztliche Attest, weil es die Dauer nennt.",
        "text_en": "Please send us the medical certificate, because it says for how long.",
        "due": (today + ANSWER_WITHIN).isoformat(),
    }


def decision(_: date) -> dict[str, Any]:
    """An example of `DecisionIn`: a grant for reasons of health."""
    return {
        "outcome": "granted",
        "reason": "Das ärztliche Attest liegt vor.",
        "legal_basis": "§ 6 Abs. 1 SchfkVO",
        "own_share_cents": 1400,
    }


def release(_: date) -> dict[str, Any]:
    """Of a decision by which no grant ends."""
    return {}


def delivery(today: date) -> dict[str, Any]:
    """An example of `DeliveryIn`: given to the post today."""
    return {"channel": "post", "day": today.isoformat()}


def letters(_: date) -> dict[str, Any]:
    """An example of `LettersIn`; the id stands for that of a letter in the list."""
    return {"letters": [SOME_ID]}


def letter_posting(today: date) -> dict[str, Any]:
    """An example of `PostingIn`: given to the post today."""
    return {"letters": [SOME_ID], "day": today.isoformat()}


def ticket_change(_: date) -> dict[str, Any]:
    """An example of `TicketChangeIn`: a suspension for an own share that was not paid."""
    return {"number": 437041484, "change": "suspend", "reason": "Der Eigenanteil ist seit drei Monaten nicht bezahlt."}


def messages_read(_: date) -> dict[str, Any]:
    """An example of `MessagesRead`; the id stands for that of a message of the case."""
    return {"messages": [SOME_ID]}


def evidence(_: date) -> dict[str, Any]:
    """An example of `Evidence`."""
    return {"why": "Bescheinigung der Schule auf Papier vom 12.08.2026."}


def publication(today: date) -> dict[str, Any]:
    """An example of `PublicationIn`: in force from tomorrow on."""
    return {"in_force_from": (today + timedelta(days=1)).isoformat()}


def form_publication(today: date) -> dict[str, Any]:
    """An example of `FormPublicationIn`: asked from tomorrow on."""
    return {"valid_from": (today + timedelta(days=1)).isoformat()}


def take_over(_: date) -> dict[str, Any]:
    """An example of `TakeOverIn`; the id stands for that of a published version."""
    return {"rule_set_id": SOME_ID, "name": "unsere-stadt"}


def proof(today: date) -> dict[str, Any]:
    """An example of `ProofIn`: housing benefit, from today on."""
    return {"benefits": ["housing_benefit"], "valid_from": today.isoformat()}


def renewal(today: date) -> dict[str, Any]:
    """An example of `RenewalIn`: the school year after the one of `today`."""
    return {"school_year": str(SchoolYear.of(today).next)}


def hazard(today: date) -> dict[str, Any]:
    """An example of `HazardIn`: a road in Aachen, for primary pupils in the dark season. Longitude comes first, as in
    GeoJSON."""
    return {
        "geometry": {"type": "LineString", "coordinates": [[6.0839, 50.7753], [6.0851, 50.7761]]},
        "reason": "Landstraße ohne Gehweg und ohne Beleuchtung",
        "levels": ["primary"],
        "season": "10-15/03-31",
        "decided_on": today.isoformat(),
    }


def entrances(_: date) -> dict[str, Any]:
    """An example of `EntrancesIn`: one main entrance in Aachen."""
    return {"entrances": [{"lat": 50.7753, "lon": 6.0839, "name": "Haupteingang"}]}


def door(_: date) -> dict[str, Any]:
    """An example of `DoorIn`: a house in Aachen whose door lies in the yard."""
    return {
        "street": "Adalbertstraße",
        "house_number": "12a",
        "postal_code": "52062",
        "city": "Aachen",
        "lat": 50.7753,
        "lon": 6.0839,
        "reason": "Die Haustür liegt im Hof.",
    }


def distance(_: date) -> dict[str, Any]:
    """An example of `DistanceIn`: two points in Aachen, latitude first."""
    return {"from": [50.7753, 6.0839], "to": [50.7790, 6.0765]}


def on_map(start: Point, end: Point, today: date) -> dict[str, Any]:
    """Examples by operation, with the two ends of a street of the map that is used here."""
    line = [[start.lon, start.lat], [end.lon, end.lat]]
    drawn = {"geometry": {"type": "LineString", "coordinates": line}}
    return {
        "post /v1/distances": {"from": [start.lat, start.lon], "to": [end.lat, end.lon]},
        "post /v1/authorities/{authority_id}/hazards": hazard(today) | drawn,
    }
