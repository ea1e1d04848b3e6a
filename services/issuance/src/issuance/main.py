"""Wiring of both processes: settings, and the only place that knows all the others."""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import SettingsConfigDict
from shared.audit.begin import begin
from shared.audit.heads import HEADS, TellingHeads
from shared.audit.rows import Kind
from shared.copies.fence import Fence
from shared.copies.fenced_database import FencedDatabase
from shared.copies.keepers import keeper_of
from shared.database import Database
from shared.database.migration_settings import migrate_database
from shared.database.schema import Schema
from shared.errors import Text
from shared.events import IssuanceAuditHead
from shared.http.landing import Link
from shared.identity import Identity
from shared.retention_job import task_of_ended
from shared.runtime.backlog import Backlog
from shared.runtime.caught_up import CaughtUp
from shared.runtime.check import Check
from shared.runtime.service import Service
from shared.runtime.settings import ServiceSettings
from shared.runtime.worker import Worker

from issuance import consumer
from issuance.api import lists, pages, scan_logs, tickets, verifications, who_may
from issuance.domain.inspection_retention import RetentionTerms as InspectionRetentionTerms
from issuance.domain.signer_retention import RetentionTerms as SignerRetentionTerms
from issuance.domain.two_persons import TwoPersons
from issuance.inspection.scanner import LiveScanner
from issuance.store.inspection import InspectionStore
from issuance.store.inspection.figures import look_at_followed, show_lists
from issuance.store.inspection.on_record import KINDS as API_KINDS
from issuance.store.inspection.row_security import ROW_SECURITY as API_ROWS
from issuance.store.signer import SignerStore
from issuance.store.signer.figures import figures, look_at_published
from issuance.store.signer.on_record import KINDS as SIGNER_KINDS
from issuance.store.signer.row_security import ROW_SECURITY as SIGNER_ROWS
from issuance.workflow import inspection
from issuance.workflow.inspection.copies import CopyRules
from issuance.workflow.signer import ENDING, HOURLY, PUBLISHING, SIGNING, workflow_on
from issuance.workflow.signer import Workflow as SignerWorkflow
from issuance.workflow.signer.endings import Endings
from issuance.workflow.signer.quota import Quota

if TYPE_CHECKING:
    from issuance.signer.keys import KeyStore
    from issuance.signer.live_signer import LiveSigner
    from issuance.signer.upkeep import Upkeep

LOOK_SECONDS = 1.0
MINUTE = 60.0
HOUR = 3600.0
KEYS_SECONDS = 2.0
"""How soon new keys and lists in the folder are taken."""


def _naming(setting: str) -> str:
    TwoPersons.read(setting)
    return setting


RevokedByTwo = Annotated[str, AfterValidator(_naming)]


class SignerSettings(ServiceSettings):
    """`public_url` is the API's: a status list names the address under which the API publishes it.

    The keys lie in encrypted files or in a PKCS#11 token: either a passphrase file or a token's URI must be named.
    """

    model_config = SettingsConfigDict(env_prefix="SIGNER_")

    keys: Path
    """Folder of the key ceremony (`issuance ceremony`)."""
    passphrase_file: Path | None = None
    signatures_per_hour: int = Field(default=10_000, ge=0)
    """Tickets of one authority; what is more waits for the next hour. 0: as many as come. Our own choice: the change of
    the school year of a large city takes an evening, and what a stolen account of a desk can do is seen before."""
    endings_per_hour: int = Field(default=200, ge=0)
    """Tickets that one authority, or one operator, has revoked, suspended or replaced in an hour; more only by the
    command `issuance signer revoke`. 0: as many as are asked for. Our own choice: a person looks at each for 20
    seconds."""
    revoked_by_two: RevokedByTwo = ""
    """Authorities, and operators as `operator:ORGANISATION`, with spaces between: of which one person suspends a ticket
    and only another then revokes it. An authority's desk asks so by `second_person_for: revocation` in its settings."""
    retention_ended_ticket_days: int = Field(SignerRetentionTerms.ended_ticket_days, ge=0, le=36500)
    """So long after an application's last ticket ended its names and codes are kept (domain.signer_retention)."""
    token_uri: str = ""
    """pkcs11:token=LABEL?module-path=SO&pin-source=file:PIN (RFC 7512)."""

    @model_validator(mode="after")
    def _one_place_for_keys(self) -> "SignerSettings":
        if (self.passphrase_file is None) == (not self.token_uri):
            raise ValueError("name either SIGNER_PASSPHRASE_FILE (encrypted files) or SIGNER_TOKEN_URI (PKCS#11)")
        return self


class ApiSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ISSUANCE_")

    maximum_body_bytes: int = Field(default=verifications.MOST_IMAGE_CHARACTERS + 1024, ge=1024)
    copy_kmh: float = Field(default=CopyRules.kmh, gt=0)
    copy_scanners: int = Field(default=CopyRules.scanners, ge=2)
    endings_per_hour: int = Field(default=200, ge=0)
    """As the signer's, which decides: so whoever asks hears it at once."""
    inspections_per_minute: float = Field(default=1200, ge=0)
    """Of one inspector's account; 0: no limit. Our own choice: an operator's reader may ask for a whole depot."""
    inspections_burst: int = Field(default=600, ge=1)
    revoked_by_two: RevokedByTwo = ""
    """As the signer's, which decides: so whoever asks alone hears it at once."""
    retention_ended_ticket_days: int = Field(InspectionRetentionTerms.ended_ticket_days, ge=0, le=36500)
    """So long after an application's last ticket ended staff can find it (domain.inspection_retention)."""
    authority_requests_per_minute: float = Field(default=30_000, ge=0)
    """Of one transport operator: hundreds of inspectors are on the way at once."""

    def rates_by_role(self) -> Mapping[str, tuple[float, int]]:
        """By role, for one account: how many a minute, and how many at once."""
        return {"inspector": (self.inspections_per_minute, self.inspections_burst)}


SIGNER_DESCRIPTION = Text(
    "Unterschreibt Tickets, Vertrauensliste und Sperrlisten.", "Signs tickets, trust list and status lists."
)
SIGNER_SCHEMA = Schema("issuance", "issuance signer", "migrations/signer")
API_SCHEMA = Schema("issuance", "issuance", "migrations/inspection")


def now() -> datetime:
    """The clock of both processes, in UTC."""
    return datetime.now(UTC)


def build_signer() -> Service[SignerStore]:
    """The process with the keys. HTTP is for health only.

    Raises:
        KeyProblem: for keys that do not fit.
    """
    # here alone: the API's process does not even load what holds keys
    from issuance.signer import ceremony
    from issuance.signer.keys import KeyProblem, open_keys, open_numbering
    from issuance.signer.live_signer import LiveSigner

    settings = SignerSettings()
    fence, database = _fenced(settings.database_url)
    keys = open_keys(settings.keys / ceremony.KEYS, settings.passphrase_file, settings.token_uri)
    live = LiveSigner(settings.keys, keys, settings.public_url, now, fence.require)

    def backlog_of(worker: str) -> Backlog:
        # where a person must see to the keys, no ticket is put aside for it
        # and a list, or a ticket to be signed anew, is never given up: what was revoked since is in it
        return Backlog(worker, database, now, outer_errors=(KeyProblem,), puts_aside=worker == SIGNING)

    numbering, quota = open_numbering(settings.keys / ceremony.KEYS), Quota(settings.signatures_per_hour)
    endings, by_two = Endings(settings.endings_per_hour), TwoPersons.read(settings.revoked_by_two)
    workflow = workflow_on(database, live, now, numbering, backlog_of, quota=quota, endings=endings, two_persons=by_two)
    caught_up = CaughtUp(database)
    return Service(
        name="signer",
        settings=settings,
        database=database,
        routers=[],
        handlers=consumer.signer_handlers(workflow),
        answers=consumer.signer_answers(workflow),
        catch_up=caught_up.wait,
        workers=caught_up.first(*_signer_workers(settings, workflow, live, _upkeep_of(workflow, live, fence))),
        description=SIGNER_DESCRIPTION,
        schema=SIGNER_SCHEMA,
        row_security=SIGNER_ROWS,
        checks={"certificates": lambda: _look_at_keys(keys, live), "lists": look_at_published(database, now)},
        figures=figures(quota),
        fence=fence,
        retention=[task_of_ended("tickets", timedelta(days=settings.retention_ended_ticket_days))],
    )


def _fenced(url: str) -> tuple[Fence, FencedDatabase[SignerStore]]:
    """Of several signers one writes."""
    fence = Fence(keeper_of(url))
    return fence, FencedDatabase(url, SignerStore, fence)


def _upkeep_of(workflow: SignerWorkflow, live: "LiveSigner", fence: Fence) -> "Upkeep":
    from issuance.signer.upkeep import Upkeep

    parts = workflow.issuing, workflow.publishing, workflow.renewing, workflow.filters
    return Upkeep(live, *parts, lambda: fence.is_waiting)


def _signer_workers(
    settings: SignerSettings, workflow: SignerWorkflow, live: "LiveSigner", upkeep: "Upkeep"
) -> Sequence[Worker]:
    publish_due = workflow.publishing.publish_due
    return (
        Worker(SIGNING, workflow.issuing.issue_due, LOOK_SECONDS, woken=True),
        Worker(PUBLISHING, lambda: publish_due(live.lists_from), LOOK_SECONDS, woken=True),
        Worker(ENDING, workflow.ending.end_due, MINUTE),
        Worker("keys", upkeep.look_at_keys, KEYS_SECONDS, also_waiting=True),
        Worker(HOURLY, upkeep.hourly, HOUR),
        Worker(HEADS, workflow.heads.sign_own, settings.audit_heads_seconds),
    )


async def _look_at_keys(keys: "KeyStore", live: "LiveSigner") -> Check:
    if not await asyncio.to_thread(keys.is_available):
        return Check(ok=False, detail="the keys are away", blocks=False)
    return Check(*live.is_good(), blocks=False)  # what is to be signed waits in the tables


def build_api() -> Service[InspectionStore]:
    """The process that answers the public network. Holds no signing key."""
    settings = ApiSettings()
    database = Database(settings.database_url, InspectionStore)
    scanner = LiveScanner(database, time.monotonic)
    copy_rules = CopyRules(settings.copy_kmh, settings.copy_scanners)
    two_persons = TwoPersons.read(settings.revoked_by_two)
    identity = settings.identity  # one: it keeps the provider's keys
    workflow = inspection.workflow_on(
        database, scanner, now, secrets.token_bytes, rules=copy_rules, two_persons=two_persons
    )
    return Service(
        name="issuance",
        schema=API_SCHEMA,
        row_security=API_ROWS,
        checks={"lists": look_at_followed(database, now)},
        figures=show_lists,
        settings=settings,
        database=database,
        routers=_api_routers(settings, workflow, identity),
        own_readers=[verifications.PATH],
        policy=who_may.INTERFACE,
        identity=identity,
        handlers=consumer.inspection_handlers(workflow),
        answers=consumer.inspection_answers(workflow),
        retention=[task_of_ended("tickets", timedelta(days=settings.retention_ended_ticket_days))],
        workers=[
            Worker("forgetting", workflow.recording.forget, HOUR),
            Worker(HEADS, TellingHeads(database, IssuanceAuditHead, now).tell, settings.audit_heads_seconds),
        ],
        description=Text(
            "Prüft Tickets und veröffentlicht, was Kontrollgeräte dafür brauchen: Vertrauensliste und Sperrlisten.",
            "Checks tickets and publishes what scanners need for it: trust list and status lists.",
        ),
        links=[
            Link("/scan", Text("Kontrolle mit dem Telefon", "Inspection with a phone")),
            Link("/v2/status-lists", Text("Stand der Sperrlisten", "Versions of the status lists")),
        ],
    )


def _api_routers(settings: ApiSettings, workflow: inspection.Workflow, identity: Identity) -> list[APIRouter]:
    return [
        verifications.router(workflow.inspecting, identity, settings.open_limit, workflow.recording),
        tickets.router(workflow.requesting, identity, tickets.ending_limit(settings.endings_per_hour)),
        lists.router(workflow.inspecting),
        scan_logs.router(workflow.recording, identity),
        pages.router(settings.issuer),
    ]


def migrate_signer(back_to: str | None = None) -> None:
    """Bring the signer's database to the newest version, or back to an earlier one."""
    _migrate("SIGNER_", SIGNER_SCHEMA, SIGNER_KINDS, back_to)


def migrate_api(back_to: str | None = None) -> None:
    """The same with the API's."""
    _migrate("ISSUANCE_", API_SCHEMA, API_KINDS, back_to)


def _migrate(prefix: str, schema: Schema, kinds: Sequence[Kind], back_to: str | None) -> None:
    if url := migrate_database(prefix, schema, back_to):
        begin(url, kinds)
