"""Status in two bits: suspended is not revoked; small, followed from delta to delta, and alike in both verifiers."""

import base64
import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import cbor2
import pytest
from issuance.barcode.qr import cose
from issuance.barcode.refusal import Unreadable
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.verdict import Verdict
from issuance.lists import compact, delta_v2, status_list, two_bits
from issuance.lists.delta import Head, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.follow import Broken, ShardState, follow, start
from issuance.lists.status_list import Shard, StatusList, place_of, shard_of
from issuance.lists.two_bits import Places
from issuance.signer.ceremony import Pki
from issuance.verification.list_changes import open_delta_v2, open_snapshot_v2
from issuance.verification.trust import Trust, Unusable, assemble
from issuance.verification.verifier import Verifier
from support.issuance.both_verifiers import Both, cases_of
from support.issuance.example import DURING

SHARD = Shard(32838, 416)
LASTS = timedelta(days=7)


def head(version: int, epoch: int = 1) -> Head:
    return Head(SHARD, version, DURING + timedelta(minutes=version), DURING + LASTS, epoch)


def listed(pki: Pki, places: Places, version: int = 1, age: timedelta = timedelta()) -> bytes:
    at = DURING - age
    one = StatusList(SHARD, version, at, at + LASTS, two_bits.bits_of(places), 1)
    return pki.signer.sign_status_list(one)


def one_bit(pki: Pki, places: list[int], version: int = 1) -> bytes:
    return pki.signer.sign_status_list(StatusList(SHARD, version, DURING, DURING + LASTS, status_list.bits_of(places)))


@pytest.fixture
def both(pki: Pki) -> Both:
    return Both(list(pki.certificates.values()), pki.trust_list)


def test_a_million_tickets_and_a_day_of_changes_fit_their_sizes(pki: Pki) -> None:
    draw = random.Random(3)
    dead = draw.sample(range(1_000_000), 22_000)
    bits = two_bits.bits_of(Places(dead[:20_000], dead[20_000:]))
    assert len(pki.signer.sign_list(SnapshotV2(head(1), bits))) <= 21_000
    largest = 0
    for revoked, suspended in ((180, 20), (100, 50), (0, 200), (67, 67)):
        others = draw.sample(sorted(set(range(1_000_000)) - set(dead)), 200)
        again = dead[20_000 : 20_200 - revoked - suspended]
        after = Places(
            [*dead[:20_000], *others[:revoked]],
            [*(place for place in dead[20_000:] if place not in again), *others[revoked : revoked + suspended]],
        )
        link = DeltaV2.between(head(2), bits, two_bits.bits_of(after))
        assert sum(map(len, link.changes)) == 200
        largest = max(largest, len(pki.signer.sign_list(link)))
    assert largest <= 700


def test_both_verifiers_tell_suspended_from_revoked_and_fall_back_to_one_bit(
    both: Both, pki: Pki, signed: SignedTicket, ticket: Ticket
) -> None:
    place = place_of(ticket.number)
    old, cases = timedelta(hours=25), cases_of(signed)
    for statuses, verdict in (
        ([listed(pki, Places([], [place]))], "suspended"),
        ([listed(pki, Places([place], [place ^ 1]))], "revoked"),
        ([listed(pki, Places([place ^ 1], [place ^ 2]))], "valid"),
        ([listed(pki, Places([], [place]), age=old)], "suspended"),
        ([listed(pki, Places([], []), age=old)], "status_stale"),
        ([one_bit(pki, [place])], "revoked"),
        ([one_bit(pki, [place]), listed(pki, Places([], [place]))], "suspended"),
        ([listed(pki, Places([], [place])), one_bit(pki, [place])], "suspended"),
        ([listed(pki, Places([], [place])), one_bit(pki, [], version=2)], "valid"),
        ([listed(pki, Places([], [place]), version=2), one_bit(pki, [])], "suspended"),
    ):
        found = replace(both, statuses=statuses).agree(cases)
        assert [one["verdict"] for one in found] == [verdict] * 2
        later = replace(both, statuses=statuses).agree(cases_of(signed, DURING + timedelta(days=400)))
        if verdict in ("revoked", "suspended"):
            assert [one["verdict"] for one in later] == [verdict] * 2


def test_of_two_codes_suspended_stands_between_revoked_and_expired() -> None:
    order = list(Verdict)
    assert order[3:] == [
        Verdict.REVOKED,
        Verdict.SUSPENDED,
        Verdict.EXPIRED,
        Verdict.NOT_YET_VALID,
        Verdict.STATUS_STALE,
        Verdict.STATUS_UNCHECKED,
        Verdict.VALID,
    ]


def states(draw: random.Random, count: int) -> list[Places]:
    """Tickets are revoked, suspended, restored at random, each place anew."""
    made, now = [], dict[int, int]()
    for _ in range(count):
        for _ in range(draw.randrange(6)):
            now[draw.choice((0, 3, 4, 5, 4711, 77_777, 1_048_575))] = draw.randrange(3)
        made.append(Places(*([place for place, value in sorted(now.items()) if value == kind] for kind in (1, 2))))
    return made


def test_a_chain_of_deltas_leads_both_to_the_same_state_whatever_changes(
    both: Both, pki: Pki, trust: Trust, signed: SignedTicket, ticket: Ticket
) -> None:
    draw, place, words = random.Random(11), place_of(ticket.number), {0: "valid", 1: "revoked", 2: "suspended"}
    for _ in range(6):
        chain = states(draw, 5)
        bits = [two_bits.bits_of(places) for places in chain]
        snapshot = pki.signer.sign_list(SnapshotV2(head(1), bits[0]))
        links = [
            pki.signer.sign_list(DeltaV2.between(head(at), old, new))
            for at, (old, new) in enumerate(pairwise(bits), start=2)
        ]
        opened = [open_delta_v2(one, trust) for one in links]
        state = follow(start(None, open_snapshot_v2(snapshot, trust), DURING), opened, DURING)
        assert state.bits == bits[-1] and two_bits.places_of(state.bits) == chain[-1]
        kept = {"snapshot": _text(snapshot), "deltas": [_text(one) for one in links]}
        found = replace(both, followed=[kept]).browser(cases_of(signed, DURING + timedelta(hours=1)))
        value = two_bits.value_of(bits[-1], place)
        assert [one["verdict"] for one in found["findings"]] == [words[value]] * 2


def test_a_chain_that_lacks_a_link_goes_back_or_lowers_its_epoch_is_not_followed(both: Both, pki: Pki) -> None:
    bits = [two_bits.bits_of(places) for places in (Places([5], [7]), Places([5, 7], []), Places([5], [8]))]
    first = ShardState(head(1, epoch=2), bits[0])
    good = DeltaV2.between(head(2, epoch=2), bits[0], bits[1])
    odd = [
        DeltaV2.between(head(3, epoch=2), bits[0], bits[1]),  # omission
        DeltaV2.between(head(2, epoch=1), bits[0], bits[1]),  # epoch lower
        DeltaV2.between(head(2, epoch=2), bits[2], bits[1]),  # fork
        replace(good, changes=((7,), (), (5,))),  # hash
    ]
    assert follow(first, [good], DURING).bits == bits[1]
    snapshot = pki.signer.sign_list(SnapshotV2(first.head, bits[0]))
    for link in odd:
        with pytest.raises(Broken):
            follow(first, [link], DURING)
        kept = {"snapshot": _text(snapshot), "deltas": [_text(pki.signer.sign_list(link))]}
        assert replace(both, followed=[kept]).browser([]) == {"unusable": "status_list"}
    with pytest.raises(Broken, match="rollback"):
        start(first, SnapshotV2(head(2, epoch=1), bits[1]), DURING)
    # from one bit to two of one version, and back to a newer one
    before = ShardState(replace(first.head, epoch=0), status_list.bits_of([5, 7]))
    assert start(before, SnapshotV2(first.head, bits[0]), DURING).bits == bits[0]
    assert start(first, Snapshot(replace(head(2), epoch=0), status_list.bits_of([5])), DURING).head.version == 2


def odd_lists(pki: Pki) -> dict[str, bytes]:
    """Really signed by the key of lists."""
    key = pki.signer.status_key
    good = cbor2.loads(
        StatusList(SHARD, 1, DURING, DURING + LASTS, two_bits.bits_of(Places([], [1])), 1).encode("https://x/32838-416")
    )
    changes: dict[str, dict[object, object]] = {
        "no epoch": {-65539: None}, "epoch 0": {-65539: 0}, "epoch true": {-65539: True}, "version of one bit": {-65538: None, -65537: 1},
        "version 0": {-65538: 0}, "float time": {6: 1.5}, "no end": {4: None}, "wrong shard": {2: "https://x/32838-4096"}, "no subject": {2: None},
        "one bit": {65533: {"bits": 1, "lst": good[65533]["lst"]}}, "bits true": {65533: {"bits": True, "lst": good[65533]["lst"]}},
        "third value": {65533: {"bits": 2, "lst": _zlib(b"\x03" + bytes(two_bits.SIZE - 1))}}, "short": {65533: {"bits": 2, "lst": _zlib(bytes(two_bits.SIZE - 1))}},
        "more beside": {65533: {**good[65533], "aggregation_uri": "x"}},
    }  # fmt: skip
    made = {}
    for name, change in changes.items():
        claims = {name: value for name, value in {**good, **change}.items() if value is not None}
        made[name] = cose.sign_list(key.key_id, status_list.KIND_V2, cbor2.dumps(claims, canonical=True), key.sign)
    payload = cbor2.dumps(good, canonical=True)
    made["kind of one bit"] = cose.sign_list(key.key_id, status_list.KIND, payload, key.sign)
    made["bytes after the end"] = cose.sign_list(key.key_id, status_list.KIND_V2, payload + b"\0", key.sign)
    return made


def test_odd_lists_of_two_bits_are_refused_by_both(both: Both, pki: Pki) -> None:
    for name, data in odd_lists(pki).items():
        one = replace(both, statuses=[data])
        with pytest.raises(Unusable) as refused:
            one.python([])
        assert one.browser([]) == {"unusable": refused.value.reason}, name


def test_odd_snapshots_and_deltas_are_refused(pki: Pki, both: Both) -> None:
    key, at = pki.signer.status_key, head(1)
    empty = compact.encode([])
    base = {**at.out(), 9: 1, 10: compact.encode([4]), 11: empty}
    for change in ({9: 0}, {9: True}, {11: compact.encode([4])}, {10: 5}, {12: empty}, {2: True}, {1: [True, 416]}):
        payload = cbor2.dumps({**base, **change}, canonical=True)
        with pytest.raises(Unreadable):
            delta_v2.parse_snapshot(payload)
        signed = cose.sign_list(key.key_id, delta_v2.SNAPSHOT_KIND, payload, key.sign)
        kept = {"snapshot": _text(signed), "deltas": []}
        assert replace(both, followed=[kept]).browser([]) == {"unusable": "status_list"}


def test_a_ticket_of_another_shard_is_unchecked_and_valid_only_where_status_is_optional(
    pki: Pki, signed: SignedTicket, ticket: Ticket, both: Both
) -> None:
    other = StatusList(Shard(32838, 417), 1, DURING, DURING + LASTS, two_bits.bits_of(Places([], [])), 1)
    lists = [pki.signer.sign_status_list(other)]
    assert shard_of(ticket.terms.organisation_id, ticket.number) == SHARD
    for one in replace(both, statuses=lists).agree(cases_of(signed)):
        assert (one["verdict"], one["reasons"]) == ("status_unchecked", ["status_unchecked"])
    trust = assemble(pki.certificates.values(), pki.trust_list, lists)
    found = Verifier(trust, status_optional=True).verify_qr(signed.qr, DURING)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ("status_unchecked",))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _zlib(data: bytes) -> bytes:
    import zlib

    return zlib.compress(data, 9)
