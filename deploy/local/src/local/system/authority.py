"""The demo's authority, as each service is told of it: a file for each that keeps something of an authority."""

import json
from dataclasses import dataclass
from typing import Any

from shared.registers import read_rows

from local.region import read_region
from local.system.inputs import Inputs
from local.system.plan import Plan

COLUMNS = ("SchulNr", "ABez1", "Strasse", "PLZ", "Ort")
COURT = {"name": "Verwaltungsgericht Minden", "address": "Königswall 8, 32423 Minden"}
"""Where Eschenborn lies (Kreis Paderborn), § 17 JustG NRW."""
COURT_NOT_SET = {"name": "Verwaltungsgericht", "address": "(Demo: in den Einstellungen des Schulträgers einzutragen)"}
TEST_ORGANISATION = 70 + 0x8000
"""VDV-KA: test organisations are the production id plus 8000h; 70 is the Verkehrsverbund Rhein-Ruhr."""
DATA_PROTECTION_URL = "https://www.eschenborn.example/datenschutz"


@dataclass(frozen=True)
class Authority:
    """What the register says of a school authority."""

    number: str
    name: str
    street: str
    postal_code: str
    city: str


def authority_number(inputs: Inputs) -> str:
    """The authority of the demo: the one that bears most of the region's schools."""
    return read_region(inputs.streets, inputs.schools).authority


def read_authority(inputs: Inputs) -> Authority:
    """The demo's authority by the register; by its number alone where there is no register of authorities."""
    number = authority_number(inputs)
    if inputs.authorities is not None:
        for row in read_rows(inputs.authorities, COLUMNS, "Give the register of authorities, Schultraeger.csv."):
            told = row.fields
            if told["SchulNr"] == number:
                return Authority(number, told["ABez1"], told["Strasse"], told["PLZ"], told["Ort"])
    return Authority(number, f"Schulträger {number}", "Straße nicht bekannt", "", "Ort nicht bekannt")


def write_authority_files(plan: Plan, authority: Authority) -> None:
    """The authority's settings for each service, into the folder `authority`."""
    for service, settings in (("eligibility", _for_eligibility(authority)), ("issuance", _for_issuance(authority))):
        file = plan.authority_file(service)
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(settings, ensure_ascii=False, indent=2), encoding="utf-8")


def _for_eligibility(authority: Authority) -> dict[str, Any]:
    """Letterhead, court, rules. Grants go out by themselves here; the shipped preset lets a person release all."""
    demo_town = authority.city == "Eschenborn"
    return {
        "id": authority.number,
        "name": authority.name,
        "letterhead": [
            authority.name,
            "Schulverwaltungsamt – Schülerbeförderung",
            authority.street,
            f"{authority.postal_code} {authority.city}".strip(),
        ],
        "place": authority.city,
        "contact": {"office": "Schülerbeförderung", "email": "schuelerfahrkosten@example.org"},
        "court": COURT if demo_town else COURT_NOT_SET,
        "data_protection_url": DATA_PROTECTION_URL,
        "rules": "nrw",
        "release_by_person": "refusals",
    }


def _for_issuance(authority: Authority) -> dict[str, Any]:
    """Tickets in the name of an organisation of the test range; product and area are issuance's own defaults."""
    return {"authority_id": authority.number, "organisation_id": TEST_ORGANISATION}
