"""The scanner page's verifier says what Python's says, one by one: of tickets, mutants, and odd things really signed."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import cbor2
from issuance.barcode.drafting import qr_ticket, vdv_message
from issuance.barcode.qr import base45
from issuance.barcode.vdv import certificate, tlv
from issuance.barcode.vdv.areas import Area
from issuance.barcode.vdv.certificate import RecoveryCertificate
from issuance.barcode.vdv.product import Basic, Product, Traveller
from issuance.domain.terms import Area as TicketArea
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.signer.ceremony import Pki
from support.issuance.both_verifiers import Both, Case, cases_of, forms_of, qr_of, vdv_of
from support.json import whole


def test_both_verifiers_say_the_same_of_tickets_at_every_moment_that_matters(
    both: Both, sign: Callable[..., SignedTicket]
) -> None:
    days = [date(2026, 10, 25), date(2027, 3, 28), date(2027, 2, 28), date(2028, 2, 29), date(2026, 8, 1)]
    cases: list[Case] = []
    for day in days:
        signed = sign(valid_from=start_of(day), valid_until=end_of(day))
        for moment in (start_of(day), end_of(day)):
            for seconds in (-1, 0, 1, 2, 7200):
                cases += cases_of(signed, moment.astimezone(UTC) + timedelta(seconds=seconds))
    verdicts = {one["verdict"] for one in both.agree(cases)}
    assert verdicts == {"status_unchecked", "expired", "not_yet_valid", "status_stale"}


def test_both_read_every_name_and_area_alike(both: Both, sign: Callable[..., SignedTicket], ticket: Ticket) -> None:
    names = [
        ("Jörg", "Müßter"),
        ("", "Ng"),
        ("Zoë-Ánh", "Đặng"),
        ("Ægir", "Łukaszewicz"),
        ("A" * 60, "B" * 60),
        ("O#", "K3e@D4n"),
    ]
    cases: list[Case] = []
    for first, last in names:
        for area in (1, 11, 904001):
            terms = replace(ticket.terms, area=TicketArea(6212 if area > 9999 else 5000, area))
            cases += cases_of(sign(first_name=first, last_name=last, terms=terms))
    assert {one["verdict"] for one in both.agree(cases)} == {"status_unchecked"}


def mutants(signed: SignedTicket, count: int, seed: int) -> list[Case]:
    """Altered codes: bytes changed, cut, doubled, added, swapped; of the QR also its text's characters."""
    chance = random.Random(seed)
    cases: list[Case] = []
    while len(cases) < count:
        kind = chance.choice(("vdv", "qr", "text"))
        data = bytearray(
            signed.qr.encode() if kind == "text" else signed.vdv if kind == "vdv" else base45.decode(signed.qr[3:])
        )
        at = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[at] ^= 1 << chance.randrange(7 if kind == "text" else 8)
            case 1:
                data[at] = chance.randrange(32, 127) if kind == "text" else chance.randrange(256)
            case 2:
                del data[at : at + chance.randrange(1, 9)]
            case 3:
                data[at:at] = data[at : at + chance.randrange(1, 9)]
            case _:
                data += bytes(chance.randrange(128) for _ in range(chance.randrange(1, 5)))
        content = bytes(data) if kind in ("vdv", "text") else b"S1:" + base45.encode(bytes(data)).encode()
        if content not in (signed.vdv, signed.qr.encode()):
            cases.append(Case("vdv" if kind == "vdv" else "qr", content))
    return cases


def test_of_1500_mutants_none_is_valid_and_both_refuse_each_for_the_same_reason(
    both: Both, signed: SignedTicket
) -> None:
    found = both.agree(mutants(signed, 1500, seed=5))
    assert {one["verdict"] for one in found} == {"invalid", "unreadable", "unknown_issuer"}
    assert len({reason for one in found for reason in one["reasons"]}) >= 12


def odd_messages(ticket: Ticket, sam_number: int, chance: random.Random) -> list[bytes]:
    """Messages that a careless seller might really sign."""
    good = vdv_message(ticket, sam_number)
    plain = good.encode()
    traveller = good.product.traveller
    assert traveller is not None
    products = [
        Product(raw=b"free text, no elements at all....."),
        Product(
            basic=Basic(), traveller=Traveller(traveller.name, None), area=Area(70, (100000,), 0x0D), medium="S4711"
        ),
        Product(area=Area(6212, (), 0x31, b"\x01\x02\x03")),
        Product(others=((0xDA, b"short"),)),
        Product(others=((0xDB, b"\0\0\0"),)),
        Product(others=((0xDC, b"\x0f\x13\x88\x00"),)),
        Product(others=((0xDB, b"\0" + bytes.fromhex("19840000") + b"K3e@D4n*\0\0"),)),
        Product(others=((0xDB, b"\0" + bytes.fromhex("20120229") + b"A3aB2c*@*D1\xbd\xa4"),)),
        Product(others=((0xDB, b"\0" + bytes.fromhex("19a40101") + b"a#b#c@d1e"),)),
        Product(basic=Basic(), others=((0xDA, Basic().encode()),)),
    ]
    made = [replace(good, product=product).encode() for product in products]
    made += [replace(good, valid_from=None).encode(), replace(good, valid_until=datetime(2026, 1, 1)).encode()]
    # times of hour 26, of a night with an hour twice, of one that lacks an hour, and impossible ones
    late = plain[:14] + (int.from_bytes(plain[14:18], "big") & ~0xFFFF | 26 << 11).to_bytes(4, "big") + plain[18:]
    doubled = replace(good, valid_until=datetime(2026, 10, 25, 2, 30)).encode()
    lacking = replace(good, valid_from=datetime(2026, 3, 29, 2, 30), valid_until=datetime(2027, 3, 28, 2, 30)).encode()
    made += [late, doubled, lacking, plain[:10] + b"\xff" * 4 + plain[14:], plain[:-6] + b"\x01" + plain[-5:]]
    made += [
        replace(good, issue=replace(good.issue, sam_number=1)).encode(),
        plain + b"\0VDV\x11\x09",
        plain[:-5] + b"VDX\x11\x09",
    ]
    for _ in range(300):
        data = bytearray(plain)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data) - 5)] = chance.randrange(256)
        made.append(bytes(data))
    return made


def test_of_odd_tickets_that_a_real_module_signed_both_say_the_same(both: Both, pki: Pki, ticket: Ticket) -> None:
    sam = certificate.parse_sam_holder(pki.signer.module.holder).number
    cases = [Case("vdv", vdv_of(pki, data)) for data in odd_messages(ticket, sam, random.Random(7))]
    moments = [
        datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 29, 59, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 1, tzinfo=UTC),
    ]
    cases += [replace(case, at=moment) for case in cases[:20] for moment in moments]
    reasons = {reason for one in both.agree(cases) for reason in one["reasons"]}
    assert {
        "product_element_twice",
        "module_number_wrong",
        "validity_missing",
        "time_impossible",
        "message_padding",
    } <= reasons


def test_of_odd_claims_that_a_real_key_signed_both_say_the_same(both: Both, pki: Pki, ticket: Ticket) -> None:
    good: dict[object, object] = cbor2.loads(qr_ticket(ticket).encode())
    changes: list[dict[object, object]] = [
        {4: -1}, {4: 1 << 33}, {4: True}, {5: 1 << 60}, {5: (1 << 64) - 1}, {7: b"short"}, {7: "text5678"}, {-1: 1 << 16}, {-2: 1 << 32}, {-3: -(1 << 64)},
        {-4: 0}, {-5: (1 << 18) - 1}, {-5: "x"}, {-6: ""}, {-7: ""}, {-7: "\N{ZERO WIDTH NO-BREAK SPACE}Ab"}, {-8: 0}, {-8: 1}, {-8: 2}, {-9: 1}, {"x": [None, {1: False}]}, {4: whole(good[5]) - 1},
    ]  # fmt: skip
    payloads = [cbor2.dumps({**good, **change}, canonical=True) for change in changes]
    payloads += [
        cbor2.dumps({key: value for key, value in good.items() if key != left}, canonical=True) for left in good
    ]
    plain = cbor2.dumps(good, canonical=True)
    payloads += [
        plain + b"\0",
        cbor2.dumps(dict(reversed(good.items()))),
        b"\xbf" + plain[1:] + b"\xff",
        b"\x81" * 40,
        b"\x9f" * 40,
    ]
    payloads += [plain.replace(b"\x04\x1a", b"\x04\x1b\0\0\0\0", 1), plain[:-1] + b"\xff", cbor2.dumps(["x"] * 20)]
    found = both.agree([Case("qr", qr_of(pki, payload)) for payload in payloads])
    assert {"claims", "not_cbor", "status_unchecked"} <= {reason for one in found for reason in one["reasons"]}


def test_a_changed_envelope_around_a_genuine_ticket_is_refused_alike(both: Both, pki: Pki, ticket: Ticket) -> None:
    sam = certificate.parse_sam_holder(pki.signer.module.holder)
    content = vdv_message(ticket, sam.number).encode()
    module = pki.signer.module
    others = [
        replace(module, authorisation=certificate.CHA_CA),
        replace(module, issuer=bytes(8)),
        replace(module, oid=certificate.OID_SHA1_RSA),
        replace(module, end_of_validity=date(2026, 11, 22)),
        replace(module, holder=replace(sam, valid_from=date(2026, 11, 24)).encode()),
        replace(module, holder=bytes(12)),
        replace(module, holder=module.holder[:2] + b"\x99\x13" + module.holder[4:]),
    ]
    cases = [Case("vdv", vdv_of(pki, content, certificate=pki.sub_ca_key.certify(other))) for other in others]
    cases.append(Case("vdv", vdv_of(pki, content, certificate=pki.root_key.certify(pki.signer.sub_ca))))
    cases.append(Case("vdv", vdv_of(pki, content, issuer=bytes(8))))
    cases.append(Case("vdv", vdv_of(pki, content) + b"\0"))
    plus = RecoveryCertificate(pki.signer.module_certificate.signature, b"\x02")
    cases.append(Case("vdv", vdv_of(pki, content, certificate=plus)))
    for one in both.agree(cases):
        assert one["verdict"] in ("invalid", "unknown_issuer", "unreadable")


def test_several_tickets_in_one_code_and_the_reduced_form_are_judged_alike(
    both: Both, pki: Pki, signed: SignedTicket, sign: Callable[..., SignedTicket]
) -> None:
    old = sign(number=7, valid_until=end_of(date(2026, 10, 31)))
    two, reduced = forms_of(pki, signed, old)
    found = both.agree([Case("code", one) for one in (two, reduced, forms_of(pki, signed, signed)[0])])
    assert [one["verdict"] for one in found] == ["expired", "unknown_issuer", "status_unchecked"]
    assert found[1]["reasons"] == ["module_certificate_not_enclosed"]
    short = reduced[:3] + bytes(128) + tlv.write(0x9A, b"VDV\x11\x09") + tlv.write(0x5F20, bytes(12))
    odd = [forms_of(pki, signed, old, count=count)[0] for count in (0, 1, 3, 5)]
    odd += [two + b"\0", two[:-1], b"\xef", b"\xef\x00", forms_of(pki, *[signed] * 5)[0], two + bytes(2048)]
    odd += [short + bytes((len(short) + more,)) for more in range(3)] + [
        reduced + b"\0",
        reduced[:-15] + b"\x5f\x20\1x",
    ]
    chance = random.Random(3)
    for _ in range(400):
        data = bytearray(chance.choice((two, reduced, short)))
        data[chance.randrange(len(data))] = chance.randrange(256)
        odd.append(bytes(data[: chance.choice((len(data), len(data), chance.randrange(len(data))))]))
    reasons = {reason for one in both.agree([Case("code", one) for one in odd]) for reason in one["reasons"]}
    assert {"ticket_count", "envelope_order", "trailing_bytes", "holder_length", "tlv_cut"} <= reasons


def test_whatever_a_code_holds_both_take_it_for_the_same_kind(both: Both, signed: SignedTicket) -> None:
    odd = [b"", b"\xef", b"S1:", b"S1", b"\x9e\x81", b"https://example.org/", bytes(3000), b"S1:\xc3\x84"]
    odd += [signed.qr.encode() + end for end in (b"\r\n", b"\n", b" ", b"\0")] + [b"S1:" + b"A" * 400]
    assert {one["verdict"] for one in both.agree([Case("code", one) for one in odd])} == {
        "unreadable",
        "status_unchecked",
    }


def test_a_railways_ticket_is_another_issuers_for_both_and_what_only_begins_like_one_is_none(both: Both) -> None:
    uic = [b"#UT01108000001" + bytes(60), b"#UT029901ABCDE" + b"\x80\xff" * 40, b"#UT01DB00"]
    packed = [bytes((first, 0x55, third)) + bytes(80) for first in (0x01, 0x81) for third in range(0x62, 0x66)]
    other = [b"#UT", b"#UT03108000001", b"#UX011080", b"UT011080", b"\x81\x55\x61", b"\x81\x55", b"\x00\x55\x62"]
    found = both.agree([Case("code", one) for one in uic + packed + other])
    told = [(one["verdict"], *one["reasons"]) for one in found]
    assert told[: -len(other)] == [("unknown_issuer", "uic_ticket")] * len(uic + packed)
    assert set(told[-len(other) :]) == {("unreadable", "not_a_ticket")}
