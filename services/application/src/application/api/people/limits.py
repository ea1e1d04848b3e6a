"""How often one account may invite."""

from dataclasses import dataclass

from shared.errors import Text
from shared.http.limits import Limit
from starlette.requests import Request

from application.api.drafts.limits import daily
from application.domain.ids import Owner

INVITED = Text(
    "Mit diesem Konto wurden heute schon sehr viele Einladungen gemacht. Bitte versuchen Sie es in {seconds} Sekunden "
    "wieder.",
    "Very many invitations have been made with this account today. Please try again in {seconds} seconds.",
)


@dataclass(frozen=True)
class InvitationLimits:
    """In a day, as of drafts and their links."""

    of_account: Limit

    @classmethod
    def of(cls, of_account: int) -> "InvitationLimits":
        """0: no limit."""
        return cls(daily(of_account, "invitations_of_account", INVITED))

    def invite(self, owner: Owner, request: Request) -> None:
        """One more link.

        Raises:
            TooMany.
        """
        self.of_account.spend(owner, request)


NO_INVITATION_LIMITS = InvitationLimits.of(0)
