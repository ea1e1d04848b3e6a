"""Keys in a PKCS#11 token (SoftHSM): they sign like those of files, stay inside, and come back after an absence."""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import nkeys
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.commands import app
from issuance.domain.terms import Terms
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.verdict import Verdict
from issuance.signer import ceremony, modules
from issuance.signer.keys import KeyProblem, RsaKey, open_keys, token
from issuance.signer.live_signer import LiveSigner
from issuance.signer.rotation import Keeper
from issuance.store.signer import SignerStore
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.issue import SIGNING, Issuing
from shared.database import Database
from shared.database.migration import upgrade
from shared.errors import Unavailable
from shared.events import ApplicationHolderGiven, EligibilityGranted
from shared.runtime.backlog import Backlog
from support import needs
from support.independent import vdv_barcode
from typer.testing import CliRunner, Result

UTILITY = shutil.which("softhsm2-util")
LIBRARIES = [Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/local/lib/softhsm/libsofthsm2.so")]
LIBRARY = next((path for path in LIBRARIES if path.exists()), LIBRARIES[0])
pytestmark = needs.program("softhsm2-util", package="softhsm2")

FORGOTTEN = "ignore::pytest.PytestUnraisableExceptionWarning"
"""A search in a session that is gone cannot be ended in an orderly way."""


@dataclass(frozen=True)
class Shelf:
    """The folder of SoftHSM's tokens, which can be taken away."""

    folder: Path

    def new_token(self, label: str, pin: str = "4711-0815") -> str:
        """Its URI."""
        assert UTILITY is not None
        options = ["--label", label, "--so-pin", "officer-0815", "--pin", pin]
        subprocess.run([UTILITY, "--init-token", "--free", *options], check=True, capture_output=True)
        pin_file = self.folder / f"{label}.pin"
        pin_file.write_text(pin + "\n")
        return f"pkcs11:token={label}?module-path={LIBRARY}&pin-source=file:{pin_file}"

    def take_away(self) -> None:
        (self.folder / "tokens").rename(self.folder / "away")

    def bring_back(self) -> None:
        (self.folder / "away").rename(self.folder / "tokens")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    (folder / "softhsm2.conf").write_text(settings)
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")  # the library reads it when it is started
    yield Shelf(folder)
    del os.environ["SOFTHSM2_CONF"]


@dataclass(frozen=True)
class House:
    """A ceremony whose signer's keys lie in a token."""

    folder: Path
    uri: str
    secret: Path
    keeper: Keeper


@pytest.fixture(scope="module")
def house(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("house")
    uri, secret = shelf.new_token("issuer"), folder / "root"
    done = run("ceremony", folder / "ca", "--token", uri, "--person", secret)
    assert done.exit_code == 0, done.output
    return House(folder / "ca", uri, secret, Keeper(folder / "ca", None, (secret,), uri))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def scanner(house: House) -> Verifier:
    published = ceremony.published(house.folder)
    return Verifier(assemble(published.certificates.values(), published.trust_list, ()))


def test_a_ticket_of_a_token_is_read_by_an_independent_reader_and_by_ours(house: House, ticket: Ticket) -> None:
    signed = ceremony.open_signer(house.folder, None, "", house.uri).sign_ticket(ticket)
    public = ceremony.published(house.folder).certificates
    root, sub_ca = (public[name.hex()] for name in (ceremony.ROOT_NAME, ceremony.SUB_CA_NAME))
    seen = vdv_barcode.read(signed.vdv, root, sub_ca)
    assert (seen["number"], seen["name"]) == (ticket.number, "Jörg#Müßter")
    assert seen["module"] == seen["issue_module"]
    scanner(house).confirm(ticket, signed)
    assert not list((house.folder / "keys").glob("module*")) and not list((house.folder / "keys").glob("ticket*"))


def test_no_private_key_can_be_read_out_or_made_readable(house: House) -> None:
    import pkcs11
    from pkcs11 import Attribute, KeyType, ObjectClass

    store = open_keys(house.folder, None, house.uri)
    session = pkcs11.lib(str(LIBRARY)).get_token(token_label="issuer").open(rw=True)
    found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
    assert {key.label for key in found} >= {"module", "ticket", "status"} and store.is_available()
    for key in found:
        assert key[Attribute.SENSITIVE] and not key[Attribute.EXTRACTABLE]
        assert key[Attribute.NEVER_EXTRACTABLE] and key[Attribute.ALWAYS_SENSITIVE]
        secret = [Attribute.VALUE] if key.key_type == KeyType.EC else [Attribute.PRIVATE_EXPONENT, Attribute.PRIME_1]
        for attribute in secret:
            with pytest.raises(pkcs11.exceptions.AttributeSensitive):
                key[attribute]
        with pytest.raises(pkcs11.exceptions.AttributeReadOnly):
            key[Attribute.EXTRACTABLE] = True
    session.close()


def test_a_wrong_pin_does_not_start_and_says_what_to_do(house: House, shelf: Shelf, tmp_path: Path) -> None:
    wrong = tmp_path / "pin"
    for pin, remedy in (("9999-9999", "correct the file"), ("", "is empty")):
        wrong.write_text(pin)
        uri = house.uri.partition("pin-source")[0] + f"pin-source=file:{wrong}"
        code = (
            "from issuance.commands import app; "
            f"app(['key', 'next', {str(house.folder)!r}, '--token', {uri!r}, '--person', {str(house.secret)!r}])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and remedy in done.stderr and "Traceback" not in done.stderr
        assert not pin or pin not in done.stderr
    wrong.unlink()
    with pytest.raises(KeyProblem, match="cannot be read"):
        open_keys(house.folder, None, uri)


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("token=x", "does not begin"),
        ("pkcs11:token=x?pin-value=4711", "write the PIN into a file"),
        ("pkcs11:token=x?module-path=/x.so", "lacks pin-source"),
        ("pkcs11:token=x?pin-source=file:/x", "lacks module-path"),
        ("pkcs11:?module-path=/x.so&pin-source=file:/x", "neither token"),
        ("pkcs11:token=x;colour=4711?module-path=/x.so&pin-source=file:/x", "not known"),
        ("pkcs11:token=x;token=y?module-path=/x.so&pin-source=file:/x", "twice"),
    ],
)
def test_a_uri_that_cannot_be_used_is_refused_without_being_repeated(uri: str, why: str) -> None:
    with pytest.raises(KeyProblem, match=why) as problem:
        open_keys(Path(), None, uri)
    assert "4711" not in str(problem.value)


def test_a_token_or_library_that_is_not_there_does_not_start(house: House) -> None:
    with pytest.raises(KeyProblem, match="no such token"):
        open_keys(Path(), None, house.uri.replace("token=issuer", "token=nobody"))
    with pytest.raises(KeyProblem, match="cannot be opened"):
        open_keys(Path(), None, house.uri.replace(str(LIBRARY), __file__))
    with pytest.raises(KeyProblem, match=r"passphrase file .* or a token"):
        open_keys(Path(), None, "")


@pytest.mark.filterwarnings(FORGOTTEN)
def test_while_the_token_is_away_work_waits_and_goes_on_when_it_is_back(
    house: House, shelf: Shelf, ticket: Ticket
) -> None:
    store = open_keys(house.folder, None, house.uri)
    signer = ceremony.signer_of(house.folder, store, "")
    assert store.is_available()
    shelf.take_away()
    try:
        for _ in range(3):
            with pytest.raises(Unavailable):
                signer.sign_ticket(ticket)
        assert not store.is_available()
    finally:
        shelf.bring_back()
    scanner(house).confirm(ticket, signer.sign_ticket(ticket))
    assert store.is_available()


@pytest.mark.filterwarnings(FORGOTTEN)
def test_sessions_that_a_token_has_forgotten_are_opened_anew_without_anybody_noticing(
    house: House, ticket: Ticket
) -> None:
    import pkcs11

    signer = ceremony.open_signer(house.folder, None, "", house.uri)
    pkcs11.lib(str(LIBRARY)).reinitialize()
    scanner(house).confirm(ticket, signer.sign_ticket(ticket))


def test_many_threads_sign_at_once_and_every_signature_is_good(house: House, ticket: Ticket) -> None:
    signer, checker = ceremony.open_signer(house.folder, None, "", house.uri), scanner(house)

    def work(_number: int) -> SignedTicket:
        return signer.sign_ticket(ticket)

    with ThreadPoolExecutor(12) as pool:
        for signed in pool.map(work, range(60)):
            checker.confirm(ticket, signed)


@pytest.mark.filterwarnings(FORGOTTEN)
def test_a_pin_that_becomes_wrong_is_tried_once_only(shelf: Shelf) -> None:
    import pkcs11

    uri = shelf.new_token("careless")
    store = open_keys(Path(), None, uri, may_write=True)
    key = store.make_point("ticket-*")
    (shelf.folder / "careless.pin").write_text("0000-0000")
    pkcs11.lib(str(LIBRARY)).reinitialize()
    for _ in range(20):  # a token locks itself after a few
        with pytest.raises(KeyProblem, match="correct the file"):
            key.sign(b"x")
    (shelf.folder / "careless.pin").write_text("4711-0815")
    assert open_keys(Path(), None, uri).has(f"ticket-{key.key_id.hex()}")


def test_rotation_and_both_thefts_work_with_a_token_by_command(shelf: Shelf, ticket: Ticket, tmp_path: Path) -> None:
    folder, uri = tmp_path / "ca", shelf.new_token("rotating")
    options = [folder, "--token", uri, "--person", tmp_path / "one", "--person", tmp_path / "two"]
    assert run("ceremony", *options).exit_code == 0
    assert run("ceremony", tmp_path / "other", *options[1:]).exit_code == 1  # the token has keys already
    first = ceremony.open_signer(folder, None, "", uri)
    assert run("key", "next", *options).exit_code == 0
    assert run("key", "rotate", *options, "--at-once").exit_code == 0
    second = ceremony.open_signer(folder, None, "", uri)
    assert run("key", "compromise", *options, "--since", "2026-01-01").exit_code == 0
    assert run("key", "compromise", *options, "--since", "2026-01-01", "--module").exit_code == 0
    with pytest.raises(Refuse, match="module_compromised"):
        ceremony.open_signer(folder, None, "", uri).sign_ticket(ticket)
    done = run("key", "module", *options)
    assert done.exit_code == 0, done.output
    third = ceremony.open_signer(folder, None, "", uri)
    assert len({one.ticket_key.key_id for one in (first, second, third)}) == 3
    assert first.module_id != third.module_id
    published = ceremony.published(folder)
    checker = Verifier(assemble(published.certificates.values(), published.trust_list, ()))
    checker.confirm(ticket, third.sign_ticket(ticket, datetime.now(UTC)), datetime.now(UTC))
    signed = [json.loads(line)["signed"] for line in (folder / "ceremony.jsonl").read_text().splitlines()]
    assert signed[:4] == [*(f"certificate {name}" for name in sorted(published.certificates, reverse=True)),
                          "certificate module", "trust list 1"]  # fmt: skip
    assert [one for one in signed if one.startswith("trust list")] == [f"trust list {n}" for n in range(1, 7)]


@pytest.mark.parametrize("half_named", [False, True])
def test_a_key_that_a_crash_left_without_its_name_does_not_stop_the_next_one(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, half_named: bool
) -> None:
    keys = open_keys(Path(), None, shelf.new_token(f"crashed-{half_named}"), may_write=True)
    plain, changed = token._rename, []

    def crash(session: token.Session, label: str, final: str) -> None:
        if half_named:  # the public half bears its name already
            (public,) = token._find(session, label, token.ObjectClass.PUBLIC_KEY)
            public[token.Attribute.LABEL] = final
            changed.append(final)
        raise KeyboardInterrupt

    monkeypatch.setattr(token, "_rename", crash)
    with pytest.raises(KeyboardInterrupt):
        keys.make_point("ticket-*")
    monkeypatch.setattr(token, "_rename", plain)
    assert keys.has("ticket-new")
    made = keys.make_point("ticket-*")
    assert not keys.has("ticket-new") and keys.has(f"ticket-{made.key_id.hex()}")
    assert len(made.sign(b"list")) == 64 and len(changed) == half_named
    with pytest.raises(KeyProblem, match="never written over"):  # a name of its own is never taken away
        keys.make_point(f"ticket-{made.key_id.hex()}")


def test_an_operators_key_goes_into_the_token_and_one_made_there_is_certified(
    house: House, shelf: Shelf, ticket: Ticket, tmp_path: Path, now: datetime
) -> None:
    operator = ceremony.make(ceremony.Period.around(now.date()), now, (ticket.terms.organisation_id,))
    assert isinstance(operator.signer.module_key, RsaKey)
    for kind in ("brought", "made"):
        folder, uri = tmp_path / kind, shelf.new_token(kind)
        options = [folder, "--token", uri, "--person", house.secret]
        assert run("ceremony", *options).exit_code == 0
        keeper = Keeper(folder, None, (house.secret,), uri)
        key, module_certificate = operator.signer.module_key.pem_source, operator.signer.module_certificate
        if kind == "made":
            assert run("key", "module", *options, "--request", tmp_path / "public.pem").exit_code == 0
            public = load_pem_public_key((tmp_path / "public.pem").read_bytes())
            assert isinstance(public, RSAPublicKey)
            numbers = public.public_numbers()
            content = replace(operator.signer.module, key=PublicKey(numbers.n, numbers.e))
            key, module_certificate = None, operator.sub_ca_key.certify(content)
        modules.take(keeper, key, module_certificate.encode(), operator.certificates, now)
        signed = ceremony.open_signer(folder, None, "", uri).sign_ticket(ticket)
        theirs = Verifier(assemble(operator.certificates.values(), None, ()))
        assert theirs.verify_vdv(signed.vdv, now).verdict is Verdict.VALID


def test_the_process_that_answers_the_public_network_loads_neither_keys_nor_the_library() -> None:
    code = (
        "import sys; import issuance.main, issuance.consumer, issuance.api.pages, issuance.inspection.scanner; "
        "print([name for name in sys.modules if name.startswith(('pkcs11', 'issuance.signer'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.filterwarnings(FORGOTTEN)
def test_grants_that_come_while_the_token_is_away_wait_as_rows_and_become_tickets_when_it_is_back(
    house: House, shelf: Shelf, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    upgrade(url, "issuance", "migrations/signer")
    database: Database[SignerStore] = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms("101023", Terms(32838)))

    def clock() -> datetime:
        return datetime.now(UTC)

    live = LiveSigner(house.folder, open_keys(house.folder, None, house.uri), "", clock)
    issuing = Issuing(database, live, live, clock, secrets.randbelow, Backlog(SIGNING, database, clock))
    day = clock().date()
    base = {"occurred_at": clock(), "authority_id": "101023", "application_id": uuid4()}
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
        shelf.take_away()
        try:
            for _ in range(3):
                with pytest.raises(Unavailable):
                    await issuing.issue_due()
            assert states() == [("approved",)]
        finally:
            shelf.bring_back()
        while await issuing.issue_due():
            pass
        assert states() == [("issued",)]

    asyncio.run(whole())
    database.close()


def serve(house: House, tmp_path: Path, port: int, **settings: str) -> subprocess.Popen[str]:
    """The signer's process; the broker is away, which HTTP does not mind."""
    seed = tmp_path / "user.nk"
    seed.write_bytes(bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)))
    own = {
        "PORT": str(port), "PUBLIC_URL": "http://127.0.0.1:9", "DATABASE_URL": f"sqlite:///{tmp_path / 'signer.db'}",
        "NATS_URL": "nats://127.0.0.1:9", "NATS_MONITOR_URL": "http://127.0.0.1:9", "NATS_SEED_FILE": str(seed),
        "ISSUER": "http://127.0.0.1:9", "KEYS": str(house.folder), **settings,
    }  # fmt: skip
    environment = {**os.environ, **{f"SIGNER_{name}": value for name, value in own.items()}}
    command = [str(Path(sys.executable).with_name("issuance")), "signer", "serve"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_the_running_signer_tells_whether_its_token_answers(
    house: House, shelf: Shelf, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    upgrade(f"sqlite:///{tmp_path / 'signer.db'}", "issuance", "migrations/signer")
    port = free_port()
    process = serve(house, tmp_path, port, TOKEN_URI=house.uri)

    def keys_are(state: str) -> None:
        deadline, told = time.monotonic() + 30, None
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                told = httpx.get(f"http://127.0.0.1:{port}/readyz").json()["keys"]
                if told == state:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the keys are said to be {told}")

    try:
        keys_are("ok")
        shelf.take_away()
        try:
            keys_are("away")
            assert "token_available 0.0" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
        finally:
            shelf.bring_back()
        keys_are("ok")
        assert "trust_list_expires_timestamp_seconds" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "name either SIGNER_PASSPHRASE_FILE (encrypted files) or SIGNER_TOKEN_URI (PKCS#11)"),
        ({"TOKEN_URI": "both", "PASSPHRASE_FILE": "/dev/null"}, "name either SIGNER_PASSPHRASE_FILE"),
        ({"TOKEN_URI": "wrong pin"}, "correct the file before you start again"),
    ],
    ids=["neither", "both", "wrong pin"],
)
def test_a_signer_with_wrong_settings_does_not_start_and_says_what_to_do(
    house: House, tmp_path: Path, settings: dict[str, str], why: str
) -> None:
    if settings.get("TOKEN_URI") == "wrong pin":
        (tmp_path / "pin").write_text("9999-9999")
        settings = {"TOKEN_URI": house.uri.partition("pin-source")[0] + f"pin-source=file:{tmp_path / 'pin'}"}
    process = serve(house, tmp_path, 1, **settings)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 2 and why in stderr
    assert "Traceback" not in stderr and "9999-9999" not in stderr
