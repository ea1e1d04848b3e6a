"""An authority's own words and questions, for whoever looks around in a copy that stays up: taken over from another."""

import json
from datetime import date
from typing import Any

import httpx
from shared.durable_files import write_durably

from local.report import Report
from local.system import System
from local.system.authority import settings_of

SECONDS = 10.0
"""For each answer."""
NEIGHBOUR, NEIGHBOUR_NAME = "demo-kreis", "Kreis Beispiel (Demo)"
"""Whose form the demo's authority takes over. It bears no school here, and lets one person publish alone."""
BENEATH: dict[str, Any] = {
    "texts": {},
    "questions": [
        {
            "key": "bus_line",
            "title": {"de": "Mit welcher Buslinie fährt Ihr Kind?", "en": "Which bus line does your child take?"},
            "help": {"de": "Nur wenn Sie es schon wissen.", "en": "Only if you know it already."},
            "answer": {"type": "string", "maxLength": 20},
        },
    ],
}
OWN: dict[str, Any] = {
    "taken_over_from": NEIGHBOUR,
    "texts": {
        "home": {
            "de": "Bitte geben Sie die Adresse an, unter der Ihr Kind gemeldet ist.",
            "en": "Please give the address at which your child is registered.",
        },
    },
    "questions": [
        {
            "key": "day_care",
            "title": {"de": "Besucht Ihr Kind den offenen Ganztag?", "en": "Does your child attend all-day care?"},
            "answer": {"type": "string", "enum": ["long", "short", "no_care"]},
            "choices": {
                "long": {"de": "ja, bis 16 Uhr", "en": "yes, until 4 p.m."},
                "short": {"de": "ja, bis 14 Uhr", "en": "yes, until 2 p.m."},
                "no_care": {"de": "nein", "en": "no"},
            },
            "when": 'grade in ["01", "02", "03", "04"]',
        },
    ],
}


def publish_own_form(system: System, report: Report, today: date) -> None:
    """The operator imports both; an administrator of the demo's authority publishes its own. Once: a copy that was run
    before has it already. Raises httpx.HTTPError."""
    number = system.authority.number
    base = f"{system.plan.url('eligibility')}/v1/authorities/{number}/own-forms"
    headers = system.sign_in("administrator")
    if httpx.get(base, headers=headers, timeout=SECONDS).raise_for_status().json()["own_forms"]:
        return
    with report.step("An authority's own questions"):
        settings = settings_of(system.authority)
        settings |= {"id": NEIGHBOUR, "name": NEIGHBOUR_NAME, "second_person_for": ["override"]}
        system.command("eligibility", "authority", "set", _file(system, "neighbour", settings))
        first = _imported(system, NEIGHBOUR, _file(system, "form-of-neighbour", BENEATH))
        system.command("eligibility", "forms", "publish", first, "--authority", NEIGHBOUR)
        mine = _imported(system, number, _file(system, "form", OWN))
        said = {"valid_from": today.isoformat()}
        httpx.post(f"{base}/{mine}/publication", json=said, headers=headers, timeout=SECONDS).raise_for_status()


def _imported(system: System, authority: str, file: str) -> str:
    return system.command("eligibility", "forms", "import", file, "--authority", authority).stdout.strip()


def _file(system: System, name: str, content: dict[str, Any]) -> str:
    file = system.folder / "authority" / f"{name}.json"
    write_durably(file, json.dumps(content, ensure_ascii=False, indent=2))
    return str(file)
