"""Writes docs/data-protection.md, and what the families' page says of the other services, out of the retention tables.

    .venv/bin/python tests/data_protection.py

`--check` writes nothing and ends with 1 where one of them is not as it would be written.
"""

import sys

from support.data_protection import written


def main() -> int:
    stale = []
    for path, text in written().items():
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
    for each in stale:
        print(f"{each.name} is not as the tables say: .venv/bin/python tests/data_protection.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
