"""Each process is killed with -9 once while applications arrive; afterwards nothing is lost and nothing doubled."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from local.journey.cases import Cases, pick
from local.journey.desk import Desk
from local.journey.forms import Body, bodies
from local.region import read_region
from local.report import Report
from local.system import System, running_system
from local.system.plan import SERVICES
from shared.calendar import day_in_berlin, in_berlin
from support.independent.tickets import read_pass, read_qr, read_vdv
from support.json import text
from support.whole_system import Sent, Told, all_told, apply, is_busy, look, rows, scan

pytestmark = pytest.mark.timeout(300)  # set-up included, on a machine that does other things too

APPLICATIONS = 40
EVERY_SECONDS = 0.4
"""Between two applications; with retries of refused connections in between."""
VICTIMS = ("eligibility", "signer", "nats", "application", "wallet-pass", "issuance")
SETTLED_SECONDS = 30.0
KINDS = ("granted", "granted", "refused", "granted", "doubtful")
"""In turn."""
FINAL = {"granted": "pass_ready", "refused": "refused", "doubtful": "in_review"}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("system"), report=Report()) as system:
        yield system


@pytest.fixture(scope="module")
def cases(system: System) -> Cases:
    region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
    return pick(region, Desk(system).measure, seed=5)


@pytest.fixture(scope="module")
def sent(system: System, cases: Cases) -> Iterator[list[Sent]]:
    """40 accepted applications; meanwhile every process was killed once and started again."""
    forms = bodies(cases, day_in_berlin(datetime.now(UTC)))
    header = system.sign_in("parent-1")
    with ThreadPoolExecutor(9) as pool:
        sending = pool.submit(_send_all, system, header, forms, pool)
        _kill_each_once(system)
        accepted = [one.result() for one in sending.result()]
    _release_refusals(system, [one for one in accepted if one.kind == "refused"])
    _wait_until_settled(system, header, accepted)
    yield accepted


def _send_all(
    system: System, header: dict[str, str], forms: dict[str, Body], pool: ThreadPoolExecutor
) -> list[Future[Sent]]:
    """One after the other at an even pace; the answers are waited for elsewhere."""
    waiting = []
    for number in range(APPLICATIONS):
        kind = KINDS[number % len(KINDS)]
        body = forms[kind] | {"pupil": forms[kind]["pupil"] | {"last_name": _family_name(number)}}
        waiting.append(pool.submit(apply, system, header, kind, body))
        time.sleep(EVERY_SECONDS)
    return waiting


def _family_name(number: int) -> str:
    """No two of them a typing error apart: that child would go to a person."""
    syllables = ("bar", "kel", "mon", "tis", "vug", "lop", "fedz", "nax")
    return "Mül" + "".join(syllables[number // 8**place % 8] for place in range(3))


def _kill_each_once(system: System) -> None:
    pause = APPLICATIONS * EVERY_SECONDS / (len(VICTIMS) + 1)
    for victim in VICTIMS:
        time.sleep(pause / 2)
        system.process(victim).kill()
        time.sleep(pause / 2)
        system.process(victim).start()
    for victim in VICTIMS:
        system.process(victim).wait_ready()


def _release_refusals(system: System, refusals: list[Sent]) -> None:
    desk = Desk(system)
    for one in refusals:
        desk.release(one.id)


def _wait_until_idle(system: System) -> None:
    deadline = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < deadline and is_busy(system):
        time.sleep(0.2)


def _wait_until_settled(system: System, header: dict[str, str], accepted: list[Sent]) -> None:
    deadline = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < deadline:
        if all(look(system, header, one)["status"] == FINAL[one.kind] for one in accepted):
            return
        time.sleep(0.5)
    # the tests say what is missing


@pytest.fixture(scope="module")
def told(system: System, sent: list[Sent]) -> Told:
    return all_told(system)


@pytest.fixture(scope="module")
def trust(system: System, sent: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspector") / "trust"
    system.command("issuance", "trust", "export", folder, "--url", system.urls["issuance"])
    return folder


def test_every_application_stands_as_it_must(system: System, sent: list[Sent]) -> None:
    header = system.sign_in("parent-1")
    stands = {one.id: (one.kind, look(system, header, one)["status"]) for one in sent}
    assert len(stands) == APPLICATIONS
    assert Counter(stands.values()) == Counter((one.kind, FINAL[one.kind]) for one in sent)


def test_every_application_was_told_once_and_decided_once(sent: list[Sent], told: Told) -> None:
    for one in sent:
        assert len(told.of("application.submitted.v1", one.id)) == 1
        decided = {
            "granted": len(told.of("eligibility.granted.v1", one.id)),
            "refused": len(told.of("eligibility.refused.v1", one.id)),
            "doubtful": len(told.of("eligibility.review_opened.v1", one.id)),
        }
        assert decided == {kind: int(kind == one.kind) for kind in decided}, one


def test_nobody_else_was_decided_about(sent: list[Sent], told: Told) -> None:
    known = {one.id for one in sent}
    for subject, events in told.events.items():
        assert {e["application_id"] for e in events if "application_id" in e} <= known, subject


def test_each_grant_has_one_ticket_and_one_pass_and_nobody_else_has_any(sent: list[Sent], told: Told) -> None:
    numbers = set()
    for one in sent:
        tickets, passes = told.of("ticket.issued.v1", one.id), told.of("pass.ready.v1", one.id)
        if one.kind != "granted":
            assert (tickets, passes) == ([], [])
            continue
        [ticket] = tickets
        [grant] = told.of("eligibility.granted.v1", one.id)
        assert ticket["decision_id"] == grant["decision_id"]
        assert {each["ticket_id"] for each in passes} == {ticket["ticket_id"]}
        assert len({each["pass_url"] for each in passes}) == 1
        numbers.add((ticket["organisation_id"], ticket["number"]))
    assert len(numbers) == sum(one.kind == "granted" for one in sent)


def test_every_ticket_is_read_from_its_picture_by_other_code_and_names_its_child(
    system: System, sent: list[Sent], trust: Path, tmp_path: Path
) -> None:
    header, now = system.sign_in("parent-1"), in_berlin(datetime.now(UTC)).replace(tzinfo=None)
    for one in (one for one in sent if one.kind == "granted"):
        pupil, page = one.body["pupil"], look(system, header, one)["links"]["pass"]
        vdv = read_vdv(scan(f"{page}/ticket.png", tmp_path).bytes, trust)
        qr = read_qr(scan(f"{page}/ticket-qr.png", tmp_path).text, trust)
        assert (vdv.number, vdv.organisation_id, vdv.product) == (qr.number, qr.organisation_id, qr.product)
        assert (vdv.product, vdv.passenger_type) == (9995, 19)
        assert vdv.birth_date == qr.birth_date == pupil["birth_date"].replace("-", "")
        assert qr.name == f"{pupil['first_name']}#{pupil['last_name']}"
        assert vdv.valid_from <= now <= vdv.valid_until


def test_every_pass_carries_the_bytes_of_its_ticket(
    system: System, sent: list[Sent], trust: Path, tmp_path: Path
) -> None:
    header = system.sign_in("parent-1")
    for one in [one for one in sent if one.kind == "granted"][::4]:
        page = look(system, header, one)["links"]["pass"]
        content = read_pass(httpx.get(f"{page}/pass.pkpass", timeout=10).raise_for_status().content)
        shown = text(content["barcodes"][0]["message"]).encode("iso-8859-1")
        assert shown == bytes(scan(f"{page}/ticket.png", tmp_path).bytes)
        read_vdv(shown, trust)


def test_nothing_was_put_aside_and_nothing_waits(system: System, sent: list[Sent]) -> None:
    for name in SERVICES:
        metrics = httpx.get(system.plan.operations_of(name)["metrics"], timeout=10).raise_for_status().text
        values = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
        assert (float(values["outbox_waiting"]), float(values["dead_letters"])) == (0, 0), name


def test_no_log_names_a_person(system: System, sent: list[Sent]) -> None:
    for log in (system.folder / "logs").iterdir():
        text = log.read_text(encoding="utf-8")
        for word in ("Müller", "Mueller", "Jānis", "Petrović", "O’Neill", sent[0].body["home"]["street"]):
            assert word not in text, f"{log.name} holds {word}"


def test_driving_and_telling_everything_again_changes_nothing(system: System, sent: list[Sent]) -> None:
    header = system.sign_in("parent-1")
    stood = {one.id: look(system, header, one) for one in sent}
    _wait_until_idle(system)  # what a killed process had in hand comes again after seconds
    before = rows(system)
    for service, command in (("application", ()), ("eligibility", ()), ("signer", ("signer",)), ("wallet-pass", ())):
        system.command(service, *command, "outbox", "redrive", "--since", "2026-01-01")
        system.command(service, *command, "outbox", "announce")
    _wait_until_idle(system)
    test_nothing_was_put_aside_and_nothing_waits(system, sent)
    assert rows(system) == before
    for one in sent:
        now = look(system, header, one)
        assert (now["status"], now["links"], now["decision"]) == (
            stood[one.id]["status"], stood[one.id]["links"], stood[one.id]["decision"],
        )  # fmt: skip
