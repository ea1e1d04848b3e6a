"""One name from another alphabet, as each country writes it in Latin letters: Шевченко is Schewtschenko in German,
Shevchenko in English, Chevtchenko in French, Ševčenko in libraries. Pure.

A name is read as each of these countries would (`heard`): the letters for ш, щ, ч, ж, ц, с and з are one there, as in
the classes of Daitch and Mokotoff (1985), and letters that are two sounds are read as both (`ch`, `j`, `h`, `c`, `z`).
Sources: Duden's transcriptions, ICAO Doc 9303 part 3 (section 6), BGN/PCGN and ISO 9 for Cyrillic; DIN 31635 and what
passports of Arabic countries write, in English and in French (`ou`, `dj`, `ch`). Arabic writes no short vowels, so
that Latin ones change from paper to paper: a and e, e and i, o and u are one within a name. The last vowel is none of
these: it parts Amir from Amira.

Two such names are near to each other, never certainly one: a person is asked.
"""

import re
from functools import lru_cache
from itertools import product

from eligibility.domain.names import sound

Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: tuple[str, str]) -> Rules:
    return tuple((re.compile(pattern), said) for pattern, said in pairs)


HISSING = ("tch", "sch"), ("zh|ts|tz|z", "s")
"""However it is written; ц is z in German, and з is s."""
ENGLISH = ("(?<!s)ch", "sch"), ("j", "dsch"), ("ee", "i"), ("oo", "u")
FRENCH = (
    ("(?<!s)ch", "sch"), ("dj", "dsch"), ("(?<!d)j", "sch"), ("^ou(?=[aei])", "w"), ("gu(?=[ei])", "g"),
    ("(?<=[eo])ff?$", "w"),
)  # fmt: skip
SILENT = ("(?<=[a-z]{3})e$", "")
"""As in Noureddine, Abderrahmane."""
SCHOLARLY = ("c(?![hk])", "s"), ("(?<![ckpstgdz])h", "kh"), ("^nt", "d"), ("^mp", "b")
"""Without the marks of its letters, which are gone by then; Greek `nt` and `mp` begin no name otherwise."""
UKRAINIAN = ("(?<![ckpstz])h", "g")
"""г is h there and g in Russian."""
COUNTRIES = tuple(
    _rules(*of, *HISSING)
    for of in ((), ENGLISH, FRENCH, (*FRENCH, SILENT), SCHOLARLY, (UKRAINIAN,), (*ENGLISH, UKRAINIAN))
)
VOWELS = re.compile("[aeiou]+")
ALIKE = frozenset(
    frozenset(pair.split()) for pair in ("a e", "e i", "o u", "i ei", "e ei", "u iu", "o io", "e io")
)  # fmt: skip
"""Vowels that are one within a name; the last ones are е and ё, ю and я after a consonant."""
ALIKE_AT_END = frozenset({frozenset({"i", "ei"})})
"""Sergej, Sergii."""


@lru_cache(maxsize=4096)
def sounds_of(word: str) -> frozenset[str]:
    """A word of small letters without marks, as each country would say it."""
    return frozenset({sound(word), *(sound(_as_in(country, word)) for country in COUNTRIES)})


def _as_in(country: Rules, word: str) -> str:
    for pattern, said in country:
        word = pattern.sub(said, word)
    return word


@lru_cache(maxsize=4096)
def skeletons(word: str) -> frozenset[str]:
    """Its consonants: words that are one by `is_heard_alike`, or sound the same, have one of these in common."""
    return frozenset(VOWELS.sub(lambda found: "" if found.start() else "-", each) for each in sounds_of(word))


@lru_cache(maxsize=4096)
def is_heard_alike(one: str, other: str) -> bool:
    """Whether both may be transcriptions of one name."""
    if not skeletons(one) & skeletons(other):
        return False
    return any(_is_one_name(a, b) for a, b in product(sounds_of(one), sounds_of(other)))


def _is_one_name(one: str, other: str) -> bool:
    if VOWELS.split(one) != VOWELS.split(other):
        return False
    pairs = list(zip(VOWELS.finditer(one), VOWELS.finditer(other), strict=True))
    return all(_are_alike(a.group(), b.group(), is_last=a.end() == len(one)) for a, b in pairs)


def _are_alike(one: str, other: str, *, is_last: bool) -> bool:
    return one == other or {one, other} in (ALIKE_AT_END if is_last else ALIKE)
