"""Bodies that a case worker can paste: shown in the OpenAPI document, with days that lie ahead when it is asked for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.calendar import day_in_berlin

ANSWER_WITHIN = timedelta(days=14)


def shows(example: Callable[[date], dict[str, Any]]) -> Callable[[dict[str, Any]], None]:
    """For `json_schema_extra`. `example`: of today."""

    def put(schema: dict[str, Any]) -> None:
        schema["examples"] = [example(day_in_berlin(datetime.now(UTC)))]

    return put


def question(today: date) -> dict[str, Any]:
    return {
        "text": "Bitte senden Sie uns das ärztliche Attest, weil es die Dauer nennt.",
        "text_en": "Please send us the medical certificate, because it says for how long.",
        "due": (today + ANSWER_WITHIN).isoformat(),
    }


def decision(_: date) -> dict[str, Any]:
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
    return {"channel": "post", "day": today.isoformat()}
