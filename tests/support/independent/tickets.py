"""Readers of tickets and passes that share nothing with the code that made them: written from the formats' descriptions.

The VDV-KA barcode after the byte facts of the KA static entitlement, with `pow` for RSA; the QR with a base45 of its
own; the pass with zipfile and hashlib. Nothing here imports a service. Everything raises AssertionError or ValueError.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from support.json import Json

Tlv = tuple[int, bytes]
ISO_SIGNATURE_OID = bytes.fromhex("2b240304020201")
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@dataclass(frozen=True)
class Key:
    modulus: int
    exponent: int
    valid_until: str
    """YYYYMMDD"""
    authorisation: bytes

    @property
    def length(self) -> int:
        return (self.modulus.bit_length() + 7) // 8


@dataclass(frozen=True)
class Ticket:
    number: int
    organisation_id: int
    product: int
    valid_from: datetime
    valid_until: datetime
    passenger_type: int
    birth_date: str
    name: str


def elements(data: bytes) -> list[Tlv]:
    """BER-TLV with one- and two-byte tags; everything must be used up."""
    found, at = [], 0
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 0x1F == 0x1F:
            tag = tag << 8 | data[at]
            at += 1
        length = data[at]
        at += 1
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(data[at : at + count]), at + count
        assert at + length <= len(data), "element runs over the end"
        found.append((tag, data[at : at + length]))
        at += length
    return found


def recover(signature: bytes, rest: bytes, key: Key) -> bytes:
    """ISO 9796-2 scheme 1 with partial recovery and SHA-1: the whole message."""
    assert len(signature) == key.length
    block = pow(int.from_bytes(signature), key.exponent, key.modulus).to_bytes(key.length)
    assert (block[0], block[-1]) == (0x6A, 0xBC), "not a signature by this key"
    message = block[1:-21] + rest
    assert hashlib.sha1(message).digest() == block[-21:-1], "the hash does not fit"
    return message


def certificate_key(content: bytes, modulus_length: int, *, oid_length: int = 7) -> Key:
    until = content[28:32].hex()
    start = 32 + oid_length
    assert len(content) == start + modulus_length + 4, "certificate of a strange length"
    if oid_length == 7:
        assert content[32:39] == ISO_SIGNATURE_OID
    modulus = int.from_bytes(content[start : start + modulus_length])
    return Key(modulus, int.from_bytes(content[-4:]), until, content[21:28])


def read_vdv(code: bytes, trust: Path) -> Ticket:
    """The ticket in a VDV-KA barcode, checked up to the root that lies in `trust`."""
    # 1. The envelope, in its fixed order.
    (t1, signature), (t2, rest), (t3, certificate), (t4, authority) = elements(code)
    assert (t1, t2, t3, t4) == (0x9E, 0x9A, 0x7F21, 0x42)
    # 2. Root -> sub-CA -> SAM -> message.
    root = _root_key(trust)
    sub_ca = _recovered_certificate((trust / f"{authority.hex()}.vdv-cert").read_bytes(), root, authority)
    key = certificate_key(sub_ca, 192)
    assert key.authorisation == b"VDV_KA\x30"
    sam = _open_certificate(certificate, key)
    assert sam[1:9] == authority
    signer = certificate_key(sam, 128)
    assert signer.authorisation == b"VDV_KA\x22"
    message = recover(signature, rest, signer)
    # 3. The message.
    assert message[-5:-2] == b"VDV"
    ticket = _ticket(message)
    assert f"{ticket.valid_until:%Y%m%d}" <= min(key.valid_until, signer.valid_until), "outlives its certificates"
    return ticket


def _root_key(trust: Path) -> Key:
    for file in trust.glob("*.vdv-cert"):
        ((tag, body),) = elements(file.read_bytes())
        parts = dict(elements(body))
        content = parts.get(0x5F4E)
        if tag == 0x7F21 and content is not None and content[1:9] == content[13:21]:
            key = certificate_key(content, 248, oid_length=9)
            block = pow(int.from_bytes(parts[0x5F37]), key.exponent, key.modulus).to_bytes(key.length)
            assert block.startswith(b"\x00\x01\xff")
            assert block.endswith(hashlib.sha1(content).digest())
            return key
    raise ValueError("no root in the trust folder")


def _recovered_certificate(file: bytes, issuer: Key, name: bytes) -> bytes:
    ((tag, body),) = elements(file)
    assert tag == 0x7F21
    content = _open_certificate(body, issuer)
    assert content[13:21] == name, "the certificate bears another name than its file"
    return content


def _open_certificate(body: bytes, issuer: Key) -> bytes:
    parts = dict(elements(body))
    return recover(parts[0x5F37], parts[0x5F38], issuer)


def _ticket(message: bytes) -> Ticket:
    ((tag, product), *_) = _leading_elements(message[18:])
    assert tag == 0x85
    parts = dict(elements(product))
    traveller = parts[0xDB]
    return Ticket(
        number=int.from_bytes(message[0:4]),
        organisation_id=int.from_bytes(message[4:6]),
        product=int.from_bytes(message[6:8]),
        valid_from=_compact(message[10:14]),
        valid_until=_compact(message[14:18]),
        passenger_type=parts[0xDA][1],
        birth_date=traveller[1:5].hex(),
        name=traveller[5:].decode("iso8859-15"),
    )


def _leading_elements(data: bytes) -> list[Tlv]:
    """The first element of data that goes on with something else."""
    length = data[1] if data[1] < 0x80 else data[2]
    start = 2 if data[1] < 0x80 else 3
    return [(data[0], data[start : start + length])]


def _compact(data: bytes) -> datetime:
    """DateTimeCompact: year-1990 (7), month (4), day (5), hour (5), minute (6), second/2 (5); Berlin time."""
    bits = int.from_bytes(data)
    return datetime(
        (bits >> 25) + 1990, bits >> 21 & 15, bits >> 16 & 31, bits >> 11 & 31, bits >> 5 & 63, (bits & 31) * 2
    )


def base45(text: str) -> bytes:
    """RFC 9285."""
    out = bytearray()
    for start in range(0, len(text), 3):
        values = [BASE45.index(character) for character in text[start : start + 3]]
        number = sum(value * 45**power for power, value in enumerate(values))
        out += number.to_bytes(len(values) - 1, "big")
    return bytes(out)


def read_qr(text: str, trust: Path) -> Ticket:
    """The ticket in the signed QR, checked with the trust list, and the trust list with its root."""
    listed = cbor2.loads((trust / "trust-list.cose").read_bytes())
    assert listed.tag == 18
    trusted = cbor2.loads(listed.value[2])
    _check_es256(listed.value, trusted[5])
    points = {key[1]: key[3] for key in trusted[4] if (key[4], key[5]) == ("active", "ticket")}
    prefix, _, body = text.partition(":")
    assert prefix == "S1"
    parts = cbor2.loads(base45(body))
    _check_es256(parts, points[cbor2.loads(parts[0])[4]])
    claims = cbor2.loads(parts[2])
    born = claims[-5]
    birth_date = (date(1900, 1, 1) + timedelta(days=born)).strftime("%Y%m%d")
    if born >= 1 << 17:  # known in part
        birth_date = "{:04d}{:02d}00".format(*divmod(born - (1 << 17), 13))
    return Ticket(
        number=claims[-2],
        organisation_id=claims[-1],
        product=claims[-3],
        valid_from=datetime.fromtimestamp(claims[5]),
        valid_until=datetime.fromtimestamp(claims[4]),
        passenger_type=0,
        birth_date=birth_date,
        name=f"{claims.get(-6, '')}#{claims[-7]}",
    )


def _check_es256(parts: list[bytes], point: bytes) -> None:
    """COSE_Sign1 (RFC 9052): raises InvalidSignature."""
    protected, _, payload, signature = parts
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + point)
    key.verify(der, signed, ec.ECDSA(hashes.SHA256()))


def read_pass(package: bytes) -> Json:
    """pass.json of a .pkpass whose manifest names every file with its right hash."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert set(manifest) == set(files) - {"manifest.json", "signature"}
    for name, digest in manifest.items():
        assert hashlib.sha1(files[name]).hexdigest() == digest, name
    assert files["signature"].startswith(b"\x30")
    content: Json = json.loads(files["pass.json"])
    return content
