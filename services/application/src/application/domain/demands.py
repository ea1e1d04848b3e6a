"""What an authority asked of who applied, when the application was handed in, and what was known then. Pure."""

from shared.events.own_form import FormDemands
from shared.trust import Trust


class DemandsThen(FormDemands):
    """Kept with the application, so that it is told again as it was."""

    reached: Trust | None = None
    """How surely the account's person was known; None: it came by a program, which does not say."""
