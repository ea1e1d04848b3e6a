"""Processes and the token: who loads it, who waits for it, and what a signer says that has none."""

import asyncio
import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import nkeys
import pytest
import sqlalchemy as sa
from issuance.domain.numbering import KEY_BYTES, NumberScheme
from issuance.signer.keys import open_keys
from issuance.signer.live_signer import LiveSigner
from issuance.workflow.signer.issue import SIGNING, TicketIssuer
from shared.errors import Unavailable
from shared.events import ApplicationHolderGiven, EligibilityGranted
from shared.runtime.backlog import Backlog
from support.commands import run_here
from support.databases import make_tables
from support.issuance.signer_world import AUTHORITY, open_database
from support.issuance.soft_token import FORGOTTEN, NEEDED, TokenCeremony, Tokens

pytestmark = NEEDED


def test_the_process_that_answers_the_public_network_loads_neither_keys_nor_the_library() -> None:
    code = (
        "import sys; import issuance.main, issuance.consumer, issuance.api.pages, issuance.inspection.scanner; "
        "print([name for name in sys.modules if name.startswith(('pkcs11', 'issuance.signer'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.filterwarnings(FORGOTTEN)
def test_grants_that_come_while_the_token_is_away_wait_as_rows_and_become_tickets_when_it_is_back(
    held: TokenCeremony, tokens: Tokens, tmp_path: Path
) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'signer.db'}")

    def clock() -> datetime:
        return datetime.now(UTC)

    live = LiveSigner(held.folder, open_keys(held.folder, None, held.uri), "", clock)
    issuing = TicketIssuer(
        database, live, live, clock, NumberScheme(secrets.token_bytes(KEY_BYTES)), Backlog(SIGNING, database, clock)
    )
    day = clock().date()
    base = {"occurred_at": clock(), "authority_id": AUTHORITY, "application_id": uuid4()}
    days = {"valid_from": day, "valid_until": day + timedelta(days=200)}
    facts = {"own_share_cents": 0, "distance_m": None, "limit_m": None, "reasons": (), "rules_version": "nrw"}
    holder = ApplicationHolderGiven(**base, first_name="Zoë", last_name="Li", birth_date=date(2012, 2, 29))
    grant = EligibilityGranted(**base, **days, **facts, decision_id=uuid4())

    def states() -> list[tuple[object, ...]]:
        query = sa.text("SELECT state FROM ticket")
        return [tuple(row) for row in database.read_now(lambda store: store.session.execute(query).all())]

    async def whole() -> None:
        await database.write(await issuing.keep_holder(holder))
        await database.write(await issuing.keep_grant(grant))
        tokens.take_away()
        try:
            for _ in range(3):
                with pytest.raises(Unavailable):
                    await issuing.issue_due()
            assert states() == [("approved",)]
        finally:
            tokens.bring_back()
        while await issuing.issue_due():
            pass
        assert states() == [("issued",)]

    asyncio.run(whole())
    database.close()


def environment(held: TokenCeremony, tmp_path: Path, port: int, **settings: str) -> dict[str, str]:
    """Of the signer; the broker is away, which HTTP does not mind."""
    seed = tmp_path / "user.nk"
    seed.write_bytes(bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)))
    own = {
        "PORT": str(port), "PUBLIC_URL": "http://127.0.0.1:9", "DATABASE_URL": f"sqlite:///{tmp_path / 'signer.db'}",
        "NATS_URL": "nats://127.0.0.1:9", "NATS_MONITOR_URL": "http://127.0.0.1:9", "NATS_SEED_FILE": str(seed),
        "ISSUER": "http://127.0.0.1:9", "KEYS": str(held.folder), **settings,
    }  # fmt: skip
    return {f"SIGNER_{name}": value for name, value in own.items()}


def serve(settings: dict[str, str]) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("issuance")), "signer", "serve"]
    return subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.PIPE, text=True)


def test_the_running_signer_tells_whether_its_token_answers(
    held: TokenCeremony, tokens: Tokens, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    make_tables(f"sqlite:///{tmp_path / 'signer.db'}", "issuance", "migrations/signer")
    port, own = free_port(), free_port()
    process = serve(environment(held, tmp_path, port, TOKEN_URI=held.uri, OPERATIONS_PORT=str(own)))

    def keys_are(state: bool) -> None:
        deadline, told = time.monotonic() + 30, None
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                told = httpx.get(f"http://127.0.0.1:{port}/readyz").json()["checks"]["certificates"]["ok"]
                if told is state:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the keys are said to be good: {told}")

    try:
        keys_are(True)
        tokens.take_away()
        try:
            keys_are(False)
            assert "token_available 0.0" in httpx.get(f"http://127.0.0.1:{own}/metrics").text
        finally:
            tokens.bring_back()
        keys_are(True)
        assert "trust_list_expires_timestamp_seconds" in httpx.get(f"http://127.0.0.1:{own}/metrics").text
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "name either SIGNER_PASSPHRASE_FILE (encrypted files) or SIGNER_TOKEN_URI (PKCS#11)"),
        ({"TOKEN_URI": "both", "PASSPHRASE_FILE": "/dev/null"}, "name either SIGNER_PASSPHRASE_FILE"),
    ],
    ids=["neither", "both"],
)
def test_a_signer_with_wrong_settings_does_not_start_and_says_what_to_do(
    held: TokenCeremony, tmp_path: Path, settings: dict[str, str], why: str
) -> None:
    own = environment(held, tmp_path, 1, **settings)
    ended = run_here("issuance", "signer", "serve", environment=own, folder=tmp_path)
    assert ended.returncode == 2 and why in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_signer_with_a_wrong_pin_does_not_start_and_says_what_to_do(held: TokenCeremony, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("9999-9999")
    uri = held.uri.partition("pin-source")[0] + f"pin-source=file:{tmp_path / 'pin'}"
    process = serve(environment(held, tmp_path, 1, TOKEN_URI=uri))
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 2 and "correct the file before you start again" in stderr
    assert "Traceback" not in stderr and "9999-9999" not in stderr
