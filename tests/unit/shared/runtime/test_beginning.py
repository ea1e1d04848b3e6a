"""Garbage is looked for seldom while a program starts, and as usual when it serves."""

import subprocess
import sys

USUAL = "import gc; print(gc.get_threshold(), gc.get_freeze_count() > 0); "


def outcome_of(code: str) -> list[str]:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def test_after_the_start_garbage_is_searched_as_usual_and_what_the_start_made_is_not() -> None:
    begin = "from shared.runtime.beginning import all_is_made, search_seldom; "
    before, meanwhile, after = outcome_of(USUAL + begin + "search_seldom(); " + USUAL + "all_is_made(); " + USUAL)
    assert before == "(700, 10, 10) False"
    assert meanwhile == "(50000, 20, 100) False"
    assert after == "(700, 10, 10) True"


def test_in_a_process_that_began_otherwise_nothing_changes() -> None:
    before, after = outcome_of(USUAL + "from shared.runtime.beginning import all_is_made; all_is_made(); " + USUAL)
    assert before == after == "(700, 10, 10) False"


def test_what_a_library_would_take_along_is_not_loaded_and_found_by_who_imports_it_itself() -> None:
    alone = "import sys; from shared.runtime.beginning import LEFT_OUT, load_libraries_alone; load_libraries_alone(); "
    look = "print([each in sys.modules for each in LEFT_OUT], [each in sys.modules for each in LEFT_OUT.values()]); "
    [loaded] = outcome_of(alone + look + "import aiohttp, pygments, rich; from nats.aio.client import Client")
    assert loaded == "[True, True, True] [False, False, False]"


def test_whoever_has_loaded_it_before_keeps_it() -> None:
    again = "from shared.runtime.beginning import load_libraries_alone; load_libraries_alone(); "
    [same] = outcome_of(f"import aiohttp, nats, sys; {again}print(sys.modules['aiohttp'] is aiohttp)")
    assert same == "True"
