"""In which order names stand in a list: DIN 5007-2, as in German telephone directories. Pure."""

import unicodedata

LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa", "þ": "th"}
LETTERS |= {"đ": "d", "ð": "d", "ł": "l", "ı": "i", "ŋ": "n", "ħ": "h", "ŧ": "t"}
_AS_SORTED = str.maketrans(LETTERS)
NameOrder = tuple[str, str, str, str]


def name_order(last_name: str, first_name: str) -> NameOrder:
    """A key to sort by: last name, first name, letters without their marks; where those are the same, as written."""
    return _letters(last_name), _letters(first_name), last_name, first_name


def _letters(name: str) -> str:
    composed = unicodedata.normalize("NFC", name).lower().translate(_AS_SORTED)
    apart = unicodedata.normalize("NFD", composed)
    return "".join(each for each in apart if each.isalnum() or each == " ").strip()
