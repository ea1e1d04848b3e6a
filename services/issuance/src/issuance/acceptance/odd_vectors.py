"""Test vectors of what careless or hostile hands make: odd codes and odd lists, all really signed by throw-away keys.

What the verifier says of each is written beside it. `sets` are sets of lists that must be taken, or must not be used.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
from shared.calendar import BERLIN

from issuance.acceptance import trials
from issuance.acceptance.odd_lists import odd_statuses, odd_trust_lists, text_of
from issuance.barcode.drafting import qr_ticket, vdv_message
from issuance.barcode.qr import base45, cose
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.envelope import Envelope
from issuance.domain.ticket import Ticket
from issuance.domain.times import end_of, start_of
from issuance.lists import two_bits
from issuance.lists.status_list import Shard, StatusList, bits_of
from issuance.lists.trust_list import TrustedKey, TrustList, parse, unwrap
from issuance.lists.two_bits import Places
from issuance.signer import ceremony
from issuance.signer.keys import EcKey
from issuance.verification.trust import Unusable, assemble
from issuance.verification.verifier import Verifier

AT = datetime(2026, 11, 23, 12, tzinfo=BERLIN)
FIRST, LAST = datetime(2026, 8, 1, tzinfo=BERLIN), datetime(2027, 7, 31, 23, 59, 58, tzinfo=BERLIN)
REVOKED, SUSPENDED = 2, 3
"""Places of the shard that has both lists."""
SHARD, OLD, ENDED, ONE_BIT = (Shard(trials.ORGANISATION, 416 + more) for more in range(4))
"""With both lists; with one that is two days old; with one that is new and past its end; with one bit only."""
NO_LIST = 420
_KEYS = ("next", "retired", "ended", "elsewhere")


def odd() -> dict[str, Any]:
    """Codes and lists at the edges of the formats, each with what this verifier says, as JSON. The keys are new each
    time."""
    now = AT.astimezone(UTC)
    pki = ceremony.make(ceremony.Period.around(AT.date()), now)
    keys = {name: EcKey.generate() for name in _KEYS}
    trusted = _trust_list(pki, keys)
    root, status = pki.trust_root, pki.signer.status_key
    signed_list = trusted.sign(root.key_id, root.sign)
    statuses = [one.sign(f"https://lists.example/{one.shard}", status.key_id, status.sign) for one in _statuses()]
    verifier = Verifier(assemble(pki.certificates.values(), signed_list, statuses))
    codes = []
    for name, text, at in _qr_cases(pki, keys):
        codes.append({"name": name, "qr": text, "at": at.isoformat(), **verifier.verify_qr(text, at).as_json()})
    for name, data, at in _vdv_cases(pki):
        found = verifier.verify_vdv(data, at)
        codes.append({"name": name, "vdv": text_of(data), "at": at.isoformat(), **found.as_json()})
    sets = []
    for name, lists in odd_statuses(pki, AT).items():
        sets.append({"name": name, "status_lists": [*map(text_of, lists)], "usable": _usable(signed_list, lists)})
    for name, data in odd_trust_lists(pki, trusted).items():
        sets.append({"name": name, "trust_list": text_of(data), "status_lists": [], "usable": _usable(data, [])})
    return {
        "at": AT.isoformat(),
        "certificates": {name: text_of(data) for name, data in pki.certificates.items()},
        "trust_list": text_of(signed_list),
        "status_lists": [text_of(one) for one in statuses],
        "issued_lists": [],
        "codes": codes,
        "sets": sets,
    }


def _usable(trusted: bytes, statuses: list[bytes]) -> bool:
    try:
        assemble((), trusted, statuses)
    except Unusable:
        return False
    return True


def _trust_list(pki: ceremony.Pki, keys: dict[str, EcKey]) -> TrustList:
    listed = parse(unwrap(pki.trust_list).payload)
    like, status = listed.keys
    changes: dict[str, dict[str, Any]] = {
        "next": {"state": "next"},
        "retired": {"state": "retired"},
        "ended": {"not_after": AT - timedelta(days=1)},
        "elsewhere": {"organisation_ids": (trials.ORGANISATION + 1,)},
    }
    more = [replace(like, key_id=keys[name].key_id, point=keys[name].point, **changes[name]) for name in _KEYS]
    named: TrustedKey = replace(status, shards=(SHARD, OLD))
    return replace(listed, keys=(like, named, *more))


def _statuses() -> Iterator[StatusList]:
    end, places = AT + timedelta(days=7), Places([REVOKED], [SUSPENDED])
    yield StatusList(SHARD, 3, AT, end, bits_of([REVOKED, SUSPENDED]))
    yield StatusList(SHARD, 3, AT, end, two_bits.bits_of(places), 1)
    yield StatusList(OLD, 1, AT - timedelta(days=2), end, two_bits.bits_of(places), 1)
    yield StatusList(ENDED, 1, AT, AT - timedelta(hours=1), two_bits.bits_of(places), 1)
    yield StatusList(ONE_BIT, 9, AT, end, bits_of([REVOKED, SUSPENDED]))
    yield StatusList(ONE_BIT, 8, AT, end, two_bits.bits_of(Places([], [])), 1)


def _ticket(place: int = 1, shard: int = SHARD.number) -> Ticket:
    days = {"valid_from": start_of(FIRST.date()), "valid_until": end_of(LAST.date()), "first_name": "Zoë"}
    ticket = trials.a_ticket(random.Random(place), place, AT)  # noqa: S311
    return replace(ticket, number=(shard << 20) + place, **days)  # type: ignore[arg-type]


def _text(key: Any, payload: bytes) -> str:
    return "S1:" + base45.encode(cose.sign_ticket(key.key_id, payload, key.sign))


def _qr_cases(pki: ceremony.Pki, keys: dict[str, EcKey]) -> Iterator[tuple[str, str, datetime]]:
    own, payload = pki.signer.ticket_key, qr_ticket(_ticket()).encode()
    after = LAST + timedelta(days=1)
    for name, key in keys.items():
        yield f"key: {name}", _text(key, payload), AT
    yield "key: ended, the ticket too", _text(keys["ended"], payload), after
    yield "key: of lists", _text(pki.signer.status_key, payload), AT
    for name, at in (
        ("first second", FIRST),
        ("a second before", FIRST - timedelta(seconds=1)),
        ("last second", LAST),
        ("a second after", LAST + timedelta(seconds=1)),
        ("trust list past its end", AT + timedelta(days=401)),
    ):
        yield f"time: {name}", _text(own, payload), at
    for name, place, shard in (
        ("revoked", REVOKED, 416),
        ("suspended", SUSPENDED, 416),
        ("shard without a list", 1, NO_LIST),
        ("list of two days ago", 1, OLD.number),
        ("revoked on an old list", REVOKED, OLD.number),
        ("list past its end", 1, ENDED.number),
        ("suspended, list past its end", SUSPENDED, ENDED.number),
        ("one bit is newer than two", SUSPENDED, ONE_BIT.number),
    ):
        yield f"status: {name}", _text(own, qr_ticket(_ticket(place, shard)).encode()), AT
    yield "status: suspended and over", _text(own, qr_ticket(_ticket(SUSPENDED)).encode()), after
    for name, changed in _payloads(payload):
        yield f"payload: {name}", _text(own, changed), AT
    for name, text in _texts(_text(own, payload)):
        yield f"text: {name}", text, AT


def _payloads(payload: bytes) -> Iterator[tuple[str, bytes]]:
    good: dict[Any, Any] = cbor2.loads(payload)
    for key in good:
        yield f"without {key}", cbor2.dumps({at: good[at] for at in good if at != key}, canonical=True)
    for name, change in _changed_claims(good).items():
        yield name, cbor2.dumps({**good, **change}, canonical=True)
    yield "keys in another order", cbor2.dumps(dict(reversed(good.items())))
    yield "longer head", payload.replace(b"\x04\x1a", b"\x04\x1b\0\0\0\0", 1)
    yield "bytes after", payload + b"\0"
    yield "indefinite map", b"\xbf" + payload[1:] + b"\xff"
    yield "a key twice", bytes((payload[0] + 1,)) + payload[1:7] + payload[1:]
    yield "an array", cbor2.dumps(["x"] * 20)
    yield "a tag", b"\xc1" + payload
    yield "too deep", b"\x81" * 40 + b"\0"
    yield "no UTF-8", payload[:-1] + b"\xff"
    yield "undefined", cbor2.dumps({**good, -8: cbor2.undefined}, canonical=True)


def _changed_claims(good: dict[Any, Any]) -> dict[str, dict[Any, Any]]:
    return {
        "unknown -9": {-9: 1},
        "unknown text": {"x": 1},
        "float time": {4: 1.5},
        "negative time": {5: -1},
        "time 2^33": {4: 1 << 33},
        "true as time": {4: True},
        "null as time": {4: None},
        "token of 7 bytes": {7: b"1234567"},
        "token as text": {7: "12345678"},
        "organisation 2^16": {-1: 1 << 16},
        "number 2^32": {-2: 1 << 32},
        "product 2^16": {-3: 1 << 16},
        "area 2^16": {-4: 1 << 16},
        "area 0": {-4: 0},
        "area 999": {-4: 999},
        "birth date 2^18": {-5: 1 << 18},
        "birth date negative": {-5: -1},
        "only the year": {-5: (1 << 17) + 13 * 2015},
        "year and month": {-5: (1 << 17) + 13 * 2015 + 6},
        "year 1899": {-5: (1 << 17) + 13 * 1899},
        "year 2200": {-5: (1 << 17) + 13 * 2200},
        "last day": {-5: (1 << 17) - 1},
        "empty first name": {-6: ""},
        "empty last name": {-7: ""},
        "name as bytes": {-7: b"x"},
        "31 bytes": {-6: "a" * 15, -7: "b" * 16},
        "line feed": {-7: "a\nb"},
        "not composed": {-6: "Zoe\u0308"},
        "cut 0": {-8: 0},
        "cut 1": {-8: 1},
        "cut 2": {-8: 2},
        "cut true": {-8: True},
        "reversed": {4: good[5] - 1},
        "one moment": {4: good[5]},
    }


def _texts(text: str) -> Iterator[tuple[str, str]]:
    data = base45.decode(text[3:])

    def of(changed: bytes) -> str:
        return "S1:" + base45.encode(changed)

    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    s = order - int.from_bytes(data[-32:], "big")
    yield "high s", of(data[:-32] + s.to_bytes(32, "big"))
    yield "bytes after the end", of(data + b"\0")
    yield "high s and bytes after the end", of(data[:-32] + s.to_bytes(32, "big") + b"\0")
    yield "cut", of(data[:-1])
    yield "another algorithm", of(data[:4] + b"\x27" + data[5:])
    yield "unknown key", of(data[:7] + b"none" + data[11:])
    yield "signature of zeros", of(data[:-64] + bytes(64))
    yield "lower case", text.lower()
    yield "lower case behind the prefix", text[:3] + text[3:].lower()
    yield "only the prefix", "S1:"
    yield "one letter", "S1:A"
    yield "a group too large", "S1::::" + text[6:]
    yield "too long", text + "0" * 262
    yield "another text", "https://example.org/"
    yield "no ASCII", text + "ä"
    yield "a blank before", " " + text
    yield "a blank behind", text + " "


def _vdv_cases(pki: ceremony.Pki) -> Iterator[tuple[str, bytes, datetime]]:
    sam = certificate.parse_sam_holder(pki.signer.module.holder)
    ticket = _ticket()
    message = vdv_message(ticket, sam.number)

    def signed(content: bytes) -> bytes:
        signature, rest = pki.signer.module_key.sign_recoverable(content)
        return Envelope(signature, rest, pki.signer.module_certificate, pki.signer.sub_ca.name).encode()

    good, plain = signed(message.encode()), message.encode()
    for name, after in (
        ("CR", b"\r"),
        ("LF", b"\n"),
        ("CR LF", b"\r\n"),
        ("tab", b"\t"),
        ("two CR", b"\r\r"),
        ("a zero", b"\0"),
    ):
        yield f"after the end: {name}", good + after, AT
    yield "without times", signed(replace(message, valid_until=None).encode()), AT
    early = replace(message, valid_until=datetime(2026, 1, 1))  # noqa: DTZ001  # as the code has it: Berlin's clock
    yield "reversed", signed(early.encode()), AT
    yield "an impossible time", signed(plain[:10] + b"\xff" * 4 + plain[14:]), AT
    yield "padding", signed(plain[:-6] + b"\1" + plain[-5:]), AT
    other = replace(message, issue=replace(message.issue, sam_number=sam.number ^ 1))
    yield "another module's number", signed(other.encode()), AT
    for name, place in (("revoked", REVOKED), ("suspended", SUSPENDED)):
        yield name, signed(vdv_message(_ticket(place), sam.number).encode()), AT
    yield "shard without a list", signed(vdv_message(_ticket(1, NO_LIST), sam.number).encode()), AT
    yield "the trust list's end is not asked", good, AT + timedelta(days=401)
    yield "a letter altered beside the signature", good.replace(b"VDV\x11\x09", b"VDV\x11\x08"), AT
    yield from _certified(pki, sam, plain)


def _certified(pki: ceremony.Pki, sam: certificate.SamHolder, plain: bytes) -> Iterator[tuple[str, bytes, datetime]]:
    """Under another certificate of the module."""
    for name, changes in (
        ("role", {"authorisation": certificate.CHA_CA}),
        ("issuer", {"issuer": bytes(8)}),
        ("use", {"oid": certificate.OID_SHA1_RSA}),
        ("ended", {"end_of_validity": (AT - timedelta(days=1)).date()}),
        ("not begun", {"holder": replace(sam, valid_from=(AT + timedelta(days=1)).date()).encode()}),
    ):
        one = pki.sub_ca_key.certify(replace(pki.signer.module, **changes))
        signature, rest = pki.signer.module_key.sign_recoverable(plain)
        yield f"certificate: {name}", Envelope(signature, rest, one, pki.signer.sub_ca.name).encode(), AT
