"""Wiring of both processes: settings, and the only place that knows all the others."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict
from shared.database import Database
from shared.database.migration import upgrade
from shared.errors import Unavailable
from shared.identity import Identity
from shared.runtime import Service, ServiceSettings, Worker, until

from issuance import consumer
from issuance.api import pages, scan_logs, verifications
from issuance.inspection.scanner import LiveScanner
from issuance.store.inspection.inspection import InspectionStore
from issuance.store.signer.signer import SignerStore
from issuance.workflow.inspection.copies import CopyRules
from issuance.workflow.inspection.inspect import Inspecting
from issuance.workflow.inspection.scan_log import Recording
from issuance.workflow.signer.issue import Issuing
from issuance.workflow.signer.life import Living, Renewing
from issuance.workflow.signer.publish import Publishing
from issuance.workflow.signer.publish_issued import PublishingIssued
from issuance.workflow.signer.revoke import Revoking

log = structlog.get_logger("issuance")

LOOK_SECONDS = 1.0
HOUR = 3600.0
KEYS_SECONDS = 2.0
"""How soon new keys and lists in the folder are taken."""
RETRY_SECONDS = 10.0


class SignerSettings(ServiceSettings):
    """`public_url` is the API's: a status list names the address under which the API publishes it.

    The keys lie in encrypted files or in a PKCS#11 token: either a passphrase file or a token's URI must be named.
    """

    model_config = SettingsConfigDict(env_prefix="SIGNER_")

    keys: Path
    """Folder of the key ceremony (`issuance ceremony`)."""
    passphrase_file: Path | None = None
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


def now() -> datetime:
    return datetime.now(UTC)


def build_signer() -> Service[SignerStore]:
    """The process with the keys. HTTP is for health only. Raises KeyProblem for keys that do not fit."""
    # here alone: the API's process does not even load what holds keys
    from issuance.signer import ceremony
    from issuance.signer.keys import open_keys
    from issuance.signer.live_signer import LiveSigner
    from issuance.signer.upkeep import Upkeep

    settings = SignerSettings()
    database = Database(settings.database_url, SignerStore)
    keys = open_keys(settings.keys / ceremony.KEYS, settings.passphrase_file, settings.token_uri)
    live = LiveSigner(settings.keys, keys, settings.public_url, now)
    issuing = Issuing(database, live, live, now, secrets.randbelow)
    publishing = Publishing(database, live, now)
    renewing = Renewing(database, live, live, now)
    upkeep = Upkeep(live, issuing, publishing, renewing, PublishingIssued(database, live, live, now))

    async def where_keys_are() -> str:
        return "ok" if await asyncio.to_thread(keys.is_available) else "away"

    return Service(
        name="signer",
        settings=settings,
        database=database,
        routers=[],
        handlers=consumer.signer_handlers(issuing, Revoking(now), Living(now, secrets.randbelow)),
        workers=[
            _worker("signing", database, issuing.issue_due),
            _worker("publishing", database, lambda: publishing.publish_due(live.lists_from)),
            _timer("keys", upkeep.look_at_keys, KEYS_SECONDS),
            _timer("hourly", upkeep.hourly, HOUR),
        ],
        description="Signs tickets, trust and status lists.",
        checks={"keys": where_keys_are},
    )


def build_api() -> Service[InspectionStore]:
    """The process that answers the public network. Holds no signing key."""
    settings = ApiSettings()
    database = Database(settings.database_url, InspectionStore)
    inspecting = Inspecting(database, LiveScanner(database, time.monotonic), now)
    identity = Identity(settings.issuer, settings.audience)
    recording = Recording(database, now, secrets.token_bytes, CopyRules(settings.copy_kmh, settings.copy_scanners))
    return Service(
        name="issuance",
        settings=settings,
        database=database,
        routers=[
            verifications.router(inspecting, identity, settings.open_limit, recording),
            scan_logs.router(recording, identity),
            pages.router(settings.issuer),
        ],
        handlers=consumer.inspection_handlers(inspecting),
        workers=[_timer("forgetting", recording.forget, HOUR)],
        description="Verification, trust and status lists, revocation.",
    )


def migrate_signer() -> None:
    upgrade(SignerSettings().database_url, "issuance", "migrations/signer")


def migrate_api() -> None:
    upgrade(ApiSettings().database_url, "issuance", "migrations/inspection")


def _worker(name: str, database: Database[SignerStore], work: Callable[[], Awaitable[int]]) -> Worker:
    """Works off a table's list: woken by every write, and looking once a second in any case."""

    async def worker(stop: asyncio.Event) -> None:
        wake = asyncio.Event()
        database.after_commit(wake.set)
        async for _ in until(stop, wake, LOOK_SECONDS):
            await _attempt(name, work, stop)

    worker.__name__ = name
    return worker


def _timer(name: str, work: Callable[[], Awaitable[int]], seconds: float) -> Worker:
    """Once at the start, and every so many seconds."""

    async def worker(stop: asyncio.Event) -> None:
        async for _ in until(stop, asyncio.Event(), seconds):
            await _attempt(name, work, stop)

    worker.__name__ = name
    return worker


async def _attempt(name: str, work: Callable[[], Awaitable[int]], stop: asyncio.Event) -> None:
    """What fails is tried again after a pause: the rows are the list, nothing is lost."""
    while not stop.is_set():
        try:
            if not await work():
                return
        except Exception as error:
            level = log.warning if isinstance(error, Unavailable) else log.error
            level("work_failed", worker=name, error=type(error).__name__)
            waiting = asyncio.ensure_future(stop.wait())
            await asyncio.wait({waiting}, timeout=RETRY_SECONDS)
            waiting.cancel()
