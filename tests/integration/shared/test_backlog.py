"""Rows that fail again and again, on SQLite and on PostgreSQL: put aside with a reason, and in nobody's way."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY
from shared.bus.tables import failed_work, metadata
from shared.database import Database
from shared.errors import Text, Unavailable
from shared.runtime import backlog
from shared.runtime.backlog import ATTEMPTS, Backlog, key_column, may_be_tried, row_key
from shared.runtime.retention import retention
from sqlmodel import Session
from structlog.testing import capture_logs

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
own = sa.MetaData()
letters = sa.Table(
    "letter",
    own,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(40), unique=True),
    sa.Column("sent", sa.Boolean, nullable=False),
)
DUE = (
    sa.select(letters.c.id)
    .where(~letters.c.sent, may_be_tried("letters", key_column(letters.c.id)))
    .order_by(letters.c.id)
)


@dataclass
class Store:
    session: Session

    def due(self, now: datetime) -> list[UUID]:
        return list(self.session.execute(DUE, {"now": now}).scalars())

    def send(self, ids: Sequence[UUID]) -> None:
        for one in ids:
            self.session.execute(letters.update().where(letters.c.id == one).values(sent=True))


@dataclass
class Post:
    """Letters to be sent, some of which fail."""

    database: Database[Store]
    now: datetime = NOW
    poison: frozenset[UUID] = frozenset()
    error: type[Exception] = RuntimeError
    sent_in: tuple[int, ...] = ()
    """How many letters each transaction has sent."""

    def __post_init__(self) -> None:
        self.rows = Backlog("letters", self.database, lambda: self.now)

    def write(self, *numbers: int) -> None:
        rows = [{"id": UUID(int=number), "name": str(number), "sent": False} for number in numbers]
        self.database.write_now(lambda store: store.session.execute(letters.insert(), rows))

    def due(self) -> list[int]:
        return [one.int for one in self.database.read_now(lambda store: store.due(self.now))]

    async def send(self, ids: Sequence[UUID]) -> None:
        def step(store: Store) -> None:
            store.send(ids)
            if self.poison.intersection(ids):
                raise self.error("Erika Musterfrau")

        await self.database.write(step)
        self.sent_in += (len(ids),)

    async def round(self, how: str = "each") -> None:
        ids = self.database.read_now(lambda store: store.due(self.now))
        if how == "each":
            await self.rows.each(ids, row_key, lambda one: self.send([one]))
        else:
            await self.rows.together(ids, row_key, self.send)

    async def fail_to_the_end(self) -> None:
        """Ten times, each as soon as its pause is over."""
        for _ in range(ATTEMPTS):
            await self.round()
            self.now += timedelta(seconds=300)

    def failed(self) -> list[sa.Row[object]]:
        return list(self.database.read_now(lambda store: store.session.execute(failed_work.select()).all()))

    def counted(self) -> dict[str, tuple[int, int]]:
        return dict(self.database.read_now(lambda store: backlog.count_failing(store.session, self.now)))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    return new_database()


@pytest.fixture
def post(url: str) -> Iterator[Post]:
    database = Database(url, Store)
    for each in (metadata, own):
        database.write_now(lambda store: each.create_all(store.session.connection()))  # noqa: B023
    made = Post(database)
    made.write(1, 2, 3)
    yield made
    database.close()


@pytest.mark.parametrize("how", ["each", "together"])
async def test_a_row_that_fails_holds_up_no_other(post: Post, how: str) -> None:
    post.poison = frozenset([UUID(int=1)])
    with capture_logs() as lines:
        await post.round(how)
    assert post.due() == []
    post.now += timedelta(seconds=1)
    assert post.due() == [1], "its pause is over"
    assert "Musterfrau" not in str(lines)


async def test_what_a_failing_row_wrote_is_gone_and_the_others_stay(post: Post) -> None:
    post.poison = frozenset([UUID(int=2)])
    await post.round("together")
    sent = post.database.read_now(
        lambda store: (
            store.session.execute(sa.select(letters.c.id).where(letters.c.sent).order_by(letters.c.id)).scalars().all()
        )
    )
    assert [each.int for each in sent] == [1, 3]


async def test_rows_that_go_well_are_one_transaction_and_no_other_statement(post: Post) -> None:
    await post.round("together")  # asks once what failed before
    post.write(4, 5)
    statements: list[str] = []
    sa.event.listen(post.database._hasty, "before_cursor_execute", lambda *told: statements.append(told[2]))
    await post.round("together")
    assert post.sent_in == (3, 2)
    assert [each for each in statements if "failed_work" in each and not each.startswith("SELECT letter")] == []


async def test_each_failure_of_a_row_doubles_its_pause(post: Post) -> None:
    post.poison = frozenset([UUID(int=1)])
    pauses = []
    for _ in range(ATTEMPTS - 1):
        await post.round()
        (row,) = post.failed()
        pauses.append((row.next_try_at - post.now).total_seconds())
        assert post.due() == []
        post.now = row.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256]


async def test_a_row_is_put_aside_after_ten_attempts_and_that_is_logged_once(post: Post) -> None:
    post.poison = frozenset([UUID(int=1)])
    with capture_logs() as lines:
        await post.fail_to_the_end()
        post.now += timedelta(days=3)
        await post.round()
    (aside,) = [line for line in lines if line["event"] == "row_put_aside"]
    assert (aside["log_level"], aside["worker"], aside["row"]) == ("error", "letters", UUID(int=1).hex)
    assert [line["event"] for line in lines if line is not aside] == ["row_failed"] * (ATTEMPTS - 1)
    (row,) = post.failed()
    assert (row.attempts, row.error, row.next_try_at) == (ATTEMPTS, "RuntimeError", None)
    assert (row.first_failed_at, row.failed_at) == (NOW, NOW + timedelta(seconds=300 * (ATTEMPTS - 1)))
    assert post.due() == []


async def test_rows_are_told_by_worker_put_aside_or_waiting(post: Post) -> None:
    assert post.counted() == {}
    post.poison = frozenset([UUID(int=1)])
    await post.fail_to_the_end()
    post.write(4, 5)
    post.poison = frozenset(UUID(int=number) for number in (1, 4, 5))
    await post.round()
    assert post.counted() == {"letters": (1, 2)}


async def test_a_failed_row_counts_as_a_failure_of_its_worker(post: Post) -> None:
    labels = {"worker": "letters"}
    before = REGISTRY.get_sample_value("worker_failures_total", labels) or 0.0
    post.poison = frozenset([UUID(int=1), UUID(int=2)])
    await post.round("together")
    assert (REGISTRY.get_sample_value("worker_failures_total", labels) or 0.0) - before == 2


@pytest.mark.parametrize("how", ["each", "together"])
async def test_a_row_that_succeeds_in_the_end_leaves_nothing_behind(post: Post, how: str) -> None:
    post.poison = frozenset([UUID(int=1)])
    await post.round(how)
    post.now, post.poison = post.now + timedelta(seconds=1), frozenset()
    await post.round(how)
    assert (post.failed(), post.due()) == ([], [])


@pytest.mark.parametrize("how", ["each", "together"])
async def test_a_database_that_is_away_is_no_rows_fault(post: Post, how: str) -> None:
    async def away(_: object) -> None:
        raise Unavailable(Text("weg", "away"))

    work: Callable[[object], Awaitable[None]] = away
    with pytest.raises(Unavailable):
        await getattr(post.rows, how)([UUID(int=1), UUID(int=2)], row_key, work)
    assert post.failed() == []


async def test_after_a_start_every_failed_row_is_tried_once_more_and_put_aside_again_at_once(post: Post) -> None:
    post.poison = frozenset([UUID(int=1), UUID(int=2)])
    await post.fail_to_the_end()
    assert post.due() == []
    post.rows = Backlog("letters", post.database, lambda: post.now)
    post.now += timedelta(days=1)
    post.database.write_now(lambda store: backlog.try_again(store.session, post.now, failed_before=post.now))
    assert post.due() == [1, 2]
    post.poison = frozenset([UUID(int=2)])  # the new program can do the first
    with capture_logs() as lines:
        await post.round()
    assert [(line["event"], line["attempts"]) for line in lines] == [("row_put_aside", ATTEMPTS + 1)]
    assert [row.row_key for row in post.failed()] == [UUID(int=2).hex]
    post.database.write_now(
        lambda store: backlog.try_again(store.session, post.now, failed_before=NOW + timedelta(days=1))
    )
    assert post.due() == [], "what has failed since the start is not tried again by the same start"


async def test_rows_that_nobody_meets_any_more_are_forgotten_but_not_those_put_aside(post: Post) -> None:
    post.poison = frozenset([UUID(int=1)])
    await post.fail_to_the_end()
    post.write(4)
    post.poison = frozenset([UUID(int=4)])
    await post.round()
    post.database.write_now(lambda store: backlog.purge(store.session, post.now + timedelta(days=14)))
    assert [row.row_key for row in post.failed()] == [UUID(int=1).hex]


async def test_the_start_of_a_service_tries_again_and_its_hourly_work_forgets(post: Post) -> None:
    post.poison = frozenset([UUID(int=1)])
    await post.fail_to_the_end()
    forgets = retention(post.database, lambda: post.now)
    await forgets.work()
    assert post.due() == [1]
    post.poison = frozenset()
    post.write(4)  # met once, then erased: nobody comes by it again
    post.poison = frozenset([UUID(int=4)])
    await post.round()
    post.now += timedelta(days=14, seconds=1)
    await forgets.work()
    assert post.failed() == []


async def test_another_copy_of_the_service_counts_on(post: Post) -> None:
    post.poison = frozenset([UUID(int=1)])
    other = Backlog("letters", post.database, lambda: post.now)
    await post.round()
    await other.each([UUID(int=1)], row_key, lambda one: post.send([one]))
    (row,) = post.failed()
    assert row.attempts == 2
    post.poison = frozenset()
    await other.each([UUID(int=1)], row_key, lambda one: post.send([one]))
    assert post.failed() == []


async def test_the_same_row_of_another_worker_is_another_row(post: Post) -> None:
    post.poison = frozenset([UUID(int=1)])
    await Backlog("parcels", post.database, lambda: NOW).each([UUID(int=1)], row_key, lambda one: post.send([one]))
    assert post.due() == [1, 2, 3]


@pytest.mark.parametrize("how", ["each", "together"])
@pytest.mark.parametrize("error", [OSError, TimeoutError, MemoryError])
async def test_an_error_that_may_pass_holds_up_no_other_row_and_its_own_is_never_given_up(
    post: Post, error: type[Exception], how: str
) -> None:
    post.poison, post.error = frozenset({UUID(int=1)}), error
    for _ in range(2 * ATTEMPTS):
        await post.round(how)
        post.now += timedelta(seconds=300)
    assert post.due() == [1]
    assert post.counted() == {}
    post.poison = frozenset()
    await post.round(how)
    assert post.due() == [] and post.failed() == []


async def test_a_row_that_must_not_be_given_up_is_tried_at_each_pause(post: Post) -> None:
    post.rows = Backlog("letters", post.database, lambda: post.now, puts_aside=False)
    post.poison = frozenset({UUID(int=1)})
    for _ in range(2 * ATTEMPTS):
        await post.round()
        assert post.counted() == {"letters": (0, 1)}
        post.now += timedelta(seconds=300)
    assert post.due() == [1]
