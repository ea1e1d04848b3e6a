"""The files of others that our pages serve: what `local web` copied from npm, by its hash."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from local.supply_chain.part import Digest, File, Package

SOURCES = {"kern": "@kern-ux/native", "zxing": "zxing-wasm"}
"""Folder below `vendor` to the package that it comes from."""
COMPRESSED = (".br", ".gz")


class UnknownFile(Exception):
    """A page would serve something of which nobody knows whence it is."""


def served_files(project: Path, packages: Iterable[Package], licences: Mapping[str, str]) -> list[File]:
    """Every file below a `vendor` folder; the same one in several services is listed for each. Its compressed form is
    itself.

    Args:
        licences: beginning of a path below `vendor` to a licence of its own.

    Raises:
        UnknownFile.
    """
    by_name = {package.name: package for package in packages if package.ecosystem == "npm"}
    found = []
    for vendor in sorted(project.glob("services/*/src/*/web/static/vendor")):
        for path in sorted(vendor.rglob("*")):
            name = path.relative_to(vendor).as_posix()
            # below a name with a dot lies what is being built just now
            hidden = any(part.startswith(".") for part in path.relative_to(vendor).parts)
            if hidden or not path.is_file() or path.suffix in COMPRESSED:
                continue
            source = by_name.get(SOURCES.get(name.partition("/")[0], ""))
            if source is None:
                raise UnknownFile(
                    f"{path.relative_to(project)}: no package of package-lock.json is named as its source"
                )
            own = next((licence for start, licence in licences.items() if name.startswith(start)), None)
            digest = Digest("SHA-256", hashlib.sha256(path.read_bytes()).hexdigest())
            found.append(File(path.relative_to(project).as_posix(), digest, source, own))
    return found
