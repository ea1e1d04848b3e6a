"""Nothing is fetched without a version and a hash: not by make, by CI, by a container, by a page or by a notice.

Read from the text of every tracked file, so that a way to fetch that comes later is found too.
"""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[4]
HERE = Path(__file__).parent.relative_to(PROJECT).as_posix()
OWN = {f"{HERE}/{name}.py" for name in ("test_every_fetch_is_pinned", "test_locks")}
"""They name what must not be."""
DATA = (".md", ".lock", ".json", ".jsonl", ".png")
SUSPECT = re.compile(
    r"\bpip|uvx|uv tool|easy_install|npx|npm|\"ci\"|yarn|bun|corepack|playwright|apt|apk|dnf|yum|brew|curl|wget|urlretrieve"
    r"|torch\.hub|\bgit|FROM|image:|uses:|repo:|//|@import|@preview|@local"
)
"""Cheap, and wider than what follows."""
INSTALLED_AS_THEY_ARE = {
    ".ci/run": "Debian's signed packages for tests: openssl, poppler-utils, unzip, softhsm2, python3-venv, systemd, promtool",
    "Dockerfile": "make, for the stage that builds: nothing of it is in the image",
}
"""Where Debian's package manager may be called; SECURITY.md names it as not pinned."""
WEB = re.compile(r"/web/(static|templates)/|\.(html|css|typ)$")


def unpinned(path: str, line: str) -> str | None:
    """What a line would fetch unpinned; None where it fetches nothing, or only what a lock names by hash."""
    checks = [
        _from_python,
        _from_npm,
        _from_debian,
        _by_address,
        _images_and_actions,
        *([_pages] if WEB.search(path) else []),
    ]
    return next((said for check in checks if (said := check(path, line))), None)


def _from_python(_: str, line: str) -> str | None:
    for found in re.finditer(
        r"(\bpip3? install|\bpip sync|\bpip download|\"pip\", \"(?:install|sync|download)\")(.*)", line
    ):
        options = found[2]
        ours = "--offline" in options and "--no-build-isolation" in options
        only_wheels = re.search(r"--only-binary :all:|--no-build\b|--build-constraints", options)
        if not ours and not ("--require-hashes" in options and only_wheels):
            return "packages without hashes, or built with tools without hashes"
    return (
        "a program of the day"
        if re.search(r"\buvx\b|\buv tool (run|install)\b|\bpipx\b|\beasy_install\b", line)
        else None
    )


def _from_npm(_: str, line: str) -> str | None:
    if re.search(
        r"\bnpx\b|\bnpm (i|install|add|exec|update)\b|\b(yarn|pnpm|bunx?) |\bcorepack\b|playwright install\b", line
    ):
        return "packages beside the lock"
    if re.search(r"\"ci\"|(?<!`)\bnpm ci\b", line) and "--ignore-scripts" not in line:
        return "what a package's own script fetches"
    return None


def _from_debian(path: str, line: str) -> str | None:
    call = re.search(r"^\s*[^#\"'(]*\b(apt-get|apt|apk|dnf|yum|brew)\b.* (install|add) ", line)
    return "packages of the system" if call and path not in INSTALLED_AS_THEY_ARE else None


def _by_address(path: str, line: str) -> str | None:
    fetches = re.search(r"\b(curl|wget)\b[^|;]*https?://|urlretrieve\(|torch\.hub|git clone|git\+https", line)
    return "a file by its address" if fetches else None


def _images_and_actions(path: str, line: str) -> str | None:
    if (
        re.search(r"(^|/)(Docker|Container)file", path)
        and re.match(r"FROM (?!scratch)", line)
        and "@sha256:" not in line
    ):
        return "an image without its digest"
    if not path.endswith((".yaml", ".yml")):
        return None
    if (image := re.match(r"\s*(- )?image:\s*(\S+)", line)) and "@sha256:" not in image[2]:
        return "an image without its digest"
    if (action := re.match(r"\s*(- )?uses:\s*([^.]\S*)", line)) and not re.search(r"@[0-9a-f]{40}$", action[2]):
        return "an action without its commit"
    return "a hook of another repository" if re.match(r"\s*- repo: *(?!local| )", line) else None


def _pages(_: str, line: str) -> str | None:
    by_browser = (
        r"""(src|srcset|href)=["']?(https?:)?//(?!\{)|@import|import[ (].*["'](https?:)?//|url\(["']?(https?:)?//"""
    )
    if re.search(r"@preview/|@local/", line):
        return "a package of Typst"
    linked = re.search(r"<a\b[^>]*href=", line)
    return "a file of another host" if re.search(by_browser, line) and not linked else None


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return [name for name in listed.stdout.split("\0") if name]


def test_no_tracked_file_fetches_anything_without_version_and_hash() -> None:
    found, read = [], 0
    for name in tracked():
        path = PROJECT / name
        if not path.is_file() or name in OWN or name.endswith(DATA):
            continue
        read += 1
        lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        suspects = [line for line in lines if SUSPECT.search(line)]
        found += [f"{name}: {said}: {line.strip()[:100]}" for line in suspects if (said := unpinned(name, line))]
    assert read > 500
    assert found == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Makefile", "\t@$(BIN)/python -m pip install uv"),
        ("Makefile", "\t@$(BIN)/python -m pip install --require-hashes -r one.txt"),
        ("Makefile", "\t@$(UV) pip sync --require-hashes requirements.lock"),
        ("Makefile", "\tuvx pip-audit"),
        ("tests/a.py", 'run(["uv", "pip", "install", "pip-audit"])'),
        ("deploy/a.py", 'command = [*npm, "ci"]'),
        (".ci/run", "npm install"),
        (".ci/run", "npx playwright install chromium"),
        (".ci/run", "curl -sSL https://example.org/install.sh | sh"),
        ("deploy/install", "apt-get install -y chromium"),
        ("deploy/Dockerfile", "FROM debian:12"),
        ("deploy/compose.yaml", "    image: nats:2.15"),
        (".github/workflows/ci.yml", "      - uses: actions/checkout@v4"),
        (".pre-commit-config.yaml", "  - repo: https://github.com/psf/black"),
        ("services/a/src/a/web/static/scan.html", '<script src="https://cdn.example/zxing.js"></script>'),
        ("services/a/src/a/web/static/page/app.js", 'import x from "https://cdn.example/x.js";'),
        ("services/a/src/a/web/static/a.css", "src: url(//fonts.example/a.woff2);"),
        ("services/a/src/a/printing/notice.typ", '#import "@preview/tablex:0.0.8"'),
    ],
)  # fmt: skip
def test_a_planted_fetch_is_found(path: str, line: str) -> None:
    assert unpinned(path, line)


def test_the_build_tools_of_what_has_no_wheel_are_pinned() -> None:
    """uv takes a constraint's hash as binding, but fetches whatever has no constraint."""
    makefile = (PROJECT / "Makefile").read_text()
    assert re.search(r"^BUILT := nkeys$", makefile, re.MULTILINE), "name here what the new one's build needs"
    assert "setuptools==" in (PROJECT / "deploy/local/requirements-build.lock").read_text()


def test_the_barcode_reader_takes_its_program_from_our_own_page() -> None:
    """Left alone, zxing-wasm fetches it from a public network of copies."""
    worker = (PROJECT / "services/issuance/src/issuance/web/static/page/read-worker.js").read_text()
    assert "locateFile: () => WASM" in worker
    assert re.search(r'WASM = new URL\("\.\.?/|WASM = "', worker), worker[:600]
