"""Test vectors for programmers of other readers: codes with their verdicts, lists with their contents, as JSON.

Made from throw-away keys, of which only the public halves are written. Byte strings are base64, places are numbers.
"""

import base64
import hashlib
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.calendar import BERLIN

from issuance.acceptance import trials
from issuance.acceptance.odd_vectors import odd
from issuance.barcode.qr import base45
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import VerificationResult
from issuance.lists import compact, fuse, issued, two_bits
from issuance.lists.delta import Delta, Head, Snapshot, hash_of
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.status_list import StatusList, bits_of, shard_of
from issuance.lists.trust_list import parse, unwrap
from issuance.lists.two_bits import Places
from issuance.signer import ceremony
from issuance.signer.keys import EcKey
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier

AT = datetime(2026, 11, 23, 12, tzinfo=BERLIN)
DEAD = 2
"""The place that is revoked."""


def make() -> dict[str, Any]:
    """{file name without .json: content}."""
    lists = {"compact": compact_lists(), "deltas": deltas(), "two-bits": two_bit_deltas(), "filter": issued_filter()}
    return {"codes": codes(), "odd": odd(), **lists}


def _ticket(place: int, **changes: Any) -> Ticket:
    ticket = trials.a_ticket(random.Random(place), place, AT)  # noqa: S311
    days = {"valid_from": start_of(date(2026, 8, 1)), "valid_until": end_of(date(2027, 7, 31))}
    return replace(ticket, **{**days, **changes})


def codes() -> dict[str, Any]:
    """Both codes in every state, under a trust list with an active and a stolen key."""
    now = AT.astimezone(UTC)
    pki, stranger = (ceremony.make(ceremony.Period.around(AT.date()), now) for _ in range(2))
    key, root, thief = pki.signer.status_key, pki.trust_root, stranger.signer.ticket_key
    # 1. A trust list that knows the stranger's ticket key as stolen.
    listed = parse(unwrap(pki.trust_list).payload)
    known = replace(listed.keys[0], key_id=thief.key_id, point=thief.point, state="compromised")
    stolen = replace(known, compromised_since=AT - timedelta(days=1))
    trusted = replace(listed, version=2, keys=(*listed.keys, stolen)).sign(root.key_id, root.sign)
    # 2. Tickets; of those under the stolen key one is in the list of issued tickets.
    qrs, vdvs, honest = _codes_of(pki, stranger)
    head = Head(shard_of(trials.ORGANISATION, 416 << 20), 1, AT, AT + timedelta(days=7))
    reader = Verifier(assemble(pki.certificates.values(), trusted, ()))
    issued_key = reader.issued_keys(honest.vdv, honest.qr)[1]
    parts = [part.sign(key.key_id, key.sign) for part in issued.build(head, "qr", [issued_key])]
    status = pki.signer.sign_status_list(StatusList(head.shard, 1, AT, head.expires_at, bits_of([DEAD])))
    # 3. What a scanner with all of it says.
    verifier = Verifier(assemble(pki.certificates.values(), trusted, [status], (), parts))
    found = [_case(name, "qr", text, verifier.verify_qr(text, AT)) for name, text in qrs.items()]
    found += [_case(name, "vdv", _text(data), verifier.verify_vdv(data, AT)) for name, data in vdvs.items()]
    return {
        "at": AT.isoformat(),
        "certificates": {name: _text(data) for name, data in pki.certificates.items()},
        "trust_list": _text(trusted),
        "status_lists": [_text(status)],
        "issued_lists": [_text(part) for part in parts],
        "codes": found,
    }


def _codes_of(pki: ceremony.Pki, stranger: ceremony.Pki) -> tuple[dict[str, str], dict[str, bytes], SignedTicket]:
    signer, sign = pki.signer, pki.signer.sign_ticket
    thief, nobody = (replace(signer, ticket_key=key) for key in (stranger.signer.ticket_key, EcKey.generate()))
    good, honest = _ticket(1), _ticket(6)
    signed, honest_code = sign(good), thief.sign_ticket(honest)
    states = {
        "valid": signed,
        "revoked": sign(_ticket(DEAD)),
        "expired": sign(_ticket(3, valid_until=end_of(date(2026, 10, 31)))),
        "not yet valid": sign(_ticket(4, valid_from=start_of(date(2027, 2, 1)))),
    }
    nameless = _ticket(5, terms=replace(good.terms, qr_anonymous=True))
    qrs = {name: one.qr for name, one in states.items()} | {
        "without personal data": sign(nameless).qr,
        "honest under a stolen key": honest_code.qr,
        "forged under a stolen key": thief.sign_ticket(replace(honest, first_name="Dieb")).qr,
        "unknown key": nobody.sign_ticket(good).qr,
        "one letter altered": signed.qr[:60] + ("A" if signed.qr[60] != "A" else "B") + signed.qr[61:],
        "bytes after the end": "S1:" + base45.encode(base45.decode(signed.qr[3:]) + b"\0"),
        "lower case": signed.qr.lower(),
        "another text": "https://example.org",
    }
    vdvs = {name: one.vdv for name, one in states.items()} | {
        "one bit altered": signed.vdv[:60] + bytes((signed.vdv[60] ^ 1,)) + signed.vdv[61:],
        "bytes after the end": signed.vdv + b"\0",
        "two in one code, one revoked": trials.forms_of(signed.vdv, states["revoked"].vdv)[0],
        "reduced form": trials.forms_of(signed.vdv)[1],
        "module of a stranger": stranger.signer.sign_ticket(good).vdv,
        "not a ticket": b"#UT01",
    }
    return qrs, vdvs, honest_code


def _case(name: str, form: str, code: str, finding: VerificationResult) -> dict[str, Any]:
    return {"name": name, form: code, **finding.as_json()}


def compact_lists() -> list[dict[str, Any]]:
    """Sets of places with their encoding (lists/compact.py): none, one, the last, some, a run."""
    draw = random.Random(1)  # noqa: S311
    sets = {"empty": [], "one": [0], "last": [compact.PLACES - 1], "some": sorted(draw.sample(range(1_000_000), 50))}
    sets["a class"] = list(range(5000, 5030))
    return [{"name": name, "places": places, "data": _text(compact.encode(places))} for name, places in sets.items()]


def deltas() -> dict[str, Any]:
    """A snapshot and the chain after it; what each link leads to."""
    pki = ceremony.make(ceremony.Period.around(AT.date()), AT.astimezone(UTC))
    key, shard = pki.signer.status_key, shard_of(32838, 416 << 20)
    states = [[5, 77], [5, 77, 999_999], [77, 999_999], [77, 999_999]]
    heads = [Head(shard, 7 + at, AT + timedelta(minutes=at), AT + timedelta(days=7)) for at in range(4)]
    bits = [bits_of(places) for places in states]
    links = [
        Delta.between(head, old, new).sign(key.key_id, key.sign)
        for head, old, new in zip(heads[1:], bits, bits[1:], strict=False)
    ]
    after = [
        {"version": head.version, "places": places, "sha256": hash_of(one).hex()}
        for head, places, one in zip(heads, states, bits, strict=True)
    ]
    return {
        "trust_list": _text(pki.trust_list),
        "snapshot": _text(Snapshot(heads[0], bits[0]).sign(key.key_id, key.sign)),
        "deltas": [_text(link) for link in links],
        "states": after,
    }


def two_bit_deltas() -> dict[str, Any]:
    """The same of two bits: tickets are revoked, suspended, restored, and revoked after they were suspended."""
    pki = ceremony.make(ceremony.Period.around(AT.date()), AT.astimezone(UTC))
    key, shard = pki.signer.status_key, shard_of(32838, 416 << 20)
    states = [Places([5], [77]), Places([5, 77], [999_999]), Places([5, 77], []), Places([5, 77], [])]
    heads = [Head(shard, 7 + at, AT + timedelta(minutes=at), AT + timedelta(days=7), 2) for at in range(4)]
    bits = [two_bits.bits_of(places) for places in states]
    links = [
        DeltaV2.between(head, old, new).sign(key.key_id, key.sign)
        for head, old, new in zip(heads[1:], bits, bits[1:], strict=False)
    ]
    after = [
        {"version": head.version, **places._asdict(), "sha256": hash_of(one).hex()}
        for head, places, one in zip(heads, states, bits, strict=True)
    ]
    return {
        "trust_list": _text(pki.trust_list),
        "snapshot": _text(SnapshotV2(heads[0], bits[0]).sign(key.key_id, key.sign)),
        "deltas": [_text(link) for link in links],
        "states": after,
    }


def issued_filter() -> dict[str, Any]:
    """A filter over 40 keys: its parameters, the keys that are in it, and strangers that it does not take for them."""
    keys = [hashlib.sha256(f"ticket {number}".encode()).digest()[:16] for number in range(40)]
    strangers = [hashlib.sha256(f"stranger {number}".encode()).digest()[:16] for number in range(40)]
    made = fuse.build(keys)
    return {
        "seed": made.seed.hex(),
        "length": made.length,
        "segments": made.segments,
        "cells": _text(made.cells),
        "in": [key.hex() for key in keys],
        "out": [key.hex() for key in strangers if key not in made],
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
