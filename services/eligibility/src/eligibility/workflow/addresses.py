"""Whether an address that a family types is known here, and which may be meant: answered before anything is decided."""

from difflib import SequenceMatcher
from typing import Protocol

from geography.address_search.answers import Answer
from geography.model import Address
from geography.model.address_key import street_key
from shared.database import Transactions
from shared.events import AuthorityId
from shared.questions import AddressQuestion, AddressReply, Candidate

MOST_CANDIDATES, MOST_LOOKED_AT = 3, 12
LEAST_ALIKE = 0.8
"""Of two names of streets, in letters that they share (0 to 1): below, it is rather another street than a misspelt one.
Our own choice, seen on names: a letter wrong or missing 0.84 to 0.97, Schulstraße and Schillerstraße 0.74."""


class Homes(Protocol):
    """The store, as homes are looked up in it."""

    def home(self, street: str, house_number: str, postal_code: str, city: str) -> Address | None:
        """The house in the registers; None: it is not there, or not one place."""

    def door(
        self, authority_id: AuthorityId, *, street: str, house_number: str, postal_code: str, city: str
    ) -> Address | None:
        """The door that a person of this authority has set for the house; None: nobody has."""


class AddressSearch(Protocol):
    async def find(self, text: str, limit: int) -> Answer:
        """Addresses that the text may mean, at most `limit`."""


class Addresses:
    """Answers `eligibility.ask.address`. Nothing is changed."""

    def __init__(self, transactions: Transactions[Homes], search: AddressSearch) -> None:
        self._transactions = transactions
        self._search = search

    async def answer(self, question: AddressQuestion) -> AddressReply:
        """1. Known as it is measured from later: a door of the authority's, else the directory. 2. Else the houses that
        the search takes for likely."""
        # 1.
        if await self._transactions.read(lambda store: _is_known(store, question)):
            return AddressReply(outcome="known")
        # 2.
        for place in (f"{question.postal_code} {question.city}", question.city):  # the postal code may be what is wrong
            found = await self._search.find(f"{question.street} {question.house_number}, {place}", MOST_LOOKED_AT)
            if candidates := _likely(question, found):
                return AddressReply(outcome="near", candidates=candidates[:MOST_CANDIDATES])
        return AddressReply(outcome="unknown")


def _likely(question: AddressQuestion, found: Answer) -> tuple[Candidate, ...]:
    """Houses of that number in streets whose names are nearly alike, the likest first."""
    typed = street_key(question.street)
    houses = [(each.street, each.house) for each in found.proposals if each.house is not None]
    alike = [
        (SequenceMatcher(None, typed, street_key(street.street)).ratio(), street, house) for street, house in houses
    ]
    likely = sorted((each for each in alike if each[0] >= LEAST_ALIKE), key=lambda each: -each[0])
    candidates = (
        Candidate(
            street=street.street,
            house_number=house.house_number,
            postal_code=house.postal_code or question.postal_code,
            city=street.city,
        )
        for _, street, house in likely
    )
    return tuple(dict.fromkeys(candidates))


def _is_known(store: Homes, question: AddressQuestion) -> bool:
    place = {
        "street": question.street,
        "house_number": question.house_number,
        "postal_code": question.postal_code,
        "city": question.city,
    }
    if question.authority_id is not None and store.door(question.authority_id, **place) is not None:
        return True
    return store.home(**place) is not None
