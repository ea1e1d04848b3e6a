"""The key ceremony: a private test PKI (root, sub-CA, module), the keys of the signed QR code, and the trust list.

    FOLDER/keys/     root, sub-ca, trust-root (only for ceremonies: take them offline), module, ticket, status
    FOLDER/public/   certificates of root and sub-CA, certs.ldif, trust-list.cose, module.vdv-cert

Readers in the field have the root's name compiled in, so the test root bears it too, with a key of its own; the
sub-CA's name says "internal test", so that nobody mistakes its tickets for real ones (reference, section 9).
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from issuance import trust_folder
from issuance.barcode.refusal import Refusal
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.certificate import Appended, Content, Recoverable, SamHolder
from issuance.domain import BERLIN, TEST_RANGE, end_of
from issuance.lists.trust_list import TrustedKey, TrustList
from issuance.signing import EcKey, KeyFolder, KeyProblem, RsaKey, Signer
from issuance.trust import Trust

ROOT_NAME = bytes.fromhex("4555564456100106")
SUB_CA_NAME = bytes.fromhex("4445564456179926")
ROOT_BITS, SUB_CA_BITS, MODULE_BITS = 1984, 1536, 1024
MODULE_YEARS = 5
"""As the one real certificate known."""
TRUST_LIST_DAYS = 400
"""More than a school year: the root that signs it is offline."""
DEMO_ORGANISATION = 70 + TEST_RANGE
MODULE_FILE, KEYS, PUBLIC, TRUST_ROOT = "module.vdv-cert", "keys", "public", "trust-root"


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


def make(
    period: Period,
    now: datetime,
    organisation_ids: tuple[int, ...] = (),
    lists_url: str = "",
    trust_list_days: int = TRUST_LIST_DAYS,
) -> Pki:
    """Hold a ceremony in memory. `organisation_ids`: whom the ticket key may speak for; none means everyone."""
    # 1. The root, which certifies itself, and outlives all others.
    root_key = RsaKey.generate(ROOT_BITS)
    holder, end = bytes(4) + ROOT_NAME, date(period.last_day.year + 10, 12, 1)
    head = certificate.PROFILE_ROOT, ROOT_NAME, holder, certificate.CHA_CA, end, certificate.OID_SHA1_RSA
    root = Content(*head, root_key.public).encode()
    root_certificate = Appended(root, root_key.sign_appended(root))
    # 2. The sub-CA, under the root.
    sub_ca_key = RsaKey.generate(SUB_CA_BITS)
    holder, end = bytes(4) + SUB_CA_NAME, date(period.last_day.year + 1, 12, 1)
    head = certificate.PROFILE_SUB_CA, ROOT_NAME, holder, certificate.CHA_CA, end, certificate.OID_ISO9796
    sub_ca = Content(*head, sub_ca_key.public)
    sub_ca_certificate = root_key.certify(sub_ca)
    # 3. The module that signs tickets, under the sub-CA.
    module_key = RsaKey.generate(MODULE_BITS)
    owner = organisation_ids[0] if organisation_ids else DEMO_ORGANISATION
    sam = SamHolder(owner, period.last_day, period.first_day, owner, 1 + secrets.randbelow(0xFFFFFE))
    authorisation, oid = certificate.CHA_SELLING_SAM, certificate.OID_ISO9796
    head = certificate.PROFILE_SAM, SUB_CA_NAME, sam.encode(), authorisation, period.last_day, oid
    module = Content(*head, module_key.public)
    module_certificate = sub_ca_key.certify(module)
    # 4. The keys of the QR code and of the status lists, in a trust list under a root of its own.
    trust_root, ticket_key, status_key = EcKey.generate(), EcKey.generate(), EcKey.generate()
    not_after = end_of(period.last_day)
    keys = (_entry(ticket_key, "ticket", organisation_ids, not_after), _entry(status_key, "status", (), not_after))
    listed = TrustList(1, now, min(now + timedelta(days=trust_list_days), not_after), keys, trust_root.point)
    trust_list = listed.sign(trust_root.key_id, trust_root.sign)
    signer = Signer(
        module_key, module_certificate, module, sub_ca, ticket_key, status_key, period.last_day, lists_url, True
    )
    certificates = {ROOT_NAME.hex(): root_certificate.encode(), SUB_CA_NAME.hex(): sub_ca_certificate.encode()}
    return Pki(root_key, sub_ca_key, trust_root, signer, certificates, trust_list)


def _entry(key: EcKey, use: str, organisation_ids: tuple[int, ...], not_after: datetime) -> TrustedKey:
    return TrustedKey(key.key_id, key.point, "active", use, organisation_ids, not_after)


def save(pki: Pki, folder: Path, passphrase_file: Path, persons: tuple[Path, ...] = ()) -> None:
    """Write keys (encrypted) and public parts. Raises KeyProblem where the folder has keys already.

    `persons`: passphrase files of those who must come together for root, sub-CA and trust root; none: one for all.
    """
    if (folder / KEYS).exists():
        raise KeyProblem(f"{folder / KEYS} exists already; a ceremony never writes over keys")
    roots, keys = KeyFolder(folder / KEYS, *(persons or (passphrase_file,))), KeyFolder(folder / KEYS, passphrase_file)
    for name, root in (("root", pki.root_key), ("sub-ca", pki.sub_ca_key), (TRUST_ROOT, pki.trust_root)):
        roots.save(name, root)
    signer = pki.signer
    for name, key in (("module", signer.module_key), ("ticket", signer.ticket_key), ("status", signer.status_key)):
        keys.save(name, key)
    trust_folder.write(folder / PUBLIC, pki.certificates, pki.trust_list, {})
    (folder / MODULE_FILE).write_bytes(pki.signer.module_certificate.encode())


@dataclass(frozen=True)
class Published:
    """What a ceremony published, as the signer hands it on."""

    certificates: dict[str, bytes]
    trust_list: bytes
    trust: Trust


def published(folder: Path) -> Published:
    """The public parts of a ceremony, checked. Raises trust.Unusable."""
    public = folder / PUBLIC
    trust = trust_folder.read(public)
    files = sorted(public.glob(f"*{trust_folder.SUFFIX}"))
    certificates = {path.name.removesuffix(trust_folder.SUFFIX): path.read_bytes() for path in files}
    return Published(certificates, (public / trust_folder.TRUST_LIST).read_bytes(), trust)


def ticket_key_name(keys: KeyFolder, trust: Trust) -> str:
    """The file of the key that is active: `ticket-<key id>`, or `ticket`, that of the ceremony. Raises KeyProblem."""
    active = [key_id for key_id, key in trust.keys.items() if key.entry.state == "active"]
    names = [f"ticket-{key_id.hex()}" for key_id in active if keys.has(f"ticket-{key_id.hex()}")]
    if names:
        return names[0]
    if keys.ec("ticket").key_id not in active:
        raise KeyProblem("no ticket key of this folder is active in the trust list")
    return "ticket"


def module_under(one: Recoverable | Appended, trust: Trust) -> tuple[Content, Content]:
    """The published sub-CA that has certified a module, and what the certificate says. Raises KeyProblem."""
    for authority in trust.authorities.values():
        try:
            module = one.open(authority.content.key)
        except Refusal:
            continue
        if module.issuer == authority.content.name:
            return authority.content, module
    raise KeyProblem("the module's certificate is not under a published sub-CA")


def open_signer(folder: Path, passphrase_file: Path, lists_url: str) -> Signer:
    """The keys that a signer needs, and no others. Raises KeyProblem where they do not fit the public parts."""
    keys = KeyFolder(folder / KEYS, passphrase_file)
    trust = published(folder).trust
    status_key, ticket_key = keys.ec("status"), keys.ec(ticket_key_name(keys, trust))
    try:
        module_certificate = certificate.parse((folder / MODULE_FILE).read_bytes())
    except (OSError, Refusal) as error:
        raise KeyProblem(f"{folder / MODULE_FILE} cannot be read") from error
    authority, module = module_under(module_certificate, trust)
    number = certificate.parse_sam_holder(module.holder).number
    module_key = keys.rsa(f"module-{number}" if keys.has(f"module-{number}") else "module")
    if not isinstance(module_certificate, Recoverable) or module.key != module_key.public:
        raise KeyProblem("the module's certificate is not of this key")
    if ticket_key.key_id not in trust.keys or trust.trust_list is None:
        raise KeyProblem("the ticket key is not in the trust list")
    ends = [module.end_of_validity, certificate.parse_sam_holder(module.holder).valid_to]
    ends += [authority.end_of_validity, trust.keys[ticket_key.key_id].entry.not_after.astimezone(BERLIN).date()]
    is_test = authority.name[5] & 0xF > 1
    head = module_key, module_certificate, module, authority
    return Signer(*head, ticket_key, status_key, min(ends), lists_url, is_test)
