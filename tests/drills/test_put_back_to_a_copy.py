"""Each database is put back to a copy while the world went on, and all of them at once: with the commands that
`local restore` names nothing is doubled, nobody's ticket changes its number or its address, what was revoked stays
revoked, and what a restored application has lost is listed, as is what people did in a lost hour at the desk.
"""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from local.backup.command import show_backup, show_restore
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import Body, bodies
from local.process import stop_all
from local.region import read_region
from local.system import System, running_system
from local.system.plan import SERVICES
from shared.bus import admin
from shared.calendar import day_in_berlin
from support.json import text, texts
from support.whole_system import Sent, apply, is_busy, look

pytestmark = pytest.mark.timeout(600)

NOT_KNOWN_YET = 3
"""What `reconcile` exits with."""
BEFORE, AFTER = 2, 4
"""Applications that are accepted before the copy is made, and afterwards."""
SETTLED_SECONDS = 60.0
EACH = ("wallet-pass", "issuance", "signer", "eligibility", "application", None)
"""All of them take five minutes: with PUT_BACK_EACH=1. Without it two, and all of one copy (None)."""
SHORT = ("signer", "eligibility", None)
END = {
    "outcome": "refused",
    "reason": "Der Weg wurde neu gebaut.",
    "legal_basis": "§ 49 VwVfG NRW",
    "hearing_exception": "1",
    "hearing_why": "Die Familie ist verzogen, niemand ist zu erreichen.",
}
"""By two persons, at the desk: a grant ends on a day to come."""


@dataclass
class House:
    """The system, and what families were told of it."""

    system: System
    form: Body
    sent: list[Sent] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    """By application: the address of its pass, as the family knows it."""
    numbers: dict[str, int] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    """Applications that a restored application does not have, and lists."""
    ended: set[str] = field(default_factory=set)
    """Their grant was ended at the desk."""
    named: set[str] = field(default_factory=set)
    """Those of them of which a restored eligibility says what it has lost."""

    def accept(self, count: int) -> list[Sent]:
        """Applications, up to the pass; what their families are told is kept."""
        header, new = self.system.sign_in("parent-1"), []
        for _ in range(count):
            name = _family_name(len(self.sent))
            body = self.form | {"pupil": self.form["pupil"] | {"last_name": name}}
            new.append(apply(self.system, header, "granted", body))
            self.sent.append(new[-1])
        for one in new:
            _until(partial(self._has_its_pass, header, one))
            self.links[one.id] = text(look(self.system, header, one)["links"]["pass"])
            [number] = self.rows("signer", "SELECT number FROM ticket WHERE application_id = ?", one)
            self.numbers[one.id] = int(number)
        return new

    def _has_its_pass(self, header: dict[str, str], one: Sent) -> bool:
        return look(self.system, header, one)["status"] == "pass_ready"

    def revoke(self, one: Sent) -> None:
        url = f"{self.system.urls['issuance']}/v1/tickets/{self.numbers[one.id]}/revocations"
        header = self.system.sign_in("operator")
        httpx.post(url, json={"reason": "fraud"}, headers=header, timeout=10).raise_for_status()
        self.revoked.add(one.id)
        _until(lambda: self.verdict(one) == "revoked")

    def end(self, one: Sent) -> None:
        """Two persons end its grant; from then on every service knows its last day."""
        ends_on = (day_in_berlin(datetime.now(UTC)) + timedelta(days=20)).isoformat()
        case = f"{self.system.urls['eligibility']}/v1/cases/{self.case(one)}"
        for who, path, body in (
            ("case-worker", "override", END | {"ends_on": ends_on}),
            ("case-worker-2", "override/confirmation", None),
        ):
            header = self.system.sign_in(who)
            httpx.post(f"{case}/{path}", json=body, headers=header, timeout=10).raise_for_status()
        self.ended.add(one.id)
        _until(lambda: self.last_days(one) == [ends_on])

    def decide_again(self, one: Sent) -> None:
        """What a person had decided in the lost hour: once more, where the case waits for it."""
        ends_on = (day_in_berlin(datetime.now(UTC)) + timedelta(days=20)).isoformat()
        url = f"{self.system.urls['eligibility']}/v1/cases/{self.case(one)}/decision"
        header = self.system.sign_in("case-worker")
        httpx.post(url, json=END | {"ends_on": ends_on}, headers=header, timeout=10).raise_for_status()

    def case(self, one: Sent) -> str:
        [case] = self.rows("eligibility", "SELECT id FROM case_file WHERE application_id = ?", one)
        return str(case)

    def last_days(self, one: Sent) -> list[str | int]:
        """Of each ticket; None while nobody has set one."""
        return self.rows("signer", "SELECT last_day FROM ticket WHERE application_id = ?", one)

    def ends_here(self, one: Sent) -> list[str]:
        query = """SELECT ended_on FROM decision JOIN case_file ON case_file.id = decision.case_id
            WHERE application_id = ? AND decision.withdrawn_at IS NOT NULL AND decision.outcome = 'granted'"""
        return texts(self.rows("eligibility", query, one))

    def rows(self, service: str, query: str, one: Sent | None = None) -> list[str | int]:
        """The first column. Ids are 32 digits in some tables and have hyphens in others."""
        with closing(sqlite3.connect(self.system.plan.database(service))) as database:
            if one is None:
                return [row[0] for row in database.execute(query)]
            found = database.execute(query, (one.id,)).fetchall() or database.execute(query, (one.id.replace("-", ""),))
            return [row[0] for row in found]

    def verdict(self, one: Sent) -> str:
        """What an inspector sees who scans the code that the family has."""
        [qr] = self.rows("wallet-pass", "SELECT qr FROM pass WHERE application_id = ?", one)
        url = f"{self.system.urls['issuance']}/v1/verifications"
        return str(httpx.post(url, json={"qr": qr}, timeout=10).raise_for_status().json()["verdict"])

    def put_back(self, folder: Path, only: str | None) -> None:
        stop_all(each for each in self.system.processes.values() if each.name in SERVICES)
        stop_all(self.system.processes.values())
        assert show_restore(print, self.system.folder, folder, only) == 0
        self.start()

    def start(self) -> None:
        processes, broker = self.system.processes, self.system.plan.broker
        for name in ("nats", "identity"):
            processes[name].start()
            processes[name].wait_ready()
        asyncio.run(admin.create(broker.url, str(broker.seed_file("admin"))))
        for name in SERVICES:
            processes[name].start()
        for name in SERVICES:
            processes[name].wait_ready()

    def violations(self) -> list[str]:
        """Of every application that was accepted, unless it is listed as lost."""
        found = []
        for one in self.sent:
            place = f"{one.id} (number {self.numbers[one.id]}"
            stands = "revoked" if one.id in self.revoked else "good"
            found += [f"{place}, {stands}): {fault}" for fault in self._faults(one)]
        for name in SERVICES:
            refused = self.rows(name, "SELECT sender FROM sender_state WHERE refused_at IS NOT NULL")
            found += [f"{name} takes nothing of {sender}" for sender in refused]
        return found

    def _faults(self, one: Sent) -> Iterator[str]:
        state = "revoked" if one.id in self.revoked else "issued"
        here = self.rows("application", "SELECT id FROM application WHERE id = ?", one)
        if len(here) != (one.id not in self.lost):
            yield f"{len(here)} times with application"
        cases = self.rows("eligibility", "SELECT state FROM case_file WHERE application_id = ?", one)
        yield from self._faults_of_case(one, texts(cases))
        query = """SELECT count(*) FROM decision JOIN case_file ON case_file.id = decision.case_id
            WHERE application_id = ? AND released_at IS NOT NULL AND decision.withdrawn_at IS NULL"""
        if (decided := self.rows("eligibility", query, one)) != [0 if cases == ["review"] else 1]:
            yield f"decisions {decided}"
        tickets = self.rows("signer", "SELECT state || ' ' || number FROM ticket WHERE application_id = ?", one)
        if tickets != [f"{state} {self.numbers[one.id]}"]:
            yield f"tickets {tickets}"
        known = self.rows("issuance", "SELECT state || ' ' || number FROM known_ticket WHERE application_id = ?", one)
        if known != [f"{state} {self.numbers[one.id]}"]:
            yield f"known to the API {known}"
        query = (
            "SELECT CASE WHEN revoked_at IS NULL THEN 'issued' ELSE 'revoked' END FROM pass WHERE application_id = ?"
        )
        if (passes := self.rows("wallet-pass", query, one)) != [state]:
            yield f"passes {passes}"
        elif (verdict := self.verdict(one)) != ("revoked" if state == "revoked" else "valid"):
            yield f"scans as {verdict}"
        if httpx.get(self.links[one.id], timeout=10).status_code != httpx.codes.OK:
            yield "the family's address leads nowhere"

    def _faults_of_case(self, one: Sent, cases: list[str]) -> Iterator[str]:
        """A grant that has ended for signer and family has ended here, or it is named that this is not so."""
        if one.id not in self.ended:
            if cases != ["granted"]:
                yield f"cases {cases}"
        elif one.id not in self.named:
            if cases != ["refused"]:
                yield f"cases {cases}, and nobody says what was lost"
            if self.ends_here(one) != self.last_days(one):
                yield f"grants end on {self.ends_here(one)}, tickets on {self.last_days(one)}"


def _family_name(number: int) -> str:
    """No two of them a typing error apart: that child would go to a person."""
    syllables = ("bar", "kel", "mon", "tis", "vug", "lop", "fedz", "nax")
    return "Mül" + "".join(syllables[number // 8**place % 8] for place in range(3))


def _until(check: Callable[[], object], seconds: float = SETTLED_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "did not come about in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_system(tmp_path_factory.mktemp("put-back")) as system:
        region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
        forms = bodies(pick(region, Desk(system).measure, seed=5), day_in_berlin(datetime.now(UTC)))
        yield House(system, forms["granted"])


def recover(house: House, only: str | None) -> None:
    """What `local restore` says is to be done. First what is to be run, then what is to be read."""
    if only in ("signer", None):
        house.system.command("signer", "recover")
    if only in ("application", None):
        lost = reconciled(house, "application")
        house.lost |= {each["application_id"] for each in lost if each["lost"] == "application"}
    if only in ("eligibility", None):
        _until(lambda: not is_busy(house.system))
        house.named = named_by(house)


def named_by(house: House) -> set[str]:
    """Applications of which a restored eligibility says that something done at the desk is lost."""
    return {each["application_id"] for each in reconciled(house, "eligibility")}


def reconciled(house: House, service: str) -> list[dict[str, str]]:
    """What it says that it has lost; asked again for as long as it says that not all is known yet."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        done = house.system.command(service, "reconcile", "--json", check=False)
        if done.returncode != NOT_KNOWN_YET or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    lost: list[dict[str, str]] = json.loads(done.stdout)
    assert (done.returncode == 1) == bool(lost), done.stderr
    return lost


@pytest.mark.parametrize("only", EACH if "PUT_BACK_EACH" in os.environ else SHORT)
def test_a_database_that_was_put_back_doubles_nothing(house: House, tmp_path: Path, only: str | None) -> None:
    # 1. A copy between applications; afterwards one of before and one of after is revoked.
    first = house.accept(BEFORE)
    assert show_backup(print, house.system.folder, tmp_path / "copies", None) == 0
    later = house.accept(AFTER)
    house.revoke(first[0])
    house.revoke(later[0])
    # Of a case that the copy has, and of one that it has not.
    ended = first[1], later[2]
    for one in ended:
        house.end(one)
    assert house.violations() == []
    _until(lambda: not is_busy(house.system))  # what nobody was told of, nobody can name
    # 2. It is put back, and what is to be done is done.
    house.put_back(tmp_path / "copies", only)
    recover(house, only)
    # 3. The world goes on: a ticket that the copy had not can be revoked, and a new one is made.
    _until(lambda: not is_busy(house.system))
    if only != "application" and only is not None:
        assert house.lost == house.lost & {one.id for one in house.sent[: -BEFORE - AFTER]}
    else:
        assert {one.id for one in later} <= house.lost
    house.revoke(later[1])
    if only in ("eligibility", None):
        assert {one.id for one in ended} <= house.named
    if only == "eligibility":
        for one in ended:
            house.decide_again(one)
        assert named_by(house) == set()
        house.named = set()
    house.accept(1)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (is_busy(house.system) or house.violations()):
        time.sleep(0.5)
    assert house.violations() == []
