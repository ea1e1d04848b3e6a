"""A program begins: what would make its start longer and is of no use to it is left out.

Python looks for cyclic garbage seldom. What a start makes stays: modules, models, statements, routes; Python would look
through all of it again and again while it grows, for a sixth of the CPU of a start, and later at every full search, in
the middle of some request.

Some libraries take others along where these are installed, for what nobody here uses: web sockets to the bus (aiohttp,
which reads all root certificates twice when it is loaded), coloured tracebacks (rich), a command line (pygments). That
is an eighth of a start.
"""

import gc
import importlib
import sys

USUAL = gc.get_threshold()
SELDOM = (50_000, 20, 100)
"""Objects, searches among the young, searches among the elder: see `gc.set_threshold`."""
LEFT_OUT = {"structlog": "rich", "httpx": "pygments", "nats": "aiohttp"}
"""By the library that would take it along. Each does without it where it is not installed."""


def search_seldom() -> None:
    """For a program that begins. A command ends soon; a process that serves says when `all_is_made`."""
    gc.set_threshold(*SELDOM)


def all_is_made() -> None:
    """From now on what is made is searched as usual, and what was made before it never. Does nothing where it was not
    searched seldom: in a test, whose own process goes on."""
    if gc.get_threshold() == SELDOM:
        gc.freeze()
        gc.set_threshold(*USUAL)


def load_libraries_alone() -> None:
    """Load those of `LEFT_OUT` as if what they would take along were not installed; whoever imports that itself, later
    on, finds it. Does nothing where somebody has loaded either before."""
    for library, left_out in LEFT_OUT.items():
        if library in sys.modules or left_out in sys.modules:
            continue
        sys.modules[left_out] = None  # type: ignore[assignment]  # so `import` says that there is no such module
        try:
            importlib.import_module(library)
        finally:
            del sys.modules[left_out]
