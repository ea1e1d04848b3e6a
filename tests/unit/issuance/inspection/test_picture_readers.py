"""Pictures are decoded where hostile bytes find nothing: in processes that are bounded, watched and made anew."""

import asyncio
import sys
import time
from collections.abc import Callable

import pytest
from issuance.barcode import picture
from issuance.barcode.refusal import Unreadable
from issuance.inspection import picture_child, picture_readers
from issuance.inspection.picture_readers import PictureReaders
from shared.errors import Unavailable

CONFINED = "from issuance.inspection import picture_child as c; c.confine(c.MEMORY_BYTES); "
PNG = picture.qr_png("S1:A")


def child(program: str, seconds: float = 10, confined: bool = True) -> PictureReaders:
    """A decoder that a hostile picture has taken over."""
    return PictureReaders(1, (sys.executable, "-I", "-c", (CONFINED if confined else "") + program), seconds)


def test_a_picture_is_read_by_a_process_that_is_kept() -> None:
    readers = PictureReaders(1)
    assert readers.read(PNG) == readers.read(PNG) == (b"S1:A",)
    (kept,) = readers._idle
    for data, reason in ((b"", "not_a_picture"), (PNG[:60], "not_a_picture"), (b"x" * 10_000_001, "picture_too_large")):
        with pytest.raises(Unreadable, match=reason):
            readers.read(data)
    assert readers.read(PNG) == (b"S1:A",)
    assert readers._idle == [kept]


@pytest.mark.parametrize(
    "does",
    [
        "bytearray(600 * 1024 * 1024)",
        "open('/tmp/taken-over', 'wb').write(b'x')",
        "import os; os.fork() and os._exit(3)" if not sys.platform.startswith("linux") else "import os; os.abort()",
        "[open('/dev/null') for _ in range(100)]",
        "import os; assert not {each for each in os.environ if each != 'LC_CTYPE'}; raise SystemExit",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('x' * 5_000_000)",
        "import sys; sys.stdout.buffer.write(b'\\xff' * 100)",
        "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\5\\0')",
        "import sys; sys.stdout.buffer.write(bytes(4))",
        "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\5\\1evil')",
    ],
)
def test_what_takes_a_decoder_over_can_do_nothing_and_the_next_picture_is_read(does: str) -> None:
    readers = child(does + "; print('done', flush=True)" if "bytearray" in does or "open(" in does else does)
    with pytest.raises(Unreadable) as refused:
        readers.read(PNG)
    assert refused.value.reason in picture_readers.REASONS
    readers.command = picture_readers.COMMAND
    for other in readers._idle:
        other.kill()
        other.wait()
    assert readers.read(PNG) == (b"S1:A",)


def test_a_decoder_that_turns_in_circles_or_sleeps_is_ended() -> None:
    spinning = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    for program, seconds in ((spinning, 30.0), ("import time; time.sleep(60)", 1.0)):
        readers, started = child(program, seconds), time.perf_counter()
        with pytest.raises(Unreadable, match="picture_too_large"):
            readers.read(PNG)
        assert time.perf_counter() - started < 15


def test_each_picture_has_seconds_of_its_own_and_a_process_that_served_long_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = "c.SECONDS_TOGETHER = 0; import sys; c.serve(sys.stdin.buffer, sys.stdout.buffer)"
    readers = child(program)
    with pytest.raises(Unreadable):
        readers.read(PNG)
    assert readers._idle == []
    assert picture_child.SECONDS_TOGETHER > 10 * picture_child.SECONDS_EACH


async def test_no_more_pictures_are_read_or_wait_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_readers, "MOST_WAITING", 2)
    readers, at_once, most = PictureReaders(2), 0, 0

    def work(read: Callable[[bytes], tuple[bytes, ...]]) -> bool:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.05)
        found: bool = read(PNG) == (b"S1:A",)
        at_once -= 1
        return found

    asked = await asyncio.gather(*(readers.run(work) for _ in range(7)), return_exceptions=True)
    assert [each for each in asked if each is True] == [True] * 4
    assert sum(isinstance(each, Unavailable) for each in asked) == 3
    assert most <= 2 and len(readers._idle) <= 2
    assert await readers.run(work)
