"""How scanners follow lists: the page says what Python says, of true histories and of ones that somebody meddled with."""

import base64
import json
import random
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from issuance.barcode.refusal import Refusal, Unreadable
from issuance.lists import compact
from issuance.lists.delta import Delta, Head, Snapshot, hash_of
from issuance.lists.follow import ShardState, follow, start
from issuance.lists.status_list import Shard
from issuance.signer.ceremony import Pki
from issuance.verification.list_changes import open_delta, open_snapshot
from issuance.verification.trust import Trust, assemble
from support.json import Json
from support.making import changed

PROJECT = Path(__file__).resolve().parents[4]
VECTORS = PROJECT / "services" / "issuance" / "vectors"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Step = tuple[str, list[bytes]]
"""("snapshot", [data]) or ("deltas", [data, …])."""


def python(trust: Trust, steps: Sequence[Step], at: datetime) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    state: ShardState | None = None
    for kind, data in steps:
        try:
            if kind == "snapshot":
                state = start(state, open_snapshot(data[0], trust), at)
            else:
                assert state is not None, "begin with a snapshot"
                state = follow(state, [open_delta(one, trust) for one in data], at)
            told.append({"version": state.head.version, "sha256": hash_of(state.bits).hex()})
        except Refusal as refusal:
            told.append({"refused": refusal.reason})
            if state is None:
                break  # nothing to begin with
    return told


def page(
    node: str, trust_list: bytes, histories: Sequence[tuple[Sequence[Step], datetime]], lists: Sequence[bytes] = ()
) -> Json:
    given = {
        "trust_list": _text(trust_list),
        "histories": [
            {"at": at.timestamp() * 1000, "steps": [{kind: _text(b"".join(data))} for kind, data in steps]}
            for steps, at in histories
        ],
        "compact": [_text(one) for one in lists],
    }  # fmt: skip
    harness = PROJECT / "tests" / "browser" / "follow_in_node.js"
    done = subprocess.run([node, str(harness)], input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: Json = json.loads(done.stdout)
    return answer


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Publisher:
    """The signer's side of a shard: every version as snapshot and delta."""

    def __init__(self, pki: Pki, draw: random.Random, versions: int = 6) -> None:
        self.key, self.shard = pki.signer.status_key, Shard(32838, 416)
        bits, self.made = compact.bits_of(()), list[tuple[Snapshot, Delta]]()
        for number in range(1, versions + 1):
            at = NOW + timedelta(minutes=number)
            head = Head(self.shard, number, at, at + timedelta(days=7))
            after = compact.bits_of({*draw.sample(compact.places_of(bits), len(compact.places_of(bits)) * 9 // 10),
                                     *draw.sample(range(1_000_000), draw.randrange(30))})  # fmt: skip
            self.made.append((Snapshot(head, after), Delta.between(head, bits, after)))
            bits = after

    def sign(self, one: Snapshot | Delta) -> bytes:
        return one.sign(self.key.key_id, self.key.sign)

    def snapshot(self, number: int, **head: object) -> Step:
        one = self.made[number - 1][0]
        return "snapshot", [self.sign(replace(one, head=changed(one.head, **head)))]

    def deltas(self, *versions: int) -> Step:
        return "deltas", [self.sign(self.made[version - 1][1]) for version in versions]


def histories(publisher: Publisher, stranger: Publisher, draw: random.Random) -> list[list[Step]]:
    """True and false ones; what a false server can do with genuine lists, and what it cannot."""
    one = publisher
    bent = one.made[3][1]
    false = [
        replace(bent, before=bytes(32)), replace(bent, after=bytes(32)), replace(bent, revoked=(*bent.revoked, 1_000_001)),
        replace(bent, head=replace(bent.head, version=9)), replace(bent, head=replace(bent.head, shard=Shard(1, 416))),
        replace(bent, head=replace(bent.head, published_at=NOW - timedelta(days=1))),
    ]  # fmt: skip
    found = [
        [one.snapshot(1), one.deltas(2, 3), one.deltas(4, 5, 6), one.deltas(6)],
        [one.snapshot(2), one.deltas(1, 2, 3), ("deltas", [])],
        [one.snapshot(1), one.deltas(2, 4), one.deltas(3), one.snapshot(4), one.deltas(5)],
        [one.snapshot(4), one.snapshot(3), one.deltas(3), one.snapshot(6)],
        [one.snapshot(3), one.snapshot(3, version=4), one.deltas(4), one.deltas(5)],
        [one.snapshot(3), stranger.snapshot(4), stranger.deltas(4)],
        [one.snapshot(3), ("snapshot", [one.sign(replace(one.made[4][0], head=replace(one.made[4][0].head, version=3)))])],
        [one.snapshot(3), one.snapshot(4, shard=Shard(32838, 417)), one.snapshot(4, expires_at=NOW), one.snapshot(4)],
    ]  # fmt: skip
    found += [[one.snapshot(3), ("deltas", [one.sign(delta)]), one.deltas(4, 5)] for delta in false]
    for _ in range(25):
        order = draw.sample(range(1, 7), draw.randrange(1, 7))
        found.append([one.snapshot(draw.randrange(1, 7)), one.deltas(*order), one.deltas(*sorted(order))])
    return found


def test_the_page_follows_and_refuses_as_python_does(pki: Pki, node: str) -> None:
    draw = random.Random(3)
    trust = assemble((), pki.trust_list, ())
    tried = histories(Publisher(pki, draw), Publisher(pki, draw), draw)
    moments = [NOW + timedelta(hours=1), NOW + timedelta(days=8)]
    cases = [(steps, at) for steps in tried for at in moments]
    expected = [python(trust, *case) for case in cases]
    assert page(node, pki.trust_list, cases)["histories"] == expected
    codes = {told["refused"] for one in expected for told in one if "refused" in told}
    assert codes == {"omission", "rollback", "fork", "other_issuer", "over"}


def test_the_page_follows_the_published_chain(node: str) -> None:
    content = json.loads((VECTORS / "deltas.json").read_text(encoding="utf-8"))
    raw = base64.b64decode
    steps: list[Step] = [("snapshot", [raw(content["snapshot"])])]
    steps += [("deltas", [raw(one)]) for one in content["deltas"]]
    (told,) = page(node, raw(content["trust_list"]), [(steps, NOW + timedelta(hours=2))])["histories"]
    assert told == [{key: one[key] for key in ("version", "sha256")} for one in content["states"]]


def test_the_page_reads_compact_lists_as_python_does_and_refuses_the_same(pki: Pki, node: str) -> None:
    draw, lists = random.Random(4), list[bytes]()
    for size in (0, 1, 5, 300, 20_000):
        places = draw.sample(range(compact.PLACES), size)
        lists += [compact.encode(places), compact.encode(range(size)), bytes(1) + _bits(places)]
    lists += [
        base64.b64decode(one["data"]) for one in json.loads((VECTORS / "compact.json").read_text(encoding="utf-8"))
    ]
    small = [one for one in lists if len(one) < 2000]
    for _ in range(600):
        data = bytearray(draw.choice(small))
        data[draw.randrange(len(data))] = draw.randrange(256)
        del data[draw.randrange(len(data) * 3) + 1 :]
        lists.append(bytes(data) + draw.choice((b"", b"", b"\0", b"\x80")))
    assert page(node, pki.trust_list, [], lists)["compact"] == [_python_places(one) for one in lists]


def _bits(places: Sequence[int]) -> bytes:
    import zlib

    return zlib.compress(compact.bits_of(places), 9)


def _python_places(data: bytes) -> list[int] | None:
    try:
        return compact.decode(data)
    except Unreadable:
        return None
