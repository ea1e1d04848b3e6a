"""The VDV-KA barcode: what we write, an independent reader opens; what we read is strict."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuance.barcode import picture
from issuance.barcode.refusal import NotGenuine, Refusal, Unreadable
from issuance.barcode.vdv import calendar, certificate, envelope, iso9796, message, names, product, tlv
from issuance.barcode.vdv.areas import Area
from issuance.barcode.vdv.latin import to_latin
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.signer.ceremony import ROOT_NAME, SUB_CA_NAME, Pki
from issuance.signer.keys.keys import RecoveringKey
from support.independent import vdv_barcode


def test_an_independent_reader_opens_the_ticket_with_the_whole_chain(
    pki: Pki, signed: SignedTicket, ticket: Ticket
) -> None:
    root, sub_ca = (pki.certificates[name.hex()] for name in (ROOT_NAME, SUB_CA_NAME))
    seen = vdv_barcode.read(signed.vdv, root, sub_ca)
    assert seen["number"] == ticket.number
    assert (seen["organisation"], seen["product"], seen["owner"]) == (32838, 9995, 35768)
    assert seen["passenger"] == 19 and seen["basic_size"] == 17
    assert seen["from"] == (2026, 8, 1, 0, 0, 0)
    assert seen["until"] == (2027, 7, 31, 23, 59, 58)
    assert seen["birth_date"] == "20120229"
    assert seen["name"] == "Jörg#Müßter"
    assert seen["area"] == "0f1388000b"
    assert seen["extra"] == b""
    assert seen["module"] == seen["issue_module"]
    assert seen["sub_ca_end"] > seen["module_end"] > "20270731"
    assert seen["message_size"] == 111


def test_the_smallest_ticket_has_352_bytes_and_a_long_name_keeps_one_byte_lengths(
    sign: Callable[..., SignedTicket], signed: SignedTicket
) -> None:
    assert len(signed.vdv) == 352
    longest = envelope.parse(sign(first_name="X" * 120, last_name="Y" * 120).vdv)
    assert len(longest.rest) < 128
    assert len(longest.encode()) > 352


def test_zxing_reads_the_aztec_picture_back_byte_for_byte(sign: Callable[..., SignedTicket]) -> None:
    for last_name in ("Li", "Y" * 120):
        data = sign(last_name=last_name).vdv
        assert picture.read(picture.aztec_png(data)) == (data,)


@pytest.mark.real_data
def test_the_real_sample_is_parsed_to_its_last_byte(real_data: Path) -> None:
    data = (real_data / "vdv" / "20230301-deutschlandticket-vdv.bin").read_bytes()
    anchor = certificate.parse((real_data / "vdv" / "4445564456110216.vdv-cert").read_bytes())
    assert isinstance(anchor, certificate.AppendixCertificate)
    outer = envelope.parse(data)
    assert outer.encode() == data
    module = outer.certificate.open(anchor.peek().key)
    holder = certificate.parse_sam_holder(module.holder)
    assert (holder.organisation_id, holder.number) == (6060, 119041)
    assert (holder.valid_from, holder.valid_to) == (date(2018, 10, 11), date(2023, 10, 31))
    assert module.end_of_validity == date(2023, 10, 11)
    ticket = message.parse(iso9796.recover(outer.signature, outer.rest, module.key))
    assert (ticket.number, ticket.organisation_id, ticket.product_number) == (2099643, 57, 9999)
    assert ticket.valid_until == datetime(2023, 3, 31, 23, 59, 58)
    assert ticket.product.area == Area(5000, (1,))
    assert ticket.product.traveller == product.Traveller(names.BarcodeName("Max", "Mustermann"), date(1984, 12, 31))


# dates and times


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2117, 12, 31, 23, 59, 59)))
def test_every_moment_survives_to_its_two_second_step(moment: datetime) -> None:
    step = moment.replace(microsecond=0, second=moment.second // 2 * 2)
    assert calendar.decode_compact(calendar.encode_compact(moment)) == step


@given(st.integers(0, 2**32 - 1))
def test_any_32_bits_are_a_time_or_refused(value: int) -> None:
    try:
        moment = calendar.decode_compact(value)
    except Unreadable:
        return
    if moment is not None and value >> 11 & 31 < 24 and value & 31 < 30:
        assert calendar.encode_compact(moment) == value


def test_hour_27_is_three_in_the_morning_of_the_next_day() -> None:
    value = calendar.encode_compact(datetime(2026, 2, 28)) | 27 << 11
    assert calendar.decode_compact(value) == datetime(2026, 3, 1, 3)


def test_the_example_of_the_reference_is_the_end_of_march() -> None:
    assert calendar.encode_compact(datetime(2023, 3, 31, 23, 59, 58)) == 0x427FBF7D


@given(st.dates())
def test_every_date_survives_bcd(day: date) -> None:
    assert calendar.decode_bcd(calendar.encode_bcd(day)) == day


@pytest.mark.parametrize("digits", ["20230229", "2023023A", "20231301", "00000100"])
def test_impossible_dates_are_refused(digits: str) -> None:
    with pytest.raises(Unreadable, match="date_impossible"):
        calendar.decode_bcd(bytes.fromhex(digits))


# TLV


@given(st.sampled_from([0x85, 0x9A, 0x7F21, 0x5F37]), st.binary(max_size=600))
def test_every_element_survives(tag: int, value: bytes) -> None:
    data = tlv.write(tag, value)
    assert tlv.read(data) == (tag, value, len(data))


@pytest.mark.parametrize("data", ["", "85", "8502FF", "858101FF", "85820001FF", "8580", "8584FFFFFFFF", "7F"])
def test_cut_or_longer_than_needed_lengths_are_refused(data: str) -> None:
    with pytest.raises(Unreadable, match="tlv_"):
        tlv.read(bytes.fromhex(data))


@given(st.binary(max_size=400))
def test_any_bytes_are_parsed_or_refused_with_a_reason(data: bytes) -> None:
    for parse in (tlv.read_all, envelope.parse, message.parse, certificate.parse, certificate.parse_content):
        try:
            parse(data)
        except Refusal as refusal:
            assert refusal.reason


# messages


MESSAGES = st.builds(
    message.Message,
    number=st.integers(0, 2**32 - 1),
    organisation_id=st.integers(0, 2**16 - 1),
    product_number=st.integers(0, 2**16 - 1),
    product_owner_id=st.integers(0, 2**16 - 1),
    valid_from=st.none() | st.just(datetime(2024, 2, 29)),
    valid_until=st.none() | st.just(datetime(2024, 10, 27, 2, 30, 2)),
    product=st.builds(
        product.Product,
        basic=st.none() | st.builds(product.Basic, price_cents=st.integers(0, 2**24 - 1)),
        traveller=st.none()
        | st.builds(
            product.Traveller,
            name=st.builds(names.write, st.text(max_size=130), st.text("abcß ", min_size=1, max_size=130)),
            birth_date=st.none() | st.dates(),
            gender=st.integers(0, 3),
        ),
        area=st.none() | st.builds(Area, organisation_id=st.just(5000), numbers=st.tuples(st.integers(0, 17))),
        medium=st.sampled_from(["", "S123456", "T0171"]),
        others=st.sampled_from([(), ((0xD6, b"\x01"),)]),
    ),
    transaction=st.builds(message.Transaction, operator_id=st.integers(0, 2**16 - 1)),
    issue=st.builds(message.Issue, *(st.integers(0, 2**24 - 1) for _ in range(3))),
    product_transaction=st.sampled_from([b"", b"\x20"]),
)


@given(MESSAGES)
def test_every_message_survives_but_the_mark_that_it_was_cut(one: message.Message) -> None:
    data = one.encode()
    assert len(data) >= 111
    assert message.parse(data).encode() == data


def test_bytes_between_content_and_trailer_must_be_zero() -> None:
    data = bytearray(111)
    data[18:20] = b"\x85\x00"
    data[37:39] = b"\x8a\x00"
    data[106:109] = b"VDV"
    message.parse(bytes(data))
    data[60] = 1
    with pytest.raises(Unreadable, match="message_padding"):
        message.parse(bytes(data))


def test_the_same_element_twice_is_refused() -> None:
    twice = tlv.write(product.TAG_MEDIUM, b"S1") + tlv.write(product.TAG_MEDIUM, b"S2")
    with pytest.raises(Unreadable, match="product_element_twice"):
        product.parse_product(twice)


# signatures


@given(st.binary(min_size=107, max_size=300))
def test_signature_with_recovery_gives_the_message_back(content: bytes) -> None:
    key = KEY[0]
    signature, rest = key.sign_recoverable(content)
    assert len(signature) == 128 and rest == content[106:]
    assert iso9796.recover(signature, rest, key.public) == content


def test_the_same_signature_plus_the_modulus_is_refused() -> None:
    key = KEY[0]
    number = 0
    content = b""
    for attempt in range(1000):  # some signature is small enough that signature + modulus still fits 128 bytes
        content = attempt.to_bytes(120, "big")
        signature, rest = key.sign_recoverable(content)
        number = int.from_bytes(signature, "big") + key.public.modulus
        if number < 1 << 1024:
            break
    assert number < 1 << 1024
    with pytest.raises(NotGenuine, match="modulus"):
        iso9796.recover(number.to_bytes(128, "big"), rest, key.public)


def test_a_message_that_fits_the_signature_is_not_signed() -> None:
    with pytest.raises(ValueError, match="longer than 106"):
        KEY[0].sign_recoverable(bytes(106))


def test_exponent_one_and_even_exponents_are_no_keys(pki: Pki) -> None:
    content = bytearray(pki.signer.module.encode())
    for exponent in (0, 1, 2, 65536):
        content[-4:] = exponent.to_bytes(4, "big")
        with pytest.raises(Unreadable, match="certificate_exponent"):
            certificate.parse_content(bytes(content))


# names


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("Erika", "Musterfrau", "Erika#Musterfrau"),
        ("Jörg", "Müßter", "Jörg#Müßter"),
        ("", "Sukarno", "Sukarno"),
        ("Thị Ánh", "Đặng", "Thi Ánh#Dang"),
        ("Łukasz", "Čech-Šimek", "Lukasz#Cech-Simek"),
        ("Ağrı", "İnönü", "Agri#Inönü"),
        ("Zoë", "O’Neill", "Zoë#O'Neill"),
        ("Ana#Maria", "@home*", "Ana Maria#home"),
        ("Œdipe", "ŒŸŽ€", "OEdipe#OEYZ?"),
        ("Саша", "Ω", "Sasha#O"),
        ("A\u0308nne", "E\u0301", "Änne#É"),
        ("ẞ", "Ə", "SS#E"),
        ("山", "田", "?#?"),
    ],
)
def test_names_are_written_in_letters_that_all_readers_show(first: str, last: str, written: str) -> None:
    name = names.write(first, last)
    assert name.encode() == written.encode("latin-1")
    assert name.encode().decode("iso-8859-15") == name.encode().decode("latin-1")


@given(st.text(max_size=150), st.text(max_size=150))
def test_any_name_is_written_within_94_bytes_of_common_letters(first: str, last: str) -> None:
    name = names.write(first, last)
    data = name.encode()
    assert len(data) <= names.MOST_BYTES
    assert data.decode("iso-8859-15") == data.decode("latin-1")
    assert not any(byte < 0x20 or 0x7F <= byte <= 0xA0 for byte in data)
    assert names.parse(data).last == name.last


def test_a_long_part_gives_way_to_a_short_one() -> None:
    name = names.write("Anna", "x" * 120)
    assert (name.first, len(name.last), name.cut) == ("Anna", 89, True)
    name = names.write("y" * 120, "x" * 120)
    assert (len(name.first), len(name.last)) == (47, 46)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"K3e@D4n", ("K3e", "D4n", "initials")),
        (b"A3aB2c@*M8u", ("A3aB2c", "M8u", "initials")),
        (b"Max#Mustermann\x00\x00", ("Max", "Mustermann", "plain")),
        (b"M\xfcller", ("", "Müller", "single")),
        (b"", ("", "", "single")),
    ],
)
def test_the_three_forms_of_names_are_known(data: bytes, expected: tuple[str, str, str]) -> None:
    name = names.parse(data)
    assert (name.first, name.last, name.form) == expected


@given(st.text())
def test_transliteration_is_idempotent(text: str) -> None:
    once = to_latin(text)
    assert to_latin(once) == once


KEY: list[RecoveringKey] = []


@pytest.fixture(autouse=True, scope="module")
def _key(pki: Pki) -> None:
    KEY[:] = [pki.signer.module_key]
