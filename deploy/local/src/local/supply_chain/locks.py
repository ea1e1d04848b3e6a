"""Reads the locks: `requirements.lock` and others in pip's form, with hashes, and `package-lock.json`.

Raises UnusableLock for every line that names no exact version or no hash: what is fetched must be known beforehand.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from local.supply_chain.inside import inside
from local.supply_chain.part import Digest, Package

PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)\s*(;[^\\]*)?\\?")
HASH = re.compile(r"--hash=(?P<algorithm>sha256|sha384|sha512):(?P<content>[0-9a-f]+)")
VIA = re.compile(r"#\s+(?:via\s+)?(?P<name>[a-z0-9][a-z0-9._-]*)$")
ALGORITHMS = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
LONGEST_LICENCE = 80
"""Some packages write the whole text of their licence where its name belongs."""


class UnusableLock(Exception):
    """A lock that leaves open what will be fetched; the text names the line."""


def python_packages(lock: Path, members: frozenset[str]) -> list[Package]:
    """Every entry of a lock in pip's form. `members` are the project's own packages: what they need is shipped.

    The licence is the one that the installed package of the same version states.
    """
    entries = list(_entries(lock))
    asked_by = {name: askers for name, _, _, askers in entries}
    installed = {_normal(each.name): each for each in distributions() if each.name}
    return [
        Package(
            ecosystem="pypi",
            name=name,
            version=version,
            digests=digests,
            licence=_stated(_same(installed.get(name), version)),
            shipped=_leads_to(name, asked_by, members),
            direct=not askers or bool(askers & members),
            needs=tuple(sorted({each for each, _, _, their_askers in entries if name in their_askers})),
            inside=inside(found) if (found := _same(installed.get(name), version)) else (),
        )
        for name, version, digests, askers in entries
    ]


def npm_packages(lock: Path) -> list[Package]:
    """Every package of an npm lock, once for each version."""
    listed: Mapping[str, Mapping[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    direct = {name for kind in ("dependencies", "devDependencies") for name in listed[""].get(kind, {})}
    found: dict[str, Package] = {}
    for place, entry in listed.items():
        if not place:
            continue
        package = _npm_package(place, entry, direct, lock)
        before = found.get(package.url)
        found[package.url] = replace(package, shipped=package.shipped or (before is not None and before.shipped))
    return list(found.values())


def _npm_package(place: str, entry: Mapping[str, Any], direct: set[str], lock: Path) -> Package:
    name = place.rpartition("node_modules/")[2]
    if "integrity" not in entry:
        raise UnusableLock(f"{lock.name}: {name} has no hash (integrity)")
    return Package(
        ecosystem="npm",
        name=name,
        version=entry["version"],
        digests=tuple(_npm_digest(each) for each in entry["integrity"].split()),
        licence=entry.get("license"),
        shipped=not entry.get("dev", False),
        direct=place == f"node_modules/{name}" and name in direct,
        needs=tuple(sorted(entry.get("dependencies", {}))),
    )


def _npm_digest(integrity: str) -> Digest:
    algorithm, _, content = integrity.partition("-")
    return Digest(ALGORITHMS[algorithm], base64.b64decode(content, validate=True).hex())


Entry = tuple[str, str, tuple[Digest, ...], frozenset[str]]


def _entries(lock: Path) -> Iterable[Entry]:
    """Name, version, digests and by whom it is asked for: uv writes that below each entry."""
    blocks: list[list[str]] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            blocks.append([line])
        elif blocks and line.strip():
            blocks[-1].append(line.strip())
    return [_entry(block, lock) for block in blocks]


def _entry(block: list[str], lock: Path) -> Entry:
    head = PINNED.fullmatch(block[0])
    if head is None:
        raise UnusableLock(f"{lock.name}: no exact version in {block[0]!r}")
    found = [HASH.search(line) for line in block]
    digests = tuple(Digest(ALGORITHMS[each["algorithm"]], each["content"]) for each in found if each)
    if not digests:
        raise UnusableLock(f"{lock.name}: no hash for {head['name']}=={head['version']}")
    askers = frozenset(each["name"] for line in block[1:] if (each := VIA.fullmatch(line)) and each["name"] != "via")
    return _normal(head["name"]), head["version"], digests, askers


def _leads_to(name: str, asked_by: Mapping[str, frozenset[str]], members: frozenset[str]) -> bool:
    seen, waiting = set[str](), [name]
    while waiting:
        each = waiting.pop()
        if each in members:
            return True
        if each not in seen:
            seen.add(each)
            waiting += asked_by.get(each, frozenset())
    return False


def _same(installed: Distribution | None, version: str) -> Distribution | None:
    """What another version says is no word on this one."""
    return installed if installed is not None and installed.version == version else None


def _stated(installed: Distribution | None) -> str | None:
    """What the package's description says of its licence, as shortly as it says it anywhere."""
    if installed is None:
        return None
    said: list[str] = installed.metadata.get_all("License-Expression") or installed.metadata.get_all("License") or []
    if said and said[0].strip() and "\n" not in said[0] and len(said[0]) <= LONGEST_LICENCE:
        return said[0].strip()
    classes = [each for each in installed.metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    return " / ".join(sorted(each.rpartition(" :: ")[2] for each in classes)) or None


def _normal(name: str) -> str:
    """As package indexes compare names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
