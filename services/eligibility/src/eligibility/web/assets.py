"""The files that pages need beside themselves, read once: own style sheet and pictures, and KERN's (from npm)."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from importlib.abc import Traversable

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".md": "text/markdown; charset=utf-8",
}
COMPRESSIBLE = (".css", ".svg", ".md")


@dataclass(frozen=True)
class Asset:
    content: bytes
    compressed: bytes | None
    """With gzip, where that pays: KERN's sheet shrinks from 340 kB to 40 kB."""
    media_type: str
    tag: str
    """HTTP's ETag."""


def asset(path: str) -> Asset | None:
    """By its path below `static/`; None where there is none. Only what was there at the start is ever served."""
    return _assets().get(path)


@lru_cache(maxsize=1)
def _assets() -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    _collect(resources.files("eligibility.web") / "static", "", found)
    return found


def _collect(folder: Traversable, prefix: str, found: dict[str, Asset]) -> None:
    for entry in folder.iterdir():
        suffix = f".{entry.name.rpartition('.')[2]}"
        if entry.is_dir():
            _collect(entry, f"{prefix}{entry.name}/", found)
        elif suffix in MEDIA_TYPES:
            content = entry.read_bytes()
            found[prefix + entry.name] = Asset(
                content,
                gzip.compress(content, mtime=0) if suffix in COMPRESSIBLE else None,
                MEDIA_TYPES[suffix],
                f'"{sha256(content).hexdigest()[:16]}"',
            )
