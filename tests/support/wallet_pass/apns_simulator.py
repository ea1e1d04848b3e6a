"""Apple's push service as far as it is published, strict: HTTP/2 over TLS with a client certificate. It shares no code
with wallet_pass.

It refuses what Apple would refuse: a certificate that the intermediate did not issue, a topic that is not the
certificate's UID, a token that it did not give out, a body that is no JSON object.
"""

import asyncio
import json
import re
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError

PUSH_TYPES = {"alert", "background"}
LARGEST_BODY = 4096
Heard = Callable[[], None]


@dataclass
class _Request:
    headers: dict[str, str]
    body: bytearray = field(default_factory=bytearray)


class ApnsSimulator:
    """Runs in a thread of its own. `fail_with`: what it answers to all, until it is None again."""

    def __init__(self, folder: Path, trusted: Path) -> None:
        """Its certificate goes into `folder`; clients' are those that are issued below one of `trusted`'s."""
        self.ca_file = folder / "apns.pem"
        key_file = folder / "apns.key"
        _make_certificate(self.ca_file, key_file)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._tls.load_cert_chain(self.ca_file, key_file)
        self._tls.load_verify_locations(trusted)
        self._tls.verify_mode = ssl.CERT_REQUIRED
        self._tls.set_alpn_protocols(["h2"])
        self.fail_with: tuple[int, bytes] | None = None
        self.pushed: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.connections = 0
        self._phones: dict[str, Heard] = {}
        self._gone: dict[str, datetime] = {}

    def give_token(self, heard: Heard = lambda: None) -> str:
        """Of a phone that is switched on; `heard` is called when it is pushed to."""
        token = uuid4().hex * 2
        self._phones[token] = heard
        return token

    def forget(self, token: str, since: datetime | None = None) -> None:
        """The pass was removed, or the phone reset."""
        del self._phones[token]
        self._gone[token] = since or datetime.now(UTC)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._port}"

    def __enter__(self) -> "ApnsSimulator":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._is_up = threading.Event()
        self._thread.start()
        assert self._is_up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, ssl=self._tls)
        )
        self._port: int = server.sockets[0].getsockname()[1]
        self._is_up.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def answer(self, request: _Request, topic: str) -> tuple[int, bytes]:
        """Status and body."""
        if self.fail_with is not None:
            return self.fail_with
        status, reason, said = self._judge(request, topic)
        if status == 200:
            token = request.headers[":path"].rsplit("/", 1)[1]
            self.pushed[token] += 1
            self._phones[token]()
            return 200, b""
        self.refused[reason] += 1
        return status, json.dumps({"reason": reason, **said}).encode()

    def _judge(self, request: _Request, topic: str) -> tuple[int, str, dict[str, int]]:
        headers = request.headers
        path = re.fullmatch(r"/3/device/([0-9a-f]+)", headers[":path"])
        if headers[":method"] != "POST":
            return 405, "MethodNotAllowed", {}
        if path is None:
            return 404, "BadPath", {}
        if headers.get("apns-topic") != topic:
            return 400, "TopicDisallowed" if "apns-topic" in headers else "MissingTopic", {}
        if headers.get("apns-push-type") not in PUSH_TYPES:
            return 400, "InvalidPushType", {}
        if headers.get("apns-priority", "10") not in {"1", "5", "10"}:
            return 400, "BadPriority", {}
        if not re.fullmatch(r"[0-9]{1,10}", headers.get("apns-expiration", "0")):
            return 400, "BadExpirationDate", {}
        if len(request.body) > LARGEST_BODY:
            return 413, "PayloadTooLarge", {}
        if not _is_object(bytes(request.body)):
            return 400, "PayloadEmpty", {}
        token = path[1]
        if token in self._gone:
            return 410, "Unregistered", {"timestamp": int(self._gone[token].timestamp() * 1000)}
        return (200, "", {}) if token in self._phones else (400, "BadDeviceToken", {})


class _Connection(asyncio.Protocol):
    def __init__(self, apns: ApnsSimulator) -> None:
        self._apns = apns
        self._http = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._requests: dict[int, _Request] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._apns.connections += 1
        peer = transport.get_extra_info("ssl_object").getpeercert()
        subject = {name: value for part in peer["subject"] for name, value in part}
        self._topic = subject.get("userId", "")
        self._http.initiate_connection()
        transport.write(self._http.data_to_send())

    def data_received(self, data: bytes) -> None:
        try:
            for event in self._http.receive_data(data):
                self._on(event)
        except ProtocolError:
            self._transport.close()
            return
        self._transport.write(self._http.data_to_send())

    def _on(self, event: Event) -> None:
        if isinstance(event, RequestReceived):
            self._requests[event.stream_id] = _Request({str(name): str(value) for name, value in event.headers})
        elif isinstance(event, DataReceived):
            self._requests[event.stream_id].body += event.data
            self._http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamReset):
            self._requests.pop(event.stream_id, None)
        elif isinstance(event, StreamEnded):
            status, body = self._apns.answer(self._requests.pop(event.stream_id), self._topic)
            self._http.send_headers(event.stream_id, [(":status", str(status)), ("apns-id", str(uuid4()))])
            self._http.send_data(event.stream_id, body, end_stream=True)


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _make_certificate(certificate_file: Path, key_file: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.fromtimestamp(time.time(), UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push.test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
