"""A reader is put to the corpus in a process of its own: one that ends, or never ends, is a failure and not the end."""

import contextlib
import faulthandler
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from support.readers.corpus import corpus

MEMORY = 1 << 30
"""Bytes that a reader may take beyond what the process has."""


@dataclass(frozen=True)
class Reader:
    """`read` takes bytes; `refuses` is how it says no. `sample` is taken. `longest`: what reaches it, in bytes.
    `milliseconds` of a processor for any of the corpus: little where the event loop waits for it."""

    read: Callable[[bytes], object]
    sample: bytes
    refuses: tuple[type[BaseException], ...]
    milliseconds: float = 50
    longest: int = 262_144


def faults_of(reader: Reader) -> tuple[int, list[str]]:
    """How many of the corpus it was given, and what went wrong with which."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        told: tuple[int, list[str]] = (0, ["it ended"])
        try:
            told = _tried(reader, into)
        except BaseException:
            told = (0, [traceback.format_exc()[-600:]])
        finally:
            os.write(into, b"\n" + json.dumps(told).encode())
            os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as answers:
        lines = answers.read().split(b"\n")
    _, status = os.waitpid(pid, 0)
    if status:
        return 0, [f"ended by signal {os.WTERMSIG(status)} at {lines[-1].decode(errors='replace')}"]
    count, faults = json.loads(lines[-1])
    return count, faults


def _tried(reader: Reader, into: int) -> tuple[int, list[str]]:
    faulthandler.disable()
    sys.settrace(None)  # this process ends without writing what a tracer counts: it would only slow the reader
    signal.alarm(300)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    faults: list[str] = []
    with contextlib.suppress(*reader.refuses):
        reader.read(reader.sample)  # what is loaded at the first use does not count
    given = list(corpus(reader.sample, reader.longest))
    for name, content in given:
        os.write(into, b"\n" + name.encode()[:200])
        spent, fault = _read(reader, name, content)
        if spent > reader.milliseconds:  # a slow reader is slow each time; what else this process does is not
            spent = min(spent, *(_read(reader, name, content)[0] for _ in range(2)))
        faults += [fault] if fault else []
        faults += [f"{name}: {spent:.0f} ms"] if spent > reader.milliseconds else []
    return len(given), faults


def _read(reader: Reader, name: str, content: bytes) -> tuple[float, str]:
    """How many milliseconds of the processor it took, and what went wrong; empty where it was read or refused."""
    fault, started = "", time.process_time()
    try:
        reader.read(content)
    except reader.refuses:
        pass
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{name}: {type(error).__name__} {str(error)[:80]} at {where.filename}:{where.lineno}"
    return 1000 * (time.process_time() - started), fault
