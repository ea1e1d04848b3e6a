"""The forms of the envelope: several tickets in one code, the module only named; and whose certificate it is."""

from collections.abc import Callable
from datetime import datetime

import pytest
from issuance.barcode.refusal import NotGenuine, Unreadable
from issuance.barcode.vdv import certificate, envelope, tlv
from issuance.domain.ticket import SignedTicket
from issuance.domain.verdict import Verdict
from issuance.signer.ceremony import SUB_CA_NAME, Pki
from issuance.verification import reading
from issuance.verification.verifier import Verifier
from shared.calendar import BERLIN
from support.issuance.example import DURING


def several(*signed: bytes, count: int | None = None) -> bytes:
    outers = [envelope.parse(one) for one in signed]
    pairs = b"".join(tlv.write(0x9E, one.signature) + tlv.write(0x9A, one.rest) for one in outers)
    inner = tlv.write(0x90, bytes((len(signed) if count is None else count,))) + pairs
    return tlv.write(0xEF, inner + outers[0].certificate.encode() + tlv.write(0x42, SUB_CA_NAME))


def test_two_tickets_in_one_code_are_both_read_and_the_worst_counts(
    sign: Callable[..., SignedTicket], signed: SignedTicket, verifier: Verifier
) -> None:
    other = sign(number=(416 << 20) + 5, first_name="Zoë")
    code = several(signed.vdv, other.vdv)
    found = reading.read_code(verifier, code, DURING)
    assert found.verdict is Verdict.VALID
    assert [one["number"] for one in reading.details(verifier, "x.bin", code)] == [(416 << 20) + 4711, (416 << 20) + 5]
    old = sign(valid_until=datetime(2026, 9, 1, tzinfo=BERLIN))
    assert verifier.verify_vdv(several(signed.vdv, old.vdv), DURING).verdict is Verdict.EXPIRED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda code: code + b"\x00", "trailing_bytes"),
        (lambda code: code.replace(b"\x90\x01\x02", b"\x90\x01\x01"), "envelope_order"),
        (lambda code: code.replace(b"\x90\x01\x02", b"\x90\x01\x03"), "envelope_order"),
        (lambda code: code.replace(b"\x90\x01\x02", b"\x90\x01\x00"), "ticket_count"),
        (lambda code: code.replace(b"\x90\x01\x02", b"\x91\x01\x02"), "envelope_order"),
        (lambda code: code[:-1], "tlv_cut"),
    ],
)
def test_several_tickets_must_be_as_many_as_it_says(
    signed: SignedTicket, verifier: Verifier, change: Callable[[bytes], bytes], reason: str
) -> None:
    found = verifier.verify_vdv(change(several(signed.vdv, signed.vdv)), DURING)
    assert found.reasons == (reason,) and found.verdict in (Verdict.INVALID, Verdict.UNREADABLE)


def test_the_reduced_form_is_recognised_and_its_missing_certificate_is_said(
    signed: SignedTicket, verifier: Verifier, pki: Pki
) -> None:
    outer = envelope.parse(signed.vdv)
    head = tlv.write(0x9E, outer.signature) + tlv.write(0x9A, outer.rest)
    code = head + tlv.write(0x5F20, pki.signer.module.holder)
    assert envelope.parse_all(code) == (
        envelope.ReducedEnvelope(outer.signature, outer.rest, pki.signer.module.holder),
    )
    for one in (code, code + bytes((len(code),)), code + bytes((len(code) + 1,))):
        found = verifier.verify_vdv(one, DURING)
        assert (found.verdict, found.reasons) == (Verdict.UNKNOWN_ISSUER, ("module_certificate_not_enclosed",))
    with pytest.raises(Unreadable, match="envelope_form"):
        envelope.parse(code)
    with pytest.raises(NotGenuine, match="trailing_bytes"):
        envelope.parse_all(code + b"\x00\x00")
    with pytest.raises(NotGenuine, match="trailing_bytes"):
        envelope.parse_all(code + b"\x00")
    with pytest.raises(Unreadable, match="holder_length"):
        envelope.parse_all(head + tlv.write(0x5F20, b"short"))


def test_a_name_of_an_authority_is_taken_apart_or_refused() -> None:
    root = certificate.parse_authority_name(bytes.fromhex("4555564456100106"))
    assert (root.country, root.world, root.number, root.year) == ("EU", "production", 1, 2006)
    assert certificate.parse_authority_name(bytes.fromhex("4555564456180306")).world == "second test level 2"
    assert certificate.parse_authority_name(SUB_CA_NAME).world == "internal test"
    for bad in ("4555564457100106", "45555644561A0A06", "455556", "FFFF564456100106", "656556445610010610"):
        with pytest.raises(Unreadable, match="authority_name"):
            certificate.parse_authority_name(bytes.fromhex(bad))
    assert certificate.role(certificate.CHA_CA) == "certification authority, verify certificate"
    assert certificate.role(b"other") == "unknown"


def test_the_name_of_a_user_medium_is_no_module() -> None:
    with pytest.raises(Unreadable, match="certificate_of_a_user_medium"):
        certificate.parse_sam_holder(bytes.fromhex("17acff1018101117ac01d101"))
