"""What readers forget to check. Each ticket is signed anew and validly after one thing was changed, so that one check
alone can tell it from a good one, and exactly that check does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest
from issuance.barcode.drafting import vdv_message
from issuance.barcode.vdv import certificate, envelope, iso9796, tlv
from issuance.barcode.vdv.certificate import AppendixCertificate, Content
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.domain.ticket import Ticket
from issuance.domain.times import end_of
from issuance.domain.verdict import Verdict, VerificationResult
from issuance.lists.status_list import StatusList, bits_of, place_of, shard_of
from issuance.signer.ceremony import ROOT_NAME, SUB_CA_NAME, Pki
from issuance.signer.keys import RsaKey
from issuance.verification.trust import Trust, assemble
from issuance.verification.verifier import Verifier
from support import making
from support.issuance.example import DURING

OTHER_SUB_CA = bytes.fromhex("4445564456179826")


Part = TypeVar("Part")


def same(one: Part) -> Part:
    return one


@dataclass
class Forge:
    """Has all the private keys, and makes a whole ticket with its trust; what is not changed is right."""

    pki: Pki
    ticket: Ticket
    root: Callable[[Content], Content] = same
    sub_ca: Callable[[Content], Content] = same
    module: Callable[[Content], Content] = same
    message: Callable[[bytes], bytes] = same
    block: Callable[[bytes], bytes] = same
    """Of 128 bytes, before the private key is applied."""
    issuer: bytes = SUB_CA_NAME
    after: bytes = b""
    sub_ca_signer: RsaKey | None = None
    module_signer: RsaKey | None = None
    sam_number: int | None = None

    def trust(self) -> Trust:
        one = certificate.parse(self.pki.certificates[ROOT_NAME.hex()])
        assert isinstance(one, AppendixCertificate)
        root = self.root(one.peek()).encode()
        root_certificate = AppendixCertificate(root, self.pki.root_key.sign_appended(root)).encode()
        sub_ca = (self.sub_ca_signer or self.pki.root_key).certify(self.sub_ca(self.pki.signer.sub_ca)).encode()
        return assemble([root_certificate, sub_ca], self.pki.trust_list, ())

    def code(self) -> bytes:
        key = self.pki.signer.module_key
        assert isinstance(key, RsaKey)
        module = self.module(self.pki.signer.module)
        number = certificate.parse_sam_holder(self.pki.signer.module.holder).number
        content = self.message(vdv_message(self.ticket, self.sam_number or number).encode())
        opened, rest = iso9796.block(content, 128)
        signature = key.apply(int.from_bytes(self.block(opened.to_bytes(128, "big")), "big"))
        certified = (self.module_signer or self.pki.sub_ca_key).certify(module)
        return envelope.Envelope(signature, rest, certified, self.issuer).encode() + self.after

    def verdict(self, at: datetime = DURING) -> VerificationResult:
        return Verifier(self.trust(), status_optional=True).verify_vdv(self.code(), at)


@pytest.fixture
def forge(pki: Pki, ticket: Ticket) -> Forge:
    return Forge(pki, ticket)


def changed(**values: object) -> Callable[[Content], Content]:
    return lambda one: making.changed(one, **values)


def renamed(**values: object) -> Callable[[Content], Content]:
    """A module with another name (CHR)."""
    return lambda one: replace(one, holder=making.changed(certificate.parse_sam_holder(one.holder), **values).encode())


def spliced(at: int, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + new + data[at + len(new) :]


STRANGER = RsaKey.generate(1536)
SMALL = RsaKey.generate(1024)
NEVER_BEFORE = date(2026, 11, 22)

INVALID: list[tuple[str, dict[str, object]]] = [
    # hash: the block says another hash; header and trailer of the block
    ("hash_wrong", {"block": spliced(107, b"\x00")}),
    ("hash_wrong", {"block": spliced(1, b"\x01")}),
    ("signature_wrong", {"block": spliced(0, b"\x4a")}),
    ("signature_wrong", {"block": spliced(127, b"\xcc")}),
    # linkage: the module's certificate is not the sub-CA's, names another, or the code does
    ("signature_wrong", {"module_signer": STRANGER}),
    ("certificate_linkage", {"module": changed(issuer=OTHER_SUB_CA)}),
    # roles
    ("certificate_role", {"module": changed(authorisation=b"VDV_KA\x24")}),
    ("certificate_role", {"module": changed(authorisation=b"VDV_KA\x21")}),
    ("certificate_role", {"module": changed(authorisation=b"VDV_KA\x32")}),
    ("certificate_role", {"module": changed(authorisation=b"VDV_XX\x22")}),
    ("certificate_role", {"module": changed(holder=bytes(4) + OTHER_SUB_CA)}),
    ("certificate_use", {"module": changed(oid=bytes.fromhex("2B240305020201"))}),
    # expiry, on every level
    ("module_certificate_expired", {"module": changed(end_of_validity=NEVER_BEFORE)}),
    ("module_certificate_expired", {"module": renamed(valid_to=date(2026, 10, 31))}),
    ("module_certificate_not_yet_valid", {"module": renamed(valid_from=date(2026, 11, 24))}),
    ("sub_ca_certificate_expired", {"sub_ca": changed(end_of_validity=NEVER_BEFORE)}),
    # the module's number, in the message and in its name
    ("module_number_wrong", {"sam_number": 99}),
    ("module_number_wrong", {"module": renamed(number=77)}),
    # times of validity
    ("validity_missing", {"message": spliced(10, bytes(4))}),
    ("validity_missing", {"message": spliced(14, bytes(4))}),
    ("validity_reversed", {"message": lambda one: one[:10] + one[14:18] + one[10:14] + one[18:]}),
    # bytes after the end
    ("trailing_bytes", {"after": b"\x00"}),
    ("trailing_bytes", {"after": b"VDV\x11\x09"}),
]
UNREADABLE: list[tuple[str, dict[str, object]]] = [
    ("time_impossible", {"message": spliced(10, b"\xff\xff\xff\xff")}),
    ("message_trailer", {"message": lambda one: one[:-5] + b"VDX" + one[-2:]}),
    ("message_padding", {"message": lambda one: one[:-5] + b"\x01" + one[-5:]}),
    ("message_product_tag", {"message": spliced(18, b"\x86")}),
    ("certificate_holder", {"module": lambda one: replace(one, holder=spliced(2, b"\x99\x99")(one.holder))}),
    ("certificate_of_a_user_medium", {"module": lambda one: replace(one, holder=spliced(2, b"\xff")(one.holder))}),
]


def test_the_forge_makes_a_valid_ticket_where_nothing_is_changed(forge: Forge) -> None:
    found = forge.verdict()
    assert (found.verdict, found.reasons) == (Verdict.VALID, ("status_unchecked",))


@pytest.mark.parametrize(
    ("reason", "change"), INVALID, ids=[f"{number}-{one[0]}" for number, one in enumerate(INVALID)]
)
def test_one_thing_that_is_wrong_under_valid_signatures_is_invalid_for_that_reason(
    forge: Forge, reason: str, change: dict[str, object]
) -> None:
    found = making.changed(forge, **change).verdict()
    assert (found.verdict, found.reasons) == (Verdict.INVALID, (reason,))


@pytest.mark.parametrize(("reason", "change"), UNREADABLE, ids=[one[0] for one in UNREADABLE])
def test_a_message_that_no_issuer_writes_is_unreadable_although_validly_signed(
    forge: Forge, reason: str, change: dict[str, object]
) -> None:
    found = making.changed(forge, **change).verdict()
    assert (found.verdict, found.reasons) == (Verdict.UNREADABLE, (reason,))


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("authority_without_root", {"sub_ca_signer": STRANGER}),
        ("authority_linkage", {"sub_ca": changed(issuer=OTHER_SUB_CA)}),
        ("authority_role", {"sub_ca": changed(authorisation=b"VDV_KA\x22")}),
        ("authority_role", {"sub_ca": changed(authorisation=b"VDV_KA\x20")}),
        ("authority_role", {"sub_ca": changed(holder=bytes(4) + bytes.fromhex("4445564456169926"))}),
    ],
)
def test_a_sub_ca_that_does_not_check_out_under_its_root_is_left_out_and_its_tickets_have_no_issuer(
    forge: Forge, why: str, change: dict[str, object]
) -> None:
    one = making.changed(forge, **change)
    assert one.trust().left_out == (why,)
    found = one.verdict()
    assert found.verdict is Verdict.UNKNOWN_ISSUER and "certificates_left_out" in found.reasons


def test_a_code_that_names_another_sub_ca_than_its_certificates_has_no_issuer(forge: Forge) -> None:
    assert replace(forge, issuer=OTHER_SUB_CA).verdict().reasons == ("unknown_sub_ca",)


def test_a_root_whose_own_end_has_passed_is_still_an_anchor_as_the_real_one(forge: Forge) -> None:
    assert replace(forge, root=changed(end_of_validity=date(2021, 12, 1))).verdict().verdict is Verdict.VALID


def test_the_last_day_of_each_certificate_counts_as_a_whole(forge: Forge) -> None:
    day = DURING.date()
    by_then = changed(end_of_validity=day)
    for one in (replace(forge, sub_ca=by_then), replace(forge, module=by_then)):
        assert one.verdict(end_of(day)).verdict is Verdict.VALID
        assert one.verdict(end_of(day) + timedelta(seconds=2)).verdict is Verdict.INVALID


def test_a_signature_with_the_modulus_added_is_refused_and_so_is_its_negative(forge: Forge, pki: Pki) -> None:
    """Both open to the same block in readers that reduce first: one ticket must be one string."""
    code, key = forge.code(), pki.signer.module_key
    number = int.from_bytes(code[3:131], "big")
    for other in (number + key.public.modulus, key.public.modulus - number):
        if other < 1 << 1024:
            mutant = code[:3] + other.to_bytes(128, "big") + code[131:]
            assert Verifier(forge.trust()).verify_vdv(mutant, DURING).reasons == ("signature_wrong",)


def test_exponent_one_is_no_key(forge: Forge, pki: Pki) -> None:
    """With it everything would be signed."""
    found = replace(forge, module=changed(key=PublicKey(pki.signer.module.key.modulus, 1))).verdict()
    assert found.reasons == ("certificate_exponent",)


def test_a_module_that_signs_with_another_key_than_its_certificates(forge: Forge) -> None:
    assert replace(forge, module=changed(key=SMALL.public)).verdict().reasons == ("signature_wrong",)


def test_a_blocked_ticket_is_revoked_by_number_and_organisation(forge: Forge, pki: Pki, ticket: Ticket) -> None:
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    for place, verdict in ((place_of(ticket.number), Verdict.REVOKED), (place_of(ticket.number) ^ 1, Verdict.VALID)):
        listed = StatusList(shard, 1, DURING, DURING + timedelta(days=7), bits_of([place]))
        trust = assemble(pki.certificates.values(), pki.trust_list, [pki.signer.sign_status_list(listed)])
        assert Verifier(trust).verify_vdv(forge.code(), DURING).verdict is verdict


def test_lengths_that_are_longer_than_needed_are_a_second_string_and_refused(forge: Forge) -> None:
    code = forge.code()
    rest = tlv.read(code, 131)
    longer = code[:131] + b"\x9a\x81" + bytes((len(rest.value),)) + rest.value + code[rest.end :]
    found = Verifier(forge.trust(), status_optional=True).verify_vdv(longer, DURING)
    assert (found.verdict, found.reasons) == (Verdict.UNREADABLE, ("tlv_length",))
