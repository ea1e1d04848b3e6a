"""Several passes in one file for Apple Wallet: a ZIP of .pkpass files (docs/sources/wallets.md, 1.1)."""

import io
import zipfile
from collections.abc import Sequence

MOST_PASSES = 10
MOST_BYTES = 150_000_000
"""Apple's limits of a bundle."""


def bundle(packages: Sequence[bytes]) -> bytes:
    """The .pkpasses file. Packages are packed already, so they are stored as they are; a name says nothing of a child.

    Raises:
        ValueError: for none, or more than Apple takes.
    """
    if not 1 <= len(packages) <= MOST_PASSES or sum(map(len, packages)) > MOST_BYTES:
        raise ValueError(f"a bundle holds 1 to {MOST_PASSES} passes, {MOST_BYTES} bytes at most")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for number, package in enumerate(packages, start=1):
            archive.writestr(zipfile.ZipInfo(f"ticket-{number}.pkpass"), package)
    return whole.getvalue()
