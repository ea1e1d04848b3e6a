"""What was compiled into an installed package, as it tells itself: PEP 770 gives each a folder for bills of its own.

Some 20 wheels have one: OpenSSL in `cryptography`, the crates of `pydantic-core` and `typst`. The others say nothing.
"""

import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution
from typing import Any

from local.supply_chain.part import EmbeddedPart

FOLDER = re.compile(r"[^/]+\.dist-info/sboms/[^/]+\.json")
URL = re.compile(r"pkg:(?P<kind>cargo|generic|rpm|deb)/(?P<name>[A-Za-z0-9._~/+-]+)@(?P<version>[A-Za-z0-9._~+:-]+)")
"""Parts of pypi in such a bill are the package itself, or what the lock names anyway."""


def inside(installed: Distribution) -> tuple[EmbeddedPart, ...]:
    """Each part once, in order of its URL."""
    told = [path for path in installed.files or () if FOLDER.fullmatch(path.as_posix())]
    found = {each.url: each for path in told for each in _parts(json.loads(path.read_text(encoding="utf-8")))}
    return tuple(found[url] for url in sorted(found))


def _parts(bill: dict[str, Any]) -> Iterator[EmbeddedPart]:
    for component in bill.get("components", ()):
        if url := URL.match(component.get("purl", "")):
            yield EmbeddedPart(url[0], url["name"].rpartition("/")[2], url["version"])
