"""What the search for an address answers: one house, several to choose from, or what to ask. Light and pure."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from shared.errors import Text

from geography.address_search.pick import contradicts, pick_address
from geography.model.records import Address, Street

WHICH = Text("Welche Adresse ist gemeint?", "Which address is meant?")
WHICH_NUMBER = Text("Welche Hausnummer?", "Which house number?")
NO_NUMBER = Text("Diese Hausnummer ist nicht verzeichnet.", "This house number is not recorded.")
NOTHING = Text("Keine Straße dieses Namens gefunden.", "No street of this name was found.")
CLEARLY = 0.08
"""A first proposal that is so much better than the second (score 0 to 1) is taken for what was meant."""


@dataclass(frozen=True)
class Proposal:
    """One street, or one house in it, that may be meant."""

    street: Street
    house: Address | None
    score: float

    def as_json(self) -> dict[str, Any]:
        """As the API answers it; without a house only street, town and, where the street has one, its postal code."""
        house = self.house
        codes = self.street.postal_codes
        return {
            "street": self.street.street,
            "house_number": house.house_number if house else None,
            "postal_code": house.postal_code if house else codes[0] if len(codes) == 1 else "",
            "city": self.street.city,
            "lat": house.point.lat if house else None,
            "lon": house.point.lon if house else None,
            "origin": house.origin if house else None,
            "score": self.score,
        }


@dataclass(frozen=True)
class Answer:
    """`question` is None where the first proposal is the house that was meant."""

    proposals: tuple[Proposal, ...]
    question: Text | None

    def as_json(self) -> dict[str, Any]:
        """As the API answers it."""
        asked = None if self.question is None else {"de": self.question.de, "en": self.question.en}
        return {"addresses": [each.as_json() for each in self.proposals], "question": asked}


def answer(
    streets: Sequence[tuple[Street, float]],
    houses: Sequence[tuple[Street, Address]],
    number: str,
    postal_code: str,
    limit: int,
    *,
    misfits: Set[Street] = frozenset(),
    neighbours: Sequence[tuple[Street, Address]] = (),
) -> Answer:
    """Put streets (best first, with scores) and the houses of the number in them together.

    misfits: streets whose town or postal code is another than was typed. neighbours: other houses of the streets. A
    misfit, and a house without a postal code of which the neighbours do not say that it has the one that was typed, are
    proposals, never certain.
    """
    if not streets:
        return Answer((), NOTHING)
    if not number:
        return Answer(tuple(Proposal(street, None, score) for street, score in streets[:limit]), WHICH_NUMBER)
    found: list[Proposal] = []
    for street, score in streets:
        rows = [house for of, house in houses if of == street]
        codes = sorted({row.postal_code for row in rows if row.postal_code}) or [""]
        for code in codes if not postal_code else [postal_code]:
            house = pick_address(rows, code)
            if house is not None and house not in [each.house for each in found]:
                found.append(Proposal(street, house, score))
    if not found:
        return Answer(tuple(Proposal(street, None, score) for street, score in streets[:limit]), NO_NUMBER)
    first = found[0]
    sure = first.street not in misfits and (len(found) == 1 or first.score - found[1].score >= CLEARLY)
    beside = [house for of, house in neighbours if of == first.street]
    if postal_code and first.house is not None and not first.house.postal_code:
        sure = sure and bool(beside) and not contradicts(first.house, postal_code, beside)
    # A better street without that number may be the one meant: then a person is asked.
    sure = sure and streets[0][1] - first.score < CLEARLY
    return Answer(tuple(found[:limit]), None if sure else WHICH)
