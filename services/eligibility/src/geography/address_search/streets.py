"""Finds the street that a person means: misspelt, abbreviated, with or without its town. Pure; held in memory.

The state has some 200,000 streets (with their town), and 4.5 million houses: the street is found here by the groups of
three letters that it shares with what was typed, the house then in the table by its exact key.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from geography.model.address_key import city_key, street_key
from geography.model.house_number import number_key
from geography.model.records import Street

LEAST_ALIKE = 0.4
"""Share of common letter groups (Dice) below which a street is not proposed: one error in five letters passes."""
LEAST_FIT = 0.6
"""A town or postal code that fits less is another than was typed: the street is proposed, never taken for certain."""
MOST_LOOKED_AT = 400
"""Streets looked at with their towns; the rarest spellings come first, `Hauptstr` alone has a thousand."""
PLATES: Final = MappingProxyType(
    {
        "ac": "Aachen", "bi": "Bielefeld", "bo": "Bochum", "bn": "Bonn", "bot": "Bottrop", "do": "Dortmund",
        "du": "Duisburg", "dn": "Düren", "d": "Düsseldorf", "e": "Essen", "ge": "Gelsenkirchen", "gt": "Gütersloh",
        "ha": "Hagen", "ham": "Hamm", "hf": "Herford", "her": "Herne", "hx": "Höxter", "k": "Köln", "kle": "Kleve",
        "kr": "Krefeld", "lev": "Leverkusen", "lip": "Lippe", "dt": "Detmold", "mi": "Minden",
        "mg": "Mönchengladbach", "mh": "Mülheim an der Ruhr", "ms": "Münster", "ne": "Neuss", "ob": "Oberhausen",
        "oe": "Olpe", "pb": "Paderborn", "re": "Recklinghausen", "rs": "Remscheid", "si": "Siegen", "so": "Soest",
        "sg": "Solingen", "un": "Unna", "waf": "Warendorf", "wes": "Wesel", "wit": "Witten", "w": "Wuppertal",
    }
)  # fmt: skip
"""How people abbreviate towns: the plates of their cars."""


@dataclass(frozen=True)
class TypedAddress:
    """What a person typed, taken apart."""

    words: tuple[str, ...]
    """The words that are neither house number nor postal code."""
    before: int
    """How many of them stand before the house number; all, where there is none."""
    number: str
    postal_code: str


@dataclass(frozen=True)
class StreetMatch:
    """A street that may be meant; `score` 0 to 1, 1: just as typed."""

    street: Street
    score: float
    misfit: bool = False
    """Its town or postal code is another than was typed."""


_PART = r"\d{1,4}(?:[¹²³]|\s?[½¼¾⅓⅔⅛]|\s\d\s?/\s?\d)?\s?[a-zA-Z]?(?![\w½¼¾])"
_NUMBER = re.compile(rf"(?<![\w.]){_PART}(?:\s?[-‐‑‒–/+;&]\s?{_PART}|,{_PART})*(?![\w.])")
_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")


def take_apart(text: str) -> TypedAddress:
    """`Kirchstr 5a pb` -> words (Kirchstr, pb), one before the number, number 5a."""
    code = _CODE.search(text)
    rest = text[: code.start()] + " , " + text[code.end() :] if code else text
    number, place = "", len(rest)
    for found in _NUMBER.finditer(rest):
        if found.start() > 0 and re.search(r"[^\W\d_]", rest[: found.start()]):  # `Straße des 17. Juni 5`: the last one
            number, place = found.group(0), found.start()
            ends = found.end()
    if number:
        rest = rest[:place] + " , " + rest[ends:]
    words = [(found.group(0), found.start()) for found in re.finditer(r"[\w.\-ßäöüÄÖÜ']+", rest)]
    cut = min(place, code.start() if code and code.start() > 0 else place)
    return TypedAddress(
        tuple(word for word, _ in words),
        sum(at < cut for _, at in words),
        number_key(number),
        code.group(0) if code else "",
    )


def _grams(key: str) -> set[str]:
    """Groups of three letters with the ends marked; `str` at the end tells nothing and is left out."""
    stem = key.removesuffix("str") if len(key) > 5 else key
    marked = f"^{stem}$"
    return {marked[place : place + 3] for place in range(len(marked) - 2)}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


class StreetIndex:
    """All streets; built once after an import (a second for the state), then only read, also by several threads."""

    def __init__(self, streets: Iterable[Street]) -> None:
        by_key: dict[str, list[Street]] = {}
        for street in streets:
            by_key.setdefault(street_key(street.street), []).append(street)
        self._keys = sorted(by_key)
        self._streets = [by_key[key] for key in self._keys]
        self._sizes = np.array([len(_grams(key)) for key in self._keys], dtype=np.int32)
        posted: dict[str, list[int]] = {}
        for number, key in enumerate(self._keys):
            for gram in _grams(key):
                posted.setdefault(gram, []).append(number)
        self._posted: dict[str, npt.NDArray[np.int32]] = {g: np.array(n, dtype=np.int32) for g, n in posted.items()}

    def __len__(self) -> int:
        return sum(len(streets) for streets in self._streets)

    def find(self, typed: TypedAddress, limit: int = 20) -> list[StreetMatch]:
        """Streets that may be meant, the likeliest first, ties by town and name."""
        best: dict[Street, tuple[float, bool]] = {}
        for street_words, place_words in _splits(typed):
            for alike, number in self._alike(street_key(" ".join(street_words))):
                for street in self._streets[number]:
                    fits = _fits(street, place_words, typed.postal_code)
                    if alike * fits > best.get(street, (0.0, False))[0]:
                        best[street] = alike * fits, fits < LEAST_FIT
        found = [
            StreetMatch(street, round(score, 4), bad) for street, (score, bad) in best.items() if score >= LEAST_ALIKE
        ]
        found.sort(key=lambda each: (-each.score, each.street.city, each.street.street, each.street.postal_codes))
        return found[:limit]

    def _alike(self, key: str) -> list[tuple[float, int]]:
        """Names that share letters with a key: how alike (Dice), and their number; the likest first."""
        grams = _grams(key)
        lists = [self._posted[gram] for gram in grams if gram in self._posted]
        if not key or not lists:
            return []
        common = np.bincount(np.concatenate(lists), minlength=len(self._keys))
        near = np.flatnonzero(common)
        alike = 2 * common[near] / (self._sizes[near] + len(grams))
        likely = near[alike >= LEAST_ALIKE], alike[alike >= LEAST_ALIKE]
        order = np.lexsort((likely[0], -likely[1]))[:MOST_LOOKED_AT]
        return [(1.0 if self._keys[n] == key else 0.97 * float(a), int(n)) for n, a in
                zip(likely[0][order].tolist(), likely[1][order].tolist(), strict=True)]  # fmt: skip


def _splits(typed: TypedAddress) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Which words are the street's and which the town's. A number or postal code parts them; else any place may."""
    words = typed.words
    if 0 < typed.before < len(words):
        return [(words[: typed.before], words[typed.before :])]
    cuts = range(1, min(len(words), 5) + 1)
    ways: list[tuple[Sequence[str], Sequence[str]]] = [(words[:cut], words[cut:]) for cut in cuts]
    return ways + [(words[cut:], words[:cut]) for cut in cuts if cut < len(words)]


def _fits(street: Street, place_words: Sequence[str], postal_code: str) -> float:
    """How well a street's town fits what was typed of it, 0 to 1. Nothing typed fits nearly as well as all of it."""
    factor = 1.0
    if postal_code and street.postal_codes:
        factor = 1.0 if postal_code in street.postal_codes else 0.5
    wanted = city_key(" ".join(place_words))
    if not wanted:
        return factor * (1.0 if postal_code else 0.95)
    name = city_key(street.city)
    if wanted == name or city_key(PLATES.get(wanted, "")) == name:
        return factor
    if len(wanted) >= 3 and name.startswith(wanted):
        return factor * 0.95
    alike = _dice(_grams(wanted), _grams(name))
    return factor * (0.9 * alike if alike >= LEAST_ALIKE else 0.3)
