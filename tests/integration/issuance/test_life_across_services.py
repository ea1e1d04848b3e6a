"""The life of one ticket on a real broker: signer, application and wallet-pass as processes, as the family sees it."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZipFile

import httpx
import pytest
from application.checks.key_tables import school_keys
from application.domain.ids import Owner
from application.domain.school import Authority, School
from application.form import EXAMPLE, ApplicationForm
from application.main import open_database
from application.workflow import workflow_on
from shared.events import EligibilityGranted, RevocationRequested, TicketChangeRequested
from support.application.keys import key_settings
from support.broker import Broker
from support.databases import make_tables
from support.json import Json, text
from support.processes import BIN, Processes, wait_for

AUTHORITY, ORGANISATION = "10261", 32838
SERVICES = {"signer": "SIGNER", "application": "APPLICATION", "wallet-pass": "WALLET_PASS"}
SUBMITTED = datetime(2026, 6, 1, 10, tzinfo=UTC)
"""In time for the example, whatever the day of the test."""


class System(Processes):
    """The services that a family's ticket passes through."""

    application_id: UUID

    def is_granted(self) -> None:
        year = datetime.now(UTC).year
        self.broker.say(
            EligibilityGranted(
                **self.base(), application_id=self.application_id, decision_id=uuid4(), valid_from=date(year, 1, 1),
                valid_until=date(year + 1, 7, 31), own_share_cents=1400, distance_m=3600.0, limit_m=3500, reasons=(),
                rules_version="nrw",
            )
        )  # fmt: skip

    def base(self) -> dict[str, object]:
        return {"occurred_at": datetime.now(UTC), "authority_id": AUTHORITY}

    def change(self, number: int, change: str, reason: str) -> None:
        who = {"request_id": uuid4(), "number": number, "organisation_id": ORGANISATION, "requested_by": "operator"}
        self.broker.say(TicketChangeRequested(**self.base(), **who, change=change, reason=reason))

    def family_sees(self) -> Json:
        path = f"{self.url('application')}/v1/applications/{self.application_id}"
        seen: Json = httpx.get(path, headers=self.sign_in("parent")).raise_for_status().json()
        return seen

    def kinds(self) -> list[str]:
        return [text(entry["kind"]) for entry in self.family_sees()["timeline"]]

    def family_reports_loss(self) -> None:
        link = self.family_sees()["links"]["loss"]
        assert httpx.post(text(link), headers=self.sign_in("parent")).raise_for_status().json()["links"]["loss"] is None

    def status(self, expected: str, last: str) -> Json:
        """What the family sees, as soon as the status is this, and the timeline has such an entry at its end."""

        def seen() -> Json | None:
            shown = self.family_sees()
            return shown if shown["status"] == expected and shown["timeline"][-1]["kind"] == last else None

        shown = wait_for(seen)
        assert shown is not None
        return shown

    def apple(self, page: str) -> Json:
        package = httpx.get(f"{page}/pass.pkpass").raise_for_status().content
        document: Json = json.loads(ZipFile(BytesIO(package)).read("pass.json"))
        return document


@pytest.fixture
def system(tmp_path: Path, broker: Broker) -> Iterator[System]:
    running = System(tmp_path, broker, SERVICES)
    running.application_id = apply(running.database_url("application"))
    running.prepare_signer(AUTHORITY, ORGANISATION)
    make_tables(running.database_url("wallet-pass"), "wallet_pass", "migrations")
    certificates = tmp_path / "certificates"
    running.settings["WALLET_PASS_CERTIFICATES"] = str(certificates)
    running.settings.update(key_settings(tmp_path))
    made = running.command("wallet-pass", "certificates", certificates)
    assert made.returncode == 0, made.stderr
    try:
        running.start_identity(parent="guardian")
        running.start_signer()
        for name in ("application", "wallet-pass"):
            running.start(name, BIN / name, "serve")
        wait_for(lambda: httpx.get(f"{running.url('identity')}/healthz").status_code == 200)
        wait_for(lambda: httpx.get(f"{running.url('application')}/healthz").status_code == 200)
        yield running
    finally:
        running.kill_all()


def apply(database_url: str) -> UUID:
    """The family's application, as the API would write it; the service tells of it when it starts."""
    make_tables(database_url, "application")
    database = open_database(database_url)
    workflow = workflow_on(database, school_keys())
    authority = Authority(AUTHORITY, "Stadt Bielefeld", takes_part=True)
    school = School(
        number=EXAMPLE["school_number"], name="Gymnasium am Alten Markt", form="GY", city="Bielefeld", street="Am Markt 1",
        postal_code="33602", authority=authority, operation="1", operation_since=date(1974, 8, 1),
    )  # fmt: skip
    workflow.directory.fill([school], [authority])
    form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
    application = asyncio.run(workflow.applications.submit(Owner("parent"), "key-1", form, SUBMITTED))
    database.close()
    return application.id


def number_on(page: str) -> int:
    document = httpx.get(f"{page}/google.json").json()["object"]
    return int(next(each["body"] for each in document["textModulesData"] if each["id"] == "number"))


def test_a_family_sees_its_ticket_suspended_restored_changed_lost_and_revoked(system: System) -> None:
    # 1. granted: the pass is ready
    system.is_granted()
    page = text(system.status("pass_ready", "pass_ready")["links"]["pass"])
    first = system.apple(page)
    # 2. suspended and restored: both services say so, and the pass is as it was
    system.change(number_on(page), "suspend", "lost")
    assert "als verloren gemeldet" in system.status("suspended", "ticket_suspended")["status_text"]["de"]
    wait_for(lambda: "ausgesetzt" in httpx.get(page).text)
    assert "barcodes" not in system.apple(page)
    system.change(number_on(page), "restore", "found")
    system.status("pass_ready", "ticket_restored")
    wait_for(lambda: system.apple(page) == first)
    # 3. changed: a new number, in the pass that the family has already
    system.change(number_on(page), "renew", "another area")
    wait_for(lambda: "ticket_replaced" in system.kinds())  # the pass of the restored one may be ready after it too
    system.status("pass_ready", "pass_ready")
    wait_for(lambda: system.apple(page).get("barcodes", first["barcodes"]) != first["barcodes"])
    assert wait_for(system.family_sees)["links"]["pass"] == page
    assert system.apple(page)["serialNumber"] == first["serialNumber"]
    # 4. lost, as the family reports: the old link tells nothing any more, and only its application leads to the new one
    system.family_reports_loss()
    found = wait_for(lambda: (shown := system.family_sees())["links"]["pass"] not in (None, page) and shown)
    assert found
    new_page = text(found["links"]["pass"])
    wait_for(lambda: httpx.get(page).status_code == httpx.codes.NOT_FOUND)
    assert new_page not in httpx.get(page).text
    assert system.apple(new_page)["barcodes"] != first["barcodes"]
    # 5. revoked: with the reason in words, and no pass any more
    ask = {"request_id": uuid4(), "number": number_on(new_page), "organisation_id": ORGANISATION}
    system.broker.say(RevocationRequested(**system.base(), **ask, reason="fraud", requested_by="operator"))
    end = system.status("revoked", "ticket_revoked")
    assert "gesperrt" in end["status_text"]["de"] and "muss nicht an Ihnen liegen" in end["status_text"]["de"]
    assert end["links"]["pass"] is None
    wait_for(lambda: system.apple(new_page).get("voided"))
