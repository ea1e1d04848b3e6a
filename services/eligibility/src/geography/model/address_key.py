"""One key for all spellings of an address: `Kirchstr. 5 a` and `KIRCHSTRASSE 5A` are the same house.

Tables of addresses are searched by these keys, so a change here needs a new import of the addresses; a change of the
house number's part is made good at the service's start.
"""

import re
import unicodedata
from functools import lru_cache

from geography.model.house_number import number_key

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"}
)
_PART = r"\d+\s*[a-zA-Z]?(?:\s+\d/\d|\s*[½¼¾⅓⅔⅛])?(?![a-zA-Z])"
_HOUSE_NUMBER = re.compile(
    rf"^(?P<street>\D.*?)(?<!\d)(?<![\d½¼¾⅓⅔⅛]\s)\s*(?P<number>{_PART}(?:\s*[-‐‑–/+,;&]\s*{_PART})*[¹²³]?)\s*$"
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


@lru_cache(maxsize=4096)
def city_key(city: str) -> str:
    """`Stolberg (Rhld.)` and `Stolberg` are told apart by postal code, not here: brackets and additions are dropped."""
    return re.sub(r"[^a-z]", "", re.split(r"[(,/]", _plain(city), maxsplit=1)[0])


def postal_code_key(code: str) -> str:
    """`52064`, `D-52064` and `52 064` give `52064`; other countries' codes keep their letters (`6291 GB`)."""
    plain = re.sub(r"[^a-z0-9]", "", _plain(code))
    german = re.fullmatch(r"d?e?(\d{5})", plain)
    return german[1] if german else plain


def postal_codes_of(text: str) -> tuple[str, ...]:
    """A list's codes: `48000;48001`."""
    return tuple(dict.fromkeys(key for part in re.split(r"[;,]", text) if (key := postal_code_key(part))))


def address_key(street: str, number: str, postal_code: str = "", city: str = "") -> str:
    """Key with the postal code, or with the city where there is none; "" where a needed part is missing."""
    place = postal_code_key(postal_code) or city_key(city)
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
