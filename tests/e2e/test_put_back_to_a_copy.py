"""Each database is put back to a copy while the world went on, and all of them at once: with the commands that
`local restore` names nothing is doubled, nobody's ticket changes its number or its address, what was revoked stays
revoked, and what a restored application has lost is listed.
"""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from local.backup.command import show_backup, show_restore
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import Body, bodies
from local.process import stop_all
from local.region import read_region
from local.system import System, running
from local.system.plan import SERVICES
from shared.bus import admin
from shared.calendar import day_in_berlin
from support.whole_system import Sent, apply, is_busy, look

pytestmark = pytest.mark.timeout(600)

BEFORE, AFTER = 2, 4
"""Applications that are accepted before the copy is made, and afterwards."""
SETTLED_SECONDS = 60.0
EACH = ("wallet-pass", "issuance", "signer", "eligibility", "application", None)
"""All of them take five minutes: with PUT_BACK_EACH=1. Without it the signer, and all of one copy (None)."""


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

    def accept(self, count: int) -> list[Sent]:
        """Applications, up to the pass; what their families are told is kept."""
        header, new = self.system.sign_in("parent-1"), []
        for _ in range(count):
            name = _family_name(len(self.sent))
            body = self.form | {"pupil": self.form["pupil"] | {"last_name": name}}
            new.append(apply(self.system, header, "granted", body))
            self.sent.append(new[-1])
        for one in new:
            _until(lambda one=one: look(self.system, header, one)["status"] == "pass_ready")  # type: ignore[misc]
            self.links[one.id] = look(self.system, header, one)["links"]["pass"]
            [self.numbers[one.id]] = self.rows("signer", "SELECT number FROM ticket WHERE application_id = ?", one)
        return new

    def revoke(self, one: Sent) -> None:
        url = f"{self.system.urls['issuance']}/v1/tickets/{self.numbers[one.id]}/revocations"
        header = self.system.sign_in("operator")
        httpx.post(url, json={"reason": "fraud"}, headers=header, timeout=10).raise_for_status()
        self.revoked.add(one.id)
        _until(lambda: self.verdict(one) == "revoked")

    def rows(self, service: str, query: str, one: Sent | None = None) -> list[Any]:
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
        if cases != ["granted"]:
            yield f"cases {cases}"
        query = """SELECT count(*) FROM decision JOIN case_file ON case_file.id = decision.case_id
            WHERE application_id = ? AND released_at IS NOT NULL AND decision.withdrawn_at IS NULL"""
        if (decided := self.rows("eligibility", query, one)) != [1]:
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


def _family_name(number: int) -> str:
    """No two of them a typing error apart: that child would go to a person."""
    syllables = ("bar", "kel", "mon", "tis", "vug", "lop", "fedz", "nax")
    return "Mül" + "".join(syllables[number // 8**place % 8] for place in range(3))


def _until(check: Any, seconds: float = SETTLED_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "did not come about in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("put-back")) as system:
        region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
        forms = bodies(pick(region, Desk(system).measure, seed=5), day_in_berlin(datetime.now(UTC)))
        yield House(system, forms["granted"])


def recover(house: House, only: str | None) -> None:
    """What `local restore` says is to be done."""
    if only in ("signer", None):
        house.system.command("signer", "recover")
    if only in ("application", None):
        done = house.system.command("application", "reconcile", "--json", check=False)
        house.lost |= {each["application_id"] for each in json.loads(done.stdout)}
        assert (done.returncode == 1) == bool(house.lost), done.stderr


@pytest.mark.parametrize("only", EACH if "PUT_BACK_EACH" in os.environ else ("signer", None))
def test_a_database_that_was_put_back_doubles_nothing(house: House, tmp_path: Path, only: str | None) -> None:
    # 1. A copy between applications; afterwards one of before and one of after is revoked.
    first = house.accept(BEFORE)
    assert show_backup(print, house.system.folder, tmp_path / "copies", None) == 0
    later = house.accept(AFTER)
    house.revoke(first[0])
    house.revoke(later[0])
    assert house.violations() == []
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
    house.accept(1)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (is_busy(house.system) or house.violations()):
        time.sleep(0.5)
    assert house.violations() == []
