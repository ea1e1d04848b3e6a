"""The files that pages need beside themselves: style sheets, scripts, fonts, pictures. Read once, served from memory.

    files = Assets("issuance.web", headers, missing=NO_FILE)
    return files.answer(request, "scan.css")

What `local web` laid beside a file in another coding (`kern.min.css.br`) is served in its place to who takes it.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.abc import Traversable
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from shared.errors import NotFound, Text
from shared.http.coding import CODINGS, DAMAGED, PLAIN, ContentCoding, choose_coding, pays

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".md": "text/markdown; charset=utf-8",
        ".webmanifest": "application/manifest+json; charset=utf-8",
    }
)
"""By the ending of a file. Others are not served."""


@dataclass(frozen=True)
class Asset:
    """One file, in every coding in which it is served."""

    media_type: str
    integrity: str
    """Digest of the plain content, as browsers check it (SRI)."""
    contents: Mapping[str, bytes]
    """Coding -> octets, the best first and PLAIN last."""

    @property
    def plain(self) -> bytes:
        """Its octets without a coding."""
        return self.contents[PLAIN]

    def tag(self, coding: str) -> str:
        """A strong ETag: it stands for octets, so each coding has its own (RFC 9110, 8.8.3.3)."""
        return f'"{self.integrity}"' if coding == PLAIN else f'"{self.integrity}.{coding}"'

    def answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        """The file as the reader takes it; 304 where it has this already."""
        offered = [coding for coding in self.contents if coding != PLAIN]
        coding = choose_coding(",".join(request.headers.getlist("accept-encoding")), offered)
        content, tag = self.contents[coding], self.tag(coding)
        all_headers = {**headers, "ETag": tag, "Vary": "Accept-Encoding"}
        if _is_known(tag, ",".join(request.headers.getlist("if-none-match"))):
            return Response(status_code=304, headers=all_headers)
        if coding != PLAIN:
            all_headers["Content-Encoding"] = coding
        if request.method == "HEAD":
            return Response(media_type=self.media_type, headers=all_headers | {"Content-Length": str(len(content))})
        return Response(content, media_type=self.media_type, headers=all_headers)


class Assets:
    """The files of a package, as they are served. What comes later is not."""

    def __init__(self, package: str, headers: Mapping[str, str], *, missing: Text) -> None:
        """`headers` go out with every file; `missing` says that there is none of a name."""
        self._files = files_of(package)
        self._headers = headers
        self._missing = missing

    def answer(self, request: Request, path: str) -> Response:
        """Raises NotFound."""
        found = self._files.get(path)
        if found is None:
            raise NotFound(self._missing)
        return found.answer(request, self._headers)


def asset(name: str, content: bytes, beside: Mapping[str, Traversable] = MappingProxyType({})) -> Asset:
    """A file of this name.

    Args:
        beside: the files that lie next to it, by their names.
    """
    coded: dict[str, bytes] = {}
    if pays(name):
        for coding, how in CODINGS.items():
            coded[coding] = _laid_beside(content, how, beside.get(name + how.ending)) or how.quick(content)
    integrity = "sha256-" + base64.b64encode(sha256(content).digest()).decode()
    return Asset(MEDIA_TYPES[_suffix(name)], integrity, MappingProxyType(coded | {PLAIN: content}))


@cache
def files_of(package: str) -> Mapping[str, Asset]:
    """The files in the folder `static` of a package, by their paths below it, as they were at the first call."""
    found: dict[str, Asset] = {}
    _collect(resources.files(package) / "static", "", found)
    return MappingProxyType(found)


def _collect(folder: Traversable, prefix: str, found: dict[str, Asset]) -> None:
    entries = {entry.name: entry for entry in folder.iterdir()}
    for name, entry in entries.items():
        if entry.is_dir():
            if not name.startswith("."):  # `local web` is at work there
                _collect(entry, f"{prefix}{name}/", found)
        elif _suffix(name) in MEDIA_TYPES:
            found[prefix + name] = asset(name, entry.read_bytes(), entries)


def _laid_beside(content: bytes, how: ContentCoding, file: Traversable | None) -> bytes | None:
    """What was compressed when the pages were built; None where that was another content."""
    if file is None:
        return None
    compressed = file.read_bytes()
    try:
        return compressed if how.plain(compressed) == content else None
    except DAMAGED:
        return None


def _suffix(name: str) -> str:
    return f".{name.rpartition('.')[2]}"


def _is_known(tag: str, if_none_match: str) -> bool:
    """RFC 9110, 13.1.2: compared weakly, because a proxy may have weakened the tag on its way."""
    listed = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in listed or "*" in listed
