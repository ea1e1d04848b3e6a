"""A process that reads pictures for the API and can do nothing else: `python -m issuance.inspection.picture_child`.

Decoders of pictures are where hostile bytes do harm. Here they meet no key, no token, no database and no environment;
memory, time and files are bounded by the kernel. In: length (4 bytes), picture. Out: length, then a sign and the codes,
each with its length, or the reason why there are none.
"""

import resource
import sys
import time
from typing import BinaryIO

from shared.runtime.confinement import confine

from issuance.barcode import picture
from issuance.barcode.refusal import Unreadable

MEMORY_BYTES = 512 * 1024 * 1024
"""The largest pictures that are read take 270 MB (PNG with four channels) and 170 MB (a progressive JPEG)."""
SECONDS_EACH = 10
"""Of a processor, for one picture; the slowest known takes 2."""
SECONDS_TOGETHER = 300
"""Then it makes room for a new process."""
CODES, REASON = b"\0", b"\1"


def answer(data: bytes) -> bytes:
    """What is sent back for one picture."""
    try:
        contents = picture.read(data)
    except Unreadable as refusal:
        return REASON + refusal.reason.encode()
    except MemoryError:
        return REASON + b"picture_too_large"
    return CODES + b"".join(len(one).to_bytes(4, "big") + one for one in contents)


def serve(given: BinaryIO, out: BinaryIO) -> None:
    """Answers pictures, each after its length in 4 bytes, until the parent closes or the seconds of the processor are
    spent."""
    while len(head := given.read(4)) == 4 and time.process_time() < SECONDS_TOGETHER:
        hard = SECONDS_TOGETHER + 2 * SECONDS_EACH
        soft = min(hard, int(time.process_time()) + SECONDS_EACH)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
        said = answer(given.read(int.from_bytes(head, "big")))
        out.write(len(said).to_bytes(4, "big") + said)
        out.flush()


if __name__ == "__main__":
    confine(MEMORY_BYTES)
    serve(sys.stdin.buffer, sys.stdout.buffer)
