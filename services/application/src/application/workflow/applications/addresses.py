"""Whether a home is known where the way is measured, asked while the family still has the form before it."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from shared.errors import Text
from shared.questions import AddressQuestion, AddressReply, Candidate, Question, Reply

from application.form import Address

NEAR = Text(
    "Wir finden diese Adresse nicht. Meinten Sie eine der genannten? Dann ändern Sie bitte Ihre Angaben. Stimmt Ihre "
    "Adresse, müssen Sie nichts tun: Wir messen den Schulweg dann von Hand.",
    "We do not find this address. Did you mean one of those named? Then please change what you gave. If your address "
    "is right there is nothing to do: we then measure the way to school by hand.",
)
UNKNOWN = Text(
    "Wir finden diese Adresse nicht. Bitte prüfen Sie Straße, Hausnummer und Postleitzahl. Stimmen sie, müssen Sie "
    "nichts tun: Wir messen den Schulweg dann von Hand.",
    "We do not find this address. Please check street, house number and postal code. If they are right there is "
    "nothing to do: we then measure the way to school by hand.",
)
Answer = TypeVar("Answer", bound=Reply)


class Asks(Protocol):
    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        """None where nobody answers."""


@dataclass(frozen=True)
class AddressHint:
    """What the family should look at again, and what may be meant."""

    text: Text
    candidates: tuple[Candidate, ...] = ()


class Addresses:
    """Asks eligibility. Where nobody answers there is no hint: the application is taken as it is."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks

    async def hint(self, authority_id: str | None, home: Address) -> AddressHint | None:
        """None where the address is known, or nobody answers in time."""
        reply = await self.look_up(authority_id, home)
        if reply is None or reply.outcome == "known":
            return None
        return AddressHint(NEAR if reply.candidates else UNKNOWN, reply.candidates)

    async def look_up(self, authority_id: str | None, home: Address) -> AddressReply | None:
        """None where nobody answers in time.

        Args:
            authority_id: whose list of addresses is looked at; None: not known yet.
        """
        question = AddressQuestion(
            authority_id=authority_id,
            street=home.street,
            house_number=home.house_number,
            postal_code=home.postal_code,
            city=home.city,
        )
        return await self._asks.ask(question, AddressReply)
