"""The scanner's typefaces are cut to what it shows, and every letter in which a name may be written is still drawn."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from local import fonts, web
from support.din_91379 import GREEK_AND_CYRILLIC, LETTERS, SEQUENCES

STATIC = web.SCANNER
VENDOR = STATIC / "vendor" / "kern"
FILES = [VENDOR / name for name in web.FONTS]
RARE = {name: VENDOR / "fonts" / "noto-sans" / f"NotoSans-{name}.woff2" for name in fonts.WEIGHTS}
MOST_BYTES = 32_000
"""Of one weight; as npm brings it it has 129 to 140 kB."""


@cache
def drawn(file: Path) -> frozenset[int]:
    return frozenset(TTFont(file).getBestCmap())


def is_drawn(letter: str, file: Path) -> bool:
    """As it is spelled, or from its parts, as whoever draws text does it."""
    forms = (letter, unicodedata.normalize("NFC", letter), unicodedata.normalize("NFD", letter))
    return any(all(ord(each) in drawn(file) for each in form) for form in forms)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_letter_of_din_91379_has_its_glyphs_in_each_weight(file: Path) -> None:
    missing = [each for each in (*LETTERS, *SEQUENCES, *GREEK_AND_CYRILLIC) if not is_drawn(each, file)]
    rare = [each for each in missing if all(is_drawn(each, other) for other in RARE.values())]
    assert sorted(set(missing) - set(rare)) == []
    assert len(rare) < 20, "the second typeface is for letters that the first was never drawn with"


def test_what_the_second_typeface_is_fetched_for_is_what_it_has(tmp_path: Path) -> None:
    sheet = (VENDOR / web.FACES).read_text()
    ranges = re.findall(r"unicode-range: ([^;]+);", sheet)
    assert len(ranges) == len(RARE) and len(set(ranges)) == 1
    asked = {int(each.strip().removeprefix("U+"), 16) for each in ranges[0].split(",")}
    for file in RARE.values():
        assert asked == drawn(file)
    named = re.findall(r'url\("\./([^"]+)"\)', sheet)
    assert sorted(named) == sorted(str(each.relative_to(VENDOR / "fonts")) for each in (*FILES, *RARE.values()))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sign_of_the_scanners_own_texts_is_drawn_that_was_drawn_before(file: Path) -> None:
    before = drawn(web.KERN / "fonts" / "fira-sans" / file.name)
    texts = [each for each in STATIC.rglob("*") if each.suffix in (".js", ".html") and "vendor" not in each.parts]
    shown = {character for each in texts for character in each.read_text(encoding="utf-8")}
    assert len(texts) > 3 and "ü" in shown
    lost = sorted(each for each in shown if ord(each) in before and ord(each) not in drawn(file))
    assert lost == []


@pytest.mark.parametrize("file", [*FILES, *RARE.values()], ids=lambda file: file.stem)
def test_a_cut_typeface_is_small_and_says_whose_it_is_and_under_which_licence(file: Path) -> None:
    assert file.stat().st_size < MOST_BYTES
    names = TTFont(file)["name"]
    assert "opyright" in str(names.getDebugName(0)) and "Open Font License" in str(names.getDebugName(13))
    assert "OFL" in str(names.getDebugName(14)) or "openfontlicense" in str(names.getDebugName(14)).lower()


def features(file: Path) -> set[str]:
    font = TTFont(file)
    return {each.FeatureTag for table in ("GSUB", "GPOS") for each in font[table].table.FeatureList.FeatureRecord}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_figures_still_stand_below_one_another_and_marks_above_their_letters(file: Path) -> None:
    before = features(web.KERN / "fonts" / "fira-sans" / file.name)
    assert {"tnum", "kern", "mark"} <= features(file) and before & set(fonts.FEATURES) <= features(file)
