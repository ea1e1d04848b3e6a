"""Which characters a name, a street or a place may have: String.Latin+ of DIN 91379:2022-08, type A, in NFC.

Public authorities in Germany must be able to process every one of these characters and sequences (IT-Planungsrat, since
1 November 2024) and a civil register writes every name with them. The code points were written down anew from the
standard's list of characters (normative letters "bll", sequences, and the non-letters "bnlreq" that names may have).
"""

import re
import unicodedata
from enum import Enum

# fmt: off
LETTER_RANGES = (
    (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x17E), (0x187, 0x188), (0x18F, 0x18F),
    (0x197, 0x197), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1B7, 0x1B7), (0x1CD, 0x1DC), (0x1DE, 0x1DF), (0x1E2, 0x1F0),
    (0x1F4, 0x1F5), (0x1F8, 0x1FF), (0x212, 0x213), (0x218, 0x21B), (0x21E, 0x21F), (0x227, 0x233), (0x259, 0x259),
    (0x268, 0x268), (0x292, 0x292), (0x1E02, 0x1E03), (0x1E06, 0x1E07), (0x1E0A, 0x1E11), (0x1E17, 0x1E17),
    (0x1E1C, 0x1E2B), (0x1E2F, 0x1E37), (0x1E3A, 0x1E3B), (0x1E40, 0x1E49), (0x1E52, 0x1E5B), (0x1E5E, 0x1E63),
    (0x1E6A, 0x1E6F), (0x1E80, 0x1E87), (0x1E8C, 0x1E97), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9),
)
"""The 500 letters, first and last code point of each run."""

SEQUENCES = {
    "\u0300": "CFGKMPSTZcfgkmpstz", "\u0301": "JjÿĪī", "\u0302": "DKLMNdklmn",
    "\u0304": "CFHKNPSTZcfhknpstzÛûḲḳṢṣṬṭỤụ", "\u0306": "CMNRZcmnrzÇç", "\u0307": "KUku",
    "\u0308": "CTZczẠạỌọỤụ", "\u030b": "Aa", "\u030c": "J", "\u030d": "ēō", "\u0310": "Mm",
    "\u0315": "CKPTckptČč", "\u031b": "KTkt", "\u031b\u0304": "Ss", "\u0323": "CPcpČč", "\u0325": "LRlr",
    "\u0325\u0304": "LRlr", "\u0326": "CHKLNchklnŽž", "\u0327": "ZzŽž", "\u0328\u0306": "Cc", "\u0331": "HSs",
    "\u035fH": "K", "\u035fh": "Kk",
}
"""The 149 sequences: what follows -> the letters that it follows, in NFC."""
# fmt: on

NAME_SIGNS = " ',-.`~¨´·ʹʺʾʿˈˌ’‡"
"""bnlreq, the non-letters that the standard allows in names."""
MORE_APOSTROPHES = "ʼʻ‘"
"""Not in the standard's type A, but what keyboards and other registers write for it (Ukrainian, Hawaiian names)."""
PLACE_SIGNS = '0123456789()/&+:;"„“”–'
"""What streets and places have besides."""


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_LETTERS = _class(LETTER_RANGES)
_SEQUENCES = "|".join(
    f"[{letters}]{marks}" for marks, letters in sorted(SEQUENCES.items(), key=lambda item: -len(item[0]))
)
_SIGNS = re.escape(NAME_SIGNS + MORE_APOSTROPHES)
_PLACE = re.escape(PLACE_SIGNS)
_NAME = re.compile(f"(?:{_SEQUENCES}|[{_LETTERS}{_SIGNS}])+")
_PLACE_NAME = re.compile(f"(?:{_SEQUENCES}|[{_LETTERS}{_SIGNS}{_PLACE}])+")
_ANY_LETTER = re.compile(f"[{_LETTERS}]")
_HAS_MARK = re.compile("[\u0300-\u036f]")
_PLAIN_NAME = re.compile(f"[{_LETTERS}{_SIGNS}]+")
_PLAIN_PLACE = re.compile(f"[{_LETTERS}{_SIGNS}{_PLACE}]+")


class Fault(Enum):
    """What is wrong with a name, coarse enough to say what to do."""

    NO_LETTER = "no_letter"
    CONTROL = "control"
    """Control characters, line breaks, blanks of other kinds, invisible or direction-changing characters."""
    DIGIT = "digit"
    SCRIPT = "script"
    """Letters of another script, or Latin letters that no German register writes."""
    SYMBOL = "symbol"
    """Pictures, and signs that names do not have."""


def tidy(text: str) -> str:
    """The same text in NFC (one code point where there is one), without blanks around it. Nothing else is changed."""
    return unicodedata.normalize("NFC", text).strip(" ")


def fault_of_name(text: str) -> Fault | None:
    """What is wrong with a person's name, in NFC. None where all is well; an empty name is well too."""
    return _fault(text, _PLAIN_NAME, _NAME, digits=False)


def fault_of_place(text: str) -> Fault | None:
    """The same for a street or a town: these may have digits and a few more signs."""
    return _fault(text, _PLAIN_PLACE, _PLACE_NAME, digits=True)


def _fault(text: str, plain: re.Pattern[str], full: re.Pattern[str], *, digits: bool) -> Fault | None:
    if not text:
        return None
    if plain.fullmatch(text) or (_HAS_MARK.search(text) and full.fullmatch(text)):
        return None if _ANY_LETTER.search(text) else Fault.NO_LETTER
    categories = {unicodedata.category(character) for character in text if character != " "}
    if categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}:
        return Fault.CONTROL
    if categories & {"Nd", "Nl", "No"} and not digits:
        return Fault.DIGIT
    if categories & {"Ll", "Lu", "Lt", "Lo", "Lm"} and not _signs_alone_are_wrong(text, digits=digits):
        return Fault.SCRIPT
    return Fault.SYMBOL


def _signs_alone_are_wrong(text: str, *, digits: bool) -> bool:
    """True where every letter is fine, so that it must be another sign."""
    pattern = _PLACE_NAME if digits else _NAME
    letters = "".join(character for character in text if unicodedata.category(character)[0] in "LM")
    return pattern.fullmatch(letters) is not None
