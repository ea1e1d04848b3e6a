"""Which licences parts may have: `licences.toml` lists them with reasons; whatever it does not know is refused."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.supply_chain.part import File, Package

LIST = Path(__file__).with_name("licences.toml")
TOKEN = re.compile(r"\s*(?:(?P<sign>[()])|(?P<word>[A-Za-z0-9.+-]+))")
DEEPEST = 10


class UnreadableLicence(Exception):
    """A text that is no licence expression of SPDX."""


@dataclass(frozen=True)
class Licences:
    """What was read and judged by a person."""

    allowed: Mapping[str, str]
    """SPDX identifier to the reason."""
    spellings: Mapping[str, str]
    """What packages say of themselves where that names one licence beyond doubt."""
    read: Mapping[str, str]
    """`NAME==VERSION` to the expression that a person found in the package."""
    files: Mapping[str, str]
    """Beginning of a served file's path within its package to its licence."""
    tools: Mapping[str, str] = field(default_factory=dict)
    """As `allowed`, of programs that developers run and that are not shipped."""

    def of(self, package: Package) -> str | None:
        """The SPDX expression, or None where nobody has read it yet."""
        by_hand = self.read.get(f"{package.name}=={package.version}")
        if by_hand is not None or package.licence is None:
            return by_hand
        said = self.spellings.get(package.licence, package.licence)
        if said.isalpha() and said not in self.allowed:
            return None  # "BSD", "GPL": a family, no licence
        try:
            _acceptable(said, frozenset())
        except UnreadableLicence:
            return None
        return said


def known_licences(path: Path = LIST) -> Licences:
    """The list of licences that were looked at, from its TOML file."""
    return Licences(**tomllib.loads(path.read_text(encoding="utf-8")))


def problems(packages: Iterable[Package], files: Iterable[File], licences: Licences) -> list[str]:
    """A sentence for each part that may not be used as it is: who, why, and what to do."""
    found = [said for package in packages if (said := _problem(package, licences))]
    found += [
        f"{file.path}: {file.licence} is not allowed. Serve another file, or have it judged."
        for file in files
        if file.licence is not None and not _acceptable(file.licence, frozenset(licences.allowed))
    ]
    return found


def _problem(package: Package, licences: Licences) -> str | None:
    where = f"{package.name} {package.version} ({package.ecosystem})"
    expression = licences.of(package)
    if expression is None:
        said = f"it says {package.licence!r}" if package.licence else "it says nothing, or is not installed here"
        return (
            f"{where}: unknown licence ({said}). Read the licence in the package and write "
            f'"{package.name}=={package.version}" = "SPDX EXPRESSION" below [read] of {LIST.name}.'
        )
    allowed = frozenset(licences.allowed) | (frozenset() if package.shipped else frozenset(licences.tools))
    if _acceptable(expression, allowed):
        return None
    return (
        f"{where}: {expression} is not allowed. Take another package, or have the licence judged beside the EUPL-1.2 "
        f"and write it with the reason below [allowed] of {LIST.name}."
    )


def _acceptable(expression: str, allowed: frozenset[str]) -> bool:
    """One side of OR suffices, AND needs both.

    Raises:
        UnreadableLicence.
    """
    words = list(_words(expression))
    good, rest = _either(words, allowed, DEEPEST)
    if rest:
        raise UnreadableLicence(expression)
    return good


def _words(expression: str) -> Iterator[str]:
    position = 0
    text = expression.rstrip()
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            raise UnreadableLicence(expression)
        position = found.end()
        yield found["sign"] or found["word"]


def _either(words: list[str], allowed: frozenset[str], deep: int) -> tuple[bool, list[str]]:
    good, words = _both(words, allowed, deep)
    while words[:1] == ["OR"]:
        other, words = _both(words[1:], allowed, deep)
        good = good or other
    return good, words


def _both(words: list[str], allowed: frozenset[str], deep: int) -> tuple[bool, list[str]]:
    good, words = _one(words, allowed, deep)
    while words[:1] == ["AND"]:
        other, words = _one(words[1:], allowed, deep)
        good = good and other
    return good, words


def _one(words: list[str], allowed: frozenset[str], deep: int) -> tuple[bool, list[str]]:
    if words[:1] == ["("] and deep:
        good, words = _either(words[1:], allowed, deep - 1)
        if words[:1] != [")"]:
            raise UnreadableLicence("a bracket is not closed")
        return good, words[1:]
    if not words or words[0] in {"AND", "OR", "WITH", "(", ")"}:
        raise UnreadableLicence("a licence is missing")
    if words[1:2] == ["WITH"] and len(words) > 2:
        return f"{words[0]} WITH {words[2]}" in allowed, words[3:]
    return words[0] in allowed, words[1:]
