"""Odd lists for the vectors: really signed, by a key of lists or by the root; some to be taken, most to be refused."""

import base64
import zlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import cbor2

from issuance.acceptance import trials
from issuance.barcode.qr import cose
from issuance.lists import status_list, trust_list, two_bits
from issuance.lists.status_list import Shard, StatusList, bits_of
from issuance.lists.trust_list import TrustList
from issuance.lists.two_bits import Places
from issuance.signer.ceremony import Pki

SHARD = Shard(trials.ORGANISATION, 416)
LEFT_OUT = object()


def odd_statuses(pki: Pki, at: datetime) -> dict[str, list[bytes]]:
    """Sets of status lists by name."""
    key, ticket_key, end = pki.signer.status_key, pki.signer.ticket_key, at + timedelta(days=7)
    lists = (
        StatusList(SHARD, 1, at, end, bits_of([5])),
        StatusList(SHARD, 1, at, end, two_bits.bits_of(Places([5], [6])), 1),
    )
    subject = f"https://lists.example/v2/status-lists/{SHARD}"
    made = {f"{width} bits": [one.sign(subject, key.key_id, key.sign)] for width, one in enumerate(lists, start=1)}
    made["both"] = [*made["1 bits"], *made["2 bits"]]
    made["signed by a key of tickets"] = [lists[0].sign(subject, ticket_key.key_id, ticket_key.sign)]
    made["one good, one cut"] = [*made["1 bits"], made["2 bits"][0][:-1]]
    for width, one in enumerate(lists, start=1):
        kind = status_list.KIND if width == 1 else status_list.KIND_V2
        good: dict[Any, Any] = cbor2.loads(one.encode(subject))
        for name, change in _changes(good, width).items():
            claims = {at: value for at, value in {**good, **change}.items() if value is not LEFT_OUT}
            payload = cbor2.dumps(claims, canonical=True)
            made[f"{width} bits: {name}"] = [cose.sign_list(key.key_id, kind, payload, key.sign)]
        payload = one.encode(subject)
        for name, odd in {
            "bytes after": payload + b"\0",
            "not canonical": cbor2.dumps(dict(reversed(good.items()))),
        }.items():
            made[f"{width} bits: {name}"] = [cose.sign_list(key.key_id, kind, odd, key.sign)]
        other = status_list.KIND_V2 if width == 1 else status_list.KIND
        made[f"{width} bits: the other's kind"] = [cose.sign_list(key.key_id, other, payload, key.sign)]
    return made


def _changes(good: dict[Any, Any], width: int) -> dict[str, dict[Any, Any]]:
    lst = good[65533]["lst"]
    version = -65536 - width
    changes: dict[str, dict[Any, Any]] = {
        "version missing": {version: LEFT_OUT},
        "version 0": {version: 0},
        "version true": {version: True},
        "version 2^53": {version: 1 << 53},
        "version as text": {version: "1"},
        "no end": {4: LEFT_OUT},
        "no issue": {6: LEFT_OUT},
        "float issue": {6: 1.5},
        "end 2^33": {4: 1 << 33},
        "negative issue": {6: -1},
        "no subject": {2: LEFT_OUT},
        "no time to live": {65534: LEFT_OUT},
        "one claim more": {100: "x"},
        "subject alone": {2: str(SHARD)},
        "shard 4096": {2: f"x/{trials.ORGANISATION}-4096"},
        "leading zero": {2: f"x/{trials.ORGANISATION}-0416"},
        "organisation 2^16": {2: "x/65536-416"},
        "slash behind": {2: f"x/{SHARD}/"},
        "bits of another width": {65533: {"bits": 3 - width, "lst": lst}},
        "bits true": {65533: {"bits": True, "lst": lst}},
        "bits missing": {65533: {"lst": lst}},
        "one key more in the list": {65533: {**good[65533], "x": 1}},
        "list as text": {65533: {"bits": width, "lst": "x"}},
        "list too short": {65533: {"bits": width, "lst": zlib.compress(bytes((1 << 17) * width - 1))}},
        "list too long": {65533: {"bits": width, "lst": zlib.compress(bytes((1 << 17) * width + 1))}},
        "no zlib": {65533: {"bits": width, "lst": b"x" * 20}},
        "bytes behind zlib": {65533: {"bits": width, "lst": lst + b"\0"}},
    }
    if width == 2:
        third = zlib.compress(bytes((0, 0b1100)) + bytes((1 << 18) - 2))
        changes |= {"a third value": {65533: {"bits": 2, "lst": third}}, "epoch missing": {-65539: LEFT_OUT}}
        changes |= {"epoch 0": {-65539: 0}, "epoch true": {-65539: True}, "epoch 7": {-65539: 7}}
    return changes


def odd_trust_lists(pki: Pki, listed: TrustList) -> dict[str, bytes]:
    """By name, all signed by the root."""
    root = pki.trust_root
    good: dict[Any, Any] = cbor2.loads(listed.encode())
    made = {}
    for name, change in (_changed_lists(listed) | _changed_keys(good) | _changed_shards(good)).items():
        claims = {at: value for at, value in {**good, **change}.items() if value is not LEFT_OUT}
        made[name] = cose.sign_list(root.key_id, trust_list.KIND, cbor2.dumps(claims, canonical=True), root.sign)
    stranger = pki.signer.ticket_key
    made["signed by another key"] = listed.sign(root.key_id, stranger.sign)
    made["another root inside"] = replace(listed, root=stranger.point).sign(root.key_id, root.sign)
    return made


def _changed_lists(listed: TrustList) -> dict[str, dict[Any, Any]]:
    """What else the list says, by name."""
    return {
        "trust list": {},
        "version 0": {1: 0},
        "version true": {1: True},
        "float issue": {2: 1.5},
        "no end": {3: LEFT_OUT},
        "a key of the list that nobody knows": {7: 1},
        "a text key": {"3": 1},
        "no modules": {6: []},
        "null as modules": {6: None},
        "module number 2^24": {6: [[bytes(8), 1 << 24, 0]]},
        "module": {6: [[bytes(8), 5, 0]]},
        "root of 63 bytes": {5: listed.root[:63]},
    }


def _changed_keys(good: dict[Any, Any]) -> dict[str, dict[Any, Any]]:
    """What its first key says, by name."""
    first, second, *rest = good[4]

    def keys(**changes: Any) -> dict[Any, Any]:
        """The first key with changes: `_9` is its key 9."""
        changed = {int(name[1:]): value for name, value in changes.items()}
        one = {name: value for name, value in {**first, **changed}.items() if value is not LEFT_OUT}
        return {4: [one, second, *rest]}

    return {
        "key: unknown key": keys(_20="x"),
        "key: shards of a key of tickets are ignored": keys(_9="x"),
        "key: no end": keys(_7=LEFT_OUT),
        "key: end true": keys(_7=True),
        "key: another algorithm": keys(_2=-8),
        "key: id of 5 bytes": keys(_1=b"12345"),
        "key: another state": keys(_4="lost"),
        "key: another use": keys(_5="all"),
        "key: organisation 2^16": keys(_6=[1 << 16]),
        "key: organisation true": keys(_6=[True]),
        "key: since without theft": keys(_8=1),
        "key: theft without since": keys(_4="compromised"),
        "key: theft": keys(_4="compromised", _8=1),
        "key: float since": keys(_4="compromised", _8=1.5),
    }


def _changed_shards(good: dict[Any, Any]) -> dict[str, dict[Any, Any]]:
    """Which keys it has, and what its second one may sign, by name."""
    first, second, *rest = good[4]

    def shards(value: Any) -> dict[Any, Any]:
        return {4: [first, {**second, 9: value}, *rest]}

    return {
        "two keys of one id": {4: [first, first, second]},
        "no keys": {4: []},
        "shards in order": shards([[1, 2], [1, 3]]),
        "shards out of order": shards([[1, 3], [1, 2]]),
        "a shard twice": shards([[1, 2], [1, 2]]),
        "no shards": shards([]),
        "shard 4096": shards([[1, 4096]]),
        "shard true": shards([[True, 1]]),
    }


def text_of(data: bytes) -> str:
    """Base64, as vectors in JSON carry bytes."""
    return base64.b64encode(data).decode()
