"""The published test vectors say what the verifier says, and FORMAT.md alone is enough to read them."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from issuance.acceptance import vectors
from issuance.lists.delta import hash_of
from issuance.lists.follow import ShardState, follow
from issuance.verification.list_changes import open_delta, open_snapshot
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from support.json import Json, text, texts, whole

FOLDER = Path(__file__).resolve().parents[4] / "services" / "issuance" / "vectors"


def published(name: str) -> Json:
    content: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def raw(value: object) -> bytes:
    return base64.b64decode(text(value))


@pytest.mark.parametrize("make", [lambda: published("codes"), vectors.codes], ids=["published", "made anew"])
def test_each_code_has_the_verdict_that_is_written_beside_it(make: Callable[[], Json]) -> None:
    content = make()
    lists = [[raw(one) for one in content[name]] for name in ("status_lists", "issued_lists")]
    certificates = [raw(one) for one in content["certificates"].values()]
    verifier = Verifier(assemble(certificates, raw(content["trust_list"]), lists[0], (), lists[1]))
    at = datetime.fromisoformat(text(content["at"]))
    for case in content["codes"]:
        found = verifier.verify_qr(text(case["qr"]), at) if "qr" in case else verifier.verify_vdv(raw(case["vdv"]), at)
        told: Mapping[str, object] = found.as_json()
        assert told == {key: case[key] for key in ("verdict", "reasons", "ticket")}, case["name"]
    verdicts = {case["verdict"] for case in content["codes"]}
    assert verdicts == {"valid", "revoked", "expired", "not_yet_valid", "invalid", "unknown_issuer", "unreadable"}


def rice(data: bytes) -> list[int]:
    """As FORMAT.md says, bit by bit."""
    k, at, count, shift = data[1], 2, 0, 0
    while True:
        count |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            break
    bits = iter([byte >> bit & 1 for byte in data[at:] for bit in range(7, -1, -1)])
    places, place = [], -1
    for _ in range(count):
        gap = 0
        while next(bits):
            gap += 1
        for _ in range(k):
            gap = gap << 1 | next(bits)
        place += gap + 1
        places.append(place)
    return places


def test_compact_lists_are_read_by_the_description_alone() -> None:
    kinds = set()
    for case in published("compact"):
        data = raw(case["data"])
        kinds.add(data[0])
        if data[0] == 1:
            assert rice(data) == case["places"], case["name"]
    assert 1 in kinds


def test_the_filter_is_read_by_the_description_alone() -> None:
    content = published("filter")
    cells = raw(content["cells"])

    seed, length = bytes.fromhex(text(content["seed"])), whole(content["length"])

    def is_in(key: bytes) -> bool:
        h = hashlib.sha256(seed + key).digest()
        numbers = [int.from_bytes(h[at : at + 4], "big") for at in (0, 4, 8, 12)]
        segment, mixed = numbers[0] * whole(content["segments"]) >> 32, 0
        for i in range(3):
            place = (segment + i) * length + numbers[i + 1] % length
            mixed ^= int.from_bytes(cells[2 * place : 2 * place + 2], "big")
        return mixed == int.from_bytes(h[16:18], "big")

    assert len(content["in"]) == 40 and all(is_in(bytes.fromhex(key)) for key in texts(content["in"]))
    assert len(content["out"]) > 30 and not any(is_in(bytes.fromhex(key)) for key in texts(content["out"]))


def test_the_chain_of_deltas_leads_to_the_states_beside_it() -> None:
    content = published("deltas")
    trust = assemble((), raw(content["trust_list"]), ())
    snapshot = open_snapshot(raw(content["snapshot"]), trust)
    states = [ShardState.of(snapshot)]
    for data in content["deltas"]:
        states.append(follow(states[-1], [open_delta(raw(data), trust)], snapshot.head.published_at))
    assert [(one.head.version, hash_of(one.bits).hex()) for one in states] == [
        (whole(one["version"]), text(one["sha256"])) for one in content["states"]
    ]
