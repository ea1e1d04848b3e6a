"""The ticket message (section 5): what the signature of the security module covers."""

from dataclasses import dataclass
from datetime import datetime

from issuance.barcode.refusal import Unreadable
from issuance.barcode.vdv import tlv
from issuance.barcode.vdv.calendar import decode_compact, encode_compact
from issuance.barcode.vdv.product import Product, parse_product

TAG_PRODUCT, TAG_PRODUCT_TRANSACTION = 0x85, 0x8A
PADDED_BYTES = 106
"""Zeros fill up to here, so that message and trailer are longer than what RSA-1024 recovers."""
TRAILER_BYTES = 5
VERSION = bytes.fromhex("1109")
"""Version 1.10.9, the newest seen in the field."""
TERMINAL_TICKET_SERVER, LOCATION_TICKET_SERVER = 17, 215


@dataclass(frozen=True)
class Transaction:
    """Where and when the ticket was sold (17 bytes). `time` is local time, Europe/Berlin, or None."""

    operator_id: int
    terminal_type: int = TERMINAL_TICKET_SERVER
    terminal_number: int = 0
    terminal_organisation_id: int = 0
    time: datetime | None = None
    location_type: int = LOCATION_TICKET_SERVER
    location_number: int = 0
    location_organisation_id: int = 0

    def encode(self) -> bytes:
        """17 bytes: operator, terminal, compact time, place."""
        terminal = bytes((self.terminal_type,)) + self.terminal_number.to_bytes(2, "big")
        terminal += self.terminal_organisation_id.to_bytes(2, "big")
        location = bytes((self.location_type,)) + self.location_number.to_bytes(3, "big")
        location += self.location_organisation_id.to_bytes(2, "big")
        return self.operator_id.to_bytes(2, "big") + terminal + encode_compact(self.time).to_bytes(4, "big") + location


@dataclass(frozen=True)
class Issue:
    """What the security module counts and who it is (12 bytes)."""

    product_sequence: int
    """berProdLogSAMSeqNummer: counter for the key of the product owner."""
    signature_sequence: int
    """samSequenznummer: counter of all signatures."""
    sam_number: int
    key_version: int = 1

    def encode(self) -> bytes:
        """12 bytes: product's sequence, key version, signature's sequence, number of the SAM."""
        head = self.product_sequence.to_bytes(4, "big") + bytes((self.key_version,))
        return head + self.signature_sequence.to_bytes(4, "big") + self.sam_number.to_bytes(3, "big")


@dataclass(frozen=True)
class Message:
    """A ticket as VDV-KA knows it. (`number`, `organisation_id`) is unique in the whole country."""

    number: int
    organisation_id: int
    """Customer contract partner (KVP), who issued the ticket."""
    product_number: int
    product_owner_id: int
    """Product owner (PV)."""
    valid_from: datetime | None
    valid_until: datetime | None
    """Both local time, Europe/Berlin."""
    product: Product
    transaction: Transaction
    issue: Issue
    product_transaction: bytes = b""
    """Empty, or one byte: transport category."""
    version: bytes = VERSION

    def encode(self) -> bytes:
        """Padded to exactly 106 + 5 bytes, which the oldest reader in the field needs; longer where the content is."""
        head = self.number.to_bytes(4, "big") + self.organisation_id.to_bytes(2, "big")
        head += self.product_number.to_bytes(2, "big") + self.product_owner_id.to_bytes(2, "big")
        head += encode_compact(self.valid_from).to_bytes(4, "big") + encode_compact(self.valid_until).to_bytes(4, "big")
        body = head + tlv.write(TAG_PRODUCT, self.product.encode()) + self.transaction.encode()
        body += tlv.write(TAG_PRODUCT_TRANSACTION, self.product_transaction) + self.issue.encode()
        return body.ljust(PADDED_BYTES, b"\x00") + b"VDV" + self.version


def version_words(version: bytes) -> str:
    """`1109` is 1.10.9, `1400` is 1.4.0 (section 5). One reader's reading; nobody checks the value."""
    major, low, second = version[0] >> 4, version[0] & 0xF, version[1]
    if low == 1:
        return f"{major}.{10 + (second >> 4)}.{second & 0xF}"
    return f"{major}.{low}.{second:x}"


def parse(data: bytes) -> Message:
    """Strict: nothing but zeros between issue data and trailer. The trailer is taken from the end."""
    if len(data) < PADDED_BYTES + TRAILER_BYTES:
        raise Unreadable("message_length", str(len(data)))
    if data[-5:-2] != b"VDV":
        raise Unreadable("message_trailer")
    body = data[:-TRAILER_BYTES]
    product = tlv.read(body, 18)
    if product.tag != TAG_PRODUCT:
        raise Unreadable("message_product_tag", f"{product.tag:X}")
    at = product.end
    transaction = _parse_transaction(body[at : at + 17])
    extra = tlv.read(body, at + 17)
    if extra.tag != TAG_PRODUCT_TRANSACTION:
        raise Unreadable("message_transaction_tag", f"{extra.tag:X}")
    issue = _parse_issue(body[extra.end : extra.end + 12])
    if any(body[extra.end + 12 :]):
        raise Unreadable("message_padding", "not zero")
    number, organisation_id, product_number, product_owner_id, starts, ends = (
        int.from_bytes(body[start:end], "big") for start, end in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 14), (14, 18))
    )
    times = decode_compact(starts), decode_compact(ends)
    parsed = parse_product(product.value)
    head = number, organisation_id, product_number, product_owner_id
    return Message(*head, *times, parsed, transaction, issue, extra.value, data[-2:])


def _parse_transaction(data: bytes) -> Transaction:
    if len(data) != 17:
        raise Unreadable("transaction_length", str(len(data)))
    try:
        time = decode_compact(int.from_bytes(data[7:11], "big"))
    except Unreadable:  # no right hangs on it, and sellers write what they like there
        time = None
    return Transaction(
        int.from_bytes(data[0:2], "big"),
        data[2],
        int.from_bytes(data[3:5], "big"),
        int.from_bytes(data[5:7], "big"),
        time,
        data[11],
        int.from_bytes(data[12:15], "big"),
        int.from_bytes(data[15:17], "big"),
    )


def _parse_issue(data: bytes) -> Issue:
    if len(data) != 12:
        raise Unreadable("issue_data_length", str(len(data)))
    product_sequence, signature_sequence = int.from_bytes(data[0:4], "big"), int.from_bytes(data[5:9], "big")
    return Issue(product_sequence, signature_sequence, int.from_bytes(data[9:12], "big"), data[4])
