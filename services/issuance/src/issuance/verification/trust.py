"""What a verifier trusts: sub-CAs under a root, ticket keys of the trust list, status lists; assembled and checked.

Pure: bytes in, facts out; reading a folder is trust_folder.py. A certificate that does not check out is left out and
counted, so that its tickets have an unknown issuer; a list that does not makes the whole set unusable, because a
scanner with half its lists must not look healthy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from issuance.barcode.qr.cose import SignedPayload
from issuance.barcode.refusal import NotGenuine, Refusal
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.certificate import CHA_CA, AppendixCertificate, Content, RecoveryCertificate
from issuance.lists import issued, status_list, trust_list
from issuance.lists.issued import IssuedList
from issuance.lists.status_list import Shard, StatusList
from issuance.lists.trust_list import TrustedKey, TrustList

STALE_AFTER = timedelta(hours=24)
ECDSA_SHA256 = ec.ECDSA(SHA256())


class Unusable(ValueError):
    """A set of certificates and lists that must not be used, with a code and the file or name at fault."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(f"{reason}: {where}" if where else reason)
        self.reason = reason


@dataclass(frozen=True)
class Authority:
    """A sub-CA whose certificate was checked under the root, or that is an anchor itself."""

    content: Content
    is_anchor: bool
    """Came without a signature (7F21{5F4E}, as KDE keeps them): trusted because it lies in the folder."""


@dataclass(frozen=True)
class TicketKey:
    entry: TrustedKey
    public: ec.EllipticCurvePublicKey

    def has_signed(self, signed: SignedPayload) -> bool:
        """ES256, because the trust list says so; the header is not asked."""
        return verify_es256(self.public, signed)


@dataclass(frozen=True)
class Trust:
    authorities: Mapping[bytes, Authority] = field(default_factory=dict)
    """By name (CAR, 8 bytes)."""
    keys: Mapping[bytes, TicketKey] = field(default_factory=dict)
    """By key id (4 bytes), of use `ticket`."""
    trust_list: TrustList | None = None
    status: Mapping[Shard, StatusList] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """Certificates that did not check out, by file name or reason."""
    issued: Mapping[tuple[Shard, str], IssuedList] = field(default_factory=dict)
    """What was issued, by shard and form (vdv or qr)."""
    status_keys: Mapping[bytes, TicketKey] = field(default_factory=dict)
    """By key id, of use `status`."""
    modules: Mapping[tuple[bytes, int], datetime] = field(default_factory=dict)
    """Compromised modules of the VDV code, by sub-CA and number, and since when."""


def assemble(
    certificates: Iterable[bytes],
    trusted: bytes | None,
    statuses: Iterable[bytes],
    left_out: Iterable[str] = (),
    issued_parts: Iterable[bytes] = (),
) -> Trust:
    """`certificates`: 7F21 TLVs of root and sub-CAs in any order.

    Raises:
        Unusable.
    """
    missing = list(left_out)
    authorities = _authorities(certificates, missing)
    if trusted is None:
        keys, listed = dict[bytes, tuple[TicketKey, str]](), None
    else:
        listed = _trust_list(trusted)
        keys = {entry.key_id: (TicketKey(entry, public_key(entry.point)), entry.use) for entry in listed.keys}
    for_status = {key_id: key for key_id, (key, use) in keys.items() if use == "status"}
    status: dict[Shard, StatusList] = {}
    for data in statuses:
        one = _status_list(data, for_status)
        if one.shard not in status or _says_more(one, status[one.shard]):
            status[one.shard] = one
    for_tickets = {key_id: key for key_id, (key, use) in keys.items() if use == "ticket"}
    modules = {(one.sub_ca, one.number): one.since for one in listed.modules} if listed else {}
    filters = _issued(issued_parts, for_status)
    return Trust(authorities, for_tickets, listed, status, tuple(missing), filters, for_status, modules)


def _authorities(certificates: Iterable[bytes], left_out: list[str]) -> dict[bytes, Authority]:
    roots: dict[bytes, Content] = {}
    others: list[RecoveryCertificate | AppendixCertificate] = []
    for data in certificates:
        try:
            one = certificate.parse(data)
            content = one.peek() if isinstance(one, AppendixCertificate) else None
        except Refusal as refusal:
            left_out.append(refusal.reason)
            continue
        if isinstance(one, AppendixCertificate) and content is not None and content.issuer == content.name:
            _add_root(roots, content, one)
        else:
            others.append(one)
    authorities: dict[bytes, Authority] = {}
    for one in others:
        try:
            _add_authority(authorities, _authority(one, roots))
        except Refusal as refusal:
            left_out.append(refusal.reason)
    # Discretionary data: 0 and 1 are production, the others tests. A test key must never open a real gate.
    if len({name[5] & 0xF > 1 for name in authorities}) > 1:
        raise Unusable("test_and_real_mixed")
    return authorities


def _add_root(roots: dict[bytes, Content], content: Content, one: AppendixCertificate) -> None:
    """A root is an anchor by name and key. Its end of validity is not checked: the real one's has passed."""
    is_root = content.profile == certificate.PROFILE_ROOT and content.is_authority and not content.name[5] & 1
    if not is_root:
        raise Unusable("root_role", content.name.hex())
    if one.signature is not None:
        try:
            one.open(content.key)
        except Refusal as refusal:
            raise Unusable("root_signature", content.name.hex()) from refusal
    if roots.setdefault(content.name, content).key != content.key:
        raise Unusable("two_keys_of_one_name", content.name.hex())


def _add_authority(authorities: dict[bytes, Authority], authority: Authority) -> None:
    name = authority.content.name
    known = authorities.setdefault(name, authority)
    if known.content.key != authority.content.key:
        raise Unusable("two_keys_of_one_name", name.hex())
    if known.is_anchor:  # a signed certificate says more than the stripped one
        authorities[name] = authority


def _authority(one: RecoveryCertificate | AppendixCertificate, roots: Mapping[bytes, Content]) -> Authority:
    """Raises Refusal where neither a root opens it nor it comes as an anchor, or where it is no sub-CA's."""
    is_anchor = isinstance(one, AppendixCertificate) and one.signature is None
    content = one.peek() if isinstance(one, AppendixCertificate) and is_anchor else _open_under(one, roots)
    is_sub_ca = content.is_authority and content.authorisation == CHA_CA and content.name[5] & 1
    if not is_sub_ca or content.profile != certificate.PROFILE_SUB_CA:
        raise NotGenuine("authority_role", content.holder.hex())
    return Authority(content, is_anchor)


def _open_under(one: RecoveryCertificate | AppendixCertificate, roots: Mapping[bytes, Content]) -> Content:
    for name, root in roots.items():
        try:
            content = one.open(root.key)
        except Refusal:
            continue
        if content.issuer != name:
            raise NotGenuine("authority_linkage", content.holder.hex())
        return content
    raise NotGenuine("authority_without_root")


def _trust_list(data: bytes) -> TrustList:
    try:
        signed = trust_list.unwrap(data)
        listed = trust_list.parse(signed.payload)
        if not verify_es256(public_key(listed.root), signed):
            raise NotGenuine("signature_wrong")
    except Refusal as refusal:
        raise Unusable("trust_list", str(refusal)) from refusal
    return listed


def _says_more(one: StatusList, other: StatusList) -> bool:
    """The higher version; of one version the list of two bits, which tells suspended from revoked."""
    return (one.version, one.has_two_bits) > (other.version, other.has_two_bits)


def _status_list(data: bytes, keys: Mapping[bytes, TicketKey]) -> StatusList:
    try:
        signed, one = _opened(data)
        check_status_key(signed, one.shard, keys)
    except Refusal as refusal:
        raise Unusable("status_list", str(refusal)) from refusal
    return one


def _opened(data: bytes) -> tuple[SignedPayload, StatusList]:
    """Of one bit or of two, as its kind says; unchecked.

    Raises:
        Refusal.
    """
    try:
        signed = status_list.unwrap_v2(data)
    except Refusal as refusal:
        if refusal.reason != "list_kind":
            raise
        signed = status_list.unwrap(data)
        return signed, status_list.parse(signed.payload)
    return signed, status_list.parse_v2(signed.payload)


def _issued(parts: Iterable[bytes], keys: Mapping[bytes, TicketKey]) -> dict[tuple[Shard, str], IssuedList]:
    found: dict[tuple[Shard, str], list[issued.IssuedPart]] = {}
    try:
        for data in parts:
            signed = issued.unwrap(data)
            one = issued.parse(signed.payload)
            check_status_key(signed, one.head.shard, keys)
            found.setdefault((one.head.shard, one.form), []).append(one)
    except Refusal as refusal:
        raise Unusable("issued_list", str(refusal)) from refusal
    whole = {place: issued.complete(some) for place, some in found.items()}
    return {place: one for place, one in whole.items() if one is not None}


def check_status_key(signed: SignedPayload, shard: Shard, keys: Mapping[bytes, TicketKey]) -> None:
    """A key of use `status` has signed, is in nobody else's hands, and may speak for the shard.

    Raises:
        NotGenuine.
    """
    key = keys.get(signed.key_id)
    if key is None or not key.has_signed(signed):
        raise NotGenuine("signature_wrong")
    if key.entry.state == "compromised":
        raise NotGenuine("key_compromised")
    if not speaks_for(key.entry, shard.organisation_id):
        raise NotGenuine("key is not for this organisation")


def held_back(trust: Trust) -> tuple[Shard, ...]:
    """Shards that the trust list names, of which there is no status list."""
    return tuple(shard for shard in trust.trust_list.shards if shard not in trust.status) if trust.trust_list else ()


def speaks_for(entry: TrustedKey, organisation_id: int) -> bool:
    """A key without organisations is for all of its trust list."""
    return not entry.organisation_ids or organisation_id in entry.organisation_ids


def public_key(point: bytes) -> ec.EllipticCurvePublicKey:
    """P-256 from x and y (64 bytes).

    Raises:
        NotGenuine: where it is no point.
    """
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + point)
    except ValueError as error:
        raise NotGenuine("key_is_no_point") from error


def verify_es256(key: ec.EllipticCurvePublicKey, signed: SignedPayload) -> bool:
    """Whether r and s (32 bytes each) sign Sig_structure by this key."""
    r, s = (int.from_bytes(half, "big") for half in (signed.signature[:32], signed.signature[32:]))
    try:
        key.verify(encode_dss_signature(r, s), signed.to_be_signed, ECDSA_SHA256)
    except InvalidSignature:
        return False
    return True


def is_stale(listed: StatusList, at: datetime) -> bool:
    """Older than a day, or past its own end."""
    return at - listed.published_at > STALE_AFTER or at > listed.expires_at
