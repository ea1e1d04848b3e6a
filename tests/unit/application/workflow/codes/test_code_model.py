"""Codes played at random: made, typed wrong, used, revoked, over, and the service started again, against a model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from application.domain.codes import LOCKED, MOST_WRONG, SCHOOL_CODE_USES, SCHOOL_CODE_VALID, WRONG_WITHIN, BatchId
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from application.workflow.codes.codes import ClassOrder, CodesLocked
from shared.database import Database
from shared.errors import NotFound
from support.application.codes import AUTHORITY, SCHOOL, nobodys_code
from support.application.directory import CODE_KEY

STEPS = 120
CLIENTS = ("address a", "address b", "browser c")


@dataclass
class Known:
    """A code as the model has it."""

    code: str
    batch: BatchId
    expires: datetime
    uses: int = SCHOOL_CODE_USES
    revoked: bool = False

    def opens(self, now: datetime) -> bool:
        return not self.revoked and self.uses > 0 and now < self.expires


@dataclass
class Client:
    wrong: int = 0
    since: datetime | None = None
    locked: datetime | None = None

    def fail(self, now: datetime) -> bool:
        """Whether that locks."""
        if self.since is None or now - self.since >= WRONG_WITHIN:
            self.wrong, self.since = 0, now
        self.wrong += 1
        if self.wrong < MOST_WRONG:
            self.locked = None
            return False
        self.wrong, self.since, self.locked = 0, None, now + LOCKED
        return True


@dataclass
class Play:
    """What is done, beside what must come of it."""

    database: Database[SqlStore]
    workflow: Workflow
    now: datetime
    random: Random
    codes: list[Known] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=lambda: {each: Client() for each in CLIENTS})

    async def make(self) -> None:
        order = ClassOrder(SCHOOL, "5a", self.random.randint(1, 3))
        new = await self.workflow.codes.make(AUTHORITY, order, "anna", self.now)
        self.codes += [Known(each, new.batch_id, new.expires_at) for each in new.codes]

    async def type_one(self) -> None:
        known = self.random.choice(self.codes) if self.codes and self.random.random() < 0.6 else None
        client = self.random.choice(CLIENTS)
        await self.check(client, known.code if known else nobodys_code(self.random.randrange(10**6)), known)

    async def check(self, client: str, code: str, known: Known | None) -> None:
        before = self.clients[client]
        locked = before.locked is not None and self.now < before.locked
        opens = not locked and known is not None and known.opens(self.now)
        try:
            await self.workflow.codes.use(code, client, self.now)
        except CodesLocked:
            assert locked or before.fail(self.now), "nobody is locked out without ten wrong codes"
        except NotFound:
            assert not locked and not opens and not before.fail(self.now)
        else:
            assert opens and known is not None
            known.uses -= 1

    async def type_many(self) -> None:
        client = self.random.choice(CLIENTS)
        for _ in range(MOST_WRONG):
            await self.check(client, nobodys_code(self.random.randrange(10**6)), None)

    async def revoke(self) -> None:
        if self.codes:
            batch = self.random.choice(self.codes).batch
            await self.workflow.codes.revoke(AUTHORITY, batch, "anna", self.now)
            for each in self.codes:
                each.revoked = each.revoked or each.batch == batch

    async def wait(self) -> None:
        longest = self.random.choice((timedelta(minutes=5), LOCKED, timedelta(hours=2), SCHOOL_CODE_VALID / 3))
        self.now += longest

    async def forget(self) -> None:
        await self.workflow.codes.forget(self.now)
        self.codes = [each for each in self.codes if self.now < each.expires]

    async def start_again(self) -> None:
        self.workflow = workflow_on(self.database, self.workflow.drafts._keys, code_key=CODE_KEY)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_done_a_code_opens_exactly_what_it_may(
    database: Database[SqlStore], workflow: Workflow, now: datetime, seed: int
) -> None:
    play = Play(database, workflow, now, Random(seed))
    acts: list[Callable[[Play], object]] = [
        Play.make, Play.type_one, Play.type_one, Play.type_one, Play.type_many, Play.revoke, Play.wait, Play.forget,
        Play.start_again,
    ]  # fmt: skip
    await play.make()
    for _ in range(STEPS):
        name = play.random.choice(acts).__name__
        await getattr(play, name)()
    made = {each.batch for each in play.codes if each.expires > play.now}
    assert {each.id for each in await workflow.codes.batches(AUTHORITY)} >= made
