"""One key for all spellings of an address: `Kirchstr. 5 a` and `KIRCHSTRASSE 5A` are the same house.

Tables of addresses are searched by these keys, so a change here needs a new import of the addresses.
"""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"}
)
_HOUSE_NUMBER = re.compile(
    r"^(?P<street>\D.*?)(?<!\d)\s*(?P<number>\d+\s*[a-zA-Z]?(?:\s*[-–/+]\s*\d+\s*[a-zA-Z]?)?)\s*$"
)


def _plain(text: str) -> str:
    """Small letters without marks: umlauts as two letters (as people without the key type them), others stripped."""
    spelled = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    parts = unicodedata.normalize("NFKD", spelled)
    return "".join(part for part in parts if not unicodedata.combining(part))


@lru_cache(maxsize=4096)
def street_key(street: str) -> str:
    """`Kirchstr.`, `Kirch-Straße` and `KIRCHSTRASSE` give `kirchstr`; `Sankt-Josefs-Platz` gives `stjosefsplatz`."""
    words = re.sub(r"\bsankt\b", "st", _plain(street))
    words = re.sub(r"pl\.(?=\W|$)", "platz", words)
    letters = re.sub(r"[^a-z0-9]", "", words)
    return letters.replace("strasse", "str")


@lru_cache(maxsize=8192)
def number_key(number: str) -> str:
    """`5 a`, `5A`, `05a` and `Nr. 5a` give `5a`; `5 – 7` gives `5-7`."""
    plain = re.sub(r"^(hausnummer|hnr|nr|no)\.?\s*", "", _plain(number).replace("–", "-").strip())
    return re.sub(r"\s+", "", plain).lstrip("0")


@lru_cache(maxsize=4096)
def city_key(city: str) -> str:
    """`Stolberg (Rhld.)` and `Stolberg` are told apart by postal code, not here: brackets and additions are dropped."""
    return re.sub(r"[^a-z]", "", re.split(r"[(,/]", _plain(city), maxsplit=1)[0])


def address_key(street: str, number: str, postal_code: str = "", city: str = "") -> str:
    """Key with the postal code, or with the city where there is none; "" where a needed part is missing."""
    place = re.sub(r"\D", "", postal_code) or city_key(city)
    parts = (street_key(street), number_key(number), place)
    return "|".join(parts) if all(parts) else ""


def lookup_keys(street: str, number: str, postal_code: str, city: str) -> tuple[str, str]:
    """Keys to look up, in this order: with the postal code in column `key`, then with the city in column `city_key`.

    Half of the addresses in OpenStreetMap carry no postal code. Give all rows found by either to `pick_address`.
    """
    return address_key(street, number, postal_code), address_key(street, number, "", city)


def split_house_number(line: str) -> tuple[str, str]:
    """`Jean-Vogel-Str. 36 a` -> (`Jean-Vogel-Str.`, `36 a`); without a number the second part is ""."""
    found = _HOUSE_NUMBER.match(line.strip())
    if found is None:
        return line.strip(), ""
    return found["street"].strip().rstrip(",").strip(), found["number"].strip()
