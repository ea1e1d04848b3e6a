"""What a file is, by its content: four kinds are taken; hostile, broken and double ones are told apart."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from application.checks.content import HEIC, JPEG, PDF, PNG, examine
from application.checks.faults import Fault
from application.checks.uploads import FAULTS, KIND_TEXTS, KINDS, safe_name
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(out, kind)
    return out.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    if change is not None:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


def sized(content: bytes, width: int, height: int) -> bytes:
    """The same picture that says of itself to be as large."""
    if content.startswith(b"\xff\xd8"):
        at = content.index(b"\xff\xc0") + 5
        return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]
    head = content[12:16] + struct.pack(">II", width, height) + content[24:29]
    return content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:]


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


HEIC_FILE = box(b"ftyp", b"mif1\0\0\0\0mif1heic") + box(b"meta", b"\0" * 40) + box(b"mdat", b"\7" * 100)
PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as each:
        each.writestr("evil.exe", b"MZ" * 20)
    return out.getvalue()


def script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = document.make_indirect(action)


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.txt"] = b"hello"


def launch(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def form_with_a_program(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=pikepdf.Array())


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), PDF),
        (pdf(**PACKED), PDF),
        (pdf() + b"\r\n\0", PDF),
        (picture("JPEG"), JPEG),
        (picture("JPEG") + box(b"ftyp", b"mp42" * 3), JPEG),  # a telephone's moving picture behind the still one
        (picture("PNG"), PNG),
        (sized(picture("JPEG"), 16_320, 12_240), JPEG),  # a telephone of 200 million pixels
        (HEIC_FILE, HEIC),
    ],
)
def test_pdf_and_photographs_are_known_by_their_content(content: bytes, media_type: str) -> None:
    assert examine(content) == media_type


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"%PDF", Fault.UNKNOWN),
        (b"MZ\x90\0" * 100, Fault.UNKNOWN),
        (b"<!doctype html><script>alert(1)</script>", Fault.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", Fault.UNKNOWN),
        (b"GIF89a" + b"\0" * 100, Fault.OTHER_PICTURE),
        (picture("TIFF"), Fault.OTHER_PICTURE),
        (picture("WEBP"), Fault.OTHER_PICTURE),
        (archive(), Fault.OFFICE),  # also what a Word document is
        (b"\0\1junk" + pdf(), Fault.MORE_BEFORE),
        (HEIC_FILE.replace(b"heic", b"avif"), Fault.OTHER_PICTURE),
        # cut off
        (pdf()[:-200], Fault.CUT_OFF),
        (picture("JPEG")[:-50], Fault.CUT_OFF),
        (picture("JPEG")[:30], Fault.CUT_OFF),
        (b"\xff\xd8\xff", Fault.CUT_OFF),
        (picture("PNG")[:-20], Fault.CUT_OFF),
        (picture("PNG")[:8], Fault.CUT_OFF),
        (picture("PNG").replace(b"IDAT", b"IDAX"), Fault.CUT_OFF),
        (HEIC_FILE[:-1], Fault.CUT_OFF),
        (box(b"ftyp", b"heic\0\0\0\0heic"), Fault.CUT_OFF),
        # larger than any camera's
        (sized(picture("PNG"), 20_000, 20_000), Fault.TOO_MANY_PIXELS),
        (sized(picture("PNG"), 65_535, 65_535), Fault.TOO_MANY_PIXELS),
        (sized(picture("JPEG"), 65_535, 65_535), Fault.TOO_MANY_PIXELS),
        # two in one
        (picture("JPEG") + archive(), Fault.TWO_IN_ONE),
        (picture("PNG") + archive(), Fault.TWO_IN_ONE),
        (pdf() + archive(), Fault.TWO_IN_ONE),
        (pdf() + b"MZ", Fault.TWO_IN_ONE),
        (pdf().replace(b"%PDF-1.3\n", b"%PDF-1.3\n<script>alert(1)</script>\n"), Fault.TWO_IN_ONE),
        (b"\xff\xd8\xff\xe1" + struct.pack(">H", 12) + b"%PDF-1.7  " + picture("JPEG")[2:], Fault.TWO_IN_ONE),
        # active
        (pdf(script), Fault.ACTIVE),
        (pdf(script, **PACKED), Fault.ACTIVE),
        (pdf(script).replace(b"/JavaScript", b"/Jav#61Script"), Fault.ACTIVE),
        (pdf(attachment), Fault.ACTIVE),
        (pdf(launch), Fault.ACTIVE),
        (pdf(form_with_a_program), Fault.ACTIVE),
        # nobody could read it
        (pdf(encryption=pikepdf.Encryption(user="geheim", owner="geheim")), Fault.LOCKED),
    ],
)
def test_what_is_wrong_with_a_file_is_found(content: bytes, fault: Fault) -> None:
    assert examine(content) is fault


@pytest.mark.parametrize("table", [b"", b"\0\0\0\0\0\1" + box(b"infe", b"")])
def test_a_table_of_a_heic_that_ends_with_the_file_breaks_nothing(table: bytes) -> None:
    items = box(b"iloc", b"\0\0\0\0\x44\0\0\0") + box(b"iinf", table)
    content = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"mdat", b"x" * 30) + box(b"meta", b"\0\0\0\0" + items)
    assert examine(content) == HEIC


def test_a_pdf_that_unpacks_to_nothing_but_size_is_refused_quickly() -> None:
    bomb = zlib.compress(b"\0" * 40_000_000, 1)
    body = b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + bomb + b"\nendstream\nendobj\n"
    started = time.perf_counter()
    assert examine(body * 8 + b"startxref\n0\n%%EOF\n") is Fault.PACKED
    assert time.perf_counter() - started < 5


def test_objects_packed_in_a_way_that_is_not_read_here_are_refused() -> None:
    body = b"%PDF-1.5\n1 0 obj\n<< /Type /Obj#53tm /Filter /LZWDecode >>\nstream\nxx\nendstream\nendobj\n"
    assert examine(body + b"startxref\n0\n%%EOF\n") is Fault.PACKED


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.7", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic"]),
)
def test_no_bytes_make_the_examination_fail(content: bytes, begin: bytes) -> None:
    assert isinstance(examine(begin + content), str | Fault)


@pytest.mark.parametrize(
    ("given_name", "media_type", "safe"),
    [
        ("Attest Ana.pdf", PDF, "Attest Ana.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        (r"C:\Users\x\Attest.JPG", JPEG, "Attest.jpg"),
        ("", HEIC, "Unterlage.heic"),
        (".htaccess", PNG, "htaccess.png"),
        ("rechnung\u202efdp.exe", PDF, "rechnungfdp.pdf"),
        ('a"b\r\nSet-Cookie: x=1;.pdf', PDF, "abSet-Cookie x=1.pdf"),
        ("x" * 500 + ".pdf", PDF, "x" * 80 + ".pdf"),
        ("Größe ’24 – Łódź.png", PNG, "Größe ’24 – Łódź.png"),
        ("attest.pdf.html", PDF, "attest.pdf.pdf"),
        ("x" * 79 + "a\u0327\u0301.pdf", PDF, "x" * 79 + ".pdf"),  # a letter goes whole
    ],
)
def test_a_file_name_is_made_safe_and_ends_as_what_the_file_is(given_name: str, media_type: str, safe: str) -> None:
    assert safe_name(given_name, media_type) == safe


def test_every_fault_and_every_kind_has_its_words() -> None:
    assert set(FAULTS) == set(Fault)
    assert set(KIND_TEXTS) == set(KINDS)
