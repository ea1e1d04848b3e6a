"""The directory of schools: looked up by families, filled from the state's register."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from shared.database import Transactions
from shared.errors import NotFound, Text

from application.domain.school import Authority, School
from application.workflow.ports import Counts, Store

NO_SUCH_SCHOOL = Text(
    "Diese Schulnummer gibt es im Schulverzeichnis nicht. Bitte suchen Sie nach dem Namen oder dem Ort der Schule.",
    "This school number is not in the register of schools. Please search for the school's name or town.",
)
MOST_WORDS = 8
"""That are searched with typing errors."""
SCHOOLS_PER_TRANSACTION = 500
"""A running service's own writes wait for at most one such transaction (about 50 ms)."""


@dataclass(frozen=True)
class ImportReport:
    schools: Counts = field(default_factory=Counts)
    authorities: Counts = field(default_factory=Counts)
    dropped: int = 0


class Directory:
    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    async def school(self, number: str) -> School:
        """Raises NotFound."""
        school = await self._database.read(lambda store: store.school(number))
        if school is None:
            raise NotFound(NO_SUCH_SCHOOL)
        return school

    async def find(self, number: str) -> School | None:
        """None where the register does not have this number."""
        return await self._database.read(lambda store: store.school(number))

    async def search(self, text: str, limit: int) -> Sequence[School]:
        """Schools whose name, town, street, postal code or number has every word of `text`; where there is none, those
        that have it but for one typing error a word."""
        words = text.casefold().split()
        found = await self._database.read(lambda store: store.search_schools(words, limit))
        if found or len(words) > MOST_WORDS:
            return found
        return await self._database.read(lambda store: store.search_schools_nearly(words, limit))

    def fill(
        self,
        schools: Sequence[School],
        authorities: Iterable[Authority],
        *,
        drop_others: bool = False,
        progress: Callable[[int], None] = lambda _count: None,
    ) -> ImportReport:
        """Bring the directory to the state of a register. Repeatable: the same register again changes nothing.

        `progress` is told after each transaction how many schools it wrote.
        """
        # 1. Authorities first: schools point to them.
        filled = self._database.write_now(lambda store: store.put_authorities(authorities))
        # 2. Schools, in transactions short enough for a service that is running.
        counts = Counts()
        for start in range(0, len(schools), SCHOOLS_PER_TRANSACTION):
            batch = schools[start : start + SCHOOLS_PER_TRANSACTION]
            counts += self._database.write_now(lambda store, batch=batch: store.put_schools(batch))  # type: ignore[misc]
            progress(len(batch))
        # 3. What the register no longer lists, where that is wanted.
        dropped = 0
        if drop_others:
            listed = frozenset(school.number for school in schools)
            dropped = self._database.write_now(lambda store: store.drop_schools_except(listed))
        return ImportReport(counts, filled, dropped)

    def set_part(self, authority_id: str, *, takes_part: bool) -> bool:
        """Let an authority take part, or no longer. False where it is unknown."""
        return self._database.write_now(lambda store: store.set_part(authority_id, takes_part=takes_part))
