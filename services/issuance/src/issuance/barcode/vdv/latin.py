"""Names in the letters that ISO-8859-15 and Latin-1 have in common, because readers take the one or the other.

What both lack is transliterated after ICAO Doc 9303 part 3, section 6.A (without its doubling of umlauts, which both
charsets have); letters with marks that the table does not name lose their marks. Every letter and sequence of
DIN 91379, in which German registers keep names, comes out as letters (a test goes through them all). For the VDV
barcode only: pass, paper, notice and the signed QR keep the name as written.
"""

import unicodedata

_TABLE = {
    "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "İ": "I", "Ĳ": "IJ", "ĳ": "ij", "ĸ": "q",
    "Ŀ": "L", "ŀ": "l", "Ł": "L", "ł": "l", "ŉ": "n", "Ŋ": "N", "ŋ": "n", "Œ": "OE", "œ": "oe",
    "Ŧ": "T", "ŧ": "t", "ẞ": "SS", "Ə": "E", "ə": "e", "Ǝ": "E", "ǝ": "e", "Ɖ": "D", "ɖ": "d",
    "Ǥ": "G", "ǥ": "g", "Ʒ": "Z", "ʒ": "z", "Ɓ": "B", "ɓ": "b", "Ɗ": "D", "ɗ": "d", "Ƙ": "K", "ƙ": "k",
    "Ɛ": "E", "ɛ": "e", "Ɔ": "O", "ɔ": "o", "Ɣ": "G", "ɣ": "g", "Ɩ": "I", "ɩ": "i", "Ʊ": "U", "ʊ": "u",
    "Ƈ": "C", "ƈ": "c", "Ɨ": "I", "ɨ": "i",
    "Ƴ": "Y", "ƴ": "y", "Ɲ": "N", "ɲ": "n", "Ʋ": "V", "ʋ": "v",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "ʺ": "'",
    "ʾ": "'", "ʿ": "'", "ˈ": "'", "ˌ": "", "‡": "", "†": "", "…": "...", "‚": "'", "“": '"', "”": '"', "„": '"',
    "′": "'", "″": '"', "‹": "'", "›": "'", "ƒ": "f",
    "‐": "-", "‑": "-", "–": "-", "—": "-",
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ж": "ZH", "З": "Z", "И": "I", "К": "K",
    "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ф": "F",
    "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y", "Ь": "", "Э": "E",
    "Ю": "IU", "Я": "IA", "І": "I", "Ї": "I", "Є": "IE", "Ґ": "G", "Ђ": "D", "Ј": "J", "Љ": "LJ", "Њ": "NJ",
    "Ћ": "C", "Џ": "DZ", "Ў": "U", "Ѕ": "DZ", "Ѫ": "U",
    "Α": "A", "Β": "V", "Γ": "G", "Δ": "D", "Ε": "E", "Ζ": "Z", "Η": "I", "Θ": "TH", "Ι": "I", "Κ": "K",
    "Λ": "L", "Μ": "M", "Ν": "N", "Ξ": "X", "Ο": "O", "Π": "P", "Ρ": "R", "Σ": "S", "Τ": "T", "Υ": "Y",
    "Φ": "F", "Χ": "CH", "Ψ": "PS", "Ω": "O", "ς": "s",
}  # fmt: skip
_MARKS_OF_THE_FORMAT = str.maketrans("#@*", "   ")
"""`#`, `@` and `*` divide the name in the barcode and cannot stand in it."""


def to_latin(name: str) -> str:
    """`name` in common Latin letters, spaces joined, without what divides the field. Unknown letters become `?`."""
    composed = unicodedata.normalize("NFC", name).translate(_MARKS_OF_THE_FORMAT)
    return " ".join("".join(_letter(letter) for letter in composed).split())


def _letter(letter: str) -> str:
    if _common(letter):
        return letter
    found = _find(letter)
    if found is not None:
        return found
    base = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    known = [part if _common(part) else _find(part) for part in base]
    if all(part is not None for part in known) and (known or unicodedata.combining(letter)):
        return "".join(part for part in known if part).translate(_MARKS_OF_THE_FORMAT)
    category = unicodedata.category(letter)
    if category.startswith("Z"):
        return " "
    return "" if category in ("Mn", "Me", "Cf", "Cc") else "?"


def _find(letter: str) -> str | None:
    if letter in _TABLE:
        return _TABLE[letter]
    capital = _TABLE.get(letter.upper())
    return None if capital is None else capital.lower()


def _common(letter: str) -> bool:
    """Printable, and the same byte in ISO-8859-15 and Latin-1."""
    try:
        code = letter.encode("iso-8859-15")
    except UnicodeEncodeError:
        return False
    return (
        code == letter.encode("latin-1", "replace") and (0x20 <= code[0] < 0x7F or code[0] > 0xA0) and code[0] != 0xAD
    )
