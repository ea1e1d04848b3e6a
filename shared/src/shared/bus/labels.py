"""Whose streams these are: the admin step writes the name of the installation on them."""

import re

from nats.js.api import StreamConfig

NAME = r"^[a-z0-9][a-z0-9.-]{2,99}$"
"""Of an installation, as `…_INSTALLATION` of each process has it."""
INSTALLATION = "schulticket-installation"
"""Among a stream's metadata, beside which the broker writes of its own."""


def installation_of(config: StreamConfig) -> str | None:
    """None of streams that were made before they bore a name, or without one."""
    return (config.metadata or {}).get(INSTALLATION)


def printable(name: str) -> str:
    """A name as a message may have it: what is none is not repeated, whoever wrote it."""
    return name if re.fullmatch(NAME, name) else "with a name that none can have"


def fault(found: str, own: str | None) -> str:
    """Why the broker may not be used, with the remedy.

    Args:
        found: what its streams bear.
        own: of which installation this process, or this admin step, is; None: it was not told.
    """
    told = f"and this is {own}" if own else "and this process was not told of which it is (…_INSTALLATION)"
    return (
        f"the broker's streams belong to the installation {printable(found)}, {told}. Nothing was told or heard there. "
        "Name the broker of this installation in …_NATS_URL; a new one is empty, and its streams are made by the admin "
        "step (`local streams create --installation NAME`, without a clone `python -m shared.bus` with the same "
        "options)"
    )
