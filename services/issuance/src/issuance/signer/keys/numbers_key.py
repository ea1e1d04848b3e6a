"""The key by which ticket numbers are derived: a file beside the keys that sign, because it must outlive the database.

It signs nothing, so it is not encrypted: whoever reads it can tell from a case which number its ticket has, as whoever
reads the signer's tables can.
"""

import os
import secrets
from pathlib import Path

from issuance.domain.numbering import KEY_BYTES, Numbering
from issuance.signer.keys.keys import KeyProblem

NUMBERS_KEY = "numbers.key"


def open_numbering(folder: Path) -> Numbering:
    """The key of a folder of keys; made at the first start, also of a folder from before numbers were derived.

    Raises KeyProblem where it cannot be read, or made.
    """
    path = folder / NUMBERS_KEY
    try:
        if not path.exists():
            _make(path)
        return Numbering(path.read_bytes())
    except OSError as error:
        raise KeyProblem(f"{path}: {error.strerror}; the signer keeps the key of its ticket numbers there") from error
    except ValueError as error:
        raise KeyProblem(f"{path}: {error}; take the file of the backup of this folder") from error


def _make(path: Path) -> None:
    """Whole and on the disk, or not at all. Of two that start at once one makes it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
