"""Bytes that nobody means: nesting, size, truncation and repetition, for every reader of foreign bytes alike."""

import random
from collections.abc import Iterator

NESTING = (
    b"[", b"{", b'{"a":', b"[{", b"(", b"<", b"<<", b"<a>", b"- ", b"? ", b"{a: ", b"[[a, ", b"!", b"&a [", b"a.", b"((",
    b"\x81", b"\x9f", b"\xa1\x00", b"\xbf\x00", b"\xd8\x18", b"\xc1", b"\x5f", b"0\x80", b"\x30\x84\x7f\xff\xff\xff", b'"\\',
    b"not(", b"-(", b"<!DOCTYPE a [<!ENTITY b '", b"<osm>", b"%PDF-1.7\n<<", b"{#", b"{{", b'{"type":"Feature","geometry":',
)  # fmt: skip
"""Written again and again, none is ever closed."""
REPEATED = (
    b"0", b"9", b"1e9", b"-", b"+", b"a", b"A", b" ", b"\n", b"\r", b"\r\n", b"\t", b"\0", b"\xff", b"\x80", b",", b";", b":",
    b"=", b"&", b"%", b"%00", b"&a=", b"a=b;", b'"', b"'", b"\\", b"/", b"|", b"#", b"*a ", b"&a ", b"<<: ", b"k: 1\n", b"k,\n",
    b'{"a":1,"a":2}', b"{}\n", b"{},", b"1,", b"a;b\n", b"--", b"--b\r\n", b"\xef\xbb\xbf", "é".encode(), "😀".encode(),
    "١".encode(), "\u202e".encode(), b"\xed\xa0\x80", b"2026-01-01", b"00.00.0000", b"en;q=1,", b"A=", b".", b"..", b"eyJ.",
    b"stream\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"x\x9c", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\x00\x00\x00\x00",
    b"exists(x, ", b"a == a && ", b"matches(", b"NaN,", b"Infinity ", b"null,", b"!!binary ", b"? a\n: ",
)  # fmt: skip
SMALL = (
    b"",
    b"\0",
    b"\n",
    b"0",
    b"-1",
    b"{}",
    b"[]",
    b"null",
    b'""',
    b"NaN",
    b"1e999",
    b"9" * 5000,
    b"\xff\xfe",
    b"a" * 64,
)
CUTS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)


def corpus(sample: bytes, longest: int) -> Iterator[tuple[str, bytes]]:
    """With a name each. `sample`: what the reader takes; `longest`: what whoever stands before it lets in, in bytes."""
    yield from ((f"small {each[:12]!r}", each[:longest]) for each in SMALL)
    for each in NESTING:
        for size in {min(longest, 2_000), longest}:
            yield f"nesting {each!r} to {size}", (each * (size // len(each) + 1))[:size]
    for each in REPEATED:
        yield f"repeated {each!r}", (each * (longest // len(each) + 1))[:longest]
    yield from altered(sample, longest)


def altered(sample: bytes, longest: int) -> Iterator[tuple[str, bytes]]:
    """The sample cut off, said again, with a byte changed, and with what is nested or repeated put into it."""
    yield "the sample", sample
    for percent in CUTS:
        yield f"cut off at {percent} %", sample[: len(sample) * percent // 100]
        yield f"cut off before the last {percent}", sample[:-percent]
    yield "twice", (sample * 2)[:longest]
    yield "to the full", (sample * (longest // max(1, len(sample)) + 1))[:longest]
    draw = random.Random(7)
    for count in range(30):
        at = draw.randrange(max(1, len(sample)))
        yield f"byte {at} changed ({count})", sample[:at] + bytes((draw.randrange(256),)) + sample[at + 1 :]
    for count in range(30):
        at, word = draw.randrange(len(sample) + 1), draw.choice(NESTING + REPEATED)
        room = max(1, longest - len(sample))
        filling = (word * (room // len(word) + 1))[: draw.choice((len(word), 3_000, room))]
        yield f"{word!r} at {at} ({count})", (sample[:at] + filling + sample[at:])[:longest]
