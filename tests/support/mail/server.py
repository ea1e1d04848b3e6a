"""A real SMTP server (aiosmtpd) that is as strict as one of an authority: TLS first, then a password, then the letter of
RFC 5321 and 5322. What it takes is kept; what it refuses it refuses as the big ones do."""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support.broker import free_port

USER, PASSWORD = "schulticket", "not-a-secret-2026"
_HEADS = ("From", "To", "Subject", "Date", "Message-ID")


@dataclass(frozen=True)
class TakenMail:
    """What reached the server."""

    return_path: str
    to: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    def text(self, kind: str = "plain") -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())

    @property
    def link(self) -> str:
        return next(line for line in self.text().splitlines() if line.startswith("http"))


@dataclass
class StrictServer:
    """`replies`: what it says to a recipient (`550 5.1.1 …`), each time or for the next times."""

    mails: list[TakenMail] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)
    of_content: str | None = None
    senders: str = r"[a-z0-9.+-]+@amt\.example"
    after_taking: Callable[[], None] | None = None
    """Called when a mail was taken, before the client hears of it."""
    signed_in: int = 0
    port: int = 0
    ca_file: Path = Path()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not re.fullmatch(self.senders, address):
            return "553 5.7.1 Sender not permitted"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        waiting = self.replies.get(address)
        reply = waiting.pop(0) if waiting else self.always.get(address)
        if reply is not None:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.original_content)
        if self.of_content is not None:
            return self.of_content
        if (fault := _fault(content)) is not None:
            return f"550 5.6.0 {fault}"
        self.mails += [TakenMail(str(envelope.mail_from), each, content) for each in envelope.rcpt_tos]
        if self.after_taking is not None:
            self.after_taking()
        return "250 2.0.0 queued"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.signed_in += good
        return AuthResult(success=good, handled=good)

    def to(self, address: str) -> list[TakenMail]:
        return [each for each in self.mails if each.to == address]


def _fault(content: bytes) -> str | None:
    """What a strict server finds wrong with a message."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        return "bare line end"
    if any(len(line) > 998 for line in content.split(b"\r\n")):
        return "line too long"
    message = message_from_bytes(content, policy=policy.default)
    for head in _HEADS:
        if len(message.get_all(head, [])) != 1:
            return f"{head} once"
    return "defects" if message.defects or any(part.defects for part in message.walk()) else None


@contextmanager
def strict_server(folder: Path, *, tls: bool = True, port: int = 0) -> Iterator[StrictServer]:
    """Runs in a thread of its own, on this machine, with a certificate of its own."""
    found = StrictServer(port=port or free_port())
    found.ca_file, context = certificate(folder)
    controller = Controller(
        found,
        hostname="127.0.0.1",
        port=found.port,
        authenticator=found.authenticate,
        enable_SMTPUTF8=True,
        tls_context=context if tls else None,
        require_starttls=tls,
        auth_required=tls,
    )
    controller.start()
    try:
        yield found
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Of 127.0.0.1 and localhost, signed by itself. Returns the file to be trusted, and the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    now = datetime.now(UTC)
    alternatives = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    made = made.not_valid_after(now + timedelta(days=1)).add_extension(alternatives, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    file, key_file = folder / "mail-server.pem", folder / "mail-server.key"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return file, context
