"""What others write around a file is no fault; what a picture tells beside itself is not kept. Nothing is decoded."""

import gzip
import io
from collections.abc import Callable
from itertools import product

import pikepdf
import pytest
from application.checks.content import HEIC, JPEG, PDF, PNG, examine
from application.checks.faults import Fault
from application.checks.private_data import without_private_data
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from support.application.files import SAMSUNG, SECRET, XMP, exif, heic, jpeg, pdf, png

FILES = {
    "jpeg": (jpeg(), JPEG),
    "jpeg, progressive": (jpeg(progressive=True), JPEG),
    "jpeg, turned": (jpeg(up=6), JPEG),
    "png": (png(), PNG),
    "png, turned": (png(up=8), PNG),
    "heic": (heic(), HEIC),
    "heic with a film": (heic(film=True), HEIC),
    "heic, first kind of table": (heic(version=0), HEIC),
    "pdf": (pdf(), PDF),
}
BEHIND = {
    "nothing": b"",
    "line breaks": b"\r\n" * 800,
    "zeros": b"\0" * 3000,
    "end of file of old systems": b"\x1a",
    "boundary of a mail": b"\r\n--7009726 8--\r\n",
    "comment of a web server": b"\n<!-- served in 0.31 s -->\n",
}
BEHIND_PICTURES = BEHIND | {
    "Samsung's directory": SAMSUNG,
    "XMP": XMP,
    "what was cropped": png()[200:],
    "a film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + SECRET,
}
PAIRS = [
    (name, behind) for name, behind in product(FILES, BEHIND_PICTURES) if behind in BEHIND or FILES[name][1] != PDF
]
BEFORE_PDF = {
    "byte order mark": b"\xef\xbb\xbf",
    "line break": b"\n",
    "head of a part": b"Content-Type: application/pdf\r\nContent-Length: 1234\r\n\r\n",
    "language of a printer": b"\x1b%-12345X@PJL JOB\r\n@PJL SET COPIES=1\r\n",
}


@pytest.mark.parametrize(("name", "behind"), PAIRS)
def test_a_file_is_taken_with_whatever_its_sender_put_behind_it(name: str, behind: str) -> None:
    content, media_type = FILES[name]
    assert examine(content + BEHIND_PICTURES[behind]) == media_type


@pytest.mark.parametrize(("before", "behind"), [*product(BEFORE_PDF, BEHIND)])
def test_a_pdf_is_taken_with_whatever_stands_before_it(before: str, behind: str) -> None:
    assert examine(BEFORE_PDF[before] + pdf() + BEHIND[behind]) == PDF


@pytest.mark.parametrize(("name", "behind"), PAIRS)
def test_nothing_that_was_noted_beside_the_picture_is_kept(name: str, behind: str) -> None:
    content, media_type = FILES[name]
    kept = without_private_data(content + BEHIND_PICTURES[behind], media_type)
    assert SECRET in content and SECRET not in kept
    assert examine(kept) == media_type
    assert without_private_data(kept, media_type) == kept


def pixels(content: bytes) -> object:
    with Image.open(io.BytesIO(content)) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB").tobytes()


@pytest.mark.parametrize("up", range(1, 9))
@pytest.mark.parametrize("make", [jpeg, png])
def test_the_picture_stays_to_the_pixel_and_the_right_way_up(make: Callable[..., bytes], up: int) -> None:
    content = make(up=up)
    kept = without_private_data(content, JPEG if make is jpeg else PNG)
    assert pixels(kept) == pixels(content)
    with Image.open(io.BytesIO(kept)) as picture:
        assert set(picture.getexif()) <= {0x0112}


def test_colours_stay() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (8, 8), (10, 20, 30, 40)).save(out, "JPEG", icc_profile=b"profile" * 20, dpi=(300, 300))
    kept = without_private_data(out.getvalue(), JPEG)
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.info["icc_profile"] == b"profile" * 20 and picture.info["adobe_transform"] is not None


def test_a_heic_keeps_its_picture_and_its_length_up_to_the_last_box() -> None:
    content = heic(film=True)
    kept = without_private_data(content + SAMSUNG, HEIC)
    assert len(kept) == len(content) and b"\x26" * 300 in kept


def test_a_table_that_lies_about_its_items_never_costs_the_picture() -> None:
    content = bytearray(heic())
    at = content.index(b"iloc") + 12
    # the Exif item now claims the bytes of the picture
    content[at + 16 + 8 : at + 16 + 16] = content[at + 8 : at + 16]
    assert b"\x26" * 300 in without_private_data(bytes(content), HEIC)


def test_a_signed_pdf_stays_as_it_is() -> None:
    content = pdf().replace(b"/Type /Catalog", b"/ByteRange [0 1 2 3] /Type /Catalog")
    assert without_private_data(content, PDF) == content


def test_a_pdf_still_opens_and_shows_the_same_photograph() -> None:
    content = pdf()
    with (
        pikepdf.open(io.BytesIO(content)) as before,
        pikepdf.open(io.BytesIO(without_private_data(content, PDF))) as after,
    ):
        shown = [pixels(each.pages[0].Resources.XObject.Im0.read_raw_bytes()) for each in (before, after)]
    assert shown[0] == shown[1]


def test_a_plain_link_or_word_is_no_program_and_a_program_cannot_hide_as_one() -> None:
    linked = pdf().replace(
        b"/Type /Catalog", b"/Type /Catalog /A << /S /URI /URI (https://a.example/Launch/Encrypt) >>"
    )
    assert examine(linked) == PDF
    for hidden in (
        b"% (\n/S /JavaScript % )\n",
        b"/X <(> /S /JavaScript /Y <)>",
        b"/X (a\\() /S /JavaScript /Y (b)",
        b"/X (\\)) /S /JavaScript /Y (b)",
        b"/X (() /A << /S /JavaScript >> )",
    ):
        assert examine(pdf().replace(b"/Type /Catalog", b"/Type /Catalog " + hidden)) is Fault.ACTIVE, hidden


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"#!/bin/sh\n" + pdf(), Fault.MORE_BEFORE),
        (b"{\\rtf1}" + pdf(), Fault.OFFICE),
        (b"<html>" + pdf(), Fault.MORE_BEFORE),
        (b"GIF89a" + pdf(), Fault.OTHER_PICTURE),
        (pdf() + b"\n<html><script>x</script>", Fault.TWO_IN_ONE),
        (pdf() + b"\n7z\xbc\xaf\x27\x1c" + b"\0" * 50, Fault.TWO_IN_ONE),
        (pdf() + bytes(range(1, 200)), Fault.MORE_BEHIND),
        (pdf() + b"x" * 2000, Fault.MORE_BEHIND),
        (b"\0" * 128 + pdf(), Fault.MORE_BEFORE),  # MacBinary, a block of a tape
        (b"\xff\xfe" + pdf(), Fault.MORE_BEFORE),
        (b"\n" * 2000 + pdf(), Fault.MORE_BEFORE),
        (gzip.compress(pdf()), Fault.OFFICE),
        (b"7z\xbc\xaf'\x1c" + pdf(), Fault.OFFICE),
        (pdf() + b"\n7 0 obj\n<< /Type /Page", Fault.CUT_OFF),
        (heic()[:-30], Fault.CUT_OFF),
        (heic()[: heic().index(b"mdat") - 4], Fault.CUT_OFF),
        (heic(film=True)[:-5], Fault.CUT_OFF),
        (jpeg()[:-2], Fault.CUT_OFF),
    ],
)
def test_what_is_another_file_or_only_a_part_of_one_is_refused_by_its_name(content: bytes, fault: Fault) -> None:
    assert examine(content) is fault


@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=6),
    st.integers(0, 400),
)
def test_no_damage_makes_the_cleaning_fail_or_yield_what_cannot_be_taken(
    name: str, changes: list[tuple[int, bytes]], cut: int
) -> None:
    content = FILES[name][0]
    damaged = bytearray(content[: len(content) - cut])
    for at, new in changes:
        start = at % len(damaged)
        damaged[start : start + len(new)] = new
    found = examine(bytes(damaged))
    if not isinstance(found, Fault):
        assert examine(without_private_data(bytes(damaged), found)) == found


def test_an_exif_of_nonsense_is_dropped() -> None:
    for nonsense in (b"", b"II*\0", b"II*\0\xff\xff\xff\xff" + exif()):
        content = jpeg()
        changed = (
            content[:2] + b"\xff\xe1" + (len(nonsense) + 8).to_bytes(2, "big") + b"Exif\0\0" + nonsense + content[2:]
        )
        assert SECRET not in without_private_data(changed, JPEG)


def test_a_photograph_in_a_pdf_that_cannot_be_followed_breaks_nothing() -> None:
    photograph = b"\xff\xd8\xff\xe1\0\0Exif\0\0" + b"\xff\xda\0\x08abcdefdata\xff\xd9"
    head = b"%PDF-1.4\n1 0 obj <</Subtype/Image/Filter/DCTDecode>>\nstream\n"
    content = head + photograph + b"\nendstream endobj\nstartxref\n0\n%%EOF\n"
    assert without_private_data(content, PDF) == content
