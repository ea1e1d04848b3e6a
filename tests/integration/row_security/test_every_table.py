"""Each table of each service, looked at as who asks by `SELECT *`, without any filter of a query."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from shared.database.engine import open_engine
from shared.row_security.access import Access, anybody, value_of, where
from shared.row_security.asking import PREFIX, NobodyAsks, WhoAsks
from shared.row_security.asking import _asks as now_asking
from sqlalchemy.exc import DBAPIError
from support.postgresql import owner_url
from support.row_security.two_tenants import NUMBERS, PLACES, TENANTS, Place, filled_database, row_of

OWN, OTHER, NEW = TENANTS
KINDS = {
    "authority": OWN,
    "account": OWN,
    "school": OWN,
    "operator": str(NUMBERS[OWN]),
}
"""Who asks, each alone, as the first tenant."""
ANYBODY = anybody()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    return PLACES[request.param]


@pytest.fixture
def engine(place: Place, postgresql: Callable[[], str]) -> Iterator[sa.Engine]:
    opened = open_engine(filled_database(place, postgresql), connections=1)
    yield opened
    opened.dispose()


def asker(kind: str) -> WhoAsks:
    return WhoAsks(request="yes", **{kind: KINDS[kind]})


def seen_by(engine: sa.Engine, who: WhoAsks | None, table: sa.Table) -> set[tuple[object, ...]]:
    before = now_asking.set(who)
    try:
        with engine.connect() as connection:
            return {tuple(row) for row in connection.execute(sa.select(*_keys(table)))}
    finally:
        now_asking.reset(before)


def _keys(table: sa.Table) -> list[sa.Column[object]]:
    return list(table.primary_key.columns)


def _rows(table: sa.Table, *tenants: str) -> set[tuple[object, ...]]:
    return {tuple(row_of(table, tenant)[each.name] for each in _keys(table)) for tenant in tenants}


def _kinds(access: Access) -> set[str]:
    """Of whom a bound of this table speaks by a column of its own."""
    return {kind for kind in KINDS for bound in access.bounds if f"{PREFIX}{kind}'" in bound.sql and bound.columns}


def test_who_says_nothing_sees_no_row_and_a_worker_sees_all(place: Place, engine: sa.Engine) -> None:
    silent = open_engine(engine.url.render_as_string(hide_password=False), connections=1, says_who_asks=False)
    for name in place.access.tables:
        table = place.tables[name]
        assert seen_by(silent, None, table) == set(), name
        assert seen_by(engine, WhoAsks(worker="a test"), table) == _rows(table, OWN, OTHER), name
    silent.dispose()


def test_a_transaction_of_nobody_is_refused_before_it_is_answered_with_nothing(place: Place, engine: sa.Engine) -> None:
    table = next(iter(place.tables.values()))
    with pytest.raises(NobodyAsks):
        seen_by(engine, None, table)
    assert seen_by(engine, WhoAsks(worker="a test"), table) != set(), "the connection is still good"


def test_whoever_asks_sees_no_row_of_another_and_its_own_where_the_table_says_so(
    place: Place, engine: sa.Engine
) -> None:
    for name, access in place.access.tables.items():
        table = place.tables[name]
        for kind in KINDS:
            open_to_all = any(each in access.reads for each in (ANYBODY, where(f"{value_of(kind)} IS NOT NULL")))
            seen = seen_by(engine, asker(kind), table)
            assert seen <= _rows(table, OWN, *([OTHER] if open_to_all else [])), (name, kind)
            if kind in _kinds(access) or open_to_all:
                assert seen >= _rows(table, OWN), (name, kind)


def test_who_has_not_signed_in_sees_what_is_for_everybody_alone(place: Place, engine: sa.Engine) -> None:
    for name, access in place.access.tables.items():
        table = place.tables[name]
        seen = seen_by(engine, WhoAsks(request="yes"), table)
        assert seen == (_rows(table, OWN, OTHER) if ANYBODY in access.reads else set()), name


def test_nobody_writes_changes_or_deletes_what_is_another_s(place: Place, engine: sa.Engine) -> None:
    for name, access in place.access.tables.items():
        table = place.tables[name]
        for kind in KINDS:
            before = now_asking.set(asker(kind))
            if not access.adds:
                assert _refused(engine, table.insert(), row_of(table, NEW)), (name, kind)
            for statement in (table.update().values(row_of(table, NEW)), table.delete()):
                others = sa.and_(*(each == row_of(table, OTHER)[each.name] for each in _keys(table)))
                assert _touches_nothing(engine, statement.where(others)), (name, kind)
            for bound in access.bounds:
                if bound.columns and kind in _kinds(access) and f"{PREFIX}{kind}'" in bound.sql:
                    moved = {each: row_of(table, NEW)[each] for each in bound.columns}
                    assert len(access.bounds) > 1 or _refused(engine, table.update(), moved), (name, kind)
            now_asking.reset(before)


def _refused(engine: sa.Engine, statement: sa.Insert | sa.Update, values: dict[str, object]) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(statement, values)
    except DBAPIError as error:
        return type(error.orig).__name__ == "InsufficientPrivilege"
    return False


def _touches_nothing(engine: sa.Engine, statement: sa.Update | sa.Delete) -> bool:
    try:
        with engine.connect() as connection:
            return connection.execute(statement).rowcount == 0
    except DBAPIError as error:
        return type(error.orig).__name__ == "InsufficientPrivilege"


def test_every_table_has_a_line_and_no_line_is_of_none(place: Place) -> None:
    assert set(place.tables) == set(place.access.tables)
    for name, access in place.access.tables.items():
        named = {column for bound in (*access.bounds, *access.reads, *access.adds) for column in bound.columns}
        assert named <= {column.name for column in place.tables[name].columns}, name


def test_a_table_without_row_security_is_seen_whole_so_that_these_tests_are_not_blind(
    postgresql: Callable[[], str],
) -> None:
    place = PLACES["eligibility"]
    url = filled_database(place, postgresql)
    owner, opened = sa.create_engine(owner_url(url)), open_engine(url, connections=1)
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE decision DISABLE ROW LEVEL SECURITY")
    table = place.tables["decision"]
    assert seen_by(opened, asker("authority"), table) == _rows(table, OWN, OTHER)
    owner.dispose()
    opened.dispose()
