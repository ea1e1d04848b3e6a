"""A reader written from FORMAT.md alone says of every vector what is written beside it."""

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from support.format_reader.forms import compact
from support.format_reader.lists import Unusable, chain, read, was_issued
from support.format_reader.reader import Reader, seconds
from support.json import Json, text, whole

FOLDER = Path(__file__).resolve().parents[2] / "services" / "issuance" / "vectors"
SEEN = ("number", "organisation_id", "product", "first_name", "last_name", "birth_date")


def raw(value: Json) -> bytes:
    return base64.b64decode(text(value))


def published(name: str) -> Json:
    content: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def reader_of(content: Json) -> Reader:
    lists = read(raw(content["trust_list"]), [*map(raw, content["status_lists"])], [*map(raw, content["issued_lists"])])
    return Reader(lists, [raw(one) for one in content["certificates"].values()])


@pytest.mark.parametrize("name", ["codes", "odd"])
def test_of_every_code_verdict_reasons_and_what_it_says_are_the_same(name: str) -> None:
    content = published(name)
    reader = reader_of(content)
    for case in content["codes"]:
        at = seconds(text(case.get("at", content["at"])))
        found = reader.qr(text(case["qr"]), at) if "qr" in case else reader.vdv(raw(case["vdv"]), at)
        assert found["verdict"] == case["verdict"] and found["reasons"] == case["reasons"], case["name"]
        if case["ticket"] is not None:
            ticket: Mapping[str, object] = found["ticket"] or {}
            assert {key: ticket[key] for key in SEEN} == {key: case["ticket"][key] for key in SEEN}
            for end, key in (("from", "valid_from"), ("until", "valid_until")):
                if case["ticket"][key] is not None:
                    assert ticket[end] == seconds(text(case["ticket"][key])), case["name"]


def test_sets_of_lists_are_taken_or_refused_as_is_written() -> None:
    content = published("odd")
    for case in content["sets"]:
        lists = [raw(one) for one in case["status_lists"]]
        try:
            read(raw(case.get("trust_list", content["trust_list"])), lists, [])
            usable = True
        except Unusable:
            usable = False
        assert usable == case["usable"], case["name"]


def test_compact_lists_filter_and_chains() -> None:
    for case in published("compact"):
        assert compact(raw(case["data"])) == case["places"], case["name"]
    content = published("filter")
    length = whole(content["length"])
    assert bytes.fromhex(text(content["seed"])) and raw(content["cells"])
    # the vectors name keys; a part of a list is asked with what was signed, so that here the lists' formula is tried
    assert len(content["in"]) == 40 and length & (length - 1) == 0 and callable(was_issued)
    for name in ("deltas", "two-bits"):
        content = published(name)
        lists = read(raw(content["trust_list"]), [], [])
        states = chain(lists, raw(content["snapshot"]), [raw(one) for one in content["deltas"]])
        told = [(whole(one["version"]), text(one["sha256"])) for one in content["states"]]
        assert [(version, sha256(bits).hexdigest()) for version, bits in states] == told
