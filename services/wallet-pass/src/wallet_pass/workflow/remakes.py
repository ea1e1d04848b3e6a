"""An order to make all passes anew, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Remake:
    """All passes of a design get another one, or all of them another certificate."""

    design_id: str | None
    """An authority, and behind a slash the operator where the design is for its tickets alone; None: all passes."""
    asked_at: datetime
    made_due: int
    """So many passes are made anew already, or about to be."""
    of: int
    """Passes that there are."""
