"""The files of the scanner page, read once: own modules, KERN's style sheet, the barcode reader (npm)."""

import base64
import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from importlib.abc import Traversable

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json; charset=utf-8",
}
COMPRESSIBLE = (".html", ".css", ".js", ".wasm", ".svg", ".webmanifest")
PAGE, WORKER = "scan.html", "service-worker.js"
_PLACE = '"FILES"'
"""What the service worker's text holds where the list of files belongs."""


@dataclass(frozen=True)
class Asset:
    content: bytes
    compressed: bytes | None
    """With gzip, where that pays: the barcode reader shrinks from 954 kB to about 400 kB."""
    media_type: str
    integrity: str
    """As browsers check it (SRI); also HTTP's ETag."""


def asset(path: str) -> Asset | None:
    """By its path below `static/`; None where there is none. Only what was there at the start is ever served."""
    return _assets().get(path)


@lru_cache(maxsize=1)
def service_worker() -> Asset:
    """The service worker with the list of all files and their digests: it keeps these and no others."""
    files = {"": _assets()[PAGE].integrity}
    files |= {f"static/{path}": one.integrity for path, one in sorted(_assets().items()) if path not in (PAGE, WORKER)}
    text = _assets()[WORKER].content.decode().replace(_PLACE, json.dumps(files, indent=1))
    return _asset(text.encode(), ".js")


@lru_cache(maxsize=1)
def _assets() -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    _collect(resources.files("issuance.web") / "static", "", found)
    return found


def _collect(folder: Traversable, prefix: str, found: dict[str, Asset]) -> None:
    for entry in folder.iterdir():
        suffix = f".{entry.name.rpartition('.')[2]}"
        if entry.is_dir() and not entry.name.startswith("."):
            _collect(entry, f"{prefix}{entry.name}/", found)
        elif suffix in MEDIA_TYPES:
            found[prefix + entry.name] = _asset(entry.read_bytes(), suffix)


def _asset(content: bytes, suffix: str) -> Asset:
    integrity = "sha256-" + base64.b64encode(sha256(content).digest()).decode()
    compressed = gzip.compress(content, mtime=0) if suffix in COMPRESSIBLE else None
    return Asset(content, compressed, MEDIA_TYPES[suffix], integrity)
