"""No lock names a host: installs go by the mirror that a machine's network prescribes. Exit 1 names each place."""

import re
import subprocess
import sys
from pathlib import Path

LOCKS = re.compile(r"(^|/)(requirements[^/]*\.lock|requirements[^/]*\.txt|package-lock\.json|npm-shrinkwrap\.json)$")
HOSTS = re.compile(r'"resolved"|--(extra-)?index-url|--find-links|\s-[if]\s|https?://| @ ')
HARMLESS = re.compile(r'"url":')
"""An npm lock repeats where a package's authors take donations; nothing is fetched from there."""


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True).stdout
    return [Path(name) for name in listing.split("\0") if name]


def main() -> int:
    files = tracked()
    found = [f"{path}: is tracked, but names index hosts" for path in files if path.name == "uv.lock"]
    for path in files:
        if not LOCKS.search(path.as_posix()):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if HOSTS.search(line) and not HARMLESS.search(line):
                found.append(f"{path}:{number}: {line.strip()[:100]}")
    for place in found:
        print(place)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
