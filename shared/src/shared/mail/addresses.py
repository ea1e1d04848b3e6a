"""E-mail addresses that can be written to: nothing in them can end a line of a header or a command of SMTP."""

import re
from dataclasses import dataclass
from typing import Self

import idna

LONGEST_LOCAL = 64
LONGEST_ADDRESS = 254
"""Octets, without the angle brackets (RFC 5321, 4.5.3.1.1 and 4.5.3.1.3)."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010fffd-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class MailAddress:
    """A mailbox as a dot-string at a host name (RFC 5321, 6531). Quoted local parts and addresses by number have no
    place here: no family has one."""

    local: str
    domain: str
    """With its labels in ASCII (IDNA 2008), in lower case."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address.

        Raises:
            ValueError: where it is none; the text does not repeat it.
        """
        local, at, domain = text.rpartition("@")
        if not at or not _LOCAL.fullmatch(local) or not all(each.isprintable() for each in local):
            raise ValueError("no e-mail address")
        try:
            host = idna.encode(domain, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError):
            raise ValueError("no e-mail address: the part behind the @") from None
        labels = host.split(".")
        if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(each) for each in labels):
            raise ValueError("no e-mail address: the part behind the @")
        found = cls(local, host)
        if len(local.encode()) > LONGEST_LOCAL or len(str(found).encode()) > LONGEST_ADDRESS:
            raise ValueError("no e-mail address: too long")
        return found

    @property
    def needs_utf8(self) -> bool:
        """A server has to know SMTPUTF8 (RFC 6531) to take mail for it."""
        return not self.local.isascii()

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"
