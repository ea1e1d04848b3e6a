"""Given names that papers of one child bear in two languages, where no transcription leads from one to the other. Pure.

In Ukraine names were written in Ukrainian and in Russian, each as its own: Mykola is Nikolai in older papers. Near to
each other, never certainly one: a person is asked.
"""

from functools import lru_cache

from eligibility.domain.transcriptions import is_heard_alike

UKRAINIAN_AND_RUSSIAN = (
    ("danylo", "daniil"), ("dmytro", "dmitri"), ("fedir", "fjodor"), ("jewhen", "jewgeni"),
    ("kyrylo", "kirill"), ("mychajlo", "michail"), ("mykola", "nikolai"), ("mykyta", "nikita"), ("pawlo", "pawel"),
    ("petro", "pjotr"), ("wasyl", "wassili"), ("wolodymyr", "wladimir"),
)  # fmt: skip
"""In German transcription; others are heard."""


@lru_cache(maxsize=4096)
def is_one_in_two_languages(one: str, other: str) -> bool:
    """Whether one is the Ukrainian and the other the Russian form of a name; both in small letters without marks."""
    if one[:1] not in INITIALS or other[:1] not in INITIALS:
        return False
    return any(_are(one, other, *pair) or _are(other, one, *pair) for pair in UKRAINIAN_AND_RUSSIAN)


def _are(one: str, other: str, ukrainian: str, russian: str) -> bool:
    return is_heard_alike(one, ukrainian) and is_heard_alike(other, russian)


INITIALS = frozenset({name[0] for pair in UKRAINIAN_AND_RUSSIAN for name in pair} | set("vyei"))
"""Most names begin otherwise, and need no look. `v`, `y`, `e`, `i`: as English papers and others write w and j."""
