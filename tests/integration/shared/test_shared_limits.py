"""Two copies of a process allow together what one does, but for a burst before they know of each other."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from shared.bus.tables import shared_limit as table
from shared.copies import shared_limits
from shared.copies.shared_limits import SharedLimits
from shared.database import Database
from shared.database.own_tables import bring_up_to_date
from shared.errors import Unavailable
from shared.http.limits import TOO_OFTEN, Limit, limits_to_share
from sqlmodel import Session

BURST = 10


@dataclass
class Store:
    session: Session


@dataclass
class Copy:
    """A process's limit, and what it exchanges."""

    limit: Limit
    exchanging: SharedLimits

    async def exchange(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As this process does alone: both are in one here."""
        monkeypatch.setattr(shared_limits, "limits_to_share", lambda: [self.limit])
        await self.exchanging.exchange()

    def ask(self, times: int, client: str = "account-1") -> int:
        """How many were let through."""
        return sum(self.limit.take(client) == 0 for _ in range(times))


@pytest.fixture
def database(postgresql: Callable[[], str]) -> Iterator[Database[Store]]:
    made = Database(postgresql(), Store)
    made.write_now(lambda store: bring_up_to_date(store.session.connection()))
    yield made
    made.close()


@pytest.fixture
async def two(database: Database[Store], monkeypatch: pytest.MonkeyPatch) -> list[Copy]:
    """Their buckets hardly fill up again."""
    made = [Copy(Limit(0.001, BURST, name="changes", shared=True), SharedLimits(database)) for _ in range(2)]
    for each in made:
        await each.exchange(monkeypatch)
    return made


async def test_what_was_spent_at_one_is_not_left_at_the_other(two: list[Copy], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two
    assert first.ask(6) == 6
    assert second.ask(1) == 1
    for each in (first, second, first):
        await each.exchange(monkeypatch)
    assert second.ask(20) == BURST - 7
    assert first.ask(1) + first.ask(1, "another") == 2, (
        "it does not know of the last ones yet; another is counted apart"
    )
    for each in (first, second):
        await each.exchange(monkeypatch)
    assert first.ask(5) == 2, "who has told nothing since then has heard nothing either"
    await first.exchange(monkeypatch)
    assert (first.ask(5), second.ask(5)) == (0, 0)


@pytest.mark.parametrize("copies", [2, 3])
async def test_a_flood_over_all_copies_gets_one_burst_each_and_pays_it_back(
    database: Database[Store], monkeypatch: pytest.MonkeyPatch, copies: int
) -> None:
    a_second = 5.0
    made = [
        Copy(Limit(60 * a_second, BURST, name="account", shared=True), SharedLimits(database)) for _ in range(copies)
    ]
    let, seconds = 0, 6
    for each in made:
        await each.exchange(monkeypatch)
    began = (await database.read(lambda store: store.session.execute(sa.text("SELECT clock_timestamp()")))).scalar_one()
    now = began
    while (now - began).total_seconds() < seconds:
        let += sum(each.ask(5) for each in made)
        for each in made:
            await each.exchange(monkeypatch)
        found = await database.read(lambda store: store.session.execute(sa.text("SELECT clock_timestamp()")))
        now = found.scalar_one()
    assert let <= copies * BURST + a_second * (seconds + 2)
    assert let >= a_second * (seconds - 2)


async def test_the_table_names_nobody_and_forgets_who_may_ask_again(
    two: list[Copy], database: Database[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = two
    first.ask(3, "Erika-Musterfrau")
    await first.exchange(monkeypatch)
    rows = await database.read(lambda store: store.session.execute(sa.select(table)).all())
    assert [(row.name, row.left_over, len(row.client)) for row in rows] == [("changes", BURST - 3, 64)]
    assert "Musterfrau" not in str(rows)
    first.limit.per_minute = 6000
    await asyncio.sleep(0.1)
    monkeypatch.setattr(shared_limits, "ROUNDS_BETWEEN_FORGETTING", 1)
    await first.exchange(monkeypatch)
    assert await database.read(lambda store: store.session.execute(sa.select(table)).all()) == []


async def test_where_the_database_is_away_nobody_waits_and_nothing_is_forgotten(
    two: list[Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    first.ask(BURST)

    async def away(*_: object, **__: object) -> None:
        raise Unavailable(TOO_OFTEN)

    with monkeypatch.context() as broken:
        broken.setattr(first.exchanging._database, "write", away)
        with pytest.raises(Unavailable):
            await first.exchange(monkeypatch)
    second.ask(1)
    for each in (first, second):
        await each.exchange(monkeypatch)
    assert second.ask(5) == 0


def test_a_limit_that_is_gone_is_not_kept() -> None:
    before = len(limits_to_share())
    kept = Limit(1, 1, shared=True)
    gone = Limit(1, 1, shared=True)
    del gone
    assert limits_to_share()[before:] == [kept]
    assert Limit(0, 1, shared=True) not in limits_to_share()
