"""Why a notice could not be sealed. Known also to who seals nothing, and loads none of the libraries for it."""

from enum import StrEnum


class Fault(StrEnum):
    """Why nothing can be sealed just now."""

    MODULE = "module"
    """The library cannot be loaded."""
    TOKEN = "token"  # noqa: S105
    """No such token, or it does not answer."""
    PIN = "pin"
    KEY = "key"
    CERTIFICATE = "certificate"
    """None, or of another key."""
    EXPIRED = "expired"
    """Or not valid yet."""
    TIMESTAMP = "timestamp"
    CHECK = "check"
    """What was made does not hold when it is read as a reader would."""


class SealFault(Exception):
    """Nothing can be sealed: says the kind alone, as what a library says may hold a PIN."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault
