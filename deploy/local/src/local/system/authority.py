"""The demo's authority, as each service is told of it: a file for each that keeps something of an authority."""

import json
import re
from dataclasses import dataclass
from typing import Any

from shared.durable_files import write_durably
from shared.registers import read_rows

from local.region import read_region
from local.system.inputs import Inputs
from local.system.plan import Environment, Plan

COLUMNS = ("SchulNr", "ABez1", "Strasse", "PLZ", "Ort", "RegSchl")
IN_NRW = "05"
"""What the registers leave out of the official municipality key."""
TEST_ORGANISATION = 70 + 0x8000
"""VDV-KA: test organisations are the production id plus 8000h; 70 is the Verkehrsverbund Rhein-Ruhr."""


@dataclass(frozen=True)
class Authority:
    """What the register says of a school authority."""

    number: str
    name: str
    street: str
    postal_code: str
    city: str
    municipality: str | None
    """Official key of the municipality where it sits, or of most of its schools: from it follows the court."""
    revokes_by_two: bool = False
    """Whether one person suspends a ticket and only another revokes it: told to the desk, the API and the signer, which
    decides."""

    def settings(self) -> Environment:
        """What is a setting of the processes rather than of a file of the authority."""
        processes = ("SIGNER", "ISSUANCE") if self.revokes_by_two else ()
        return {f"{each}_REVOKED_BY_TWO": self.number for each in processes}


def authority_number(inputs: Inputs) -> str:
    """The authority of the demo: the one that bears most of the region's schools."""
    return read_region(inputs.streets, inputs.schools).authority


def read_authority(inputs: Inputs) -> Authority:
    """The demo's authority by the register; by its number alone where there is no register of authorities."""
    region = read_region(inputs.streets, inputs.schools)
    number = region.authority
    if inputs.authorities is not None:
        for row in read_rows(inputs.authorities, COLUMNS, "Give the register of authorities, Schultraeger.csv."):
            told = row.fields
            if told["SchulNr"] == number:
                seat = told["ABez1"], told["Strasse"], told["PLZ"], told["Ort"]
                return Authority(number, *seat, _key(told["RegSchl"]))
    seat = f"Schulträger {number}", "Straße nicht bekannt", "", "Ort nicht bekannt"
    return Authority(number, *seat, _key(region.municipality))


def write_authority_files(plan: Plan, authority: Authority) -> None:
    """The authority's settings for each service, into the folder `authority`."""
    for service, settings in (("eligibility", settings_of(authority)), ("issuance", _for_issuance(authority))):
        file = plan.authority_file(service)
        file.parent.mkdir(exist_ok=True)
        write_durably(file, json.dumps(settings, ensure_ascii=False, indent=2))


def settings_of(authority: Authority) -> dict[str, Any]:
    """Letterhead, court, rules. Grants go out by themselves here; the shipped preset lets a person release all."""
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
        "contact": {
            "office": "Schülerbeförderung",
            "person": "Maren Beispiel",
            "email": "schuelerfahrkosten@example.org",
        },
        "municipality": authority.municipality,
        "data_protection_url": f"https://www.{_host(authority.city)}.example/datenschutz",
        "rules": "nrw",
        "release_by_person": "refusals",
        "second_person_for": ["override", "rule_set", *(["revocation"] if authority.revokes_by_two else [])],
    }


def _for_issuance(authority: Authority) -> dict[str, Any]:
    """Tickets in the name of an organisation of the test range; product and area are issuance's own defaults."""
    return {"authority_id": authority.number, "organisation_id": TEST_ORGANISATION}


def _key(registered: str) -> str | None:
    """The official key, eight digits; none where a register has none of a municipality of NRW."""
    return IN_NRW + registered if re.fullmatch(r"[0-9]{6}", registered) else None


def _host(city: str) -> str:
    """A city's name as a name of the reserved domain `example`: nobody's real page is named in a demo's letters."""
    german = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    return re.sub("[^a-z0-9]+", "-", city.lower().translate(german)).strip("-") or "schultraeger"
