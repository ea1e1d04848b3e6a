"""House numbers: number, suffix, fraction, part, range, list and flat told apart.

`3 1/2` (a fraction), `31/2` (part 2 of number 31), `3-12` and `312` are four houses. Different houses never share a
key; the spellings of one house always do. In keys `_` parts number and fraction, `:` stands for the slash, and `^` is
before what is set high or enclosed (`21¹`, `21①`). Keys that former programs wrote otherwise are written anew at the
service's start.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Interpolation = Literal["", "even", "odd", "all", "alphabetic"]
INTERPOLATED_M = 50.0
"""Houses farther apart than this along an interpolation are not placed: their doors could be anywhere between. Nearer
ones may be off by as much, so what is measured from them is in doubt by it."""
_DASHES = "‐‑‒–—―−﹘﹣－⁃"
_SLASHES = "⁄∕／"
_SIGNS = str.maketrans({**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_SLASHES, "/"), ";": ","})
_NAME = re.compile(r"^(hausnummer|hausnr|hnr|nr|no|№|#)[.:]?\s*(?=\d)")
_FLAT = re.compile(
    r"\s*(//.*|[,\s]\s*\d{1,2}\s*\.\s*(og|obergeschoss|etage|stock)\b.*"
    r"|[,\s]\s*(whg|wohnung|wohneinheit|we|app|apt|appartement|apartment|zimmer|zi|og|eg|dg|ug)\b.*)$"
)
"""What tells a flat of the house, as DIN 5008 writes it (`5 // W 3`) and as families do."""
_FORMS_OF_A_DIGIT = ("<wide>", "<narrow>", "<font>", "<fraction>")
_MOST_IN_RANGE = 40
"""A range that spans more numbers is none, or a mistake."""
_RANGE = re.compile(r"^(\d+)([a-z]?)-(\d*)([a-z]?)$")


@lru_cache(maxsize=8192)
def number_key(number: str) -> str:
    """`5 a`, `5A`, `05a` and `Nr. 5a` give `5a`; `5 – 7` gives `5-7`; `3½` and `3 1/2` give `3_1:2`."""
    text = _NAME.sub("", "".join(_plain(letter) for letter in unicodedata.normalize("NFC", number)).lower().strip())
    text = _FLAT.sub("", text.translate(_SIGNS))
    text = re.sub(r"(?<=[\da-z])\s*\bbis\b\s*(?=\d)", "-", text)
    text = re.sub(r"(?<=[\da-z])\s*(?:\bund\b|\bu\.|&|\+)\s*(?=\d)", ",", text)
    text = re.sub(r"\s*([-/,^])\s*", r"\1", re.sub(r"\s+", " ", text.strip(" .,")))
    text = re.sub(r"(?<=\d)[ .](?=[^\W\d])|(?<=[^\W\d])[ .]", "", text)
    text = re.sub(r"(^|(?<=[,-]))0+(?=\d)", "", text)
    return "" if text == "0" else text.replace(" ", "_").replace("/", ":")


def _plain(letter: str) -> str:
    """Compatibility forms as their letters, but what is set high or low stays apart, and a fraction gets its blank."""
    form = unicodedata.decomposition(letter)
    if form.startswith("<fraction>"):
        return f" {unicodedata.normalize('NFKD', letter).replace('⁄', '/')} "
    if form.startswith(("<super>", "<sub>")) or _is_enclosed(letter, form):
        return "".join(f"^{each}" for each in unicodedata.normalize("NFKD", letter) if each not in " .,")
    return unicodedata.normalize("NFKC", letter) if form.startswith("<") else letter


def _is_enclosed(letter: str, form: str) -> bool:
    """In a circle, in brackets or with a point of its own (①, ⑵, ⒈, 🄂) a digit is none of the number."""
    of_number = unicodedata.category(letter) == "Nd" or form.startswith(_FORMS_OF_A_DIGIT)
    return not of_number and any(each.isdigit() for each in unicodedata.normalize("NFKD", letter))


def same_number(one: str, other: str) -> bool:
    """Whether two spellings name the same house number."""
    return number_key(one) == number_key(other)


@lru_cache(maxsize=8192)
def houses_of(number: str, interpolation: Interpolation = "") -> tuple[tuple[str, bool], ...]:
    """The single houses of a list or range, each with whether it was counted in a range: `24; 24a; 26` gives three,
    `12-16` gives 12, 14 and 16, `14a,b` gives 14a and 14b. A single number gives itself.

    Between numbers of one side of the street lie those of that side; where the ends are of both sides, only the ends
    are certain, unless `interpolation` says that all count.
    """
    found: dict[str, bool] = {}
    base = ""
    for part in number_key(number).replace("_", " ").replace(":", "/").split(","):
        whole = f"{base}{part}" if re.fullmatch(r"[a-z]", part) else part
        base = re.match(r"\d*", whole).group()  # type: ignore[union-attr]  # matches always
        counted = _counted(whole, interpolation)
        if not counted:
            found[whole] = False
        for house in counted:
            found.setdefault(house, True)
    return tuple((house, counted) for house, counted in found.items() if house)


def _counted(text: str, interpolation: Interpolation) -> list[str]:
    """The houses of a range; none where it is no range that can be counted."""
    match = _RANGE.match(text)
    if match is None:
        return []
    low, first, high, last = int(match[1]), match[2], int(match[3] or match[1]), match[4]
    if low == high:
        letters = [chr(code) for code in range(ord(first or "a"), ord(last or "a") + 1)] if last else []
        return [f"{low}{letter}" for letter in ([] if first or not letters else [""]) + letters]
    if not low < high <= low + _MOST_IN_RANGE:
        return []
    if first or last:
        return [f"{low}{first}", f"{high}{last}"]
    step = {"even": 2, "odd": 2, "all": 1}.get(interpolation, 2)
    return [str(each) for each in numbers_between(low, high, step)]


def numbers_between(low: int, high: int, step: int) -> list[int]:
    """Both ends, and what lies between in steps; only the ends where the steps do not lead from one to the other.

    Args:
        low, high: house numbers.
    """
    return list(range(low, high + 1, step)) if (high - low) % step == 0 else [low, high]
