"""Every field of the VDV code: code lists, areas, names, the forms of the envelope; read, written, told in words."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuance.barcode.drafting import vdv_message
from issuance.barcode.refusal import Refusal, Unreadable
from issuance.barcode.vdv import areas, codes, message, product, tlv
from issuance.barcode.vdv.areas import Area
from issuance.commands import app
from issuance.domain.authority_file import parse as parse_terms
from issuance.domain.terms import Area as TermsArea
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.store.signer import SignerStore
from issuance.verification import reading
from issuance.verification.verifier import Verifier
from shared.database import Database
from support.databases import make_tables
from support.issuance.example import DURING
from typer.testing import CliRunner


@given(st.integers(0, 255), st.integers(0, 0xFFFF), st.binary(max_size=40))
def test_every_area_survives_or_is_refused(kind: int, organisation_id: int, body: bytes) -> None:
    value = bytes((kind,)) + organisation_id.to_bytes(2, "big") + body
    try:
        area = areas.parse(value)
    except Unreadable:
        assert kind in range(0x0D, 0x11)
        return
    assert area.encode() == value
    json.dumps(area.described())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0F 1388 0001 000B", {"areas": [1, 11]}),
        ("10 1388 0100 0B00", {"areas": [1, 11]}),
        ("0D 1844 0DCF29", {"areas": [905001]}),
        ("0E 1844 29CF0D", {"areas": [905001]}),
        ("03 0046 0001 0002 0003 0004 0005", {"area": 1, "from": 2, "to": 3, "via": [4, 5]}),
        ("07 0046 0001 0002", {"area": 1, "points": [2]}),
        ("0B 0046 0001 0002 0003", {"from": 1, "to": 2, "via": [3]}),
        ("13 0046 0001 0002 0003 0004", {"station": 1, "area": 2, "from": 3, "to": 4, "via": []}),
        ("17 0046 0001 0002 0003", {"station": 1, "area": 2, "points": [3]}),
        ("1B 0046 0001 0002 0003", {"station": 1, "from": 2, "to": 3, "via": []}),
        ("20 0046 0100 0200", {"station": 1, "points": [2]}),
        ("21 0046 000001 000002", {"station": 1, "end_stations": [2]}),
        ("24 0046 0100 0200", {"station": 1, "end_stations": [2]}),
        ("25 0046 F0", {"raw": "f0"}),
        ("2B 0046 0001 F00F", {"station": 1, "bits": "f00f"}),
        (
            "31 0046 000001 000002 0003 00000004 00000005",
            {"start": 1, "destination": 2, "way": 3, "relation": 4, "points": 5},
        ),
        ("31 0046 0000", {"raw": "0000"}),
        ("22 0046 0001", {"raw": "0001"}),
        ("03 0046 0001", {"raw": "0001"}),
        ("FF 0046", {}),
    ],
)
def test_each_type_of_area_is_taken_apart(value: str, told: dict[str, object]) -> None:
    data = bytes.fromhex(value.replace(" ", ""))
    area = areas.parse(data)
    assert area.described() == told and area.encode() == data


@pytest.mark.parametrize("value", ["0F138800", "0D18440DCF", "0E184401", "10138801"])
def test_a_plain_list_that_does_not_come_out_even_is_refused(value: str) -> None:
    with pytest.raises(Unreadable, match="area_length"):
        areas.parse(bytes.fromhex(value))


@pytest.mark.parametrize(
    ("area", "kind", "words"),
    [
        (TermsArea(5000, 1), 0x0F, "Germany"),
        (TermsArea(5000, 11), 0x0F, "North Rhine-Westphalia"),
        (TermsArea(6212, 905001), 0x0D, "North Rhine-Westphalia"),
        (TermsArea(70 + 0x8000, 100000, (100010, 7)), 0x0D, None),
    ],
)
def test_country_state_and_an_authoritys_own_list_are_written_and_read(
    sign: Callable[..., SignedTicket], ticket: Ticket, verifier: Verifier, area: TermsArea, kind: int, words: str | None
) -> None:
    changed = replace(ticket, terms=replace(ticket.terms, area=area))
    signed = sign(terms=changed.terms)
    verifier.confirm(changed, signed)
    (details,) = reading.details(verifier, "x.bin", signed.vdv)
    assert details["area"]["type"] == f"{kind:02X}"
    assert details["area"]["areas"] == [area.number, *area.more]
    assert details["area"]["named"][0]["en"] == words
    seen = verifier.verify_qr(signed.qr, DURING).ticket
    assert seen is not None and (seen.details["area"] is not None) == (area.organisation_id == 5000)


# the whole message in words


def test_the_command_tells_every_field_with_its_words(tmp_path: Path) -> None:
    one = {
        "first_name": "Erika", "last_name": "Musterfrau", "birth_date": "2012-02-29", "valid_from": "2026-08-01",
        "valid_until": "2027-07-31", "organisation_id": 70, "gender": "female", "medium": "S4711", "service_class": 2,
        "payment": 7, "transport": 32, "area": {"organisation_id": 5000, "number": 11, "more": [1]},
    }  # fmt: skip
    (tmp_path / "spec.json").write_text(json.dumps([one]))
    run = CliRunner().invoke
    made = run(app, ["specimen", str(tmp_path / "spec.json"), "-o", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    options = [
        "--trust",
        str(tmp_path / "out" / "trust"),
        "--at",
        "2026-11-23",
        "--json",
        "--details",
        "--status",
        "optional",
    ]
    answer = json.loads(run(app, ["verify", str(tmp_path / "out" / "1.png"), *options]).stdout)
    (told,) = answer["details"]
    assert answer["verdict"] == "valid" and answer["ticket"]["medium"] == "S4711"
    assert told["product"] == {
        "code": 9995,
        "de": "Deutschlandticket Schule",
        "en": "Deutschlandticket for pupils",
    }
    assert told["basic"]["payment"]["de"] == "Rechnung" and told["basic"]["passenger"]["en"] == "pupil"
    assert told["basic"]["service_class"]["de"] == "2. Klasse" and told["basic"]["transport"]["code"] == 32
    assert told["traveller"]["gender"]["de"] == "weiblich"
    assert told["medium"] == {"text": "S4711", "code": "S", "de": "Schülerausweis", "en": "pupil's card"}
    assert [area["de"] for area in told["area"]["named"]] == ["Nordrhein-Westfalen", "Deutschland"]
    assert told["transaction"]["terminal_type"]["en"] == told["transaction"]["location_type"]["en"] == "ticket server"
    assert told["issue"]["sam_number"] == told["module"]["number"] and told["version"] == "1.10.9"
    assert told["module"]["role"] == "module that may sell, verify signature"
    assert told["module"]["sub_ca"]["world"] == "internal test"


@pytest.mark.real_data
def test_the_real_sample_is_told_in_words(real_data: Path) -> None:
    options = ["--trust", str(real_data / "vdv"), "--at", "2023-03-15", "--json", "--details"]
    sample = real_data / "vdv" / "20230301-deutschlandticket-vdv.bin"
    (told,) = json.loads(CliRunner().invoke(app, ["verify", str(sample), *options]).stdout)["details"]
    assert told["product"]["de"] == "Deutschlandticket" and told["area"]["named"][0]["de"] == "Deutschland"
    assert (told["issue"]["product_sequence"], told["issue"]["signature_sequence"]) == (0x000B87C1, 0x001AB0EF)
    assert told["module"]["organisation_id"] == 6060 and told["module"]["sub_ca"]["world"] == "production"
    assert told["module"]["sub_ca"] == {
        "country": "DE", "scheme": "VDV", "service": "digital signature", "world": "production", "number": 2,
        "year": 2016,
    }  # fmt: skip


def test_specimens_write_nothing_but_their_answer(tmp_path: Path) -> None:
    one = {"last_name": "Sukarno", "birth_date": "2012-02-29", "valid_from": "2026-08-01", "valid_until": "2027-07-31"}
    (tmp_path / "spec.json").write_text(json.dumps([{**one, "organisation_id": 70}] * 3))
    made = CliRunner().invoke(app, ["specimen", str(tmp_path / "spec.json"), "-o", str(tmp_path / "out")])
    assert made.stdout.count("\n") == 1 and made.stdout.startswith("3 tickets are in") and made.stderr == ""


@pytest.mark.parametrize(
    ("version", "words"), [("1107", "1.10.7"), ("1109", "1.10.9"), ("1400", "1.4.0"), ("1901", "1.9.1")]
)
def test_the_version_of_the_specification_is_read(version: str, words: str) -> None:
    assert message.version_words(bytes.fromhex(version)) == words


def test_products_and_areas_of_test_organisations_have_their_names() -> None:
    assert codes.product(3000 + 0x8000, 9999) == codes.PRODUCT[9999]
    assert codes.product(70 + 0x8000, 10660) == codes.PRODUCT_OF[70, 10660]
    assert codes.product(71, 10660) is None and codes.area(5000, 18) is None
    assert codes.area(5000 + 0x8000, 17) == codes.AREA[5000, 17]


# product parts that are no elements, and elements that few use


def test_free_text_and_the_fixed_form_are_kept_whole_and_a_device_is_taken_apart() -> None:
    text = product.parse_product(b"Gilt nur Samstag")
    assert text.free_text == "Gilt nur Samstag" and text.encode() == b"Gilt nur Samstag"
    fixed = product.parse_product(b"\x41" * 68)
    assert fixed.free_text is None and fixed.encode() == b"\x41" * 68
    bound = tlv.write(product.TAG_SECURE_ELEMENT, bytes.fromhex("00460002CAFE"))
    parsed = product.parse_product(bound)
    assert parsed.secure_element == product.SecureElement(70, 2, b"\xca\xfe") and parsed.encode() == bound
    private = tlv.write(product.TAG_PRIVATE, b"x") + tlv.write(product.TAG_EFM_PRODUCT, b"y")
    assert product.parse_product(private).others == ((0xDE, b"x"), (0xDD, b"y"))


# from the authority's file into the ticket


def test_what_an_authority_sets_is_kept_and_stands_in_the_ticket(tmp_path: Path, ticket: Ticket) -> None:
    entry = {
        "authority_id": "101023", "area": {"number": 11, "more": [12, 17]}, "name_in_vdv": "initials",
        "service_class": 2, "payment": 6, "transport": 32,
    }  # fmt: skip
    ((authority_id, terms),) = parse_terms(entry)
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    make_tables(url, "issuance", "migrations/signer")
    database = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms(authority_id, terms))
    kept = database.read_now(lambda store: store.terms_of(authority_id))
    database.close()
    assert kept == terms != Terms(terms.organisation_id)
    written = message.parse(vdv_message(replace(ticket, terms=terms), 1).encode()).product
    assert written.area == Area(5000, (11, 12, 17))
    assert written.basic is not None and (written.basic.service_class, written.basic.payment_type) == (2, 6)
    assert written.traveller is not None and written.traveller.name.form == "initials"
    assert written.traveller.birth_date == date(2012, 2, 29)


@given(st.binary(max_size=200))
def test_any_product_part_survives_or_is_refused_with_a_reason(value: bytes) -> None:
    try:
        parsed = product.parse_product(value)
    except Refusal as refusal:
        assert refusal.reason
        return
    assert product.parse_product(parsed.encode()) == parsed
