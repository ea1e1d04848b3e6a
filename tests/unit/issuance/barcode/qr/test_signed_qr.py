"""The signed QR code: one string per ticket, read by the `cwt` library, never larger than version 9."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import cbor2
import cwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuance.barcode import picture
from issuance.barcode.qr import base45, cose
from issuance.barcode.qr import names as qr_names
from issuance.barcode.qr import ticket as qr
from issuance.barcode.refusal import Refusal, Unreadable
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.verdict import Verdict
from issuance.signer.ceremony import Pki
from issuance.verification.verifier import Verifier
from PIL import Image

FAMILY = "👨\u200d👩\u200d👧\u200d👦"  # one letter to the eye, 25 bytes


def test_the_cwt_library_verifies_the_token_and_finds_the_claims(
    pki: Pki, signed: SignedTicket, ticket: Ticket
) -> None:
    token = base45.decode(signed.qr.removeprefix("S1:"))
    point = pki.signer.ticket_key.point
    key = cwt.COSEKey.new({1: 2, 2: pki.signer.ticket_key.key_id, 3: -7, -1: 1, -2: point[:32], -3: point[32:]})
    tagged = b"\xd2" + token  # the library wants tag 18; the code leaves it out to save a byte
    read = cbor2.loads(cwt.COSE.new().decode(tagged, key))
    assert read[4] == int(ticket.valid_until.timestamp()) and read[5] == int(ticket.valid_from.timestamp())
    assert read[7] == ticket.token_id
    assert (read[-1], read[-2], read[-3], read[-4]) == (32838, ticket.number, 9995, 11)
    assert isinstance(ticket.birth_date, date)
    assert date(1900, 1, 1).toordinal() + read[-5] == ticket.birth_date.toordinal()
    assert (read[-6], read[-7]) == ("Jörg", "Müßter") and -8 not in read


def test_key_id_is_four_bytes_of_the_key_s_hash(pki: Pki) -> None:
    key = pki.signer.ticket_key
    assert key.key_id == hashlib.sha256(key.point).digest()[:4]


WORST = [
    ("", "x" * 200),
    ("x" * 200, "y" * 200),
    ("𝒳" * 60, "𝒴" * 60),
    (FAMILY, FAMILY),
    ("a", "𠀀" * 40),
    ("é" * 40, "a\u0301\u0323" * 40),
    ("x" * 15, "y" * 15),
    ("x" * 24, "yyyyyy"),
]


@pytest.mark.parametrize(("first", "last"), WORST)
def test_the_worst_names_fit_version_9_at_level_m(
    first: str, last: str, sign: Callable[..., SignedTicket], verifier: Verifier, ticket: Ticket
) -> None:
    text = sign(first_name=first, last_name=last, birth_date=date(2079, 1, 1)).qr
    assert len(text) <= qr.MOST_CHARACTERS
    assert modules(picture.qr_png(text)) <= 53  # version 9
    assert picture.read(picture.qr_png(text)) == (text.encode(),)
    finding = verifier.verify_qr(text, ticket.valid_from)
    assert finding.verdict is Verdict.VALID and finding.ticket is not None
    assert finding.ticket.details["name_cut"] == (len((first + last).encode()) > 30)


def modules(png: bytes) -> int:
    """Width of the symbol without its quiet zone: pictures have 8 pixels a module and 4 quiet modules a side."""
    import io

    return Image.open(io.BytesIO(png)).width // 8 - 8


@given(st.text(max_size=60), st.text(max_size=60))
def test_names_are_cut_at_letters_and_marked(first: str, last: str) -> None:
    import unicodedata

    name = qr_names.shorten(first, last)
    assert len((name.first + name.last).encode()) <= 30
    for kept, whole in ((name.first, first), (name.last, last)):
        composed = unicodedata.normalize("NFC", whole)
        assert composed.startswith(kept)
        assert name.cut or kept == composed
    assert not name.cut or len(unicodedata.normalize("NFC", first + "\0" + last).encode()) > 31


def test_a_letter_with_its_marks_stays_whole_or_goes_whole() -> None:
    assert qr_names.shorten("", "x" * 28 + "q\u0323\u0307").last == "x" * 28
    assert qr_names.shorten("", "x" * 10 + FAMILY) == ("", "x" * 10, True)
    assert qr_names.shorten("Ana", FAMILY) == ("Ana", FAMILY, False)


def test_thirty_bytes_are_not_cut_and_thirty_one_are() -> None:
    assert qr_names.shorten("x" * 10, "y" * 20) == ("x" * 10, "y" * 20, False)
    assert qr_names.shorten("x" * 10, "y" * 21) == ("x" * 10, "y" * 20, True)


@given(st.binary(max_size=200))
def test_base45_has_one_text_per_bytes(data: bytes) -> None:
    text = base45.encode(data)
    assert base45.decode(text) == data


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"ietf!", "QED8WEX0")])
def test_base45_is_as_rfc_9285_shows(data: bytes, text: str) -> None:
    assert base45.encode(data) == text and base45.decode(text) == data


@pytest.mark.parametrize("text", ["A", "GGW", ":::", "::", "bb8", "BB8B", "ÄÖÜ"])
def test_base45_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="base45"):
        base45.decode(text)


@given(
    st.text(max_size=300) | st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=300).map("S1:".__add__)
)
def test_any_text_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Refusal):
        qr.unwrap(text)


def test_the_other_signature_of_ecdsa_is_refused(signed: SignedTicket, verifier: Verifier, ticket: Ticket) -> None:
    token = base45.decode(signed.qr.removeprefix("S1:"))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    high = order - int.from_bytes(token[-32:], "big")
    twin = "S1:" + base45.encode(token[:-32] + high.to_bytes(32, "big"))
    finding = verifier.verify_qr(twin, ticket.valid_from)
    assert finding.verdict is Verdict.INVALID and finding.reasons == ("not_canonical",)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {4: 2, 5: 1, 7: b"12345678", -1: 1, -2: 1, -3: 1, -9: 1},
        {4: 2, 5: 1, 7: b"1234567", -1: 1, -2: 1, -3: 1},
        {4: 2, 5: 1, 7: b"12345678", -1: True, -2: 1, -3: 1},
        {4: 2, 5: 1, 7: b"12345678", -1: 1 << 16, -2: 1, -3: 1},
        {4: -2, 5: 1, 7: b"12345678", -1: 1, -2: 1, -3: 1},
        {4: 2, 5: 1, 7: b"12345678", -1: 1, -2: 1, -3: 1, -7: ""},
        {4: 2.0, 5: 1, 7: b"12345678", -1: 1, -2: 1, -3: 1},
    ],
)
def test_signed_claims_of_another_form_are_refused(claims: dict[int, object]) -> None:
    """A time as a float is no CBOR that tickets are made of, as on the scanner page."""
    with pytest.raises(Refusal, match="not_cbor" if isinstance(claims.get(4), float) else "claims"):
        qr.parse_claims(cbor2.dumps(claims, canonical=True))


def test_claims_in_another_order_are_refused(ticket: Ticket) -> None:
    claims = {5: 1, 4: 2, 7: b"12345678", -1: 1, -2: 1, -3: 1}
    with pytest.raises(Unreadable, match="not_cbor"):
        qr.parse_claims(cbor2.dumps(claims))


def test_what_would_read_differently_is_not_signed(pki: Pki) -> None:
    moment = datetime(2026, 8, 1, 0, 0, 0, 500_000, tzinfo=UTC)
    odd = qr.QrTicket(bytes(8), 1, 1, 1, moment, moment)
    with pytest.raises(ValueError, match="as it was meant"):
        qr.write(odd, bytes(4), pki.signer.ticket_key.sign)


@given(st.binary(max_size=200))
def test_any_bytes_are_no_list(data: bytes) -> None:
    with pytest.raises(Refusal):
        cose.open_list(data, "application/statuslist+cwt")


def test_the_profile_without_personal_data_names_nobody_and_is_smaller(
    sign: Callable[..., SignedTicket], ticket: Ticket, verifier: Verifier
) -> None:
    anonymous = replace(ticket.terms, qr_anonymous=True)
    signed = sign(terms=anonymous)
    verifier.confirm(replace(ticket, terms=anonymous), signed)
    seen = verifier.verify_qr(signed.qr, ticket.valid_from).ticket
    assert seen is not None and (seen.first_name, seen.last_name, seen.birth_date) == ("", "", None)
    assert len(signed.qr) <= 221  # version 8 at level M
    by_vdv = verifier.verify_vdv(signed.vdv, ticket.valid_from).ticket
    assert by_vdv is not None and by_vdv.last_name == "Müßter"
    with pytest.raises(Refuse, match="reads_differently"):
        verifier.confirm(ticket, signed)


def test_the_short_way_reads_a_payload_as_the_cbor_library_does_or_leaves_it_to_it() -> None:
    """Whatever is signed: the quick reader never says anything else, and takes the usual tickets."""
    draw, taken = random.Random(11), 0
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    for _ in range(4000):
        plain = qr.QrTicket.of(
            token_id=draw.randbytes(8), organisation_id=draw.choice((70, 300, 32838, 32838)), number=draw.getrandbits(32) >> draw.choice((0, 0, 0, 0, 20)),
            product=draw.choice((23, 9995, 9995, 9995)), valid_from=moment, valid_until=moment + timedelta(days=draw.randrange(400)),
            area=draw.choice((None, 1, 11, 11, 5000)), birth_date=draw.choice((None, date(1900, 2, 1), date(2012, 2, 29))),
            first_name=draw.choice(("", "Zoë", "A" * 14)), last_name=draw.choice(("", "Đặng", "Ng", "B" * 24)),
        )  # fmt: skip
        payload = bytearray(plain.encode())
        for _ in range(draw.choice((0, 0, 1, 2))):
            at = draw.randrange(len(payload) + 1)
            payload[at : at + draw.randrange(2)] = draw.choice((b"", bytes([draw.randrange(256)])))
        quick = qr._usual(bytes(payload))
        taken += quick is not None
        if quick is not None:
            assert quick == qr._any(bytes(payload)), payload.hex()
    assert taken > 400


def test_the_short_way_takes_neither_another_order_of_claims_nor_one_twice() -> None:
    times = datetime(2026, 8, 1, tzinfo=UTC), datetime(2027, 7, 31, tzinfo=UTC)
    plain = qr.QrTicket(bytes(8), 32838, 1 << 29, 9995, *times, 11, date(2012, 2, 29), "Zoë", "Ng").encode()
    assert qr._usual(plain) is not None
    area, birth = b"\x23\x0b", b"\x24\x19\xa0\x06"
    assert area + birth in plain
    twice = bytes([plain[0] + 1]) + plain[1:].replace(area, area + area)
    for payload in (plain.replace(area + birth, birth + area), twice):
        assert qr._usual(payload) is None
        with pytest.raises(Refusal):
            qr.parse_claims(payload)
