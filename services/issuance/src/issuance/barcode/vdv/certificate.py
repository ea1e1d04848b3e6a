"""CV certificates (section 3): who may open what, in 171 (SAM), 235 (sub-CA) or 293 (root) bytes without tags."""

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date

from issuance.barcode.refusal import NotGenuine, Unreadable
from issuance.barcode.vdv import codes, iso9796, tlv
from issuance.barcode.vdv.calendar import decode_bcd, encode_bcd
from issuance.barcode.vdv.iso9796 import PublicKey

PROFILE_SUB_CA, PROFILE_SAM, PROFILE_ROOT = 3, 4, 7
_MODULUS_BYTES = {3: 192, 4: 128, 5: 128, 6: 128, 7: 248}

OID_ISO9796 = bytes.fromhex("2B240304020201")
"""1.3.36.3.4.2.2.1, ISO 9796-2 with SHA-1: SAM and sub-CA. Seven bytes, because one reader expects no other length."""
OID_SHA1_RSA = bytes.fromhex("2A864886F70D010105")
"""sha1WithRSAEncryption, the form with the content appended: the root."""

CHA_CA = b"VDV_KA\x30"
"""May verify certificates (3), is a certification authority (0)."""
CHA_SELLING_SAM = b"VDV_KA\x22"
"""May verify signatures (2), is a security module that sells (2)."""

TAG_CERTIFICATE, TAG_SIGNATURE, TAG_REST, TAG_CONTENT = 0x7F21, 0x5F37, 0x5F38, 0x5F4E


@dataclass(frozen=True)
class Content:
    """What a certificate says. `issuer` is the CAR (8 bytes), `holder` the CHR (12 bytes)."""

    profile: int
    issuer: bytes
    holder: bytes
    authorisation: bytes
    end_of_validity: date
    oid: bytes
    key: PublicKey

    @property
    def is_authority(self) -> bool:
        """Whether the holder is a CA: then CHR begins with four zero bytes; a module's names its SAM."""
        return self.holder[:4] == bytes(4)

    @property
    def name(self) -> bytes:
        """The name of a certification authority, by which others call it as their issuer."""
        return self.holder[4:]

    def encode(self) -> bytes:
        """The bytes that are signed: profile, CAR, CHR, CHA, end of validity (BCD), OID, modulus, exponent."""
        modulus = self.key.modulus.to_bytes(_MODULUS_BYTES[self.profile], "big")
        head = bytes((self.profile,)) + self.issuer + self.holder + self.authorisation
        return head + encode_bcd(self.end_of_validity) + self.oid + modulus + self.key.exponent.to_bytes(4, "big")


def parse_content(data: bytes) -> Content:
    """Strict: the length must be exactly what the profile says, and the modulus must fill its field."""
    if len(data) < 34 or data[0] not in _MODULUS_BYTES:
        raise Unreadable("certificate_profile", f"{len(data)} bytes, profile {data[:1].hex()}")
    profile = data[0]
    oid_end = 32 + (9 if data[32] == 0x2A else 7)
    modulus_end = oid_end + _MODULUS_BYTES[profile]
    if len(data) != modulus_end + 4:
        raise Unreadable("certificate_length", f"{len(data)} bytes in profile {profile}")
    end_of_validity = decode_bcd(data[28:32])
    if end_of_validity is None:
        raise Unreadable("certificate_without_end")
    if data[oid_end] < 0x80:
        raise Unreadable("certificate_modulus", "the top bit is not set")
    key = PublicKey(int.from_bytes(data[oid_end:modulus_end], "big"), int.from_bytes(data[modulus_end:], "big"))
    if key.exponent < 3 or key.exponent % 2 == 0:  # with exponent 1 everything would be signed
        raise Unreadable("certificate_exponent", str(key.exponent))
    return Content(profile, data[1:9], data[9:21], data[21:28], end_of_validity, data[32:oid_end], key)


@dataclass(frozen=True)
class SamHolder:
    """The CHR of a security module (SAM), taken apart. Organisation ids, and dates as the name tells them."""

    organisation_id: int
    valid_to: date
    """Last day of the month that the name says."""
    valid_from: date
    owner_id: int
    number: int

    def encode(self) -> bytes:
        """The 12 bytes of the CHR, as parse_sam_holder reads them."""
        month = bytes.fromhex(f"{self.valid_to:%y%m}")
        day = bytes.fromhex(f"{self.valid_from:%y%m%d}")
        owner = self.owner_id.to_bytes(2, "big")
        return self.organisation_id.to_bytes(2, "big") + month + day + owner + self.number.to_bytes(3, "big")


def parse_sam_holder(holder: bytes) -> SamHolder:
    """12 bytes: organisation (2), expiry BCD YYMM (2), valid from BCD YYMMDD (3), owner (2), SAM number (3)."""
    if holder[2] == 0xFF:
        raise Unreadable("certificate_of_a_user_medium", holder.hex())
    digits = holder[2:7].hex()
    try:
        year, month = 2000 + int(digits[:2]), int(digits[2:4])
        valid_to = date(year, month, month_lengths.monthrange(year, month)[1])
        valid_from = date(2000 + int(digits[4:6]), int(digits[6:8]), int(digits[8:10]))
    except ValueError as error:
        raise Unreadable("certificate_holder", holder.hex()) from error
    return SamHolder(
        int.from_bytes(holder[:2], "big"),
        valid_to,
        valid_from,
        int.from_bytes(holder[7:9], "big"),
        int.from_bytes(holder[9:12], "big"),
    )


@dataclass(frozen=True)
class AuthorityName:
    """The CAR of a certification authority, taken apart (8 bytes)."""

    country: str
    scheme: str
    service: str
    world: str
    """production, or which tests."""
    number: int
    year: int


def parse_authority_name(name: bytes) -> AuthorityName:
    """Raises Unreadable `authority_name`."""
    try:
        country, scheme = name[:2].decode("ascii"), name[2:5].decode("ascii")
        number, year = int(name[6:7].hex()), 2000 + int(name[7:8].hex())
    except ValueError as error:
        raise Unreadable("authority_name", name.hex()) from error
    if len(name) != 8 or scheme != "VDV" or not country.isupper():
        raise Unreadable("authority_name", name.hex())
    service = codes.SERVICE_INDICATOR.get(name[5] >> 4, "unknown")
    return AuthorityName(country, scheme, service, codes.world(name), number, year)


def role(authorisation: bytes) -> str:
    """What a CHA allows, in words."""
    if len(authorisation) != 7 or authorisation[:6] != b"VDV_KA":
        return "unknown"
    command, who = codes.COMMAND.get(authorisation[6] >> 4), codes.ROLE.get(authorisation[6] & 0xF)
    return f"{who or 'unknown'}, {command or 'unknown'}"


@dataclass(frozen=True)
class RecoveryCertificate:
    """Form (a): the content is inside the signature, with its last bytes beside it. SAM and sub-CA."""

    signature: bytes
    rest: bytes

    def encode(self) -> bytes:
        """The certificate as TLV: the signature, and the rest of the content that did not fit into it."""
        inner = tlv.write(TAG_SIGNATURE, self.signature) + tlv.write(TAG_REST, self.rest)
        return tlv.write(TAG_CERTIFICATE, inner)

    def open(self, issuer: PublicKey) -> Content:
        """The content that the signature carries.

        Raises:
            Refusal: where it is not by this key.
        """
        return parse_content(iso9796.recover(self.signature, self.rest, issuer))


@dataclass(frozen=True)
class AppendixCertificate:
    """Form (b): the content in the open and a PKCS#1 v1.5 SHA-1 signature over it (the root signs itself so).

    Form (c), as KDE keeps certificates: content alone, `signature` None. Whoever trusts it, trusts the file.
    """

    content: bytes
    signature: bytes | None

    def encode(self) -> bytes:
        """The certificate as TLV: the content in the open, and the signature where there is one."""
        inner = tlv.write(TAG_CONTENT, self.content)
        if self.signature is not None:
            inner += tlv.write(TAG_SIGNATURE, self.signature)
        return tlv.write(TAG_CERTIFICATE, inner)

    def open(self, issuer: PublicKey) -> Content:
        """The content, once its signature is checked. A stripped certificate has none: `certificate_unsigned`."""
        if self.signature is None:
            raise NotGenuine("certificate_unsigned")
        if len(self.signature) != issuer.size:
            raise NotGenuine("signature_wrong", "length of the appended signature")
        number = int.from_bytes(self.signature, "big")
        expected = pkcs1_block(self.content, issuer.size)
        if number >= issuer.modulus or iso9796.apply(number, issuer) != expected:
            raise NotGenuine("signature_wrong", "appended signature")
        return parse_content(self.content)

    def peek(self) -> Content:
        """The content, unchecked."""
        return parse_content(self.content)


def pkcs1_block(content: bytes, key_bytes: int) -> int:
    """EMSA-PKCS1-v1_5 with SHA-1 (RFC 8017, 9.2) as the number to which the private key is applied."""
    digest_info = bytes.fromhex("3021300906052B0E03021A05000414") + iso9796.sha1(content)
    padding = b"\xff" * (key_bytes - len(digest_info) - 3)
    return int.from_bytes(b"\x00\x01" + padding + b"\x00" + digest_info, "big")


def parse(data: bytes) -> RecoveryCertificate | AppendixCertificate:
    """One certificate `7F21`, nothing after it."""
    outer = tlv.read(data)
    if outer.tag != TAG_CERTIFICATE:
        raise Unreadable("certificate_tag", f"{outer.tag:X}")
    if outer.end != len(data):
        raise Unreadable("certificate_trailing_bytes")
    return parse_inner(outer.value)


def parse_inner(value: bytes) -> RecoveryCertificate | AppendixCertificate:
    """The value of a `7F21`."""
    elements = tlv.read_all(value)
    by_order = tuple(element.tag for element in elements)
    values = [element.value for element in elements]
    if by_order == (TAG_SIGNATURE, TAG_REST):
        return RecoveryCertificate(values[0], values[1])
    if by_order == (TAG_CONTENT, TAG_SIGNATURE):
        return AppendixCertificate(values[0], values[1])
    if by_order == (TAG_CONTENT,):
        return AppendixCertificate(values[0], None)
    raise Unreadable("certificate_form", "/".join(f"{tag:X}" for tag in by_order))
