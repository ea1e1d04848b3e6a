"""Which phone asks for a page, by the user agent: its own wallet is offered first. Pure."""

from enum import StrEnum


class Phone(StrEnum):
    """What a page is read on, as far as it matters for wallets."""

    IOS = "ios"
    ANDROID = "android"
    OTHER = "other"
    """A computer, or what says nothing that we know: both wallets are offered alike."""


def phone_of(user_agent: str | None) -> Phone:
    """A guess, by which only the order of two buttons goes: tablets of Apple call themselves a Mac."""
    told = (user_agent or "")[:LONGEST]
    if "Windows" in told:  # phones of Microsoft named both others
        return Phone.OTHER
    if "Android" in told:
        return Phone.ANDROID
    return Phone.IOS if any(name in told for name in ("iPhone", "iPad", "iPod")) else Phone.OTHER


LONGEST = 1000
"""Characters that are looked at."""
