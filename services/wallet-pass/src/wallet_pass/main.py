"""Wiring: settings, and the only place that knows all the others."""

from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
from fastapi import APIRouter
from shared.audit.begin import begin
from shared.audit.heads import HEADS, TellingHeads
from shared.database import Database
from shared.database.contents import move_all
from shared.database.migration_settings import migrate_database
from shared.database.schema import Schema
from shared.errors import Text
from shared.events import WalletPassAuditHead
from shared.identity import Identity
from shared.retention_job import task_of_ended
from shared.runtime.backlog import Backlog
from shared.runtime.service import Service
from shared.runtime.worker import Worker

from wallet_pass import api, consumer
from wallet_pass.api.google import CALLBACKS_PATH
from wallet_pass.api.staff_designs import UPLOAD
from wallet_pass.apple.package import AppleWallet
from wallet_pass.apple.pictures_of_pass import google_logo
from wallet_pass.apple.push import PRODUCTION, PushClient, open_client
from wallet_pass.apple.signature import Signer
from wallet_pass.certificates import GOOGLE_ACCOUNT, INTERMEDIATE, KEY, LEAF
from wallet_pass.credentials import (
    DAY_SECONDS,
    certificates_in_use,
    load_signer,
    look_at_certificate,
    open_links,
    warn_of_end,
)
from wallet_pass.domain.carried import Seal
from wallet_pass.google.callback_keys import CallbackReader
from wallet_pass.google.rest import GoogleRest
from wallet_pass.google.siblings import save_tokens
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount
from wallet_pass.pictures.making import UploadedPictures
from wallet_pass.printing.printer import Printer
from wallet_pass.settings import Settings
from wallet_pass.store import PassStore
from wallet_pass.store.figures import show_figures
from wallet_pass.store.on_record import KINDS
from wallet_pass.store.row_security import ROW_SECURITY
from wallet_pass.workflow import GOOGLE, PACKAGES, PUSHES, REMAKES, Environment, Parties, Tokens, Workflow, workflow_on
from wallet_pass.workflow.designs import Designs
from wallet_pass.workflow.told_back import EventReplies

LOOK_SECONDS = SECOND = 1.0
GOOGLE_TIMEOUT_SECONDS = 10.0


def _tokens(settings: Settings) -> Tokens:
    links = open_links(settings.certificates)
    return Tokens(links.pass_token, links.authentication_token, links.renewed_token)


def _google_account(settings: Settings, google: GoogleWallet) -> GoogleRest | None:
    if settings.google_url is None:
        return None
    client = httpx.AsyncClient(timeout=GOOGLE_TIMEOUT_SECONDS)
    return GoogleRest(google, client, settings.google_url, now)


def _callback_reader(settings: Settings) -> CallbackReader | None:
    if settings.google_callback_keys_url is None:
        return None
    client = httpx.AsyncClient(timeout=GOOGLE_TIMEOUT_SECONDS)
    return CallbackReader(settings.google_issuer_id, settings.google_callback_keys_url, client, now)


def _push_service(settings: Settings, apple: AppleWallet) -> PushClient | None:
    url = settings.apns_url
    if url is None and not apple.signer.is_test and settings.web_service_url is not None:
        url = PRODUCTION
    if url is None:
        return None
    folder = settings.certificates
    client = open_client(folder / LEAF, folder / INTERMEDIATE, folder / KEY, settings.apns_ca_file)
    return PushClient(client, url, apple.signer.pass_type, now)


def build() -> Service[PassStore]:
    """Everything that the service needs, from the environment.

    Raises:
        ValueError: for files that do not fit.
    """
    settings = Settings()
    database = Database(settings.database_url, PassStore)
    google = google_wallet(settings)
    apple = AppleWallet(load_signer(settings.certificates), settings.public_url, settings.web_service_url)
    account = _google_account(settings, google)
    parties = Parties(apple, google, account, Printer(), _push_service(settings, apple))
    seal, link_life = Seal(open_links(settings.certificates).key), timedelta(days=settings.link_days)
    environment = Environment(now, _tokens(settings), settings.public_url, link_life, seal)
    workflow = workflow_on(database, parties, environment, lambda worker: _backlog(worker, database))
    identity, workers = settings.identity, _workers(settings, database, workflow, apple.signer)
    return Service(
        name="wallet-pass",
        schema=SCHEMA,
        row_security=ROW_SECURITY,
        checks={"certificates": look_at_certificate(apple.signer, now)},
        figures=partial(show_figures, workers=[each.name for each in workers]),
        settings=settings,
        database=database,
        routers=[_routes(settings, workflow, apple.signer, identity, google)],
        policy=api.INTERFACE,
        larger_bodies=[UPLOAD],
        identity=identity,
        handlers=consumer.handlers(workflow),
        answers=consumer.answers(EventReplies(database)),
        workers=workers,
        retention=[task_of_ended("passes", timedelta(days=settings.retention_ended_pass_days))],
        description=DESCRIPTION,
    )


def _backlog(worker: str, database: Database[PassStore]) -> Backlog:
    """A phone that is refused for an hour is tried at each pause: given up, it would show a revoked ticket as good."""
    return Backlog(worker, database, now, puts_aside=worker != PUSHES)


def _workers(settings: Settings, database: Database[PassStore], workflow: Workflow, signer: Signer) -> list[Worker]:
    heads = TellingHeads(database, WalletPassAuditHead, now)

    async def tell_heads() -> None:
        await workflow.note_certificates(certificates_in_use(signer, google_wallet(settings).account))
        await heads.tell()

    async def warn() -> None:
        warn_of_end(signer.leaf, now())

    found = [
        Worker(PACKAGES, workflow.remake, LOOK_SECONDS, woken=True),
        Worker(HEADS, tell_heads, settings.audit_heads_seconds),
        Worker("certificate_end", warn, DAY_SECONDS, everywhere=True),
        Worker(REMAKES, partial(workflow.spread_remakes, settings.remakes_per_second), SECOND),
    ]
    if workflow.parties.push_service is not None:
        found.append(Worker(PUSHES, workflow.phones.push, LOOK_SECONDS, woken=True))
    if workflow.parties.google_account is not None:
        found.append(Worker(GOOGLE, workflow.tell_google, LOOK_SECONDS, woken=True))
    return found


def _routes(
    settings: Settings, workflow: Workflow, signer: Signer, identity: Identity, google: GoogleWallet
) -> APIRouter:
    return api.router(
        workflow,
        clock=now,
        draw_logo=google_logo,
        is_test=signer.is_test,
        limit=settings.pass_limit,
        staff=api.Staff(identity, settings.sheet_limit),
        badges=settings.badges,
        save_together=partial(save_tokens, google),
        design_staff=api.DesignStaff(
            identity, Designs(workflow.transactions, UploadedPictures(), now), settings.picture_limit
        ),
        callback_reader=_callback_reader(settings),
    )


DESCRIPTION = Text(
    "Macht aus unterschriebenen Tickets Pässe für das Telefon und die Seite, auf der Familien sie finden. Die "
    "Adresse der Seite steht im Antrag.",
    "Makes passes for phones out of signed tickets, and the page where families find them. Its address stands "
    "with the application.",
)
SCHEMA = Schema("wallet_pass", "wallet-pass")


def migrate(back_to: str | None = None) -> None:
    """Bring the database to the newest version, or back to an earlier one."""
    if url := migrate_database("WALLET_PASS_", SCHEMA, back_to):
        database = Database(url, PassStore)
        move_all(lambda after, limit: database.write_now(lambda store: store.move_packages(after, limit)))
        database.close()
        begin(url, KINDS)


def google_wallet(settings: Settings) -> GoogleWallet:
    """For the issuer of the settings, with the service account of the same folder.

    Raises:
        ValueError: for another file.
    """
    account = ServiceAccount.load(settings.certificates / GOOGLE_ACCOUNT, settings.google_token_url)
    tells = settings.google_callback_keys_url is not None and settings.public_url.startswith("https://")
    callback_url = f"{settings.public_url.rstrip('/')}{CALLBACKS_PATH}" if tells else None
    key = open_links(settings.certificates).key
    return GoogleWallet(settings.google_issuer_id, account, settings.public_url, now, callback_url, key)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
