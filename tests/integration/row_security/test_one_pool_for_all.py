"""Requests of many take turns on few connections: no transaction knows for whom the one before it was."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
import sqlalchemy as sa
from eligibility.store import Store
from eligibility.store.tables import DECISION
from hypothesis import given
from hypothesis import strategies as st
from shared.database import Database
from shared.identity import Caller
from shared.row_security.asking import PREFIX, NobodyAsks, asks, nobody_asks, request_begins, request_ends, work_as
from support.row_security.two_tenants import PLACES, filled_database

ALL = {"a", "b"}
WHO = st.sampled_from(["a", "b", "nobody", "request", "worker"])
STEPS = st.lists(st.tuples(WHO, st.sampled_from(["read", "write", "fail"])), min_size=2, max_size=12)


@pytest.fixture(scope="module")
def database(postgresql: Callable[[], str]) -> Iterator[Database[Store]]:
    opened: Database[Store] = Database(filled_database(PLACES["eligibility"], postgresql), Store, readers=1)
    yield opened
    opened.close()


def authorities(store: Store) -> set[str]:
    return set(store.session.execute(sa.select(DECISION.c.authority_id)).scalars())


def fail(store: Store) -> set[str]:
    seen = authorities(store)
    raise LookupError(*sorted(seen))


async def one(database: Database[Store], who: str, what: str) -> set[str]:
    """As a request of one of the two authorities, of nobody, or as a worker; in a task of its own."""
    if who == "worker":
        with work_as("a test"):
            return await _done(database, what)
    if who == "nobody":
        with nobody_asks(), pytest.raises(NobodyAsks):
            await _done(database, what)
        return set()
    token = request_begins()
    try:
        if who in ALL:
            asks(Caller("somebody", who, frozenset({"case_worker"})))
        return await _done(database, what)
    finally:
        request_ends(token)


async def _done(database: Database[Store], what: str) -> set[str]:
    if what == "read":
        return await database.read(authorities)
    try:
        return await database.write(authorities if what == "write" else fail)
    except LookupError as error:
        return set(error.args)


async def together(database: Database[Store], steps: list[tuple[str, str]]) -> list[set[str]]:
    return await asyncio.gather(*(one(database, *each) for each in steps))


@given(steps=STEPS)
def test_requests_at_once_on_few_connections_see_their_own_rows(
    database: Database[Store], steps: list[tuple[str, str]]
) -> None:
    wanted = [{"worker": ALL, "a": {"a"}, "b": {"b"}}.get(who, set()) for who, _ in steps]
    assert asyncio.run(together(database, steps)) == wanted


def test_a_connection_that_goes_back_carries_nothing_over(database: Database[Store]) -> None:
    said = [sa.func.coalesce(sa.func.current_setting(f"{PREFIX}{name}", True), "") for name in ("worker", "authority")]
    asking = partial(_told, said)
    for who in ("worker", "a"):
        asyncio.run(one(database, who, "write"))
        token = request_begins()
        assert database.read_now(asking) == ("", "")
        assert database.write_now(asking) == ("", "")
        request_ends(token)


def _told(said: Sequence[sa.ColumnElement[str]], store: Store) -> tuple[str, ...]:
    return tuple(store.session.execute(sa.select(*said)).one())


def test_what_a_step_sees_for_a_moment_is_over_with_it(database: Database[Store]) -> None:
    from shared.row_security.asking import within_as

    def look(store: Store) -> list[set[str]]:
        seen = [authorities(store)]
        with within_as(store.session, "a step"):
            seen.append(authorities(store))
            with within_as(store.session, "a step in it"):
                seen.append(authorities(store))
            seen.append(authorities(store))
        return [*seen, authorities(store)]

    token = request_begins()
    try:
        asks(Caller("somebody", "a", frozenset({"case_worker"})))
        assert database.write_now(look) == [{"a"}, ALL, ALL, ALL, {"a"}]
    finally:
        request_ends(token)


def test_a_step_that_fails_hides_the_rows_again_and_the_next_transaction_knows_nothing_of_it(
    database: Database[Store],
) -> None:
    from shared.row_security.asking import within_as

    def look(store: Store) -> list[set[str]]:
        with pytest.raises(LookupError), within_as(store.session, "a step"), within_as(store.session, "a step in it"):
            fail(store)
        seen = [authorities(store)]
        with pytest.raises(sa.exc.DBAPIError), within_as(store.session, "a step"):
            store.session.execute(sa.text("SELECT 1 / 0"))
        store.session.rollback()
        with within_as(store.session, "a step"):
            pass
        return [*seen, authorities(store)]

    token = request_begins()
    try:
        asks(Caller("somebody", "a", frozenset({"case_worker"})))
        assert database.read_now(look) == [{"a"}, {"a"}]
    finally:
        request_ends(token)


def test_a_role_without_its_claim_is_of_no_authority(database: Database[Store]) -> None:
    token = request_begins()
    try:
        asks(Caller("somebody", "a", frozenset({"guardian"})))
        assert database.read_now(authorities) == set()
    finally:
        request_ends(token)
