"""Whether a text says anything that can be seen. Pure."""

import unicodedata

SEEN = frozenset("LNPS")
"""Unicode's categories of letters, digits, punctuation and signs; what only modifies another sign says nothing."""
BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Of these categories, and yet nothing is seen: fillers, and the Braille pattern without a dot."""


def is_blank(text: str) -> bool:
    """Also of blanks, line breaks, and characters of no width alone."""
    return count_seen(text) == 0


def count_seen(text: str) -> int:
    """Characters that are seen."""
    return sum(unicodedata.category(each)[0] in SEEN and each not in BLANK_LETTERS for each in text)
