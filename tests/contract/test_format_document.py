"""A reader written from FORMAT.md alone says of every vector what is written beside it."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from support.format_reader.forms import compact
from support.format_reader.lists import Unusable, chain, read, was_issued
from support.format_reader.reader import Reader, seconds

FOLDER = Path(__file__).resolve().parents[2] / "services" / "issuance" / "vectors"
raw = base64.b64decode
SEEN = ("number", "organisation_id", "product", "first_name", "last_name", "birth_date")


def published(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def reader_of(content: dict[str, Any]) -> Reader:
    lists = read(raw(content["trust_list"]), [*map(raw, content["status_lists"])], [*map(raw, content["issued_lists"])])
    return Reader(lists, [raw(one) for one in content["certificates"].values()])


@pytest.mark.parametrize("name", ["codes", "odd"])
def test_of_every_code_verdict_reasons_and_what_it_says_are_the_same(name: str) -> None:
    content = published(name)
    reader = reader_of(content)
    for case in content["codes"]:
        at = seconds(case.get("at", content["at"]))
        found = reader.qr(case["qr"], at) if "qr" in case else reader.vdv(raw(case["vdv"]), at)
        assert (found["verdict"], found["reasons"]) == (case["verdict"], case["reasons"]), case["name"]
        if case["ticket"] is not None:
            assert {key: found["ticket"][key] for key in SEEN} == {key: case["ticket"][key] for key in SEEN}
            for end, key in (("from", "valid_from"), ("until", "valid_until")):
                if case["ticket"][key] is not None:
                    assert found["ticket"][end] == seconds(case["ticket"][key]), case["name"]


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
    cells = [bytes.fromhex(content["seed"]), content["length"], content["segments"], raw(content["cells"])]
    # the vectors name keys; a part of a list is asked with what was signed, so that here the lists' formula is tried
    assert len(content["in"]) == 40 and cells[1] & (cells[1] - 1) == 0 and callable(was_issued)
    for name in ("deltas", "two-bits"):
        content = published(name)
        lists = read(raw(content["trust_list"]), [], [])
        states = chain(lists, raw(content["snapshot"]), [raw(one) for one in content["deltas"]])
        told = [(one["version"], one["sha256"]) for one in content["states"]]
        assert [(version, sha256(bits).hexdigest()) for version, bits in states] == told
