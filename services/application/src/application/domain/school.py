"""Schools and their authorities, as the directory lists them. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Authority:
    """A school authority, as far as this service needs it."""

    id: str
    name: str
    takes_part: bool


@dataclass(frozen=True)
class School:
    """A school of the register. `form` is the SVWS short key (G, GY, BK …)."""

    number: str
    name: str
    form: str
    city: str
    street: str
    postal_code: str
    authority: Authority
    operation: str
    """SVWS key of operation (Schulbetriebsschlüssel): 1 and 6 open, 0 and 2 closing, 3 opens later."""
    operation_since: date | None = None
