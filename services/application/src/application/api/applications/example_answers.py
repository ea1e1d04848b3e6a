"""What is answered to a family, shown in the OpenAPI document: a form that was taken, and a ticket that lies ready."""

from typing import Any

from shared.calendar import SchoolYear

from application.domain.school import School

NUMBER = "5b0c3f0e-2a8e-4a53-9d0a-3f6f1c1f7a10"
NONE_OF = (
    "withdrawal",
    "answers",
    "documents",
    "self_payer",
    "loss",
    "people",
    "notice",
    "pass",
    "pass_link",
    "pick_up",
)
DELIVERY = {
    "channel": "post",
    "state": "queued",
    "text": {
        "de": "Der Bescheid kommt mit der Post. Die Klagefrist läuft noch nicht.",
        "en": "The notice comes by post. The period for an action does not run yet.",
    },
    "retrieve_until": None,
    "notified": None,
    "last_day": None,
}

READY = {
    "de": "Das Ticket liegt bereit: für das Telefon oder zum Ausdrucken.",
    "en": "The ticket is ready: for the phone, or to print.",
}
REASON = {
    "rule": "distance",
    "legal_basis": "§ 5 Abs. 2 Satz 1 SchfkVO",
    "text": {
        "de": "Der kürzeste Fußweg ist 4.180,5 m lang und damit länger als 3.500 m.",
        "en": "The shortest walk is 4,180.5 m long, which is more than 3,500 m.",
    },
}


def receipt(base: str) -> dict[str, Any]:
    """A form that was taken, without hints; links lead to what such an application offers."""
    own = f"{base}/v1/applications/{NUMBER}"
    links = dict.fromkeys(NONE_OF) | {"self": own, "withdrawal": f"{own}/withdrawal", "documents": f"{own}/documents"}
    return {
        "id": NUMBER,
        "status": "submitted",
        "submitted_at": "2026-06-01T09:30:00+02:00",
        "hints": [],
        "links": links,
    }


def answer(form: dict[str, Any], school: School, year: SchoolYear, base: str) -> dict[str, Any]:
    """An application whose ticket lies ready, granted for this form, school and year."""
    own, first, last = f"{base}/v1/applications/{NUMBER}", year.first_day.isoformat(), year.last_day.isoformat()
    at = f"{year.first}-06-01T09:30:00+02:00"
    decision = {
        "outcome": "granted", "decided_at": at, "distance_m": 4180.5, "limit_m": 3500, "own_share_cents": 1400,
        "valid_from": first, "valid_until": last, "reasons": [REASON], "rules_version": "nrw 2026.4",
    }  # fmt: skip
    child = form["pupil"]
    place = {"number": school.number, "name": school.name, "authority_id": school.authority.id}
    links = (
        dict.fromkeys(NONE_OF)
        | {"self": own}
        | {name: f"{own}/{name}" for name in ("withdrawal", "answers", "loss", "people")}
    )
    return {
        "id": NUMBER, "status": "pass_ready", "status_text": READY, "submitted_at": at, "school_year": str(year),
        "pupil": {"first_name": child["first_name"], "last_name": child["last_name"]},
        "school": place | {"authority": school.authority.name or None},
        "links": links, "you": "owner",
        "wanted_from": first, "medium": "wallet", "decision": decision, "questions": [], "hints": [],
        "form": form, "earlier_forms": [], "messages": [], "documents": [], "notices": [_notice(at)],
        "timeline": [{"kind": "pass_ready", "at": at, "text": READY}],
    }  # fmt: skip


def _notice(at: str) -> dict[str, Any]:
    return {
        "date": at[:10],
        "kind": "granted",
        "title": {"de": "Bescheid: Ihr Antrag ist bewilligt", "en": "Notice: your application is granted"},
        "link": "https://bescheid.example/v1/notices/hT3qk0b9",
        "decision_id": "0b7f3c0a-58d1-5c6e-9d0e-5d1f6a2b7c11",
        "delivery": DELIVERY,
    }
