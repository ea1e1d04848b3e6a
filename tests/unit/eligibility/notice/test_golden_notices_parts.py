"""After all stories, in the order of files: where the golden files are written anew, parts of none are dropped here."""

from collections.abc import Callable


def test_no_part_of_the_golden_files_is_unused(unused_parts: Callable[[], set[str]]) -> None:
    assert unused_parts() == set()
