"""An inspector reads words and what to do, never a bare code."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[4] / "services/issuance/src/issuance/web/static"
FORMAT = STATIC.parents[3] / "FORMAT.md"
DONE = {"good", "say_suspended", "seen_before", "seen_elsewhere"}
"""Nothing is to be done, or they stand beside another verdict."""


def text_of(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def codes() -> set[str]:
    """Of a finding: what the verifier says beside its verdicts, and what the page itself refuses."""
    said = re.findall(r'\["([a-z_]+)"[],]|, "([a-z_]+)"\], ticket', text_of("verify/verifier.js"))
    known = re.findall(
        r"const (?:OF_FILES|UNPROVEN|CERTIFICATE|FORGED) = \[(.*?)\];", text_of("page/verdict.js"), re.DOTALL
    )
    listed = re.findall(r'"([a-z_]+)"', " ".join(known))
    return {each for pair in said for each in pair if each} | set(listed)


def entries(text: str, name: str) -> set[str]:
    body = text[text.index(f"const {name} = {{") :].partition("\n};")[0]
    return set(re.findall(r"(?:^|[\s,{])([a-z_]+): ", body))


def test_every_reason_of_the_verifier_has_words_in_both_languages() -> None:
    found = entries(text_of("page/reasons.js"), "REASONS")
    assert len(codes()) > 20
    assert codes() - found == set()
    named = set(
        re.findall(r"`([a-z]+(?:_[a-z]+)+)`", FORMAT.read_text(encoding="utf-8").partition("| 7 theft")[2][:2500])
    )
    verdicts = {"status_stale", "not_yet_valid", "status_unchecked"}
    assert {
        each for each in named if each.startswith(("status_", "validity_", "issued_list", "key_"))
    } - verdicts <= found


@pytest.mark.parametrize(("language", "asks"), [("GERMAN", "Bitte"), ("ENGLISH", "lease")])
def test_every_verdict_says_what_to_do(language: str, asks: str) -> None:
    words = text_of("page/words.js")
    why = words[words.index(f"const {language} = {{") :].partition("  why: {")[2].partition("\n  },")[0]
    said = dict(re.findall(r'([a-z_]+): "([^"]*)"', why))
    advice = entries(text_of("page/reasons.js"), "ADVICE")
    assert {each for each, text in said.items() if asks not in text} - advice - DONE == set()
    assert advice <= said.keys()
