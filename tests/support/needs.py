"""What a test needs of the machine: where it is missing, the test is skipped, and the run says what would mend it.

Only a developer's machine may lack it: CI installs all of it, and there a skip counts as a failure (tests/conftest.py).
What nobody can install is excused: DISKS.
"""

import os
import shutil

import pytest

DISKS = "be root on a machine that may mount a file (mkfs.ext4, losetup); many containers may not"


def program(name: str, *, package: str) -> pytest.MarkDecorator:
    """Skip where no such program is on the path. `package`: Debian's, which brings it."""
    return pytest.mark.skipif(shutil.which(name) is None, reason=missing(name, f"apt-get install {package}"))


def root(why: str) -> pytest.MarkDecorator:
    """Skip where the test is not run as root. `why`: what it does that only root may."""
    return pytest.mark.skipif(os.geteuid() != 0, reason=missing("root", f"run it as root: {why}"))


def missing(what: str, remedy: str) -> str:
    """The reason of a skip, as the last lines of a run show it."""
    return f"no {what} here: {remedy}"
