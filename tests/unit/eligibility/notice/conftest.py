"""Stories of an authority, and what came of them pinned byte for byte (support/eligibility/golden_notices.py, also for
writing the files anew)."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.eligibility.golden_notices import GoldenNotices, PinnedStory
from support.eligibility.office import Office
from support.eligibility.world import World

GOLDEN = GoldenNotices(Path(__file__).parent / "golden")


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Ids are drawn in rising order: families are looked at in the order of their ids."""
    drawn = itertools.count(0xC0000000)  # above the numbers that replace them
    monkeypatch.setattr(os, "urandom", lambda size: next(drawn).to_bytes(4, "big") + bytes(size - 4))
    return Office(world)


@pytest.fixture
def pinned(world: World, request: pytest.FixtureRequest) -> PinnedStory:
    """Compares what came of this test's story with its golden file."""
    story = request.node.name.removeprefix("test_")
    return lambda *, whole_page=False: GOLDEN.compare(story, world, whole_page=whole_page)


@pytest.fixture
def unused_parts() -> Callable[[], set[str]]:
    return GOLDEN.unused_parts
