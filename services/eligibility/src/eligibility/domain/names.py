"""Names as people write them: what is one spelling of another, and what is one typing error away. Pure.

Letters are those of DIN 91379: marks are dropped (é, ș, ğ), letters that have no mark to drop are written in others (ß,
ø, ł, ı), Cyrillic and Greek as in passports (ICAO 9303), as far as one letter goes. Apostrophes of all kinds are
nothing; hyphens, blanks and dots part words. `ä` and `ae` are both `a`: so Müller, Mueller and Muller are one, and
Bauer is Baur. What else a letter is written as officially is a further reading of the name: `å` is `aa` and `đ` is `dj`
(Aagesen and Ågesen are one, Djukić and Đukić), `ə` is `e`, and Cyrillic as on the Balkans. Readings are added to what
is looked up, never put in its place: what was kept of a name before is found.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

APOSTROPHES = "·'`´‘’‚‛′‵ʹʺʻʼʽʾʿˈˊˋ՚＇"
LETTERS = str.maketrans(
    dict.fromkeys(APOSTROPHES)
    | {"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "ng", "ŧ": "t",
       "ə": "a", "ɨ": "i", "ɗ": "d", "ƙ": "k", "ƈ": "c", "ĸ": "k", "ǥ": "g", "ʒ": "z", "й": "i", "ё": "e", "ї": "i"}
)  # fmt: skip
OTHER_ALPHABETS = str.maketrans(
    {"а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
     "и": "i", "і": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p",
     "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "џ": "dz", "ш": "sh",
     "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "α": "a", "β": "v", "γ": "g", "δ": "d",
     "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o",
     "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o"}
)  # fmt: skip
UMLAUT = re.compile(r"(?<=[aou])e")
OTHERWISE = str.maketrans(
    {"ə": "e", "ŋ": "n", "ĸ": "q", "х": "h", "ц": "c", "ч": "c", "ш": "s", "ж": "z", "щ": "st", "ю": "ju", "я": "ja",
     "й": "j", "є": "je", "ї": "ji", "г": "h", "ђ": "dj"}
)  # fmt: skip
"""Other official transcriptions of single letters: ICAO 9303 (ə, ŋ, ĸ), Serbian, Ukrainian and Bulgarian usage."""
TWO_FOR_ONE = (re.compile("aa"), "a"), (re.compile("dj"), "d")
"""Letters for å and đ."""
PARTICLES = frozenset({
    "von", "vom", "van", "der", "den", "dem", "de", "di", "da", "do", "dos", "das", "del", "della", "la", "le", "les",
    "du", "zu", "zum", "zur", "und", "el", "al", "ul", "ben", "bin", "ibn", "bint", "abu", "ter", "te", "ten", "op",
    "af", "av",
})  # fmt: skip
"""Of family names: often left out, or written as one word with what follows. Some are names elsewhere (Do, Le, La in
Vietnam, Al and Ben): whoever leaves one out writes the same name, whoever writes another one does not."""
ARTICLES = frozenset({
    "al", "el", "ul", "ar", "as", "ad", "an", "at", "az", "ash", "asch", "ach", "er", "es", "ed", "en", "et", "ez",
    "esh", "esch", "ech",
})  # fmt: skip
"""One Arabic article, as it is said before each letter and written in each country: al-Rahman is ar-Rahman."""
WITH_PARTICLES = re.compile(f"(?:{'|'.join(sorted(PARTICLES | ARTICLES))})+")
SHORTEST_NAME = 3
"""Letters of a name before which particles may be written."""
FEMALE = re.compile("(?:ova|owa|eva|ewa|aite|iene)$")
"""Endings of a woman's family name beside that of her father or brother: Nováková beside Novák."""
MALE = re.compile("as$")
"""The Lithuanian ending in its place: Kazlauskaitė beside Kazlauskas."""
SOUNDS = (
    (re.compile("^m(?:ou|[aou])h[aeou]?mm?[ae]?[dt]"), "mohamed"),  # the name with the most spellings of all
    (re.compile("^abd(?:[aeiou]+(?:l+|([^aeioul])(?=\\1))?|([^aeiou])(?=\\2))(?=.{3})"), "abd"),  # Abdul-, Abdurrahman
    (re.compile("(?<=.{2})[aeiou]+[ld]+(?=di+ne?$|dee+ne?$)"), "e"),  # and in Nureddin, Nur al-Din
    (re.compile("t?sch|sh"), "s"), (re.compile("ph"), "f"), (re.compile("th|dt"), "t"), (re.compile("c[kh]|q"), "k"),
    (re.compile("x"), "ks"), (re.compile("c(?![ei])"), "k"), (re.compile("(?<=.)[zc]"), "s"), (re.compile("[yj]"), "i"),
    (re.compile("v"), "w"), (re.compile("ai"), "ei"), (re.compile("ou"), "u"), (re.compile("ie"), "i"),
    (re.compile("(?<=.)h"), ""), (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("(?<=[bdgkpt])e(?=r$)"), ""),  # Aleksandr, Petr
    (re.compile("(?<=u[a-z])e(?=[^aeiou]$)"), "u"),  # Youssef, Younes
    (re.compile("^ole(?=ks)"), "ale"), (re.compile("^i?e?(?=katerina$)"), ""),  # Ukrainian beside Russian
)  # fmt: skip
MOST_WORDS = 4
"""Of a name, that are looked at one by one."""
DROPPED = frozenset({"Mn", "Mc", "Me", "Cf", "Lm", "Sk"})
"""Unicode's categories of marks, of what nobody sees, and of letters and signs that modify another."""


class Words(NamedTuple):
    """A name, word by word, in small letters without marks. Single letters are no words where there are others: an
    initial says nothing."""

    words: tuple[str, ...]
    """`ae`, `oe`, `ue` as `a`, `o`, `u`."""
    whole: str
    """All of it as one word."""
    plain: str
    """Likewise, with `ae` as it was written: an error in it is one error there, and two in `whole`."""
    written: str
    """Likewise, with every letter as it was written: likewise for an error in ß, þ or ш."""

    others: tuple[tuple[str, ...], ...] = ()
    """`words` as they may be read otherwise, where they may."""

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """`words` first."""
        return (self.words, *self.others)

    @property
    def wholes(self) -> frozenset[str]:
        """`whole`, in every reading."""
        return frozenset({self.whole, *("".join(words) for words in self.others)})

    @property
    def runs(self) -> frozenset[str]:
        """Every word, and every row of words written as one: Anna Maria is anna, maria and annamaria."""
        return self.wholes.union(*(_rows(words[:MOST_WORDS]) for words in self.readings))

    @property
    def family(self) -> frozenset[str]:
        """As a family name is written as one word: with its particles, and without."""
        bare = (_bare(words) for words in self.readings)
        return (self.wholes | {"".join(parts) for parts in (*self.read_parts, *bare)}) - {""}

    @property
    def particles(self) -> frozenset[str]:
        """Before the name itself; the article is one, however it is written."""
        return frozenset("al" if each in ARTICLES else each for each in self.words[:-1] if _is_particle(each))

    @property
    def bare(self) -> frozenset[tuple[str, ...]]:
        """A family name without its particles and articles, whatever the order, in every reading. One that ends in a
        particle is no name with one: Le Van, Nguyen Van."""
        return frozenset(tuple(sorted(_bare(words))) for words in self.readings)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that a family name is made of."""
        return _without_particles(self.words)

    @property
    def read_parts(self) -> tuple[tuple[str, ...], ...]:
        """`parts`, in every reading."""
        return tuple(map(_without_particles, self.readings))


def _rows(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset("".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1))


def _is_particle(word: str) -> bool:
    return word in PARTICLES or word in ARTICLES


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return words if _is_particle(words[-1]) else tuple(each for each in words if not _is_particle(each))


def _without_particles(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in PARTICLES) or words


@lru_cache(maxsize=4096)
def words_of(name: str) -> Words:
    """A name without letters stays as it is."""
    found = _folded(name) or (name.casefold().strip(),)
    longer = _longer(found)
    plain = "".join(found)
    written = "".join(each for each in unicodedata.normalize("NFC", name).lower() if each.isalpha())
    words = tuple(UMLAUT.sub("", word) for word in longer)
    others = tuple(dict.fromkeys(each for each in _read_otherwise(name, words) if each != words))
    return Words(words, UMLAUT.sub("", plain), plain, written, others)


def _read_otherwise(name: str, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    small = unicodedata.normalize("NFC", name.casefold())
    other = small.translate(OTHERWISE)
    read = tuple(UMLAUT.sub("", word) for word in _longer(_folded(other))) if other != small else words
    return (tuple(map(_one_for_two, each)) for each in (words, read))


def _one_for_two(word: str) -> str:
    for pattern, letter in TWO_FOR_ONE:
        word = pattern.sub(letter, word)
    return word


def _folded(name: str) -> tuple[str, ...]:
    """Its words, in small letters without marks."""
    text = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS)).translate(LETTERS)
    kept = "".join(
        each if each.isalpha() else "" if unicodedata.category(each) in DROPPED else " "
        for each in text.translate(OTHER_ALPHABETS)
    )
    return tuple(kept.split())


def _longer(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if len(word) > 1) or words


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """As it is said, roughly: Aleksander and Alexander, Schmidt and Schmitt, Jusuf and Yusuf are one."""
    for pattern, said in SOUNDS:
        word = pattern.sub(said, word)
    return word


def is_written_with(one: str, other: str) -> bool:
    """Whether one family name is the other with particles before it, in one word: Elsayed beside Sayed."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= SHORTEST_NAME and bool(WITH_PARTICLES.fullmatch(longer.removesuffix(shorter)))


def is_other_gender(one: str, other: str) -> bool:
    """Whether one family name is the other's as a woman bears it."""
    female = [FEMALE.sub("", each) for each in (one, other)]
    if (one == female[0]) == (other == female[1]):
        return False
    return female[0] == female[1] or MALE.sub("", female[0]) == MALE.sub("", female[1])


def is_one_error_apart(one: Words, other: Words) -> bool:
    """The whole names, in one of the ways in which they are kept."""
    pairs = (one.whole, other.whole), (one.plain, other.plain), (one.written, other.written)
    return any(one_error_apart(*pair) for pair in pairs)


def one_error_apart(one: str, other: str) -> bool:
    """A letter too many, too few or another, or two letters exchanged."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    swapped = shorter[start : start + 2] == longer[start : start + 2][::-1]
    return shorter[start + 1 :] == longer[start + 1 :] or (swapped and shorter[start + 2 :] == longer[start + 2 :])
