"""Typefaces cut to what the scanner shows: the letters of DIN 91379, in which names and places are written, and the
signs of its own texts. What it is cut from stays as npm brought it.

A letter that the typeface has no drawing of is put together from its parts by whoever draws it (Unicode's canonical
decomposition). Fira Sans lacks four of the marks; these and the letters that bear them come from Noto Sans, which a
browser fetches only for a name that has one.
"""

import io
import logging
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

VERSION = "1"
"""Of what is cut and how: another one, and the files are made anew."""
LATIN = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x187, 0x188), (0x18F, 0x18F), (0x197, 0x197), (0x1A0, 0x1A1), (0x1AF, 0x1B0),
    (0x1B7, 0x1B7), (0x1CD, 0x1DC), (0x1DE, 0x1DF), (0x1E2, 0x1F0), (0x1F4, 0x1F5), (0x1F8, 0x1FF), (0x212, 0x213),
    (0x218, 0x21B), (0x21E, 0x21F), (0x227, 0x233), (0x259, 0x259), (0x268, 0x268), (0x292, 0x292), (0x2B0, 0x2FF),
    (0x1E02, 0x1EF9),
)  # fmt: skip
MARKS = ((0x300, 0x315), (0x31B, 0x31B), (0x323, 0x331), (0x35F, 0x35F))
GREEK_AND_CYRILLIC = ((0x386, 0x3CE), (0x40D, 0x40D), (0x410, 0x44F), (0x45D, 0x45D))
SIGNS = (
    (0x2010, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2116),
    (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x25A0, 0x25CF), (0x2713, 0x2717),
)  # fmt: skip
RARE_MARKS = (0x310, 0x315, 0x32E, 0x35F)
"""Of DIN 91379, without a drawing in Fira Sans."""
RARE = (*RARE_MARKS, *map(ord, "CcHhKkMmPpTtČčḪḫ"), 0x30C)
"""The letters that bear them. Two are spelled as one character as well."""
FEATURES = ("ccmp", "locl", "mark", "mkmk", "kern", "liga", "calt", "tnum")
"""Marks in their places, and figures that stand below one another."""
WEIGHTS = {"Regular": 400, "Bold": 700}


def cut(source: Path, characters: Iterable[int]) -> bytes:
    """A WOFF2 with these characters alone, without instructions for screens that nobody has any more. Who made it and
    under which licence stays in it."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # it finds an old version of a table worth a line for each file
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = Options(layout_features=list(FEATURES), hinting=False, desubroutinize=True, notdef_outline=True)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 16, 17]
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=list(characters))
        subsetter.subset(font)
        font.flavor = "woff2"
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


def kept_code_points() -> Sequence[int]:
    """Code points that stay in the fonts: letters, marks and signs."""
    return [code for first, last in (*LATIN, *MARKS, *GREEK_AND_CYRILLIC, *SIGNS) for code in range(first, last + 1)]


def with_rare_letters(sheet: str, files: Iterable[str]) -> str:
    """The style sheet with the faces whose files are there, and those of the rare letters."""
    there = set(files)
    faces = [each for each in re.findall(r"@font-face\s*\{.*?\}", sheet, re.DOTALL) if _file(each) in there]
    faces += [
        f"@font-face {{\n    font-family: 'Noto Sans';\n    src: url(\"./noto-sans/NotoSans-{name}.woff2\") "
        f"format('woff2');\n    font-weight: {weight};\n    font-style: normal;\n    unicode-range: {_range()};\n}}"
        for name, weight in WEIGHTS.items()
    ]
    return "\n\n".join(faces) + "\n"


def _file(face: str) -> str:
    found = re.search(r"url\(\"[^\"]*?([^\"/]+)\"\)", face)
    return "" if found is None else found.group(1)


def _range() -> str:
    return ", ".join(f"U+{code:X}" for code in sorted(RARE))
