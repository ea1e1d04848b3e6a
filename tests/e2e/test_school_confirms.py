"""A school confirms, over real processes and the real bus: the authority hears it, and a ticket waits until it does."""

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import Body, bodies
from local.region import read_region
from local.system import System
from local.system.offices import grammar_school
from shared.calendar import day_in_berlin
from support.json import mapping
from support.processes import wait_for
from support.whole_system import Sent, apply, look

pytestmark = pytest.mark.timeout(300)


def children(system: System) -> dict[str, Body]:
    region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
    cases = pick(region, Desk(system).measure, seed=12)
    return bodies(cases, day_in_berlin(datetime.now(UTC)))


def case_of(system: System, worker: dict[str, str], sent: Sent) -> dict[str, object]:
    cases = f"{system.urls['eligibility']}/v1/cases"
    found: dict[str, list[dict[str, str]]] = httpx.get(
        f"{cases}?application_id={sent.id}", headers=worker, timeout=10
    ).json()
    listed = next(value for value in found.values() if isinstance(value, list))
    if not listed:
        return {}
    whole: dict[str, object] = httpx.get(f"{cases}/{listed[0]['id']}", headers=worker, timeout=10).json()
    return whole


def test_the_authority_hears_a_class_list_and_another_school_is_told_nothing(system: System) -> None:
    numbers = [str(system.users[each]["school_number"]) for each in ("school-1", "school-2")]
    assert grammar_school(system.plan.inputs.schools, numbers[0]) is not None
    child = children(system)["doubtful"] | {"school_number": numbers[0], "grade": "05", "track": "GY9"}
    sent, worker = apply(system, system.sign_in("parent-2"), "doubtful", child), system.sign_in("case-worker")
    pupil = child["pupil"]
    born = ".".join(reversed(pupil["birth_date"].split("-")))
    content = f"Nachname;Vorname;Geburtsdatum;Klasse\r\n{pupil['last_name']};{pupil['first_name']};{born};5b\r\n"

    def bring_in(user: str, school: str) -> httpx.Response:
        address = f"{system.urls['application']}/v1/schools/{school}/class-lists"
        asked = {"school_year": str(child["school_year"]), "apply": "true"}
        header = system.sign_in(user) | {"Content-Type": "text/csv"}
        as_exported = content.encode("cp1252", "replace")
        return httpx.post(address, params=asked, content=as_exported, headers=header)

    assert bring_in("school-2", numbers[0]).status_code == 404
    assert bring_in("school-2", numbers[1]).json()["unknown"] == 1
    assert bring_in("school-1", numbers[0]).json()["matching"] == 1
    assert bring_in("school-1", numbers[0]).json()["kept"] == 0
    wait_for(lambda: mapping(case_of(system, worker, sent).get("attendance") or {}).get("state") == "confirmed")


def test_a_ticket_waits_until_other_evidence_is_noted(system: System, tmp_path: Path) -> None:
    file = system.plan.authority_file("eligibility")
    settings = json.loads(file.read_text())
    (tmp_path / "waits.json").write_text(json.dumps(settings | {"awaits_school": "ticket"}))
    system.command("eligibility", "authority", "set", tmp_path / "waits.json")
    try:
        header, worker = system.sign_in("parent-1"), system.sign_in("case-worker")
        sent = apply(system, header, "granted", children(system)["granted"])
        wait_for(lambda: "Schule bestätigt noch" in look(system, header, sent)["status_text"]["de"])
        case = case_of(system, worker, sent)
        assert mapping(case["attendance"])["waits"] == "ticket" and case["tickets"] == []
        evidence = f"{system.urls['eligibility']}/v1/cases/{case['id']}/attendance/evidence"
        httpx.post(evidence, json={"why": "Bescheinigung der Schule"}, headers=worker).raise_for_status()
        wait_for(lambda: look(system, header, sent)["status"] == "pass_ready")
    finally:
        system.command("eligibility", "authority", "set", file)
