"""What the search for schools compares. Pure."""

import re
import unicodedata
from collections.abc import Iterable

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


SHORTEST_NEAR = 4
"""Letters of a word in which a typing error is looked for: shorter ones are near to too much."""
WORD = re.compile(r"[^\W\d_]+")


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """Of the words that are known those that begin as `word` does, but for one typing error."""
    if len(word) < SHORTEST_NEAR or not word.isalpha():
        return []
    lengths = range(len(word) - 1, len(word) + 2)
    return [each for each in known if any(_is_near(word, each[:length]) for length in lengths if length <= len(each))]


def _is_near(one: str, other: str) -> bool:
    """A letter too many, too few or another, or two letters exchanged."""
    shorter, longer = sorted((one, other), key=len)
    same = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(shorter) < len(longer):
        return shorter[same:] == longer[same + 1 :]
    swapped = shorter[same : same + 2] == longer[same : same + 2][::-1]
    return shorter[same + 1 :] == longer[same + 1 :] or (swapped and shorter[same + 2 :] == longer[same + 2 :])


def searchable(text: str) -> str:
    """What a search compares: small letters, and umlauts also as typed without (`duesseldorf`, `dusseldorf`)."""
    small = " ".join(text.casefold().split())
    bare = "".join(each for each in unicodedata.normalize("NFD", small) if not unicodedata.combining(each))
    return " | ".join(dict.fromkeys((small, small.translate(UMLAUTS), bare)))
