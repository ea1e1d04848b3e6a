"""Each operation of each service, with the pages, has a line in its policy table (api/who_may.py). Exit 1 names those
without one, and lines whose operation is gone."""

import sys
import tempfile
from pathlib import Path

from shared.http.gate import NoLine
from shared.runtime.service import api_of
from support.matrix.services import built


def main() -> int:
    found = []
    with tempfile.TemporaryDirectory() as folder, built(Path(folder)) as services:
        for name, service in services.items():
            try:
                api_of(service)
            except NoLine as problem:
                found.append(f"{name}: {problem}; see services/{name}/src/*/api/who_may.py")
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
