"""`make web`: KERN's files come to every service with pages, once."""

import gzip
import hashlib
from pathlib import Path

import brotli
import pytest
from local import web


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working copy in which npm has done its part."""
    (tmp_path / "package-lock.json").write_text("{}")
    kern = tmp_path / "node_modules" / "@kern-ux" / "native"
    for name in (*web.STYLE_SHEETS, *web.FONTS):
        (kern / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (kern / "dist" / name).write_text(name)
    (kern / "LICENSE.md").write_text("EUPL")
    digest = hashlib.sha256(b"{}").hexdigest()
    (tmp_path / "node_modules" / web.STAMP).write_text(digest)
    (tmp_path / "services" / "a" / "src" / "a" / "web" / "static").mkdir(parents=True)
    monkeypatch.setattr(web, "PROJECT", tmp_path)
    monkeypatch.setattr(web, "LOCK", tmp_path / "package-lock.json")
    monkeypatch.setattr(web, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(web, "KERN", kern / "dist")
    return tmp_path


def test_sheets_fonts_and_licence_are_copied(project: Path) -> None:
    web.build_web()
    made = project / "services/a/src/a/web/static/vendor/kern"
    assert (made / "kern.min.css").read_text() == "kern.min.css"
    assert (made / "fonts/fira-sans/FiraSans-Regular.woff2").is_file()
    assert (made / "LICENSE.md").read_text() == "EUPL"


def test_each_sheet_lies_there_compressed_as_well_and_fonts_do_not(project: Path) -> None:
    web.build_web()
    made = project / "services/a/src/a/web/static/vendor/kern"
    assert brotli.decompress((made / "kern.min.css.br").read_bytes()) == b"kern.min.css"
    assert gzip.decompress((made / "LICENSE.md.gz").read_bytes()) == b"EUPL"
    assert not list(made.glob("**/*.woff2.*"))


def test_what_was_built_before_files_were_compressed_is_built_anew(project: Path) -> None:
    web.build_web()
    made = project / "services/a/src/a/web/static/vendor/kern"
    (made / web.STAMP).write_text(hashlib.sha256(b"{}").hexdigest())
    (made / "kern.min.css.br").unlink()
    web.build_web()
    assert (made / "kern.min.css.br").is_file()


def test_what_is_up_to_date_is_left_alone_and_a_new_service_is_served(project: Path) -> None:
    web.build_web()
    mark = project / "services/a/src/a/web/static/vendor/kern/mark"
    mark.touch()
    (project / "services" / "b" / "src" / "b" / "web" / "static").mkdir(parents=True)
    web.build_web()
    assert mark.exists()
    assert (project / "services/b/src/b/web/static/vendor/kern/kern.min.css").is_file()


def test_a_new_lock_that_npm_cannot_install_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "package-lock.json").write_text('{"packages": {}}')
    monkeypatch.setattr(web, "_npm", lambda: ["false"])
    with pytest.raises(web.WebNotBuilt):
        web.build_web()


def test_pages_do_not_fetch_the_browser_of_the_tests(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "package-lock.json").write_text('{"packages": {}}')
    monkeypatch.setattr(web, "_npm", lambda: ["sh", "-c", 'echo "$@" > arguments; exit 1', "npm"])
    with pytest.raises(web.WebNotBuilt):
        web.build_web()
    assert "--omit=dev" in (project / "arguments").read_text().split()


@pytest.mark.parametrize(
    ("version", "taken"),
    [("6.14.18", False), ("7.0.0", True), ("11.2.0", True), ("", False), ("no such file", False), ("9" * 5000, False)],
)
def test_an_npm_that_does_not_know_this_form_of_lock_gives_way_to_the_locks_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, taken: bool
) -> None:
    for name, said in (("npm", version), ("node", "")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho '{said}'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (web._npm() == [str(tmp_path / "npm")]) is taken
