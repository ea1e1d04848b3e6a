"""Where one person revokes no ticket for good: one suspends it, another then revokes it. A choice of an authority, or
of a transport operator for what it asks itself. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from issuance.domain.right import OPERATOR, REVOCATION, Suspension

SECOND_PERSON = "second_person"
"""Why a revocation is refused."""
_CHOSEN = re.compile(rf"(?:{OPERATOR}:[0-9]{{1,5}}|[0-9A-Za-z_-]{{1,32}})")


@dataclass(frozen=True)
class TwoPersons:
    """`chosen`: authorities by their ids, operators as `operator:ORGANISATION`."""

    chosen: frozenset[str] = frozenset()

    @classmethod
    def read(cls, setting: str) -> "TwoPersons":
        """From words with spaces between.

        Raises:
            ValueError: for one that names nobody.
        """
        words = setting.split()
        for word in words:
            if _CHOSEN.fullmatch(word) is None:
                raise ValueError(f"neither an authority's id nor operator:ORGANISATION: {word[:40]!r}")
        return cls(frozenset(words))

    def are_needed(self, party: str, authority_id: str, organisation_id: int) -> bool:
        """For a request of this party about such a ticket. Who is not the ticket's own operator is held to what its
        authority has chosen: a name that nobody has chosen for would lift the choice."""
        own = f"{OPERATOR}:{organisation_id}"
        return (party if party == own else authority_id) in self.chosen


ONE_IS_ENOUGH = TwoPersons()


def is_second(by: str, standing: Iterable[Suspension]) -> bool:
    """Whether another person has suspended the right, and that stands. Of a suspension from before this was kept nobody
    knows who asked; what a revocation left behind is nobody's first word."""
    return any(each.set_by and each.set_by != by and each.party != REVOCATION for each in standing)
