"""Real browsers before real pages: the scanner's on a phone with a camera, the desk's on a case worker's screen."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from issuance.domain.ticket import SignedTicket
from playwright.sync_api import Browser
from support import needs
from support.browser import Browsers, NoBrowser, find_chromium, open_browsers
from support.eligibility.served_desk import ServedDesk, served_desk
from support.eligibility.world import World, make_template, open_world
from support.scanner import page
from support.scanner.page import Scanner
from support.scanner.service import Service

PROJECT = Path(__file__).resolve().parents[2]
HERE = f"{Path(__file__).parent}/"
BUILT = PROJECT / "services/issuance/src/issuance/web/static/vendor/zxing/reader/zxing_reader.wasm"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fetches the browser, the first time, before any test's time runs, and only if a test that needs it is left.

    Skips them all on a developer's machine without pages that were built or without a browser; CI has both, and a skip
    counts as a failure there."""
    mine = [item for item in items if str(item.path).startswith(HERE)]
    if not mine or config.option.collectonly:
        return
    reason = "" if BUILT.is_file() else needs.missing("built pages", "make web")
    try:
        find_chromium()
    except NoBrowser as error:
        reason = str(error)
    for item in mine:
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    one = Service(tmp_path)
    one.start()
    one.publish_trust()
    yield one
    one.stop()
    one.provider.stop()
    one.database.close()


OPEN = pytest.StashKey[ExitStack]()
RUNNING = pytest.StashKey[Browsers]()


@pytest.fixture(scope="module")
def browsers(request: pytest.FixtureRequest) -> Browsers:
    """Those of the module before, if it is one of this folder: their start is seconds of work."""
    stash = request.config.stash
    if RUNNING not in stash:
        stash[OPEN] = ExitStack()
        stash[RUNNING] = stash[OPEN].enter_context(open_browsers())
    return stash[RUNNING]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Ends the browsers before a test of another folder: as long as they run, no test with a loop of its own can."""
    try:
        yield
    finally:
        if (nextitem is None or not str(nextitem.path).startswith(HERE)) and RUNNING in item.config.stash:
            del item.config.stash[RUNNING]
            item.config.stash[OPEN].close()


@pytest.fixture
def scanner(service: Service, browsers: Browsers, tmp_path: Path) -> Scanner:
    """`with scanner(png) as page:` a phone whose camera films this picture; without one it has no camera."""
    return partial(page.phone, browsers, tmp_path)


@pytest.fixture
def codes() -> Callable[[SignedTicket], dict[str, bytes]]:
    """Both pictures of a ticket."""
    return page.codes


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    template = tmp_path / "empty.db"
    make_template(template)
    with open_world(template, tmp_path / "eligibility.db") as opened:
        yield opened


@pytest.fixture
def place(world: World, tmp_path: Path) -> Iterator[ServedDesk]:
    with served_desk(world, tmp_path) as served:
        yield served


@pytest.fixture(scope="module")
def browser(browsers: Browsers) -> Browser:
    return browsers.running()
