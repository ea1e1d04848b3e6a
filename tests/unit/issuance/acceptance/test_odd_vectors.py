"""Of odd codes and lists Python's verifier, the scanner page's, and the reader from FORMAT.md say the same."""

import base64
import json
from datetime import datetime
from pathlib import Path

import pytest
from issuance.acceptance import vectors
from issuance.acceptance.odd_vectors import odd
from support.format_reader.lists import Unusable as ReaderUnusable
from support.format_reader.lists import read
from support.format_reader.reader import Reader, seconds
from support.issuance.both_verifiers import Both, Case, in_node
from support.json import Json, text, walked

FOLDER = Path(__file__).resolve().parents[4] / "services" / "issuance" / "vectors"


def raw(value: object) -> bytes:
    return base64.b64decode(text(value))


def published() -> Json:
    content: Json = json.loads((FOLDER / "odd.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module", params=["published", "made anew"])
def content(request: pytest.FixtureRequest) -> Json:
    return published() if request.param == "published" else walked(odd())


def both_of(content: Json) -> Both:
    certificates = [raw(text(one)) for one in content["certificates"].values()]
    return Both(certificates, raw(content["trust_list"]), [raw(text(one)) for one in content["status_lists"]])


def test_all_three_say_of_every_odd_code_what_is_written_beside_it(content: Json) -> None:
    both, cases = both_of(content), []
    for case in content["codes"]:
        at = datetime.fromisoformat(text(case["at"]))
        cases.append(
            Case("qr", text(case["qr"]).encode("latin-1"), at)
            if "qr" in case
            else Case("vdv", raw(text(case["vdv"])), at)
        )
    python, browser = both.python(cases), both.browser(cases)["findings"]
    lists = read(both.trust_list, list(both.statuses), [])
    reader = Reader(lists, list(both.certificates))
    for case, one, other in zip(content["codes"], python, browser, strict=True):
        written: dict[str, object] = {key: case[key] for key in ("verdict", "reasons", "ticket")}
        assert one == written and other == written, case["name"]
        moment = seconds(text(case["at"]))
        found = reader.qr(text(case["qr"]), moment) if "qr" in case else reader.vdv(raw(case["vdv"]), moment)
        assert found["verdict"] == case["verdict"] and found["reasons"] == case["reasons"], case["name"]


def test_all_three_take_or_refuse_the_same_sets_of_lists(content: Json) -> None:
    sets = [
        Both(
            (),
            raw(case.get("trust_list", content["trust_list"])),
            [raw(text(one)) for one in case["status_lists"]],
        )
        for case in content["sets"]
    ]
    answers = in_node([both.given([]) for both in sets])
    for case, both, answer in zip(content["sets"], sets, answers, strict=True):
        trusted, statuses = both.trust_list, list(both.statuses)
        assert ("unusable" not in answer) == case["usable"], case["name"]
        try:
            read(trusted, statuses, [])
            usable = True
        except ReaderUnusable:
            usable = False
        assert usable == case["usable"], case["name"]


def test_the_odd_ones_are_of_as_many_kinds_as_were_tried() -> None:
    content = published()
    assert len(content["codes"]) >= 100 and len(content["sets"]) >= 100
    assert {one["name"] for one in content["codes"]} == {one["name"] for one in odd()["codes"]}
    assert set(vectors.make()) == {path.stem for path in FOLDER.glob("*.json")}
