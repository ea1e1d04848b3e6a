"""For whom a transaction is: a request's caller, or a worker of the service by its name. Nobody: it sees nothing.

It comes from what was checked (a token, a session, a link's secret), never from what a query asks for. It stands in a
context variable; `shared.database` hands it to PostgreSQL at each transaction's beginning, for that transaction alone.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.orm import Session

PREFIX = "schulticket."
"""Of the settings' names at PostgreSQL."""


@dataclass
class WhoAsks:
    """The values that policies compare rows with; empty: not known."""

    worker: str = ""
    """Work of the service itself, which sees all rows of its database."""
    request: str = ""
    """`yes` for whatever came over HTTP, also without a sign-in."""
    authority: str = ""
    account: str = ""
    school: str = ""
    operator: str = ""

    @property
    def values(self) -> dict[str, str]:
        """Those that are known."""
        return {name: value for name, value in vars(self).items() if value}


class NobodyAsks(Exception):
    """A transaction of which nobody has said for whom it is. Our own mistake, and said as one."""


class Caller(Protocol):
    """Whose token or session was checked (`shared.identity.Caller`)."""

    @property
    def subject(self) -> str:
        """The account."""

    @property
    def authority_id(self) -> str | None:
        """Of staff of a school authority."""

    @property
    def organisation_id(self) -> int | None:
        """Of staff of a transport operator."""

    @property
    def school_number(self) -> str | None:
        """Of a school's office."""

    @property
    def counting(self) -> Collection[str]:
        """The roles that count."""


_asks: ContextVar[WhoAsks | None] = ContextVar("who_asks", default=None)


def now_asks() -> WhoAsks | None:
    """For whom this is done; None: nobody has said."""
    return _asks.get()


def request_begins(worker: str = "") -> Token[WhoAsks | None]:
    """What is done from now on in this context is done for a request whose caller is not known yet.

    Args:
        worker: the name under which an operation sees all rows that has but a link's secret to go by.
    """
    return _asks.set(WhoAsks(request="yes", worker=worker))


def request_ends(token: Token[WhoAsks | None]) -> None:
    """`token`: what `request_begins` returned."""
    _asks.reset(token)


def asks(caller: Caller) -> None:
    """A token or a session was checked. Outside of a request it does nothing: a worker stays a worker."""
    who = _asks.get()
    if who is None or who.worker:
        return
    counting = caller.counting
    who.account = caller.subject
    who.authority = caller.authority_id or "" if _OF_AUTHORITY.intersection(counting) else ""
    who.school = caller.school_number or "" if _OF_SCHOOL.intersection(counting) else ""
    who.operator = str(caller.organisation_id or "") if _OF_OPERATOR.intersection(counting) else ""


_OF_AUTHORITY = frozenset({"case_worker", "releaser", "case_reader", "administrator"})
_OF_OPERATOR = frozenset({"operator", "inspector"})
_OF_SCHOOL = frozenset({"school"})


@contextmanager
def work_as(worker: str) -> Iterator[None]:
    """What is done within is work of the service itself, under this name: it sees all rows of its database."""
    token = _asks.set(WhoAsks(worker=worker))
    try:
        yield
    finally:
        _asks.reset(token)


@contextmanager
def nobody_asks() -> Iterator[None]:
    """A service is about to serve: who started it by command is not who asks."""
    token = _asks.set(None)
    try:
        yield
    finally:
        _asks.reset(token)


def tell(connection: "sa.Connection") -> None:
    """Tell PostgreSQL for whom the transaction is that begins on this connection: with its end that is over.

    Raises:
        NobodyAsks: it would be answered with nothing, and whoever reads that takes it for what is there.
    """
    who = _asks.get()
    if who is None:
        raise NobodyAsks("nobody has said for whom this transaction is: work_as, or a request")
    values = who.values
    raw = connection.connection.dbapi_connection
    parts = ", ".join(f"set_config('{PREFIX}{name}', %s, true)" for name in values)
    statement, told = f"SELECT {parts}", tuple(values.values())
    try:
        raw.execute(statement, told)  # type: ignore[union-attr]  # psycopg's own, which costs a third
    except connection.dialect.loaded_dbapi.Error:
        connection.exec_driver_sql(statement, told)  # fails likewise, as SQLAlchemy says it and with what it does then


@contextmanager
def within_as(session: "Session", worker: str) -> Iterator[None]:
    """Within a caller's transaction: what one step of it needs of all rows, by the name of that step. Where the step
    fails and its caller goes on with the transaction, the rows are hidden again too."""
    connection = session.connection()
    who = _asks.get()
    if connection.dialect.name == "sqlite" or who is None or who.worker:
        yield
        return
    before = session.info.get(_WITHIN, "")
    _set_worker(connection, worker)
    session.info[_WITHIN] = worker
    try:
        yield
    except BaseException:
        with suppress(Exception):  # a transaction that the fault has ended: nobody goes on with it
            _set_worker(connection, before)
        raise
    else:
        _set_worker(connection, before)
    finally:
        session.info[_WITHIN] = before


_WITHIN = "works_within"


def _set_worker(connection: "sa.Connection", worker: str) -> None:
    connection.exec_driver_sql(f"SELECT set_config('{PREFIX}worker', %s, true)", (worker,))
