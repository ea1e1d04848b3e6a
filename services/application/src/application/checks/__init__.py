"""What the directory and the calendar say of a form. Pure; the figures stand in `parameters/`, with their source."""

from application.checks.checks import Facts, check, hints
from application.checks.keys import SchoolKeys

__all__ = ["Facts", "SchoolKeys", "check", "hints"]
