"""Nothing altered is ever valid, and what is no ticket is unreadable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issuance.barcode.qr import base45
from issuance.domain.ticket import SignedTicket
from issuance.domain.verdict import Verdict
from issuance.verification.verifier import Verifier
from support.issuance.example import DURING

SESSION: list[tuple[Verifier, SignedTicket]] = []


@pytest.fixture(autouse=True, scope="module")
def _session(verifier: Verifier, signed: SignedTicket) -> None:
    SESSION[:] = [(verifier, signed)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_altered_vdv_bytes_are_never_valid(data: st.DataObject) -> None:
    [(verifier, signed)] = SESSION
    mutant = bytearray(signed.vdv)
    for _ in range(data.draw(st.integers(1, 3))):
        kind = data.draw(st.sampled_from(["flip", "insert", "delete", "cut"]))
        at = data.draw(st.integers(0, max(len(mutant) - 1, 0)))
        if kind == "flip" and mutant:
            mutant[at] ^= data.draw(st.integers(1, 255))
        elif kind == "insert":
            mutant.insert(at, data.draw(st.integers(0, 255)))
        elif kind == "delete" and mutant:
            del mutant[at]
        else:
            del mutant[at:]
    finding = verifier.verify_vdv(bytes(mutant), DURING)
    assert bytes(mutant) == signed.vdv or finding.verdict is not Verdict.VALID
    assert finding.reasons


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_altered_qr_texts_are_never_valid(data: st.DataObject) -> None:
    [(verifier, signed)] = SESSION
    mutant = list(signed.qr)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(mutant) - 1))
        letter = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:aé\n"))
        mutant[at : at + data.draw(st.integers(0, 1))] = [letter]
    text = "".join(mutant)
    finding = verifier.verify_qr(text, DURING)
    assert text == signed.qr or finding.verdict is not Verdict.VALID
    assert finding.reasons


@given(st.data())
def test_altered_token_bytes_are_never_valid(data: st.DataObject) -> None:
    [(verifier, signed)] = SESSION
    token = bytearray(base45.decode(signed.qr[3:]))
    token[data.draw(st.integers(0, len(token) - 1))] ^= data.draw(st.integers(1, 255))
    finding = verifier.verify_qr("S1:" + base45.encode(bytes(token)), DURING)
    assert finding.verdict is not Verdict.VALID


@pytest.mark.parametrize("extra", [b"\x00", b"VDV", b"\x42\x08DEVDV\x11\x02\x16"])
def test_bytes_after_the_end_make_a_ticket_invalid(verifier: Verifier, signed: SignedTicket, extra: bytes) -> None:
    finding = verifier.verify_vdv(signed.vdv + extra, DURING)
    assert finding.verdict is Verdict.INVALID and finding.reasons == ("trailing_bytes",)
    finding = verifier.verify_qr("S1:" + base45.encode(base45.decode(signed.qr[3:]) + b"\x00"), DURING)
    assert finding.verdict is Verdict.INVALID and finding.reasons == ("trailing_bytes",)


def test_what_is_no_ticket_is_unreadable(verifier: Verifier) -> None:
    assert verifier.verify_vdv(b"#UT01", DURING).verdict is Verdict.UNREADABLE
    assert verifier.verify_vdv(b"", DURING).verdict is Verdict.UNREADABLE
    assert verifier.verify_qr("https://example.org", DURING).verdict is Verdict.UNREADABLE
