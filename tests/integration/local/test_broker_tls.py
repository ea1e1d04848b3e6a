"""The broker beyond one machine: nobody in between reads along, or talks a service out of it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import nats
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from local.broker import Broker, Tls
from local.commands import app
from shared.bus import admin
from shared.bus.connection import BusSettings, connect, is_private, tls_options
from shared.bus.safety import UnsafeBroker
from shared.runtime.settings import ServiceSettings
from support.bus_accounts import running_accounts
from typer.testing import CliRunner

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A certificate authority of a test's own."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def certificate(self) -> Path:
        return self.folder / f"{self.name}.pem"

    def certify(self, host: str) -> Tls:
        """A certificate and key for one address; the authority's own certificate beside it."""
        now, root_key, key = (
            datetime.now(UTC),
            ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP256R1()),
        )
        root = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, self.name)])

        def made(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
            builder = x509.CertificateBuilder().subject_name(subject).issuer_name(root).public_key(public)
            builder = builder.serial_number(x509.random_serial_number())
            return builder.not_valid_before(now - DAY).not_valid_after(now + DAY)

        ca = x509.BasicConstraints(ca=True, path_length=0)
        signed = made(root, root_key.public_key()).add_extension(ca, critical=True).sign(root_key, hashes.SHA256())
        self.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        leaf = made(x509.Name([]), key.public_key()).add_extension(names, critical=True).sign(root_key, hashes.SHA256())
        tls = Tls(self.folder / "broker.pem", self.folder / "broker.key")
        tls.certificate.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        tls.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return tls


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"), "test")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Broker]:
    tls = authority.certify("127.0.0.1")
    with running_accounts(tmp_path_factory.mktemp("nats"), tls=tls, streams=False) as running:
        url, seed = running.url.replace("nats://", "tls://"), str(running.seed_file("admin"))
        asyncio.run(admin.create(url, seed, ca_file=authority.certificate))
        yield running


def settings(broker: Broker, authority: Authority) -> BusSettings:
    url = broker.url.replace("nats://", "tls://")
    return BusSettings(url, None, broker.seed_file("application"), authority.certificate)


def test_a_service_that_is_told_so_speaks_tls_alone(broker: Broker, authority: Authority) -> None:
    async def story() -> int:
        connection = await connect("application", settings(broker, authority))
        said = await connection.jetstream.publish("application.submitted.v1", b"{}")
        await connection.client.close()
        return said.seq

    assert asyncio.run(story()) == 1


@pytest.mark.parametrize("fault", ["another authority", "the machine's own", "in clear"])
def test_no_other_certificate_counts_and_nothing_is_said_in_clear(
    broker: Broker, authority: Authority, fault: str, tmp_path: Path
) -> None:
    other = Authority(tmp_path, "other")
    other.certify("127.0.0.1")
    told = settings(broker, authority)
    told = {
        "another authority": replace(told, ca_file=other.certificate),
        "the machine's own": replace(told, ca_file=None),
        "in clear": replace(told, url=broker.url, ca_file=None),
    }[fault]

    async def attempt() -> None:
        await nats.connect(
            told.url,
            nkeys_seed=str(told.seed_file),
            allow_reconnect=False,
            connect_timeout=1,
            **tls_options(told.url, told.ca_file),
        )

    with pytest.raises((OSError, TimeoutError, nats.errors.Error)):
        asyncio.run(attempt())


def test_who_stands_in_between_talks_no_service_out_of_tls(broker: Broker, authority: Authority) -> None:
    """It says that the broker wants none. What nats-py says first without `tls_handshake_first` is who it is."""
    heard = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.15.1","max_payload":1048576,"nonce":"abc"}\r\n')
        heard.extend(await reader.read(100))
        writer.close()

    async def story() -> None:
        server = await asyncio.start_server(listen, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        told = replace(settings(broker, authority), url=f"tls://127.0.0.1:{port}")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(connect("application", told), 0.7)
        server.close()

    asyncio.run(story())
    assert heard[:1] == b"\x16", "the first byte of a handshake"
    assert b"CONNECT" not in heard


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("nats://127.0.0.1:4222", True), ("nats://localhost:4222", True), ("nats://[::1]:4222", True),
        ("tls://nats.example:4222", True), ("nats://nats.example:4222", False), ("nats://10.0.0.7:4222", False),
        ("nats://127.0.0.1.example:4222", False), ("nats://0.0.0.0:4222", False), ("nats://:4222", False),
        ("ws://nats.example", False), ("nats.example:4222", False),
    ],
)  # fmt: skip
def test_an_address_is_private_where_nobody_in_between_reads_along(url: str, private: bool) -> None:
    assert is_private(url) is private


def test_nothing_leaves_the_machine_in_clear_unless_it_is_told_so(tmp_path: Path) -> None:
    told = BusSettings("nats://10.0.0.7:4222", "http://127.0.0.1:9", tmp_path / "none.nk")
    with pytest.raises(UnsafeBroker, match="in clear"):
        asyncio.run(connect("application", told))
    with pytest.raises(FileNotFoundError):  # it goes on to its seed
        asyncio.run(asyncio.wait_for(connect("application", replace(told, in_clear=True)), 5))


def test_every_setting_of_a_service_reaches_its_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"URL": "tls://nats.example", "CA_FILE": str(tmp_path), "IN_CLEAR": "true", "SEED_FILE": str(tmp_path)}
    for name, value in given.items():
        monkeypatch.setenv(f"NATS_{name}", value)
    for name in ("PUBLIC_URL", "DATABASE_URL", "ISSUER"):
        monkeypatch.setenv(name, "http://x")
    monkeypatch.setenv("PORT", "1")
    told = ServiceSettings().bus
    assert told == BusSettings("tls://nats.example", None, tmp_path, tmp_path, True)


def test_the_command_writes_tls_and_leaves_it_where_it_is_not_named_again(authority: Authority, tmp_path: Path) -> None:
    tls, run = authority.certify("127.0.0.1"), CliRunner()
    assert run.invoke(app, ["nats", "users", str(tmp_path)]).exit_code == 0
    assert "tls {" not in (tmp_path / "tls.conf").read_text()
    named = ["--tls-certificate", str(tls.certificate), "--tls-key", str(tls.key)]
    assert run.invoke(app, ["nats", "users", str(tmp_path), *named[:2]]).exit_code == 2
    assert run.invoke(app, ["nats", "users", str(tmp_path), *named]).exit_code == 0
    assert run.invoke(app, ["nats", "users", str(tmp_path)]).exit_code == 0
    assert "handshake_first: true" in (tmp_path / "tls.conf").read_text()
