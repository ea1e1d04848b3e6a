"""How much may be begun and handed in by who may have no account."""

from dataclasses import dataclass

from shared.errors import Text
from shared.http.clients import NO_PROXIES, Proxies, client_of
from shared.http.limits import Limit
from starlette.requests import Request

from application.domain.draft import Visitor

MINUTES = 24 * 60
BEGUN = Text(
    "Von hier wurden heute schon sehr viele Anträge begonnen. Bitte schreiben Sie einen davon weiter, oder versuchen "
    "Sie es in {seconds} Sekunden wieder.",
    "Very many applications have been begun from here today. Please go on with one of them, or try again in {seconds} "
    "seconds.",
)
HANDED_IN = Text(
    "Von hier wurden heute schon sehr viele Unterlagen gesendet. Bitte senden Sie den Antrag ab und reichen Sie diese "
    "Unterlage dann nach, oder versuchen Sie es in {seconds} Sekunden wieder.",
    "Very many documents have been sent from here today. Please send the application and hand this document in then, "
    "or try again in {seconds} seconds.",
)


def daily(most: int, name: str, says: Text, proxies: Proxies = NO_PROXIES) -> Limit:
    """So many at once, and as many again within a day. 0: no limit."""
    return Limit(most / MINUTES, most, proxies, name=name, says=says, shared=True)


@dataclass(frozen=True)
class DraftLimits:
    """In a day. Behind one address may be a whole school, or a telephone company's customers."""

    drafts_of_account: Limit
    drafts_of_address: Limit
    bytes_of_one: Limit
    """Of documents, by the account, or by the address where there is none."""
    proxies: Proxies = NO_PROXIES

    @classmethod
    def of(cls, of_account: int, of_address: int, of_bytes: int, proxies: Proxies = NO_PROXIES) -> "DraftLimits":
        """In a day each; 0: no limit."""
        return cls(
            daily(of_account, "drafts_of_account", BEGUN),
            daily(of_address, "drafts_of_address", BEGUN),
            daily(of_bytes, "draft_bytes", HANDED_IN),
            proxies,
        )

    def begin(self, visitor: Visitor, request: Request) -> None:
        """One more draft.

        Raises:
            TooMany.
        """
        if visitor.owner is not None:
            self.drafts_of_account.spend(visitor.owner, request)
        self.drafts_of_address.spend(client_of(request, self.proxies), request)

    def hand_in(self, visitor: Visitor, size: int, request: Request) -> None:
        """One more document, of so many bytes.

        Raises:
            TooMany.
        """
        who = f"account {visitor.owner}" if visitor.owner is not None else client_of(request, self.proxies)
        self.bytes_of_one.spend(who, request, size)


NO_LIMITS = DraftLimits.of(0, 0, 0)
