"""Names in all characters of DIN 91379, and in no others."""

import unicodedata

import pytest
from application.form.names import LETTER_RANGES, NAME_SIGNS, SEQUENCES, Fault, fault_of_name, fault_of_place, tidy
from hypothesis import given
from hypothesis import strategies as st

LETTERS = [chr(code) for first, last in LETTER_RANGES for code in range(first, last + 1)]
ALL_SEQUENCES = [letter + marks for marks, letters in SEQUENCES.items() for letter in letters]


def test_the_standard_has_500_letters_and_149_sequences() -> None:
    assert len(set(LETTERS)) == 500
    assert len(set(ALL_SEQUENCES)) == 149


def test_every_letter_and_sequence_of_the_standard_is_kept_as_written() -> None:
    assert [each for each in LETTERS + ALL_SEQUENCES if tidy(each) != each or fault_of_name(f"A{each}b")] == []


def test_a_decomposed_name_becomes_the_same_name() -> None:
    assert [each for each in LETTERS + ALL_SEQUENCES if tidy(unicodedata.normalize("NFD", each)) != each] == []


@given(st.lists(st.sampled_from(LETTERS + ALL_SEQUENCES + list(NAME_SIGNS)), min_size=1, max_size=40))
def test_any_mixture_of_them_is_a_name_if_it_has_a_letter(parts: list[str]) -> None:
    name = tidy("".join(parts))
    has_letter = any(part[0] in LETTERS for part in parts)
    assert fault_of_name(name) is (None if has_letter or not name else Fault.NO_LETTER)


@pytest.mark.parametrize(
    "name",
    [
        "O'Neill", "O’Neill", "Oʼneil", "ʻAkahi", "von der Heide-Łukasiewicz", "Đặng Thị Ngọc Ánh", "Şahin", "Nuñez",
        "J.-P.", "Müller, Freiherr von", "D'Àvila", "K͟han", "Çelik", "ẞTURM", "Jr.", "Ærøskøbing",
        "L̥ūna", "S̛̄ara",
    ],
)  # fmt: skip
def test_a_real_name_is_taken(name: str) -> None:
    assert fault_of_name(tidy(name)) is None
    assert tidy(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("123", Fault.DIGIT), ("Anna2", Fault.DIGIT), ("Ann\u00b2a", Fault.DIGIT), ("---", Fault.NO_LETTER),
        ("Anna\x00", Fault.CONTROL), ("An\nna", Fault.CONTROL), ("An\tna", Fault.CONTROL),
        ("An\u202ena", Fault.CONTROL), ("An\u2066na", Fault.CONTROL), ("An\u200bna", Fault.CONTROL),
        ("\ufeffAnna", Fault.CONTROL), ("An\u00a0na", Fault.CONTROL), ("An\u00adna", Fault.CONTROL),
        ("Anna😀", Fault.SYMBOL), ("Anna ♥", Fault.SYMBOL), ("<script>", Fault.SYMBOL), ("A@b", Fault.SYMBOL),
        ("Анна", Fault.SCRIPT), ("Αννα", Fault.SCRIPT), ("محمد", Fault.SCRIPT), ("李", Fault.SCRIPT),
        ("Аnna", Fault.SCRIPT), ("a\u0336b", Fault.SCRIPT), ("Z͑͗a̷l̸g̵o", Fault.SCRIPT), ("ﬁnn", Fault.SCRIPT),
    ],
)  # fmt: skip
def test_what_is_no_name_is_told_apart(name: str, fault: Fault) -> None:
    assert fault_of_name(tidy(name)) is fault


@given(st.text(max_size=50))
def test_no_text_breaks_the_check(text: str) -> None:
    fault_of_name(tidy(text))
    fault_of_place(tidy(text))


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Co", "Cs", "So", "Sk", "Nd"]), min_size=1, max_size=5))
def test_hidden_and_pictured_characters_never_pass_a_name(text: str) -> None:
    rest = [character for character in text if character not in NAME_SIGNS]
    if rest:
        assert fault_of_name(tidy("Anna" + text + "Anna")) is not None


def test_a_street_may_have_digits_and_brackets() -> None:
    assert fault_of_place("Straße des 17. Juni (Hinterhaus)/2") is None
    assert fault_of_place("Am \u202eMarkt") is Fault.CONTROL
