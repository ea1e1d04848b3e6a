"""Confines a process to what it was begun for, by the kernel: for one that reads hostile bytes and nothing else."""

import resource

MOST_FILES = 16


def confine(memory_bytes: int) -> None:
    """From here on: no more memory than this, no file written, no process begun, no core kept."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
