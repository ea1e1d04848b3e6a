"""Names in the VDV code: which letters come out, and what initials keep of them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuance.barcode.vdv import names
from issuance.barcode.vdv.latin import to_latin
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.verification.verifier import Verifier
from support.din_91379 import GREEK_AND_CYRILLIC, LETTERS, SEQUENCES
from support.issuance.example import DURING


@pytest.mark.parametrize("letters", [LETTERS, SEQUENCES, GREEK_AND_CYRILLIC], ids=["latin", "sequences", "others"])
def test_every_letter_of_din_91379_comes_out_as_letters_that_both_charsets_share(letters: list[str]) -> None:
    for letter in letters:
        out = to_latin(letter)
        assert out and "?" not in out, letter
        assert out.encode("latin-1") == out.encode("iso-8859-15")
        assert all(one.isalpha() or one == "'" for one in out), (letter, out)
        case = letter.replace("ß", "").replace("ĸ", "").replace("ŉ", "")
        assert out.islower() == case.islower() or len(out) > 1 or not case, letter
    for mark in "'ʹʺʾʿˈˌ’‡,-.":
        assert "?" not in to_latin(f"O{mark}Neil")


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Ŋ Œuvre Łucja Þór", "N OEuvre Lucja Þór"),
        ("Şerife Ǧamīl Đặng", "Serife Gamil Dang"),
        ("Ĳsbrand ĳs ŉ ĸ", "IJsbrand ijs n q"),
        ("ẞtein Əli Ɨbi Ƈo", "SStein Eli Ibi Co"),
        ("Ѕвезда Щукин Юлия", "DZvezda SHCHukin IUliia"),
        ("Jörg Müßter-Ñandú", "Jörg Müßter-Ñandú"),
    ],
)
def test_names_are_transliterated_as_in_passports_but_keep_what_every_reader_shows(name: str, latin: str) -> None:
    assert to_latin(name) == latin


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("Katie", "Dragon", b"K3e@D4n"),
        ("Erika", "Musterfrau", b"E3a@M8u"),
        ("Anna-Lena Jo", "Li O", b"A2aL2aJ0o@L0iO0O"),
        ("", "Sukarno", b"@S5o"),
        ("Jörg", "Müßter", "J2g@M4r".encode("iso-8859-15")),
    ],
)
def test_a_name_as_initials_gives_first_letter_count_and_last_letter(first: str, last: str, written: bytes) -> None:
    name = names.write_initials(first, last)
    assert name.encode() == written
    assert names.parse(written) == name


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_name_can_be_written_in_both_forms_and_is_read_back(first: str, last: str) -> None:
    for written in (names.write(first, last), names.write_initials(first, last)):
        data = written.encode()
        assert len(data) <= names.MOST_BYTES
        assert names.parse(data).encode() == data


def test_a_star_beside_the_at_sign_tells_that_parts_were_left_out() -> None:
    many = names.write_initials(" ".join(["Anna"] * 40), "Li")
    assert many.cut and many.encode().endswith(b"*@L0i")
    assert names.parse(many.encode()).cut
    assert names.parse(b"K3e@*D4n") == names.BarcodeName("K3e", "D4n", "initials", True)


def test_an_authority_may_put_only_initials_into_the_vdv_code(
    sign: Callable[..., SignedTicket], ticket: Ticket, verifier: Verifier
) -> None:
    changed = replace(ticket, terms=replace(ticket.terms, name_as_initials=True))
    signed = sign(terms=changed.terms)
    verifier.confirm(changed, signed)
    seen = verifier.verify_vdv(signed.vdv, DURING).ticket
    assert seen is not None and (seen.first_name, seen.last_name) == ("J2g", "M4r")
    assert seen.details["name_form"] == "initials"
