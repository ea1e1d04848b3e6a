"""Content codings: the reader's wish is read as RFC 9110 says."""

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.http.coding import CODINGS, DAMAGED, PLAIN, choose_coding, pays, smallest

BOTH = ("br", "gzip")


@pytest.mark.parametrize(
    ("wish", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", PLAIN),
        ("", PLAIN),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0,gzip;q=0", PLAIN),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", PLAIN),
        ("*;q=0, gzip;q=0.1", "gzip"),
        ("identity", PLAIN),
        ("identity, gzip;q=0.5", PLAIN),
        ("identity;q=0.5, gzip", "gzip"),
        ("gzip, identity", "gzip"),
        ("gzip; q=0.8 , br ; q=0.9", "br"),
        ("br;q=high, gzip", "gzip"),
        ("br;q=nan, gzip", "gzip"),
        ("brotli, gzipped", PLAIN),
    ],
)
def test_the_reader_gets_the_coding_that_it_likes_best(wish: str, coding: str | None) -> None:
    assert choose_coding(wish, BOTH) == coding


def test_a_file_without_codings_is_sent_plain() -> None:
    assert choose_coding("gzip, br, *", ()) == PLAIN


@given(st.text(max_size=600))
def test_whatever_is_wished_an_answer_is_found(wish: str) -> None:
    assert choose_coding(wish, BOTH) in (*BOTH, PLAIN)


@given(st.binary(max_size=2000))
def test_every_coding_gives_the_content_back(content: bytes) -> None:
    for coding in CODINGS.values():
        assert coding.plain(coding.quick(content)) == content
        assert coding.plain(coding.smallest(content)) == content


@given(st.binary(max_size=200))
def test_what_is_in_no_coding_is_known_as_damaged(content: bytes) -> None:
    for coding in CODINGS.values():
        try:
            coding.plain(content)
        except DAMAGED:
            continue


def test_equal_files_are_compressed_to_equal_octets() -> None:
    assert smallest("a.css", b"body {}" * 99) == smallest("b.css", b"body {}" * 99)


def test_fonts_and_pictures_are_not_compressed_again() -> None:
    assert [name for name in ("a.woff2", "a.png", "a.svg", "a.wasm") if pays(name)] == ["a.svg", "a.wasm"]
    assert smallest("a.png", b"x" * 99) == {}
    assert brotli.decompress(smallest("a.svg", b"x" * 99)[".br"]) == b"x" * 99
