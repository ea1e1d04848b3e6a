"""Nothing cites what a reader does not have: links and anchors in documents, paths, numbered rules and decisions.

A path in backticks may be cut at the front (`workflow/decision/guard.py`), as a reader says it who has the service in
mind; it must end like a file of this repository. docs/decisions is history: what it names may have moved since.
"""

import os
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from support.decisions import numbers

PROJECT = Path(__file__).resolve().parents[2]
TEXTS = (".md", ".py", ".toml", ".yaml", ".yml", ".html", ".js", ".mjs", ".typ", ".conf", ".css", ".ini")
LINK = re.compile(r"(?<!\!)\[[^\]\n]+\]\(([^)\s]+)\)")
TICKED = re.compile(r"`([^`\s]+)`")
PATH = re.compile(
    r"^(?:services|shared|deploy|tests|docs)/[\w./@-]+$|^[\w./-]+/[\w.-]+\.(?:py|md|ya?ml|toml|html|css|js|mjs|conf|typ|sh|lock)$"
)
MADE_HERE = ("var/", ".venv/", "node_modules/")
"""What a reader has after `make`, and no clone before."""
OF_OTHERS = re.compile(r"https?://\S+|\bLICENSE\.md\b")


@cache
def files() -> tuple[str, ...]:
    """Of the repository, with those that are new and not yet committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(name for name in told if (PROJECT / name).is_file())


@cache
def places() -> frozenset[str]:
    """Files and folders, and each of their ends (`bus/relay.py` of `shared/src/shared/bus/relay.py`)."""
    every = {*files(), *(str(above) for name in files() for above in PurePosixPath(name).parents)}
    return frozenset("/".join(PurePosixPath(one).parts[start:]) for one in every for start in range(one.count("/") + 1))


def texts() -> Iterator[tuple[str, str]]:
    for name in files():
        if name.endswith(TEXTS) or PurePosixPath(name).name in {"Makefile", ".importlinter"}:
            yield name, (PROJECT / name).read_text(encoding="utf-8")


def documents() -> list[str]:
    return [name for name in files() if name.endswith(".md")]


def anchor(heading: str) -> str:
    """As code hosts make it of a heading: small letters, blanks to hyphens, no punctuation."""
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    kept = (each for each in plain if each in "-_ " or unicodedata.category(each)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def anchors(name: str) -> set[str]:
    text = re.sub(r"^```.*?^```", "", (PROJECT / name).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def lines(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.splitlines(), 1)


@pytest.mark.parametrize("name", documents())
def test_each_link_leads_to_a_file_and_a_heading_that_are_there(name: str) -> None:
    lost = []
    for number, line in lines((PROJECT / name).read_text(encoding="utf-8")):
        for target in LINK.findall(line):
            if "://" in target or target.startswith("mailto:"):
                continue
            path, _, place = target.partition("#")
            wanted = os.path.normpath(PurePosixPath(name).parent / path) if path else name
            if wanted not in places() and not (PROJECT / wanted).exists():
                lost.append(f"{name}:{number} {target}")
            elif place and (not wanted.endswith(".md") or place not in anchors(wanted)):
                lost.append(f"{name}:{number} {target}: no such heading")
    assert lost == []


@pytest.mark.parametrize("name", [each for each in documents() if not each.startswith("docs/decisions/")])
def test_each_path_in_a_document_is_there(name: str) -> None:
    lost = []
    for number, line in lines((PROJECT / name).read_text(encoding="utf-8")):
        for told in TICKED.findall(line):
            path = re.sub(r":\d+$|::\w+$", "", told.rstrip(".,:;/")).removeprefix("./")
            if (
                re.search(r"[*<>{}…$|]|[A-Z]{3,}(?![a-z.]*\.md)", path)
                or path.startswith(MADE_HERE)
                or not PATH.match(path)
            ):
                continue
            if path not in places():
                lost.append(f"{name}:{number} {told}")
    assert lost == []


def test_each_document_that_is_cited_anywhere_is_here() -> None:
    """`docs/…`, `FORMAT.md`, `TRAPS.md`: in comments, help, messages and settings too."""
    lost = []
    for name, text in texts():
        if name.startswith("docs/decisions/") or name == "tests/contract/test_references.py":
            continue
        for number, line in lines(OF_OTHERS.sub("", text)):
            for told in re.findall(r"(?<![\w/.-])((?:[\w-]+/)*[\w-]+\.md)\b|(?<![\w/.-])(docs/[\w/.-]*\w)", line):
                path = told[0] or told[1]
                here = os.path.normpath(PurePosixPath(name).parent / path)
                if path not in places() and here not in places():
                    lost.append(f"{name}:{number} {path}")
    assert lost == []


def rules() -> set[int]:
    text = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8").partition("## Rules of the house\n")[2]
    return {int(number) for number in re.findall(r"^(\d+)\. \*\*", text.partition("\n## ")[0], re.MULTILINE)}


def test_each_numbered_rule_that_is_cited_is_a_rule_of_the_house() -> None:
    known, cited = rules(), []
    assert known == set(range(1, len(known) + 1))
    for name, text in texts():
        for number, line in lines(text):
            cited += [(f"{name}:{number}", int(each)) for each in re.findall(r"\b[Rr]ules? (\d+)\b", line)]
    assert [place for place, rule in cited if rule not in known] == []


def test_each_decision_that_is_cited_is_one_of_the_decisions() -> None:
    known, cited = numbers(), []
    assert known == set(range(1, max(known) + 1)), "decisions are counted without a gap"
    for name, text in texts():
        for number, line in lines(text):
            for told in re.findall(r"\b[Dd]ecisions? ((?:\d{1,3}(?:, | and | to )?)+)", line):
                cited += [(f"{name}:{number}", int(each)) for each in re.findall(r"\d+", told)]
    assert len(cited) > 50
    assert [place for place, decision in cited if decision not in known] == []
