"""The port AddressSearch: streets in memory, houses in the table."""

import threading
from functools import partial

import sqlalchemy as sa
from geography.address_search.answers import Answer, answer
from geography.address_search.streets import StreetIndex, take_apart
from shared.database import Transactions

from eligibility.store.places.places import PlaceTables
from eligibility.store.places.tables import IMPORT

MOST_STREETS = 24


class StoredAddresses:
    """Keeps the index of streets until addresses are imported anew."""

    def __init__(self, database: Transactions[PlaceTables]) -> None:
        self._database = database
        self._index: tuple[str, StreetIndex] | None = None
        self._building = threading.Lock()

    async def find(self, text: str, limit: int) -> Answer:
        """Addresses that this text may mean, at most `limit`, and what to ask where it is not one."""
        return await self._database.read(partial(self._find, text, limit))

    def find_now(self, text: str, limit: int) -> Answer:
        """For commands."""
        return self._database.read_now(partial(self._find, text, limit))

    def _find(self, text: str, limit: int, store: PlaceTables) -> Answer:
        typed = take_apart(text)
        found = self._streets(store).find(typed, MOST_STREETS)
        streets = [(each.street, each.score) for each in found]
        houses = store.houses([street for street, _ in streets], typed.number) if typed.number and streets else []
        without_code = [of for of, house in houses if not house.postal_code] if typed.postal_code else []
        beside = [(of, each) for of in dict.fromkeys(without_code) for each in store.neighbours(of, typed.postal_code)]
        misfits = {each.street for each in found if each.misfit}
        return answer(streets, houses, typed.number, typed.postal_code, limit, misfits=misfits, neighbours=beside)

    def _streets(self, store: PlaceTables) -> StreetIndex:
        latest = sa.select(IMPORT.c.id).where(IMPORT.c.kind.like("addresses%"))
        row = store.one(latest.order_by(IMPORT.c.finished_at.desc(), IMPORT.c.id).limit(1))
        version = row["id"] if row else ""
        with self._building:
            if self._index is None or self._index[0] != version:
                self._index = version, StreetIndex(store.streets())
            return self._index[1]
