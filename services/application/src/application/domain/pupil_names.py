"""When two spellings may be one name, as a family and as a school write it, and which grade a class belongs to. Pure.

Tolerant of case, accents, transcribed umlauts, hyphens, apostrophes, particles, further given names, and of letters
that an export in Windows-1252 writes as `?` because it has no others. It proposes only: whoever compares also asks for
the birth date, and two that fit are never guessed.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import zip_longest

UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ß": "ss"}
LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "e",
}  # fmt: skip
"""Letters that have no mark to take away."""
PARTICLES = frozenset(
    {"von", "vom", "van", "vande", "vander", "zu", "zum", "zur", "der", "den", "dem", "de", "del", "della", "di", "da"}
    | {"do", "dos", "das", "du", "des", "la", "le", "el", "al", "bin", "ibn", "ben", "af", "av", "ten", "ter", "und"}
    | {"y", "e", "i"}
)
"""Words that one register writes with the name, and another apart or not at all."""
LOST = "?"
"""What an export in Windows-1252 writes for a letter that this character set does not have (`?ukasiewicz`)."""
SHORTEST_LIKE = 4
"""Of shorter names one other letter makes another name."""
GRADES = frozenset(f"{each:02d}" for each in range(1, 14)) | {"EF", "Q1", "Q2"}
UPPER = {"EF": "EF", "E1": "EF", "E2": "EF", "Q1": "Q1", "Q2": "Q2"}
_WORDS = re.compile(r"[^\s\-‐‑–—.,/]+")
_CLASS = re.compile(r"(?:(?:klasse|kl|jg|jahrgang)\.?\s*)?0?(1[0-3]|[1-9])(?![0-9])")
_UPPER_CLASS = re.compile(r"(EF|E1|E2|Q1|Q2)(?![0-9])")


class Likeness(IntEnum):
    """How near two names are, the farthest first."""

    OTHER = 0
    LIKE = 1
    """So near that one may be a misspelling, or a part, of the other."""
    SAME = 2
    """One name, with a further given name or a particle more or less."""
    EXACT = 3


def compare_last_names(one: str, other: str) -> Likeness:
    """How near two last names are; one part of a double name is like the whole."""
    one, other = _with_lost_letters(one, other), _with_lost_letters(other, one)
    mine, yours = _without_particles(_parts(one)), _without_particles(_parts(other))
    found = _compare(mine, yours)
    if found is not Likeness.OTHER:
        return found
    shares = any(_same(a, b) for a in mine for b in yours)
    return Likeness.LIKE if shares and len(mine) != len(yours) else Likeness.OTHER


def compare_first_names(one: str, other: str) -> Likeness:
    """How near two given names are; whoever writes fewer of them means the same person."""
    one, other = _with_lost_letters(one, other), _with_lost_letters(other, one)
    mine, yours = _parts(one), _parts(other)
    found = _compare(mine, yours)
    if found is Likeness.EXACT or not mine or not yours:
        return found
    fewer, more = sorted((mine, yours), key=len)
    if all(any(_same(a, b) for b in more) for a in fewer):
        return Likeness.SAME
    return found


def exact_spellings(last_name: str, first_name: str) -> set[tuple[str, str]]:
    """What two people have in common exactly where both their names are the same but for accents and the like."""
    last, first = _joined(_without_particles(_parts(last_name))), _joined(_parts(first_name))
    return {(one, other) for one in last for other in first}


def grade_of_class(class_name: str) -> str | None:
    """The SVWS key of the grade that a class belongs to: `05` of `5b`, `EF` of `EF`; None where its name does not say
    so (an international class, a class at a Berufskolleg)."""
    text = class_name.strip()
    if found := _UPPER_CLASS.match(text.upper()):
        return UPPER[found[1]]
    found = _CLASS.match(text.casefold())
    return None if found is None else f"{int(found[1]):02d}"


def _compare(mine: Sequence[tuple[str, str]], yours: Sequence[tuple[str, str]]) -> Likeness:
    if _joined(mine) & _joined(yours):
        return Likeness.EXACT
    a, b = "".join(each[0] for each in mine), "".join(each[0] for each in yours)
    if min(len(a), len(b)) >= SHORTEST_LIKE and _is_one_letter_off(a, b):
        return Likeness.LIKE
    return Likeness.OTHER


def _joined(parts: Sequence[tuple[str, str]]) -> set[str]:
    return {"".join(each[index] for each in parts) for index in (0, 1)}


def _same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return bool(set(one) & set(other))


def _with_lost_letters(name: str, whole: str) -> str:
    """The name with the letters that its export has lost, where a word of the other name has just those there."""
    if LOST not in name:
        return name
    words = _WORDS.findall(unicodedata.normalize("NFC", whole))
    lost = _WORDS.split(unicodedata.normalize("NFC", name)), _WORDS.findall(unicodedata.normalize("NFC", name))
    return "".join(
        between + next((each for each in words if _loses_to(each, word)), word)
        for between, word in zip_longest(*lost, fillvalue="")
    )


def _loses_to(word: str, written: str) -> bool:
    if len(word) != len(written) or LOST not in written:
        return False
    return all(_is_lost(a) if b == LOST else a.casefold() == b.casefold() for a, b in zip(word, written, strict=True))


def _is_lost(letter: str) -> bool:
    try:
        _ = letter.encode("cp1252")
    except UnicodeEncodeError:
        return unicodedata.category(letter)[0] in "LM"
    return False


@lru_cache(maxsize=20_000)
def _parts(name: str) -> tuple[tuple[str, str], ...]:
    """The words of a name, each without marks, and with umlauts written out."""
    text = unicodedata.normalize("NFC", name).casefold().replace("ß", "ss")
    words = re.split(r"[\s\-‐‑–—.,/]+", re.sub(r"['’‘`´ʼʻʹʺʾʿˈˌ¨~·‡]", "", text))
    return tuple((_bare(word), _bare("".join(UMLAUTS.get(each, each) for each in word))) for word in words if word)


def _bare(word: str) -> str:
    without = unicodedata.normalize("NFD", word)
    kept = "".join(each for each in without if not unicodedata.combining(each))
    return "".join(LETTERS.get(each, each) for each in kept)


def _without_particles(parts: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    return [each for each in parts if each[0] not in PARTICLES] or parts


def _is_one_letter_off(one: str, other: str) -> bool:
    """One letter other, more, less, or two beside each other changed places."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((index for index in range(len(one)) if one[index] != other[index]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start + 1 : start + 2] + one[start : start + 1] + one[start + 2 :]
    return one[start + 1 :] == other[start + 1 :] or swapped == other[start:]
