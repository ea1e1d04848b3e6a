"""Python looks for cyclic garbage seldom while a program starts.

What a start makes stays: modules, models, statements, routes. Python would look through all of it again and again while
it grows, for a sixth of the CPU of a start, and later at every full search, in the middle of some request.
"""

import gc

USUAL = gc.get_threshold()
SELDOM = (50_000, 20, 100)
"""Objects, searches among the young, searches among the elder: see `gc.set_threshold`."""


def search_seldom() -> None:
    """For a program that begins. A command ends soon; a process that serves says when `all_is_made`."""
    gc.set_threshold(*SELDOM)


def all_is_made() -> None:
    """From now on what is made is searched as usual, and what was made before it never. Does nothing where it was not
    searched seldom: in a test, whose own process goes on."""
    if gc.get_threshold() == SELDOM:
        gc.freeze()
        gc.set_threshold(*USUAL)
