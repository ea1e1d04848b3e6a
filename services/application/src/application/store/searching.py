"""What the search for schools compares. Pure."""

import unicodedata

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def searchable(text: str) -> str:
    """What a search compares: small letters, and umlauts also as typed without (`duesseldorf`, `dusseldorf`)."""
    small = " ".join(text.casefold().split())
    bare = "".join(each for each in unicodedata.normalize("NFD", small) if not unicodedata.combining(each))
    return " | ".join(dict.fromkeys((small, small.translate(UMLAUTS), bare)))
