"""Content codings (RFC 9110, 8.4.1): what a reader takes, and files in them."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import brotli

PLAIN: Final = "identity"
"""The name of no coding at all."""


@dataclass(frozen=True)
class ContentCoding:
    """One way to write a file shorter."""

    ending: str
    """Of the file that lies beside the plain one."""
    smallest: Callable[[bytes], bytes]
    quick: Callable[[bytes], bytes]
    plain: Callable[[bytes], bytes]
    """Back again. Raises one of DAMAGED."""


DAMAGED: Final = (brotli.error, zlib.error, OSError, EOFError)
CODINGS: Final[Mapping[str, ContentCoding]] = MappingProxyType(
    {
        "br": ContentCoding(
            ".br", brotli.compress, lambda content: brotli.compress(content, quality=5), brotli.decompress
        ),
        "gzip": ContentCoding(
            ".gz",
            lambda content: gzip.compress(content, mtime=0),
            lambda content: gzip.compress(content, mtime=0),
            gzip.decompress,
        ),
    }
)
"""The best first. Brotli's best takes 5 s for the scanner's barcode reader (950 kB) and is a fifth shorter than gzip;
its quality 5 takes 0.04 s and is a tenth shorter."""


def pays(name: str) -> bool:
    """Whether a file of this name becomes shorter: fonts and pictures are compressed already."""
    return not name.endswith((".woff2", ".png"))


def smallest(name: str, content: bytes) -> dict[str, bytes]:
    """What is laid beside a file when pages are built: the further ending of its name -> the content in that coding."""
    return {how.ending: how.smallest(content) for how in CODINGS.values()} if pays(name) else {}


def choose_coding(accept_encoding: str, offered: Iterable[str]) -> str:
    """The coding that the reader likes best, of equal ones the first; PLAIN where none is taken (RFC 9110, 12.5.3)."""
    weights = _weights(accept_encoding)
    others = weights.get("*", 0.0)
    taken = [coding for coding in offered if weights.get(coding, others) > 0]
    return max([*taken, PLAIN], key=lambda coding: weights.get(coding, 0.0 if coding == PLAIN else others))


def _weights(accept_encoding: str) -> dict[str, float]:
    """Coding -> quality value. What cannot be read was not said."""
    weights: dict[str, float] = {}
    for part in accept_encoding[:400].lower().split(","):
        name, _, parameter = part.partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
    return weights
