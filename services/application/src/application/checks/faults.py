"""What may speak against a file. Pure."""

from enum import Enum


class Fault(Enum):
    EMPTY = "empty"
    UNKNOWN = "unknown"
    OTHER_PICTURE = "other_picture"
    """A picture or film of a kind that is not taken (WEBP, AVIF, TIFF, GIF …)."""
    OFFICE = "office"
    """A text document, a table, or an archive."""
    CUT_OFF = "cut_off"
    TWO_IN_ONE = "two_in_one"
    TOO_MANY_PIXELS = "too_many_pixels"
    """A picture that few bytes make larger than any camera's: opening it fills a computer's memory."""
    MORE_BEHIND = "more_behind"
    """A PDF with data behind its end that are not text and no file that is known here."""
    MORE_BEFORE = "more_before"
    """The same before its beginning, or more text than readers pass over."""
    ACTIVE = "active"
    """A PDF with a program, an attachment or a form that sends itself."""
    LEADS_OUT = "leads_out"
    """A PDF that does something of itself, or leads to other files."""
    LOCKED = "locked"
    """A PDF with a password: nobody could read it, and nothing can be checked."""
    PACKED = "packed"
    """So packed that it cannot be checked."""


class NotUnderstood(Exception):
    """What cannot be followed is refused."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
