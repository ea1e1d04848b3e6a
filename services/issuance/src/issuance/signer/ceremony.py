"""The key ceremony: a private test PKI (root, sub-CA, module), the keys of the signed QR code, and the trust list.

    FOLDER/keys/     root, sub-ca, trust-root (only for ceremonies: take them offline), module, ticket, status
                     (the last three are made in the token instead, where one is named: PKCS#11)
    FOLDER/public/   certificates of root and sub-CA, certs.ldif, trust-list.cose; beside it module.vdv-cert
    FOLDER/ceremony.jsonl   what the roots and the sub-CA have signed, when, and its SHA-256; lines are only added

Readers in the field have the root's name compiled in, so the test root bears it too, with a key of its own; the
sub-CA's name says "internal test", so that nobody mistakes its tickets for real ones (docs/sources/vdv.md, 9).
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from shared.calendar import day_in_berlin
from shared.durable_files import append_durably, write_durably

from issuance.barcode.refusal import Refusal
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.certificate import AppendixCertificate, Content, RecoveryCertificate, SamHolder
from issuance.domain.terms import TEST_RANGE
from issuance.domain.times import end_of
from issuance.lists.trust_list import TrustedKey, TrustList
from issuance.signer.keys import (
    EcKey,
    KeyFolder,
    KeyProblem,
    KeyStore,
    PointKey,
    RecoveringKey,
    RsaKey,
    Signer,
    open_keys,
)
from issuance.verification import trust_folder
from issuance.verification.trust import TicketKey, Trust

ROOT_NAME = bytes.fromhex("4555564456100106")
SUB_CA_NAME = bytes.fromhex("4445564456179926")
ROOT_BITS, SUB_CA_BITS, MODULE_BITS = 1984, 1536, 1024
MODULE_YEARS = 5
"""As the one real certificate known."""
TRUST_LIST_DAYS = 400
"""More than a school year: the root that signs it is offline."""
DEMO_ORGANISATION = 70 + TEST_RANGE
MODULE_FILE, KEYS, PUBLIC, TRUST_ROOT, SUB_CA = "module.vdv-cert", "keys", "public", "trust-root", "sub-ca"
JOURNAL = "ceremony.jsonl"


@dataclass(frozen=True)
class Period:
    """From when to when tickets of this PKI may be valid."""

    first_day: date
    last_day: date

    @classmethod
    def around(cls, today: date) -> "Period":
        """From the beginning of the last school year, to the end of the fifth year from now.

        A ticket that is issued in spring for the whole next school year ends 16 months later: far inside.
        """
        return cls(date(today.year - 1, 8, 1), date(today.year + MODULE_YEARS, 12, 31))


@dataclass(frozen=True)
class Pki:
    """All that a ceremony makes. The roots' keys leave memory with it."""

    root_key: RsaKey
    sub_ca_key: RsaKey
    trust_root: EcKey
    signer: Signer
    certificates: dict[str, bytes]
    """Root and sub-CA as published, by name in hex."""
    trust_list: bytes
    made_at: datetime


def make(  # noqa: PLR0917
    period: Period,
    now: datetime,
    organisation_ids: tuple[int, ...] = (),
    lists_url: str = "",
    trust_list_days: int = TRUST_LIST_DAYS,
    held: KeyStore | None = None,
) -> Pki:
    """Hold a ceremony in memory.

    Args:
        organisation_ids: whom the ticket key may speak for; none means everyone.
        held: where the signer's own keys are made, and stay (a token); none: in memory too, until `save`.
    """
    # 1. The root, which certifies itself, and outlives all others.
    root_key = RsaKey.generate(ROOT_BITS)
    holder, end = bytes(4) + ROOT_NAME, date(period.last_day.year + 10, 12, 1)
    head = certificate.PROFILE_ROOT, ROOT_NAME, holder, certificate.CHA_CA, end, certificate.OID_SHA1_RSA
    root = Content(*head, root_key.public).encode()
    root_certificate = AppendixCertificate(root, root_key.sign_appended(root))
    # 2. The sub-CA, under the root.
    sub_ca_key = RsaKey.generate(SUB_CA_BITS)
    holder, end = bytes(4) + SUB_CA_NAME, date(period.last_day.year + 1, 12, 1)
    head = certificate.PROFILE_SUB_CA, ROOT_NAME, holder, certificate.CHA_CA, end, certificate.OID_ISO9796
    sub_ca = Content(*head, sub_ca_key.public)
    sub_ca_certificate = root_key.certify(sub_ca)
    # 3. The module that signs tickets, under the sub-CA.
    module_key, ticket_key, status_key = _signers_keys(held)
    owner = organisation_ids[0] if organisation_ids else DEMO_ORGANISATION
    sam = SamHolder(owner, period.last_day, period.first_day, owner, new_module_number())
    module = module_content(SUB_CA_NAME, sam, period.last_day, module_key)
    module_certificate = sub_ca_key.certify(module)
    # 4. The keys of the QR code and of the status lists, in a trust list under a root of its own.
    trust_root = EcKey.generate()
    not_after = end_of(period.last_day)
    keys = (_entry(ticket_key, "ticket", organisation_ids, not_after), _entry(status_key, "status", (), not_after))
    listed = TrustList(1, now, min(now + timedelta(days=trust_list_days), not_after), keys, trust_root.point)
    trust_list = listed.sign(trust_root.key_id, trust_root.sign)
    signer = Signer(
        module_key, module_certificate, module, sub_ca, ticket_key, status_key, period.last_day, lists_url, True
    )
    certificates = {ROOT_NAME.hex(): root_certificate.encode(), SUB_CA_NAME.hex(): sub_ca_certificate.encode()}
    return Pki(root_key, sub_ca_key, trust_root, signer, certificates, trust_list, now)


def _signers_keys(held: KeyStore | None) -> tuple[RecoveringKey, PointKey, PointKey]:
    """Module, ticket, status."""
    if held is None:
        return RsaKey.generate(MODULE_BITS), EcKey.generate(), EcKey.generate()
    if any(held.has(name) for name in ("module", "ticket", "status")):
        raise KeyProblem("the token has the keys of a ceremony already; a ceremony never writes over keys")
    return held.make_module("module", MODULE_BITS), held.make_point("ticket"), held.make_point("status")


def new_module_number() -> int:
    """A SAM number at random, 1 to 0xFFFFFE: three bytes, neither empty nor full."""
    return 1 + secrets.randbelow(0xFFFFFE)


def module_content(sub_ca: bytes, sam: SamHolder, last_day: date, key: RecoveringKey) -> Content:
    """What the sub-CA certifies of a module that may sell tickets."""
    authorisation, oid = certificate.CHA_SELLING_SAM, certificate.OID_ISO9796
    return Content(certificate.PROFILE_SAM, sub_ca, sam.encode(), authorisation, last_day, oid, key.public)


def _entry(key: PointKey, use: str, organisation_ids: tuple[int, ...], not_after: datetime) -> TrustedKey:
    return TrustedKey(key.key_id, key.point, "active", use, organisation_ids, not_after)


def save(pki: Pki, folder: Path, passphrase_file: Path | None, persons: tuple[Path, ...] = ()) -> None:
    """Write keys (encrypted) and public parts.

    Keys that a token holds stay there.

    Args:
        persons: passphrase files of those who must come together for root, sub-CA and trust root; none: one for all.

    Raises:
        KeyProblem: where the folder has keys already.
    """
    if (folder / KEYS).exists():
        raise KeyProblem(f"{folder / KEYS} exists already; a ceremony never writes over keys")
    signer = pki.signer
    roots = open_roots(folder, passphrase_file, persons)
    for name, root in (("root", pki.root_key), (SUB_CA, pki.sub_ca_key), (TRUST_ROOT, pki.trust_root)):
        roots.save(name, root)
    for name, key in (("module", signer.module_key), ("ticket", signer.ticket_key), ("status", signer.status_key)):
        if isinstance(key, RsaKey | EcKey):
            if passphrase_file is None:
                raise KeyProblem("name the passphrase file of the signer's keys")
            KeyFolder(folder / KEYS, passphrase_file).save(name, key)
    trust_folder.write(folder / PUBLIC, pki.certificates, pki.trust_list, {})
    write_durably(folder / MODULE_FILE, pki.signer.module_certificate.encode())
    for what, data in (*pki.certificates.items(), ("module", signer.module_certificate.encode())):
        note(folder, f"certificate {what}", data, pki.made_at)
    note(folder, "trust list 1", pki.trust_list, pki.made_at)


def open_roots(folder: Path, passphrase_file: Path | None, persons: tuple[Path, ...]) -> KeyFolder:
    """The encrypted files of the roots: always files, because they are offline.

    Raises:
        KeyProblem.
    """
    secrets_of = persons or ((passphrase_file,) if passphrase_file is not None else ())
    if not secrets_of:
        raise KeyProblem("the roots need the passphrase files of their persons (--person)")
    return KeyFolder(folder / KEYS, *secrets_of)


def note(folder: Path, what: str, data: bytes, at: datetime) -> None:
    """Every signature of a root or sub-CA leaves a line."""
    line = {"at": at.isoformat(timespec="seconds"), "signed": what, "sha256": hashlib.sha256(data).hexdigest()}
    append_durably(folder / JOURNAL, json.dumps(line) + "\n")


@dataclass(frozen=True)
class PublishedTrust:
    """What a ceremony published, as the signer hands it on."""

    certificates: dict[str, bytes]
    trust_list: bytes
    trust: Trust


def published_trust(folder: Path) -> PublishedTrust:
    """The public parts of a ceremony, checked. Raises trust.Unusable."""
    public = folder / PUBLIC
    trust = trust_folder.read(public)
    files = sorted(public.glob(f"*{trust_folder.SUFFIX}"))
    certificates = {path.name.removesuffix(trust_folder.SUFFIX): path.read_bytes() for path in files}
    return PublishedTrust(certificates, (public / trust_folder.TRUST_LIST).read_bytes(), trust)


def key_name(keys: KeyStore, use: str, trusted: Mapping[bytes, TicketKey]) -> str:
    """The name of the key of this use that is active: `ticket-<key id>`, or `ticket`, that of the ceremony."""
    active = [key_id for key_id, key in trusted.items() if key.entry.state == "active"]
    names = [f"{use}-{key_id.hex()}" for key_id in active if keys.has(f"{use}-{key_id.hex()}")]
    if names:
        return names[0]
    if keys.point(use).key_id not in active:
        raise KeyProblem(f"no {use} key of this folder is active in the trust list")
    return use


def module_under(one: RecoveryCertificate | AppendixCertificate, trust: Trust) -> tuple[Content, Content]:
    """The published sub-CA that has certified a module, and what the certificate says.

    Raises:
        KeyProblem.
    """
    for authority in trust.authorities.values():
        try:
            module = one.open(authority.content.key)
        except Refusal:
            continue
        if module.issuer == authority.content.name:
            return authority.content, module
    raise KeyProblem("the module's certificate is not under a published sub-CA")


def open_signer(folder: Path, passphrase_file: Path | None, lists_url: str, token_uri: str = "") -> Signer:
    """The keys that a signer needs, and no others, from files or token.

    Raises:
        KeyProblem.
    """
    return signer_of(folder, open_keys(folder / KEYS, passphrase_file, token_uri), lists_url)


def signer_of(folder: Path, keys: KeyStore, lists_url: str) -> Signer:
    """Raises KeyProblem where the keys do not fit the folder's public parts, Unusable where those do not hold."""
    trust = published_trust(folder).trust
    status_key, ticket_key = (
        keys.point(key_name(keys, use, trusted))
        for use, trusted in (("status", trust.status_keys), ("ticket", trust.keys))
    )
    module_certificate, authority, module = own_module(folder, trust)
    sam = certificate.parse_sam_holder(module.holder)
    module_key = keys.module(module_key_name(keys, sam.number))
    if module.key != module_key.public:
        raise KeyProblem("the module's certificate is not of this key")
    if ticket_key.key_id not in trust.keys or trust.trust_list is None:
        raise KeyProblem("the ticket key is not in the trust list")
    ends = [module.end_of_validity, sam.valid_to]
    ends += [authority.end_of_validity, day_in_berlin(trust.keys[ticket_key.key_id].entry.not_after)]
    is_test = authority.name[5] & 0xF > 1
    head = module_key, module_certificate, module, authority
    is_stolen = (authority.name, sam.number) in trust.modules
    return Signer(*head, ticket_key, status_key, min(ends), lists_url, is_test, is_stolen)


def own_module(folder: Path, trust: Trust) -> tuple[RecoveryCertificate, Content, Content]:
    """The certificate of the module that signs, its sub-CA, and what it says.

    Raises:
        KeyProblem.
    """
    try:
        one = certificate.parse((folder / MODULE_FILE).read_bytes())
    except (OSError, Refusal) as error:
        raise KeyProblem(f"{folder / MODULE_FILE} cannot be read") from error
    authority, module = module_under(one, trust)
    if not isinstance(one, RecoveryCertificate):
        raise KeyProblem("the module's certificate is not in the recoverable form")
    return one, authority, module


def module_key_name(keys: KeyStore, number: int) -> str:
    """`module-<number>`, or `module`, that of the ceremony."""
    return f"module-{number}" if keys.has(f"module-{number}") else "module"
