"""Modules (SAM) of the VDV code after the ceremony: another one of our own sub-CA, or an operator's real one.

What an operator brings is checked before anything changes, each refusal with its reason: certificates hold together up
to a root, roles, ends of validity, the key is the certificate's. Tickets of the module before stay good: its sub-CA
stays published, unless one belongs to tests and the other to the real world; those two are never mixed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from shared.calendar import in_berlin
from shared.durable_files import write_durably

from issuance.barcode.vdv import certificate, envelope
from issuance.barcode.vdv.certificate import AppendixCertificate, Content, RecoveryCertificate, SamHolder
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.signer import ceremony
from issuance.signer.keys import KeyProblem
from issuance.signer.rotation import Keeper
from issuance.verification import trust_folder
from issuance.verification.trust import Trust, Unusable, assemble

REQUESTED = "module-requested"
"""The key of a module that waits for its certificate."""


@dataclass(frozen=True)
class ImportedModule:
    number: int
    sub_ca: bytes
    left_out: tuple[str, ...]
    """Certificates that did not check out, and why."""
    is_replacing: bool
    """The certificates before were of the other world (test or real): tickets signed under them are unknown now."""


def make(keeper: Keeper, now: datetime) -> int:
    """Another module under the sub-CA of the ceremony, whose key this opens. Returns its number; it signs from now on.

    Raises:
        KeyProblem: where the sub-CA is an operator's: then its module comes by `take`.
    """
    # 1. The sub-CA's key, and that it is the one under which the module signs.
    trust = ceremony.published_trust(keeper.folder).trust
    _, authority, before = ceremony.own_module(keeper.folder, trust)
    sub_ca = ceremony.open_roots(keeper.folder, keeper.passphrase_file, keeper.persons).module(ceremony.SUB_CA)
    if sub_ca.public != authority.key:
        raise KeyProblem("the sub-CA is not that of the ceremony: import a module that it has certified")
    # 2. A key, and its certificate for as long as the one before had.
    old = certificate.parse_sam_holder(before.holder)
    number = ceremony.new_module_number()
    today = in_berlin(now).date()
    sam = SamHolder(old.organisation_id, old.valid_to, min(today, old.valid_to), old.owner_id, number)
    key = keeper.keys().make_module(f"module-{number}", ceremony.MODULE_BITS)
    one = sub_ca.certify(ceremony.module_content(authority.name, sam, before.end_of_validity, key))
    # 3. Checked as an operator's, and put in place.
    check(one, trust, today)
    ceremony.note(keeper.folder, f"certificate module {number}", one.encode(), now)
    put(keeper.folder / ceremony.MODULE_FILE, one.encode())
    return number


def request(keeper: Keeper) -> bytes:
    """Make a key where the signer's keys lie, for a module that an operator's sub-CA shall certify.

    Returns the public key (PEM). `take` finds the private one.
    """
    public = keeper.keys().make_module(REQUESTED, ceremony.MODULE_BITS).public
    numbers = RSAPublicNumbers(public.exponent, public.modulus)
    return numbers.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def take(
    keeper: Keeper,
    key: RSAPrivateKey | None,
    module_certificate: bytes,
    certificates: Mapping[str, bytes],
    now: datetime,
) -> ImportedModule:
    """An operator's own module with its certificate; `certificates`: root and sub-CAs by CAR in hex.

    Args:
        key: none where `request` has made it.

    Raises:
        KeyProblem, Refusal.
        Unusable: and then nothing has changed.
    """
    # 1. The certificates hold together, and the module's may sell tickets today.
    before = ceremony.published_trust(keeper.folder)
    merged, is_replacing = _merged(before, certificates)
    trust = assemble(merged.values(), before.trust_list, ())
    one = certificate.parse(module_certificate)
    authority, module, sam = check(one, trust, in_berlin(now).date())
    # 2. The key is the certificate's.
    keys = keeper.keys()
    if key is not None:
        numbers = key.public_key().public_numbers()
        public = PublicKey(numbers.n, numbers.e)
    else:
        public = keys.module(REQUESTED).public
    if public != module.key:
        raise KeyProblem("the module's certificate is not of this key")
    # 3. The key first, so that a signer never meets a certificate without one.
    if key is not None:
        keys.keep_module(f"module-{sam.number}", key)
    else:
        keys.rename(REQUESTED, f"module-{sam.number}")
    good = {name: data for name, data in merged.items() if _is_published(name, data, trust)}
    trust_folder.write(keeper.folder / ceremony.PUBLIC, good, before.trust_list, {})
    put(keeper.folder / ceremony.MODULE_FILE, module_certificate)
    return ImportedModule(sam.number, authority.name, trust.left_out, is_replacing)


def check(
    one: RecoveryCertificate | AppendixCertificate, trust: Trust, today: date
) -> tuple[Content, Content, SamHolder]:
    """Sub-CA, module and its holder's name. May it sign tickets from today on?

    Raises:
        KeyProblem: with what is wrong.
    """
    if not isinstance(one, RecoveryCertificate):
        raise KeyProblem("the module's certificate is not in the recoverable form, which readers expect in the barcode")
    content, module = ceremony.module_under(one, trust)
    if trust.authorities[content.name].is_anchor:
        raise KeyProblem("the sub-CA's certificate bears no signature of its root: take the one of the KA directory")
    if module.is_authority or module.authorisation != certificate.CHA_SELLING_SAM:
        raise KeyProblem("the module may not sell tickets (role)")
    if module.oid != certificate.OID_ISO9796 or module.key.size != envelope.SIGNATURE_BYTES:
        raise KeyProblem("the module's key is not for the signatures of a barcode (ISO 9796-2, RSA-1024)")
    sam = certificate.parse_sam_holder(module.holder)
    for what, end in (
        ("sub-CA's certificate", content.end_of_validity),
        ("module's certificate", module.end_of_validity),
        ("module", sam.valid_to),
    ):
        if end < today:
            raise KeyProblem(f"the {what} has ended on {end.isoformat()}")
    if sam.valid_from > today:
        raise KeyProblem(f"the module is not valid before {sam.valid_from.isoformat()}")
    if (content.name, sam.number) in trust.modules:
        raise KeyProblem(f"module {sam.number} is on the list of stolen modules")
    return content, module, sam


def read_certificates(sources: Iterable[Path]) -> dict[str, bytes]:
    """Root and sub-CAs by CAR in hex, from `.vdv-cert` files, LDIF of the KA directory, or folders of both."""
    found: dict[str, bytes] = {}
    for path in sources:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            if file.suffix == trust_folder.SUFFIX:
                found[file.stem.lower()] = file.read_bytes()
            elif file.suffix == ".ldif":
                found |= trust_folder.named_in_ldif(file.read_bytes())
    if not found:
        raise KeyProblem("no certificates there: name folders with .vdv-cert files, or LDIF of the KA directory")
    return found


def put(path: Path, data: bytes) -> None:
    """In one step: a signer that runs never reads half of it."""
    write_durably(path, data)


def _merged(before: ceremony.PublishedTrust, certificates: Mapping[str, bytes]) -> tuple[dict[str, bytes], bool]:
    """Both sets, so that tickets of the module before stay good; the new alone where one is of tests, one real."""
    together = {**before.certificates, **certificates}
    try:
        assemble(together.values(), before.trust_list, ())
    except Unusable as problem:
        if problem.reason not in ("test_and_real_mixed", "two_keys_of_one_name"):
            raise
        assemble(certificates.values(), before.trust_list, ())
        return dict(certificates), True
    return together, False


def _is_published(name: str, data: bytes, trust: Trust) -> bool:
    """A root, or a sub-CA that checked out under this name."""
    one = certificate.parse(data)
    is_root = isinstance(one, AppendixCertificate) and one.peek().issuer == one.peek().name
    return is_root or bytes.fromhex(name) in trust.authorities
