"""The key by which ticket numbers are derived: a file beside the keys that sign, because it must outlive the database.

It signs nothing, so it is not encrypted: whoever reads it can tell from a case which number its ticket has, as whoever
reads the signer's tables can.
"""

from pathlib import Path

from shared.key_files import key_of

from issuance.domain.numbering import KEY_BYTES, NumberScheme
from issuance.signer.keys.keys import KeyProblem

NUMBERS_KEY = "numbers.key"


def open_numbering(folder: Path) -> NumberScheme:
    """The key of a folder of keys; made at the first start, also of a folder from before numbers were derived.

    Raises:
        KeyProblem: where it cannot be read, or made.
    """
    path = folder / NUMBERS_KEY
    try:
        return NumberScheme(key_of(path, KEY_BYTES))
    except OSError as error:
        raise KeyProblem(f"{path}: {error.strerror}; the signer keeps the key of its ticket numbers there") from error
    except ValueError as error:
        raise KeyProblem(f"{path}: {error}; take the file of the backup of this folder") from error
