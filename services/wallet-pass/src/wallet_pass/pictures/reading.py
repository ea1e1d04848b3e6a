"""Reads an upload in a confined process of its own (`child`): an authority sends one in a year."""

import contextlib
import subprocess
import sys
import threading
from dataclasses import dataclass

from wallet_pass.domain.pictures import MOST_BYTES, SHAPES, NoPicture, PictureFault, PictureKind, Pixels
from wallet_pass.pictures.child import PIXELS

SECONDS = 10.0
"""By the clock, also where the process does nothing."""
HEAD = 9
"""A sign, width and height."""
MOST_ANSWERED = HEAD + 4 * max(shape.largest[0] * shape.largest[1] for shape in SHAPES.values())
COMMAND = (sys.executable, "-I", "-m", "wallet_pass.pictures.child")


@dataclass(frozen=True)
class PictureReader:
    """May be used by several threads."""

    command: tuple[str, ...] = COMMAND
    seconds: float = SECONDS

    def read(self, data: bytes, kind: PictureKind) -> Pixels:
        """The pixels, at the size in which they are kept. A process that dies of it, or is too slow, has told enough.

        Raises:
            NoPicture.
        """
        if len(data) > MOST_BYTES:
            raise NoPicture(PictureFault.TOO_MANY_BYTES)
        child = subprocess.Popen(
            (*self.command, kind),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,  # Ctrl-C is the service's to hear
        )
        late = threading.Timer(self.seconds, child.kill)
        late.start()
        try:
            return _pixels(_ask(child, data), kind)
        finally:
            late.cancel()
            child.kill()
            child.wait()


def _ask(child: "subprocess.Popen[bytes]", data: bytes) -> bytes:
    """Empty where it says nothing; never more than is expected, whoever has taken it over."""
    if child.stdin is None or child.stdout is None:
        return b""
    with child.stdout:
        with contextlib.suppress(OSError), child.stdin:  # it may answer, or die, before it has read all
            child.stdin.write(data)
        return child.stdout.read(MOST_ANSWERED + 1)


def _pixels(said: bytes, kind: PictureKind) -> Pixels:
    """What a process answers is looked at as if it were the upload's own: it may have been taken over. Pixels cannot do
    any harm, so that nothing more than their number is to be checked."""
    if not said:
        raise NoPicture(PictureFault.TOO_SLOW)
    if said[:1] != PIXELS:
        reason = said[1:].decode("ascii", "replace")
        raise NoPicture(PictureFault(reason) if reason in set(PictureFault) else PictureFault.DAMAGED)
    width, height = (int.from_bytes(said[at : at + 4], "big") for at in (1, 5))
    largest = SHAPES[kind].largest
    if not (0 < width <= largest[0] and 0 < height <= largest[1] and len(said) == HEAD + 4 * width * height):
        raise NoPicture(PictureFault.DAMAGED)
    return Pixels(width, height, said[HEAD:])
