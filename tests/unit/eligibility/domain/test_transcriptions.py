"""A letter and what it is officially written as are one name: the letters of DIN 91379 that have no mark to drop, by
ICAO Doc 9303 part 3 (section 6) and the usage of the countries that write them."""

from datetime import date

import pytest
from eligibility.domain.child import Applicant, Child, likeness, marks
from eligibility.domain.family import Ties
from eligibility.domain.names import is_other_gender, words_of

BORN = date(2015, 3, 12)
TRANSCRIPTIONS = {
    "ä": ("ae", "a"), "ö": ("oe", "o"), "ü": ("ue", "u"), "ß": ("ss",), "å": ("aa", "a"), "æ": ("ae",), "œ": ("oe",),
    "ø": ("oe", "o"), "ǿ": ("oe", "o"), "ǽ": ("ae",), "þ": ("th",), "ð": ("d",), "đ": ("d", "dj"), "ı": ("i",),
    "ł": ("l",), "ħ": ("h",), "ŧ": ("t",), "ŋ": ("n", "ng"), "ĸ": ("q", "k"), "ñ": ("n",), "ğ": ("g",), "ə": ("e", "a"),
    "ǥ": ("g",), "ɨ": ("i",), "ĳ": ("ij",), "ŀ": ("l",), "ŉ": ("n",), "š": ("s",), "ç": ("c",), "ż": ("z",),
    "ę": ("e",), "ő": ("o",), "ș": ("s",), "ţ": ("t",), "ć": ("c",), "ĉ": ("c",), "ě": ("e",), "ý": ("y",),
    "ђ": ("d", "dj"), "ш": ("sh", "š"), "ч": ("ch", "č"), "ж": ("zh", "ž"), "ц": ("ts", "c"), "х": ("kh", "h"),
    "ю": ("iu", "ju"), "я": ("ia", "ja"),
}  # fmt: skip
NAMES = [
    (("Đorđe", "Đukić"), ("Djordje", "Djukic")), (("Mia", "Đukić"), ("Mia", "Djukić")),
    (("Åse", "Ågesen"), ("Aase", "Aagesen")), (("Aase", "Aagesen"), ("Ase", "Agesen")),
    (("Björn", "Sjøberg"), ("Bjoern", "Sjoeberg")), (("Þóra", "Guðmundsdóttir"), ("Thora", "Gudmundsdottir")),
    (("Leyla", "Əliyev"), ("Leyla", "Eliyev")), (("Петар", "Ђукић"), ("Petar", "Djukić")),
    (("Милош", "Пешић"), ("Miloš", "Pešić")), (("Jürgen", "Groß"), ("Juergen", "Gross")),
    (("Djordje Ana", "Petrović"), ("Đorđe", "Petrović")), (("Đukić", "Ana"), ("Ana", "Djukić")),
]  # fmt: skip


def certain(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Wherever they live; and they meet where they are looked up."""
    children = [Child(*name, BORN) for name in (one, other)]
    me, them = (Applicant(each, Ties(None, home), home, ()) for each, home in zip(children, "ab", strict=True))
    meet = bool(marks(children[0]) & marks(children[1]))
    return likeness(me, them) == likeness(them, me) == "certain" and meet


@pytest.mark.parametrize("letter", TRANSCRIPTIONS)
@pytest.mark.parametrize("name", ["Mi{}r", "{}mil", "Ku{}", "Ra{}i{}r"])
def test_a_letter_is_what_it_is_written_as(letter: str, name: str) -> None:
    for said in TRANSCRIPTIONS[letter]:
        one, other = name.replace("{}", letter), name.replace("{}", said)
        assert certain(("Mia", one), ("Mia", other)), (one, other)
        assert certain((one, "Kaya"), (other, "Kaya")), (one, other)
        assert certain(("Mia", one.upper()), ("Mia", other.upper())), (one, other)


@pytest.mark.parametrize(("one", "other"), NAMES)
def test_a_whole_name_is_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert certain(one, other)


@pytest.mark.parametrize(
    ("child", "kept"),
    [
        (Child("Đorđe", "Đukić", BORN), {"dorde", "dukic"}),
        (Child("Djordje", "Djukic", BORN), {"djordje", "djukic"}),
        (Child("Aase", "Aagesen", BORN), {"aase", "aagesen"}),
        (Child("Милош", "Пешић", BORN), {"milosh", "peshic"}),
        (Child("Leyla", "Əliyev", BORN), {"leyla", "aliyev"}),
        (Child("Anna Maria", "von der Heide", BORN), {"anna", "maria", "annamaria", "vonderheide", "heide"}),
    ],
)
def test_what_was_kept_of_a_name_before_is_found(child: Child, kept: set[str]) -> None:
    """By these marks, letter for letter, from before there were other readings."""
    assert {f"2015-03-12\x1f{each}" for each in kept} <= marks(child)


@pytest.mark.parametrize("pair", [("Müller", "Miller"), ("Diana", "Djana"), ("Haas", "Hase"), ("Dana", "Diana")])
def test_other_names_stay_others(pair: tuple[str, str]) -> None:
    assert not certain(("Mia", pair[0]), ("Mia", pair[1])) or words_of(pair[1]).wholes & words_of(pair[0]).wholes


@pytest.mark.parametrize("pair", [("Novák", "Nováková"), ("Nowak", "Nowakowa"), ("Kazlauskas", "Kazlauskaitė"),
                                  ("Ivanov", "Ivanova"), ("Kowalski", "Kowalska"), ("Kazlauskas", "Kazlauskienė")])  # fmt: skip
def test_a_name_as_a_woman_bears_it_is_near(pair: tuple[str, str]) -> None:
    """A question where household, home or school are the same; two children elsewhere."""
    here = [Applicant(Child("Jana", each, BORN), Ties(None, "home"), "1", ()) for each in pair]
    there = Applicant(Child("Jana", pair[1], BORN), Ties(None, "elsewhere"), "2", ())
    assert likeness(*here) == "likely" and likeness(here[0], there) is None
    assert marks(here[0].child) & marks(here[1].child)


def test_two_endings_are_no_name() -> None:
    assert not is_other_gender("ova", "eva") and not is_other_gender("nova", "nova")
    assert not is_other_gender("ziegler", "ziegler") and not is_other_gender("kazlauskas", "kazlausk")
