"""A PDF is taken only as far as it is understood: no packing hides an action, and nothing stalls the examination."""

import time
import zlib

import pytest
from application.checks.content import PDF, examine
from application.checks.faults import Fault
from hypothesis import example, given
from hypothesis import strategies as st

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
END = b"startxref\n0\n%%EOF\n"
FLATE = b"/Filter/FlateDecode"


def file(*objects: bytes, opening: bytes = b"") -> bytes:
    catalog = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R" + opening + b">>\nendobj\n"
    return b"%PDF-1.7\n" + catalog + b"".join(objects) + END


def object_stream(
    body: bytes,
    keys: bytes = FLATE,
    kind: bytes = b"/Type/ObjStm",
    before: bytes = b"\nstream\n",
    behind: bytes = b"\nendstream\nendobj\n",
) -> bytes:
    return b"3 0 obj\n<<" + kind + b"/N 1/First 4/Length %d" % len(body) + keys + b">>" + before + body + behind


def hidden(value: bytes = SCRIPT) -> bytes:
    return b"5 0 " + value


def stored(content: bytes) -> bytes:
    """Deflate may leave bytes as they are."""
    return zlib.compress(content, 0)


OPENS = b"/OpenAction 5 0 R"
PACKED_TWICE = zlib.compress(zlib.compress(hidden()))
IN_HEX = zlib.compress(hidden()).hex().encode() + b">"
WRONG_SUM = zlib.compress(hidden())[:-4] + b"\0\0\0\0"
RAW = zlib.compress(hidden())[2:-4]
PREDICTED = zlib.compress(b"".join(b"\0" + bytes((each,)) for each in hidden()))

PACKINGS = {
    "packed twice": object_stream(PACKED_TWICE, b"/Filter[/FlateDecode/FlateDecode]"),
    "packed and in hex": object_stream(IN_HEX, b"/Filter[/ASCIIHexDecode/FlateDecode]"),
    "far from its dictionary": object_stream(zlib.compress(hidden()), before=b" " * 5000 + b"stream\n"),
    "far, in hex": object_stream(IN_HEX, b"/Filter[/AHx/Fl]", before=b"\n" * 5000 + b"stream\n"),
    "a wrong checksum": object_stream(WRONG_SUM),
    "a carriage return alone": object_stream(zlib.compress(hidden()), before=b"\nstream\r"),
    "no head of zlib": object_stream(RAW),
    "an escaped filter": object_stream(zlib.compress(hidden()), b"/Filter/Flate#44ecode"),
    "an escaped key": object_stream(zlib.compress(hidden()), b"/Fi#6cter/FlateDecode"),
    "without its type": object_stream(IN_HEX, b"/Filter[/ASCIIHexDecode/FlateDecode]", kind=b""),
    "another type": object_stream(PACKED_TWICE, b"/Filter[/Fl/Fl]", kind=b"/Type/Metadata"),
    "its type elsewhere": object_stream(PACKED_TWICE, b"/Filter[/Fl/Fl]", kind=b"/Type 9 0 R"),
    "its filter elsewhere": object_stream(zlib.compress(hidden()), b"/Filter 9 0 R"),
    "a short name": object_stream(zlib.compress(hidden()), b"/F/FlateDecode"),
    "two filters said": object_stream(PACKED_TWICE, b"/Filter/FlateDecode/Filter[/FlateDecode/FlateDecode]"),
    "a predictor": object_stream(PREDICTED, FLATE + b"/DecodeParms<</Predictor 12/Columns 1>>"),
    "a comment before it": object_stream(zlib.compress(hidden()), before=b" % x\nstream\n"),
    "blanks behind the word": object_stream(zlib.compress(hidden()), before=b"\nstream  \n"),
    "cut off": object_stream(zlib.compress(hidden() + b" " * 500)[:-6]),
    "more behind it": object_stream(zlib.compress(b"9 0 null") + zlib.compress(hidden())),
    "without an end": object_stream(zlib.compress(hidden()), behind=b"\n"),
    "by LZW": object_stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"/Filter/LZWDecode"),
    "inside a picture": b"4 0 obj\n<</Subtype/Image/Length 9>>\nstream\n"
    + object_stream(IN_HEX, b"/Filter[/AHx/Fl]", behind=b"")
    + b"\nendstream\nendobj\n",
    "inside what is packed": b"4 0 obj\n<</Length 9/Filter/FlateDecode>>\nstream\n"
    + stored(b" 7 0 obj <</N 1/First 4/Filter[/AHx/Fl]>>stream\n" + IN_HEX)
    + b"\nendstream\nendobj\n",
    "inside a string": b"4 0 obj\n(\n" + object_stream(IN_HEX, b"/Filter[/AHx/Fl]") + b")\nendobj\n",
    "inside a comment": b"% 4 0 obj <</N 1/First 4/Filter[/AHx/Fl]>>\n",
    "its dictionary in a string of another": b"3 0 obj\n<</N 1/First 4/Filter[/AHx/Fl]/X(8 0 obj<<)/Length 9>>\nstream\n"
    + IN_HEX
    + b"\nendstream\nendobj\n",
    "its dictionary behind a comment": b"3 0 obj\n<</N 1/First 4/Filter[/AHx/Fl] %endobj 8 0 obj <<\n/Length 9>>\nstream\n"
    + IN_HEX
    + b"\nendstream\nendobj\n",
    "in a string of hex": b"3 0 obj\n<</N 1/First 4/Filter[/AHx/Fl]/X<endobj 8 0 obj <</A 1>/Length 9>>\nstream\n"
    + IN_HEX
    + b"\nendstream\nendobj\n",
    "deeper than anybody writes": b"4 0 obj\n" + b"<</A" * 5000 + b">>" * 5000 + b"\nendobj\n",
    "brackets that never close": b"4 0 obj\n" + b"(" * 5000 + b"\nendobj\n",
}


@pytest.mark.parametrize("how", PACKINGS)
def test_an_action_that_is_packed_in_a_way_that_is_not_understood_is_refused(how: str) -> None:
    assert examine(file(PACKINGS[how], opening=OPENS)) in (Fault.PACKED, Fault.CUT_OFF, Fault.ACTIVE)


@pytest.mark.parametrize("how", PACKINGS)
def test_what_is_packed_so_is_refused_also_where_nothing_is_opened(how: str) -> None:
    assert isinstance(examine(file(PACKINGS[how])), Fault)


ACTIONS = [
    b"<</S/GoToR/F(\\\\\\\\evil\\\\share)/D[0/Fit]>>",
    b"<</S/GoToE/T<</R/C/N(a)>>>>",
    b"<</S/URI/URI(https://example.org)>>",
    b"<</S/GoTo/D[2 0 R/Fit]/Next 6 0 R>>",
    b"<</S/Named/N/Print>>",
    b"<</S/Movie/T(x)>>",
    b"<</S/Sound/Sound 6 0 R>>",
    b"<</S/GoTo/D[2 0 R/Fit]/S/URI/URI(https://example.org)>>",
    b"<</#53/URI/URI(https://example.org)>>",
    b"7 0 R",
]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("key", [b"/OpenAction", b"/Open#41ction", b"/AA<</O", b"/#41A<</O"])
def test_what_acts_by_itself_is_refused_direct_elsewhere_and_packed(action: bytes, key: bytes) -> None:
    close = b">>" if b"<<" in key else b""
    elsewhere = b"5 0 obj\n" + action + b"\nendobj\n"
    packed = object_stream(zlib.compress(hidden(action)))
    for content in (
        file(opening=key + b" " + action + close),
        file(elsewhere, opening=key + b" 5 0 R" + close),
        file(packed, opening=key + b" 5 0 R" + close),
        file(object_stream(hidden(action), b""), opening=key + b" 5 0 R" + close),
        file(object_stream(zlib.compress(b"1 0 <<" + key + b" " + action + close + b">>"))),
    ):
        assert examine(content) is Fault.LEADS_OUT


def test_an_action_that_was_changed_later_is_looked_at_in_each_of_its_forms() -> None:
    harmless, later = b"5 0 obj\n[2 0 R/Fit]\nendobj\n", b"5 0 obj\n<</S/URI/URI(https://a.example)>>\nendobj\n"
    assert examine(file(harmless, opening=OPENS)) == PDF
    assert examine(file(harmless, later, opening=OPENS)) is Fault.LEADS_OUT
    assert examine(file(later, harmless, opening=OPENS)) is Fault.LEADS_OUT


@pytest.mark.parametrize(
    "content",
    [
        file(opening=b"/OpenAction[2 0 R /XYZ null null 0]"),
        file(opening=b"/OpenAction<</Type/Action/S/GoTo/D[2 0 R/FitH 800]>>"),
        file(opening=b"/OpenAction << /S /GoTo /D (page.1) >>"),
        file(b"5 0 obj\n<< /S /GoTo /D [2 0 R /Fit] >>\nendobj\n", opening=OPENS),
        file(object_stream(zlib.compress(hidden(b"<</S/GoTo/D[2 0 R/Fit]>>"))), opening=OPENS),
        file(object_stream(zlib.compress(hidden(b"[2 0 R/Fit]")), b"/Filter [ /FlateDecode ]"), opening=OPENS),
        file(object_stream(hidden(b"[2 0 R/Fit]"), b""), opening=OPENS),
        file(b"6 0 obj\n<</Subtype/Link/A<</S/URI/URI(https://example.org/Launch)>>>>\nendobj\n"),
        file(b"6 0 obj\n<</Title(a stream of (data\\)))>>\nendobj\n7 0 obj\n<</Downstream/stream>>\nendobj\n"),
        file(b"6 0 obj\n<</Length 9/Filter[/ASCII85Decode/FlateDecode]>>\nstream\nGhU\n~>\nendstream\nendobj\n"),
        file(b"6 0 obj\n<</Length 2 0 R/Filter /DCTDecode >>\r\nstream\r\n\xff\xd8\xff\xd9\nendstream\nendobj\n"),
        file(b"%% Original object ID: 1 0\n6 0 obj <</A[<</B()>>]>> endobj\n", b"xref\n0 1\n0000000000 65535 f\n"),
    ],
)
def test_what_writers_make_is_taken(content: bytes) -> None:
    assert examine(content) == PDF


WORDS = [
    b"<<", b">>", b"(", b")", b"<", b">", b"%", b"\n", b"\r", b" ", b"stream\n", b"stream", b"endstream", b"endobj ",
    b"3 0 obj ", b"/Filter", b"/FlateDecode", b"[", b"]", b"/N 1/First 4", b"/Type/ObjStm", b"/Length 9", b"\\", b"/X",
    zlib.compress(hidden()), IN_HEX, stored(hidden()), b"5 0 R",
]  # fmt: skip


def readable(content: bytes) -> bool:
    """What a lenient reader would find: any body between the two words, by any chain of up to two filters."""
    at = 0
    while (begin := content.find(b"stream", at)) >= 0:
        at = begin + 6
        body = content[at:].lstrip(b"\r\n ")
        head = content[max(0, begin - 200) : begin]
        for first in (bytes, unhexed, inflated):
            for second in (bytes, inflated):
                if b"/JavaScript" in second(first(body)) and b"/First" in head:
                    return True
    return False


def inflated(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, 10_000)
    except zlib.error:
        return b""


def unhexed(body: bytes) -> bytes:
    try:
        return bytes.fromhex(body.split(b">")[0].decode())
    except ValueError:
        return b""


@given(st.lists(st.sampled_from(WORDS), max_size=14))
@example([b"3 0 obj ", b"<<", b"/N 1/First 4", b"/X", b"(", b">>", b"stream\n", b")", b">>", b"stream\n", IN_HEX])
def test_no_order_of_a_pdfs_words_brings_an_action_past_the_examination(words: list[bytes]) -> None:
    content = file(b"".join(words), opening=OPENS)
    assert not (readable(content) and examine(content) == PDF)


@pytest.mark.parametrize(
    "filling",
    [
        b"<<", b">>", b"<</A", b"[", b"(", b"(\\", b"<", b"%", b"% obj <<\n", b"1 0 obj\n", b"1 0 obj<<>>endobj\n",
        b" obj", b"stream\n", b">>stream\nendstream\n", b"<<>>stream\n", b"/#41#41", b"/Open#41ction 5 0 R", b"/OpenAction",
        b"/AA/", b"9 ", b"/N 1/First 4", b"\r", b"\0", b"endstream", b"/a ", b"(a)", b"<</S/GoTo/D[", b"/Filter[",
    ],
)  # fmt: skip
def test_a_pdf_full_of_one_word_costs_seconds_at_most_and_never_more_than_its_size(filling: bytes) -> None:
    count = 1_000_000 // len(filling)
    started = time.process_time()
    examine(file(filling * count, opening=OPENS))
    examine(file(object_stream(zlib.compress(b"5 0 " + filling * count, 1)), opening=OPENS))
    assert time.process_time() - started < 4
