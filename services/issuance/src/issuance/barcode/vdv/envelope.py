"""The outer envelope (section 1): signature, message tail, the module's certificate, the sub-CA's name."""

from collections.abc import Sequence
from dataclasses import dataclass

from issuance.barcode.refusal import NotGenuine, Refusal, Unreadable
from issuance.barcode.vdv import tlv
from issuance.barcode.vdv.certificate import TAG_CERTIFICATE, RecoveryCertificate, parse_inner

TAG_SIGNATURE, TAG_REST, TAG_ISSUER, TAG_HOLDER, TAG_COUNT = 0x9E, 0x9A, 0x42, 0x5F20, 0x90
SIGNATURE_BYTES = 128
MOST_BYTES = 1024
"""The longest that is looked at. Real ones have 352 to 480 bytes, and an Aztec symbol ends at 1,914."""
LINE_ENDS = (b"\r", b"\n", b"\r\n", b"\t")
"""What scanners that are set up as keyboards add to a code."""
MARK = b"\x9e\x81\x80"
"""The first bytes of every static entitlement, by which readers tell it from other contents."""
SEVERAL = b"\xef"
"""The first byte of a code with several tickets."""
MOST_TICKETS = 4


@dataclass(frozen=True)
class Envelope:
    signature: bytes
    """ISO 9796-2 signature of the security module (SAM), 128 bytes."""
    rest: bytes
    """The end of the message, which found no room in the signature."""
    certificate: RecoveryCertificate
    """Of the security module, signed by the sub-CA."""
    issuer: bytes
    """Name (CAR, 8 bytes) of the sub-CA."""

    def encode(self) -> bytes:
        """The whole code: signature, rest of the message, the module's certificate, and the CAR of its issuer."""
        parts = tlv.write(TAG_SIGNATURE, self.signature) + tlv.write(TAG_REST, self.rest)
        return parts + self.certificate.encode() + tlv.write(TAG_ISSUER, self.issuer)


@dataclass(frozen=True)
class ReducedEnvelope:
    """The form of older HandyTickets: it names the module's certificate, which the reader must hold already."""

    signature: bytes
    rest: bytes
    holder: bytes
    """CHR of the module's certificate, 12 bytes."""


def parse_all(data: bytes) -> tuple[Envelope | ReducedEnvelope, ...]:
    """One ticket, or the several of `EF` (change request 141).

    Raises:
        Refusal.
    """
    if data.startswith(SEVERAL):
        return _several(data)
    if not data.startswith(MARK):
        raise Unreadable("not_a_vdv_ticket", "does not begin with 9E 81 80")
    if len(data) > MOST_BYTES:
        raise Unreadable("too_long", f"{len(data)} bytes")
    signature, rest = _pair(data, 0)
    following = tlv.read(data, rest.end)
    if following.tag == TAG_HOLDER:
        return (_reduced(data, signature, rest, following),)
    return (_full(data, ((signature, rest),), rest.end)[0],)


def parse(data: bytes) -> Envelope:
    """One ticket with its module's certificate. Strict order and lengths. Bytes after the end are NotGenuine."""
    found = parse_all(data)
    if len(found) != 1 or not isinstance(found[0], Envelope):
        raise Unreadable("envelope_form", "several tickets, or the reduced form")
    return found[0]


def _several(data: bytes) -> tuple[Envelope, ...]:
    """`EF` { `90 01 NN`, NN times `9E` `9A`, one `7F21`, one `42` }."""
    if len(data) > MOST_BYTES * 2:
        raise Unreadable("too_long", f"{len(data)} bytes")
    outer = tlv.read(data)
    if outer.end != len(data):
        raise _too_much(data[outer.end :])
    inner = outer.value
    count = _expect(inner, 0, TAG_COUNT)
    if len(count.value) != 1 or not 1 <= count.value[0] <= MOST_TICKETS:
        raise Unreadable("ticket_count", count.value.hex())
    pairs, at = [], count.end
    for _ in range(count.value[0]):
        signature, rest = _pair(inner, at)
        pairs.append((signature, rest))
        at = rest.end
    return _full(inner, pairs, at)


def _pair(data: bytes, at: int) -> tuple[tlv.Element, tlv.Element]:
    """Signature and message tail."""
    signature = _expect(data, at, TAG_SIGNATURE)
    rest = _expect(data, signature.end, TAG_REST)
    return signature, rest


def _full(data: bytes, pairs: Sequence[tuple[tlv.Element, tlv.Element]], at: int) -> tuple[Envelope, ...]:
    certificate = _expect(data, at, TAG_CERTIFICATE)
    issuer = _expect(data, certificate.end, TAG_ISSUER)
    if len(issuer.value) != 8:
        raise Unreadable("issuer_name_length", str(len(issuer.value)))
    _check_trailers(pairs)
    if issuer.end != len(data):
        raise _too_much(data[issuer.end :])
    parsed = parse_inner(certificate.value)
    if not isinstance(parsed, RecoveryCertificate):
        raise Unreadable("certificate_form", "a module's certificate must be the recoverable form")
    return tuple(Envelope(signature.value, rest.value, parsed, issuer.value) for signature, rest in pairs)


def _reduced(data: bytes, signature: tlv.Element, rest: tlv.Element, holder: tlv.Element) -> ReducedEnvelope:
    """A last byte may give the length of the whole, with or without itself: one issuer adds it to short ones."""
    _check_trailers(((signature, rest),))
    if len(holder.value) != 12:
        raise Unreadable("holder_length", str(len(holder.value)))
    after = data[holder.end :]
    is_length = len(after) == 1 and after[0] in (len(data), len(data) - 1)
    if after and not is_length:
        raise _too_much(after)
    return ReducedEnvelope(signature.value, rest.value, holder.value)


def _too_much(after: bytes) -> Refusal:
    """Bytes after the end are altered or forged; a line end is what a scanner was set to add, and no child's doing."""
    if after in LINE_ENDS:
        return Unreadable("line_end_after_code", f"{len(after)} bytes")
    return NotGenuine("trailing_bytes", f"{len(after)} bytes")


def _check_trailers(pairs: Sequence[tuple[tlv.Element, tlv.Element]]) -> None:
    if any(len(rest.value) < 5 or rest.value[-5:-2] != b"VDV" for _, rest in pairs):
        raise Unreadable("message_trailer")


def _expect(data: bytes, start: int, tag: int) -> tlv.Element:
    element = tlv.read(data, start)
    if element.tag != tag:
        raise Unreadable("envelope_order", f"{element.tag:X} where {tag:X} is due")
    return element
