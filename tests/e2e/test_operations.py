"""What an operator has of the whole system: one page, one grep through the logs, and what happens without a broker."""

import io
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import bodies
from local.region import read_region
from local.report import Report
from local.status import NOT_READY, NOT_RUNNING, READY, show_status
from local.system import System
from local.system.plan import BIN, SERVICES
from rich.console import Console
from shared.calendar import day_in_berlin
from support.processes import wait_for
from support.whole_system import apply, look

pytestmark = pytest.mark.timeout(300)
NAMES = {"schema", "database", "bus", "streams", "consumers", "relay", "workers", "epoch"}
MORE = {"signer": {"certificates", "lists", "fence"}, "issuance": {"lists"}, "wallet-pass": {"certificates"}}


def status(system: System, *, as_json: bool = True) -> tuple[int, str]:
    services = system.folder / "services.json"
    system.write_services_json(services)
    said = io.StringIO()
    code = show_status(services, Report(Console(file=said, width=500)), as_json=as_json)
    return code, said.getvalue()


def test_one_page_tells_how_everything_is(system: System, tmp_path: Path) -> None:
    wait_for(lambda: status(system)[0] == READY)
    told = json.loads(status(system)[1])
    assert told["broker"] == {"ok": True, "detail": ""}
    assert list(told["processes"]) == list(SERVICES)
    for name, process in told["processes"].items():
        assert set(process["checks"]) == NAMES | MORE.get(name, set()), name
        assert all(check["ok"] for check in process["checks"].values()), (name, process["checks"])
        assert {"outbox_waiting", "outbox_oldest_seconds", "dead_letters", "consumer_lag"} <= set(process["figures"])
    assert set(told["processes"]["eligibility"]["figures"]["work_waiting"]) == {"person", "printing", "sealing"}
    assert set(told["processes"]["application"]["figures"]["work_waiting"]) == {"mails"}
    assert set(told["processes"]["wallet-pass"]["figures"]["work_waiting"]) == {"packages", "remakes"}
    assert "Everything is ready" in status(system, as_json=False)[1]
    assert show_status(tmp_path / "services.json", Report(quiet=True), as_json=True) == NOT_RUNNING


def test_every_page_that_is_listed_is_there_for_whom_it_says(system: System) -> None:
    """Those of staff, and a family's own, lead to the sign-in of a user that there is."""
    listed = system.services_json()["pages"]
    for page in listed:
        assert page["who"] is None or page["who"] in system.users
        answer = httpx.get(page["url"], headers={"Accept": "text/html"}, timeout=10)
        own = page["who"] is not None and any(each in page["url"] for each in ("/family", "/school"))
        behind_sign_in = own or "/desk" in page["url"] or page["url"].endswith("/codes")
        assert answer.status_code == (303 if behind_sign_in else 200), page
        assert behind_sign_in or answer.headers["content-type"].startswith("text/html"), page
    assert len({(each["url"], each["who"]) for each in listed}) == len(listed)


def test_a_person_runs_a_command_with_the_settings_that_the_process_has(system: System) -> None:
    """As the README writes it."""
    for name, command in (("signer", "issuance signer dead-letters list"), ("application", "application reconcile")):
        script = f'set -a; . "{system.plan.settings_file(name)}"; exec "{BIN}"/{command}'
        done = subprocess.run(["sh", "-c", script], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout in (b"none\n", b"nothing is lost here\n")


def test_one_grep_through_all_logs_tells_a_journey_and_names_nobody(system: System) -> None:
    region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
    cases = pick(region, Desk(system).measure, seed=11)
    body = bodies(cases, day_in_berlin(datetime.now(UTC)))["granted"]
    header = system.sign_in("parent-2")
    sent = apply(system, header, "granted", body)
    wait_for(lambda: look(system, header, sent)["status"] == "pass_ready")
    lines = [
        json.loads(line)
        for name in SERVICES
        for line in system.plan.log(name).read_text().splitlines()
        if sent.id in line
    ]
    stations = [(line["event"], line["service"]) for line in sorted(lines, key=lambda line: line["timestamp"])]
    assert stations == [
        ("accepted", "application"),
        ("decided", "eligibility"),
        ("signed", "signer"),
        ("made", "wallet-pass"),
    ]
    logs = "".join(system.plan.log(name).read_text() for name in SERVICES)
    pupil = body["pupil"]
    assert pupil["first_name"] not in logs and pupil["last_name"] not in logs


def test_without_a_broker_the_front_door_is_ready_and_accepts_and_the_others_say_why_not(system: System) -> None:
    system.process("nats").kill()
    try:
        wait_for(lambda: status(system)[0] == NOT_READY)
        told = json.loads(status(system)[1])
        assert told["broker"] == {"ok": False, "detail": "does not answer"}
        ready = {name: process["ready"] for name, process in told["processes"].items()}
        assert ready == {name: name == "application" for name in SERVICES}
        assert told["processes"]["application"]["checks"]["bus"] == {"ok": False, "detail": "away"}
        assert "broker" in status(system, as_json=False)[1]
        # a new start without the broker: families are not shut out
        application = system.process("application")
        application.kill()
        application.start()
        url = system.plan.operations_of("application")
        wait_for(lambda: httpx.get(url["ready"]).status_code == 200)
        assert httpx.get(url["health"]).status_code == 200
        assert httpx.post(f"{system.urls['application']}/v1/applications", json={}).status_code == 401
    finally:
        system.process("nats").start()
    wait_for(lambda: status(system)[0] == READY, 90)
