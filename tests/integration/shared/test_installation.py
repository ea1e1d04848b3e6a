"""What is another installation's is refused: its database by every process, its broker, and nothing of it is changed."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import application.commands
import eligibility.commands
import issuance.commands
import nats
import nkeys
import pytest
import sqlalchemy as sa
import wallet_pass.commands
from nats.js.api import StreamConfig
from shared.bus import admin, labels
from shared.bus.connection import connect
from shared.bus.safety import UnsafeBroker
from shared.bus.topology import STREAMS
from shared.database import installation
from shared.database.engine import is_sqlite, open_engine
from shared.database.schema import Schema
from shared.runtime.environment import prefix_of
from shared.runtime.start import look_at_database
from support.application.keys import key_settings
from support.broker import Broker, free_port
from support.bus import settings
from support.commands import run_here
from support.databases import make_tables, rows_of_all_tables
from support.schemas import SCHEMAS
from support.tiny_service import TinyService, answer_of
from typer import Typer
from typer.testing import CliRunner

OURS, OTHERS = "stadt-a.example", "stadt-b.example"
BIN = Path(sys.executable).parent
each_process = pytest.mark.parametrize(("process", "schema"), SCHEMAS.items(), ids=list(SCHEMAS))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    return new_database()


def content_of(url: str) -> object:
    """All that a writer could have changed."""
    if is_sqlite(url):
        return Path(str(sa.make_url(url).database)).read_bytes()
    return rows_of_all_tables(url)


def set_version(url: str, version: str) -> None:
    engine = open_engine(url, connections=1)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()


def owner_of(url: str) -> str | None:
    engine = open_engine(url, connections=1)
    with engine.connect() as connection:
        found = installation.name_in(connection)
    engine.dispose()
    return found


@each_process
def test_no_process_starts_on_the_database_of_another_installation(
    url: str, process: str, schema: Schema, capsys: pytest.CaptureFixture[str]
) -> None:
    make_tables(url, schema.package, schema.folder)
    look_at_database(process, url, schema, OTHERS)
    assert owner_of(url) == OTHERS
    before = content_of(url)
    for own in (OURS, None):
        with pytest.raises(SystemExit) as ended:
            look_at_database(process, url, schema, own)
        assert ended.value.code == 2
        said = capsys.readouterr().err
        assert said.startswith(f"{process}: this database belongs to the installation {OTHERS}")
        assert "INSTALLATION" in said
    assert content_of(url) == before


@each_process
def test_a_name_that_somebody_wrote_into_the_database_is_not_repeated(
    url: str, process: str, schema: Schema, capsys: pytest.CaptureFixture[str]
) -> None:
    make_tables(url, schema.package, schema.folder)
    look_at_database(process, url, schema, "x\x1b[2Jname")
    with pytest.raises(SystemExit):
        look_at_database(process, url, schema, OURS)
    said = capsys.readouterr().err
    assert "a name that none can have" in said and "\x1b" not in said


@each_process
def test_all_of_an_installation_moves_to_new_machines_with_its_name(url: str, process: str, schema: Schema) -> None:
    make_tables(url, schema.package, schema.folder)
    for _ in range(2):
        look_at_database(process, url, schema, OURS)
    assert owner_of(url) == OURS


def test_a_database_that_nobody_named_goes_on_without_a_name_until_its_process_has_one(url: str) -> None:
    schema = SCHEMAS["wallet-pass"]
    make_tables(url, schema.package, schema.folder)
    look_at_database("wallet-pass", url, schema, None)
    assert owner_of(url) is None
    look_at_database("wallet-pass", url, schema, OURS)
    assert owner_of(url) == OURS


def test_of_another_installation_and_an_earlier_version_it_is_not_said_that_it_be_migrated(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = SCHEMAS["signer"]
    make_tables(url, schema.package, schema.folder)
    look_at_database("signer", url, schema, OTHERS)
    set_version(url, "0001")
    with pytest.raises(SystemExit):
        look_at_database("signer", url, schema, OURS)
    assert "migrate" not in capsys.readouterr().err


def test_two_copies_that_begin_at_one_moment_give_it_one_name(url: str) -> None:
    schema = SCHEMAS["eligibility"]
    make_tables(url, schema.package, schema.folder)
    installation.bind(url, OURS)
    with pytest.raises(installation.OtherInstallation):
        installation.bind(url, OTHERS)
    assert owner_of(url) == OURS


def test_program_and_commands_end_with_2_and_change_nothing(url: str, broker: Broker, tmp_path: Path) -> None:
    """The whole program, as an operator starts it; the first that is run after a restore by hand, too."""
    make_tables(url, SCHEMAS["application"].package)
    installation.bind(url, OTHERS)
    environment = {
        "APPLICATION_INSTALLATION": OURS,
        "APPLICATION_PORT": "1",
        "APPLICATION_PUBLIC_URL": "http://127.0.0.1:1",
        "APPLICATION_DATABASE_URL": url,
        "APPLICATION_NATS_URL": broker.url,
        "APPLICATION_NATS_SEED_FILE": str(broker.seed_file),
        "APPLICATION_ISSUER": "https://login.example",
        **key_settings(tmp_path),
    }
    before = content_of(url)
    commands = (["serve"], ["migrate"], ["database", "raise-epoch"], ["outbox", "redrive", "--since", "2026-01-01"],
                ["rights", "erased"], ["dead-letters", "list"])  # fmt: skip
    for arguments in commands:
        done = run_here("application", *arguments, environment=environment, folder=tmp_path)
        assert done.returncode == 2, (arguments, done.stderr)
        assert f"application: this database belongs to the installation {OTHERS}, and this is {OURS}" in done.stderr
        assert done.stdout == ""
    assert content_of(url) == before


@pytest.mark.parametrize(
    ("process", "program", "arguments"),
    [
        ("application", application.commands.app, ["authority", "set", "1", "--leaves"]),
        ("application", application.commands.app, ["audit", "verify"]),
        ("eligibility", eligibility.commands.app, ["audit", "verify"]),
        ("signer", issuance.commands.app, ["signer", "authority", "set", "AUTHORITIES"]),
        ("signer", issuance.commands.app, ["signer", "audit", "verify"]),
        ("issuance", issuance.commands.app, ["audit", "verify"]),
        ("wallet-pass", wallet_pass.commands.app, ["rotating-code", "1"]),
        ("wallet-pass", wallet_pass.commands.app, ["remakes"]),
        ("wallet-pass", wallet_pass.commands.app, ["audit", "verify"]),
    ],
)
def test_a_process_s_own_commands_end_with_2_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: str, program: Typer, arguments: list[str]
) -> None:
    url, schema = f"sqlite:///{tmp_path / 'service.db'}", SCHEMAS[process]
    make_tables(url, schema.package, schema.folder)
    installation.bind(url, OTHERS)
    authorities = tmp_path / "authorities.yaml"
    authorities.write_text("id: '1'\n", encoding="utf-8")
    values = {"INSTALLATION": OURS, "DATABASE_URL": url, "PORT": "1", "PUBLIC_URL": "http://127.0.0.1:1"}
    values |= {"ISSUER": "https://login.example", "NATS_URL": "nats://127.0.0.1:1", "NATS_SEED_FILE": "none"}
    for name, value in (values | {"CERTIFICATES": "."}).items():
        monkeypatch.setenv(f"{prefix_of(process)}{name}", value)
    before = content_of(url)
    asked = [str(authorities) if each == "AUTHORITIES" else each for each in arguments]
    done = CliRunner().invoke(program, asked)
    assert done.exit_code == 2, done.output
    assert f"{process}: this database belongs to the installation {OTHERS}, and this is {OURS}" in done.output
    assert content_of(url) == before


# the broker


def config_of(broker: Broker) -> dict[str, StreamConfig]:
    async def ask() -> dict[str, StreamConfig]:
        client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
        try:
            jetstream = client.jetstream()
            return {stream.name: (await jetstream.stream_info(stream.name)).config for stream in STREAMS}
        finally:
            await client.close()

    return asyncio.run(ask())


def label(broker: Broker, name: str | None) -> None:
    asyncio.run(admin.create(broker.url, str(broker.seed_file), installation=name))


@pytest.fixture
def others(broker: Broker) -> Broker:
    """A broker whose streams are another installation's."""
    label(broker, OTHERS)
    return broker


def told(broker: Broker) -> int:
    async def ask() -> int:
        client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
        try:
            jetstream = client.jetstream()
            return sum([(await jetstream.stream_info(stream.name)).state.messages for stream in STREAMS])
        finally:
            await client.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("own", [OURS, None])
def test_the_broker_of_another_installation_is_not_used(others: Broker, own: str | None) -> None:
    given = replace(settings(others), installation=own)
    with pytest.raises(UnsafeBroker, match=f"belong to the installation {OTHERS}.*local streams create"):
        asyncio.run(connect("wallet-pass", given))


def test_a_process_with_the_broker_of_another_installation_ends_and_tells_nothing(
    others: Broker, tmp_path: Path
) -> None:
    """Its database has something to tell; the front door has answered meanwhile."""
    tiny, before = TinyService(tmp_path), told(others)
    try:
        process = tiny.start(others, TINY_INSTALLATION=OURS)
        assert process.wait(60) == 3
    finally:
        tiny.kill_all()
    assert f"belong to the installation {OTHERS}, and this is {OURS}" in tiny.log
    assert told(others) == before


def test_of_its_own_installation_and_of_streams_without_a_name_it_is_used(broker: Broker, tmp_path: Path) -> None:
    for name in (None, OURS):
        label(broker, name)
        tiny = TinyService(tmp_path)
        try:
            tiny.start(broker, TINY_INSTALLATION=OURS)
            answer_of(f"{tiny.url}/readyz")
        finally:
            tiny.kill_all()


def test_the_admin_step_changes_nothing_of_another_installations_broker(others: Broker) -> None:
    before = config_of(others)
    with pytest.raises(UnsafeBroker):
        label(others, OURS)
    assert config_of(others) == before


def test_the_admin_step_without_a_name_leaves_that_of_the_streams(others: Broker) -> None:
    label(others, None)
    assert {labels.installation_of(config) for config in config_of(others).values()} == {OTHERS}


@pytest.mark.parametrize("name", ["", "Kreis-Paderborn", "kreis paderborn", "kreis\n", "köln", "ab", "a" * 101])
def test_the_admin_step_writes_no_name_that_no_process_can_have(name: str, broker: Broker) -> None:
    """Streams keep it for good: each process would be refused, whatever its setting."""
    before = config_of(broker)
    with pytest.raises(UnsafeBroker, match="no process can have this name"):
        label(broker, name)
    assert config_of(broker) == before


def test_the_admin_step_as_a_program_ends_with_2(others: Broker) -> None:
    arguments = ["--nats-url", others.url, "--seed-file", str(others.seed_file), "--installation", OURS]
    for program in ([sys.executable, "-m", "shared.bus"], [str(BIN / "local"), "streams", "create"]):
        done = subprocess.run([*program, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 2, done.stderr
        assert f"belong to the installation {OTHERS}, and this is {OURS}" in done.stderr


def test_the_admin_step_says_in_a_line_that_nobody_answers_or_that_it_is_not_let_in(
    broker: Broker, tmp_path: Path
) -> None:
    """In an installation it is the first program that speaks with the broker: a wrong port, a broker that is not up, a seed of another."""
    stranger = tmp_path / "stranger.nk"
    stranger.write_bytes(bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)))

    def ask(url: str, seed: Path) -> subprocess.CompletedProcess[str]:
        arguments = ["--nats-url", url, "--seed-file", str(seed), "--installation", OURS]
        return subprocess.run(
            [sys.executable, "-m", "shared.bus", *arguments], capture_output=True, text=True, check=False
        )

    urls, seeds = (f"nats://127.0.0.1:{free_port()}", broker.url), (broker.seed_file, stranger)
    with ThreadPoolExecutor() as side_by_side:  # each waits for some twenty seconds
        answers = list(side_by_side.map(ask, urls, seeds))
    for url, done in zip(urls, answers, strict=True):
        assert done.returncode == 1, done.stderr
        assert done.stderr.startswith(f"--nats-url {url}: "), done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
