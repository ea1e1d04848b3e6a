"""The outer envelope (section 1): signature, message tail, the module's certificate, the sub-CA's name."""

from dataclasses import dataclass

from issuance.barcode.refusal import NotGenuine, Unreadable
from issuance.barcode.vdv import tlv
from issuance.barcode.vdv.certificate import TAG_CERTIFICATE, Recoverable, parse_inner

TAG_SIGNATURE, TAG_REST, TAG_ISSUER = 0x9E, 0x9A, 0x42
SIGNATURE_BYTES = 128
MOST_BYTES = 1024
"""The longest that is looked at. Real ones have 352 to 480 bytes, and an Aztec symbol ends at 1,914."""
MARK = b"\x9e\x81\x80"
"""The first bytes of every static entitlement, by which readers tell it from other contents."""


@dataclass(frozen=True)
class Envelope:
    signature: bytes
    """ISO 9796-2 signature of the security module (SAM), 128 bytes."""
    rest: bytes
    """The end of the message, which found no room in the signature."""
    certificate: Recoverable
    """Of the security module, signed by the sub-CA."""
    issuer: bytes
    """Name (CAR, 8 bytes) of the sub-CA."""

    def encode(self) -> bytes:
        parts = tlv.write(TAG_SIGNATURE, self.signature) + tlv.write(TAG_REST, self.rest)
        return parts + self.certificate.encode() + tlv.write(TAG_ISSUER, self.issuer)


def parse(data: bytes) -> Envelope:
    """Strict order and lengths. Bytes after the last element are NotGenuine `trailing_bytes`."""
    if not data.startswith(MARK):
        raise Unreadable("not_a_vdv_ticket", "does not begin with 9E 81 80")
    if len(data) > MOST_BYTES:
        raise Unreadable("too_long", f"{len(data)} bytes")
    signature = tlv.read(data)
    rest = _expect(data, signature.end, TAG_REST)
    certificate = _expect(data, rest.end, TAG_CERTIFICATE)
    issuer = _expect(data, certificate.end, TAG_ISSUER)
    if len(issuer.value) != 8:
        raise Unreadable("issuer_name_length", str(len(issuer.value)))
    if len(rest.value) < 5 or rest.value[-5:-2] != b"VDV":
        raise Unreadable("message_trailer")
    if issuer.end != len(data):
        raise NotGenuine("trailing_bytes", f"{len(data) - issuer.end} bytes")
    parsed = parse_inner(certificate.value)
    if not isinstance(parsed, Recoverable):
        raise Unreadable("certificate_form", "a module's certificate must be the recoverable form")
    return Envelope(signature.value, rest.value, parsed, issuer.value)


def _expect(data: bytes, start: int, tag: int) -> tlv.Element:
    element = tlv.read(data, start)
    if element.tag != tag:
        raise Unreadable("envelope_order", f"{element.tag:X} where {tag:X} is due")
    return element
