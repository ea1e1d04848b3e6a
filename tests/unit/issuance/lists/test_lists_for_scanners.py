"""Compact lists, chains of deltas, filters of what was issued: exact, small, and honest about what is missing."""

import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issuance.barcode.refusal import NotGenuine, Refusal, Unreadable
from issuance.lists import compact, fuse, issued, trust_list
from issuance.lists.delta import Delta, Head, Snapshot, hash_of
from issuance.lists.follow import Broken, Pin, ShardState, follow, pin, start
from issuance.lists.status_list import Shard
from issuance.signer.ceremony import Pki
from issuance.verification.list_changes import open_delta, open_snapshot
from issuance.verification.trust import Trust

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHARD = Shard(32838, 416)


def head(version: int, at: datetime = NOW) -> Head:
    return Head(SHARD, version, at, at + timedelta(days=7))


def bits(*places: int) -> bytes:
    return compact.bits_of(places)


# compact


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, compact.PLACES - 1), max_size=200))
def test_a_set_of_places_comes_back_as_it_went(places: set[int]) -> None:
    assert compact.decode(compact.encode(places)) == sorted(places)
    assert compact.places_of(compact.bits_of(places)) == sorted(places)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_set_or_unreadable(data: bytes) -> None:
    try:
        places = compact.decode(data)
    except Unreadable:
        return
    assert places == sorted(set(places)) and all(0 <= place < compact.PLACES for place in places)


def test_each_encoding_is_taken_where_it_is_the_smallest() -> None:
    draw = random.Random(1)
    scattered = draw.sample(range(1_000_000), 20_000)
    classes = [block * 1000 + place for block in range(20) for place in range(0, 1000, 2)]
    for places, kind in ((scattered, 1), (classes, 2)):
        data = compact.encode(places)
        assert data[0] == kind and compact.decode(data) == sorted(places)
        as_bits = bytes(1) + zlib.compress(compact.bits_of(places), 9)
        assert compact.decode(as_bits) == sorted(places) and len(data) <= len(as_bits)


def test_a_million_tickets_with_two_percent_revoked_fit_18_kb_and_a_delta_of_200_fits_600_bytes(pki: Pki) -> None:
    draw, key = random.Random(2), pki.signer.status_key
    revoked = draw.sample(range(1_000_000), 20_000)
    before = compact.bits_of(revoked)
    assert len(Snapshot(head(400), before).sign(key.key_id, key.sign)) <= 18_000
    after = compact.bits_of({*revoked, *draw.sample(range(1_000_000), 204)})
    assert len(Delta.between(head(401), before, after).sign(key.key_id, key.sign)) <= 600


# deltas


def chain() -> list[tuple[bytes, Delta]]:
    """The states of four versions, with the delta that led to each."""
    states = [bits(5), bits(5, 77), bits(5, 77, 1_000_000), bits(77, 1_000_000)]
    times = [NOW + timedelta(minutes=number) for number in range(4)]
    return [
        (new, Delta.between(head(number + 1, at), old, new))
        for number, (old, new, at) in enumerate(zip([bits(), *states], states, times, strict=False))
    ]


def test_a_scanner_follows_the_chain_and_jumps_over_what_it_knows() -> None:
    links = chain()
    state = start(None, Snapshot(head(1), links[0][0]), NOW)
    state = follow(state, [links[1][1]], NOW)
    state = follow(state, [delta for _, delta in links], NOW)
    assert state.bits == bits(77, 1_000_000) and state.head.version == 4
    assert links[3][1].restored == (5,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda deltas: [deltas[2], deltas[3]], "omission"),
        (lambda deltas: [deltas[1], deltas[3]], "omission"),
        (lambda deltas: [deltas[1], replace(deltas[2], revoked=(9,))], "fork"),
        (lambda deltas: [replace(deltas[1], before=bytes(32))], "fork"),
        (lambda deltas: [replace(deltas[0], after=bytes(32))], "fork"),
        (lambda deltas: [replace(deltas[1], head=head(2, NOW - timedelta(days=1)))], "rollback"),
        (lambda deltas: [replace(deltas[1], head=replace(head(2), shard=Shard(1, 416)))], "other_issuer"),
    ],
)
def test_omissions_rollbacks_and_forks_show_at_once(change: Callable[[list[Delta]], list[Delta]], code: str) -> None:
    links = chain()
    state = ShardState(head(1), links[0][0])
    with pytest.raises(Broken) as error:
        follow(state, change([delta for _, delta in links]), NOW)
    assert error.value.reason == code


def test_a_snapshot_older_than_what_is_known_or_of_another_history_is_refused() -> None:
    state = ShardState(head(3), bits(1))
    assert start(state, Snapshot(head(4), bits(2)), NOW).bits == bits(2)
    for snapshot, code in (
        (Snapshot(head(2), bits(1)), "rollback"),
        (Snapshot(head(3), bits(2)), "fork"),
        (Snapshot(replace(head(4), shard=Shard(2, 2)), bits(1)), "other_issuer"),
    ):
        with pytest.raises(Broken) as error:
            start(state, snapshot, NOW)
        assert error.value.reason == code
    with pytest.raises(Broken, match="over"):
        start(None, Snapshot(head(1), bits()), NOW + timedelta(days=8))


def test_signed_lists_are_read_back_and_one_wrong_bit_refuses_them(pki: Pki, trust: Trust) -> None:
    key = pki.signer.status_key
    snapshot, delta = Snapshot(head(2), bits(3, 9)), chain()[1][1]
    for one, opened in ((snapshot, open_snapshot), (delta, open_delta)):
        data = one.sign(key.key_id, key.sign)
        assert opened(data, trust) == one
        for at in range(0, len(data), 3):
            altered = bytearray(data)
            altered[at] ^= 4
            with pytest.raises(Refusal):
                opened(bytes(altered), trust)
        ticket_key = pki.signer.ticket_key
        with pytest.raises(NotGenuine):
            opened(one.sign(ticket_key.key_id, ticket_key.sign), trust)
    assert hash_of(delta.applied_to(chain()[0][0])) == delta.after


# trust list


def test_a_trust_list_that_is_older_forked_or_another_root_s_is_refused(pki: Pki) -> None:
    listed = trust_list.parse(trust_list.unwrap(pki.trust_list).payload)
    known = pin(None, listed, NOW)
    assert pin(known, replace(listed, version=2), NOW) == Pin.of(replace(listed, version=2))
    second = pin(known, replace(listed, version=2), NOW)
    for other, code in (
        (listed, "rollback"),
        (replace(listed, version=2, keys=listed.keys[:1]), "fork"),
        (replace(listed, version=3, root=bytes(64)), "other_issuer"),
    ):
        with pytest.raises(Broken) as error:
            pin(second, other, NOW)
        assert error.value.reason == code
    with pytest.raises(Broken, match="over"):
        pin(known, listed, listed.expires_at + timedelta(seconds=1))


# filters


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 500, 3000])
def test_a_filter_knows_all_its_keys_and_hardly_any_other(count: int) -> None:
    draw = random.Random(count)
    keys = [draw.randbytes(16) for _ in range(count)]
    made = fuse.build([*keys, *keys])
    assert all(key in made for key in keys)
    assert sum(draw.randbytes(16) in made for _ in range(20_000)) <= 5  # expected: 0.3


def test_a_filter_in_parts_is_complete_or_not_used(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuse, "MOST_KEYS", 100)
    draw, key = random.Random(7), pki.signer.status_key
    keys = [draw.randbytes(16) for _ in range(300)]
    parts = issued.build(head(1), "qr", keys)
    assert len(parts) == 4
    again = [issued.parse(issued.unwrap(one.sign(key.key_id, key.sign)).payload) for one in parts]
    assert again == parts
    whole = issued.complete(again)
    assert whole is not None and all(one in whole for one in keys)
    assert issued.complete(again[1:]) is None
    newer = issued.build(head(2), "qr", keys)
    assert issued.complete([*again, *newer[:2]]) == whole


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_as_a_filter_are_refused_or_answer(data: bytes) -> None:
    try:
        filled = fuse.Fuse16.checked(data[:8], len(data) // 8, 1, data[8:])
    except Unreadable:
        return
    assert isinstance(b"key" in filled, bool)
