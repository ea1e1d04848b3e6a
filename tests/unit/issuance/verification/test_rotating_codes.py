"""A code that changes is read as the one that stands: Python's verifier, the scanner page's and the reader from FORMAT.md
say of each published code the same with the wallet's time and number behind it, offline."""

import base64
import json
from datetime import datetime
from pathlib import Path

import pytest
from support.format_reader.lists import read
from support.format_reader.reader import Reader, seconds
from support.issuance.both_verifiers import Both, Case
from support.json import Json, text

FOLDER = Path(__file__).resolve().parents[4] / "services" / "issuance" / "vectors"


def raw(value: object) -> bytes:
    return base64.b64decode(text(value))


@pytest.fixture(scope="module")
def content() -> Json:
    found: Json = json.loads((FOLDER / "codes.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def both(content: Json) -> Both:
    certificates = [raw(one) for one in content["certificates"].values()]
    return Both(certificates, raw(content["trust_list"]), [raw(one) for one in content["status_lists"]])


def verdicts(both: Both, content: Json, suffix: str) -> list[tuple[str, ...]]:
    """Of each QR code, what the three say: one entry where they agree."""
    at = datetime.fromisoformat(text(content["at"]))
    codes = [text(case["qr"]) + suffix for case in content["codes"] if "qr" in case]
    cases = [Case("qr", code.encode("latin-1"), at) for code in codes]
    reader = Reader(read(both.trust_list, list(both.statuses), []), list(both.certificates))
    alone = [reader.qr(code, seconds(text(content["at"]))) for code in codes]
    found = []
    for python, browser, other in zip(both.python(cases), both.browser(cases)["findings"], alone, strict=True):
        assert python == browser
        assert (python["verdict"], python["reasons"]) == (other["verdict"], other["reasons"])
        found.append((text(python["verdict"]), *map(str, python["reasons"])))
    return found


@pytest.mark.parametrize("suffix", ["#1764518400.123456", "#1764518400.00000001", "#0.000000"])
def test_the_time_and_number_behind_a_ticket_change_no_verdict(both: Both, content: Json, suffix: str) -> None:
    plain = verdicts(both, content, "")
    assert "valid" in {verdict for verdict, *_ in plain}
    assert verdicts(both, content, suffix) == plain


@pytest.mark.parametrize(
    "suffix",
    [
        "#", "#1764518400", "#1764518400.12345", "#1764518400.123456789", "#1764518400.123456#1764518400.123456",
        "#1764518400,123456", " #1764518400.123456", "#²²²².123456", "#1764518400.123456 ", "#1234567890123.123456",
    ],
)  # fmt: skip
def test_anything_else_behind_a_ticket_is_none(both: Both, content: Json, suffix: str) -> None:
    assert {verdict for verdict, *_ in verdicts(both, content, suffix)} <= {"unreadable", "invalid"}
