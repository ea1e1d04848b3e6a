"""Whether an audit trail holds: chains against their heads, contents against acts, rows against contents."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shared.audit import rows
from shared.audit.chain import ERASED, Broken, Head, SignedHeads, digest_of, follow_chain
from shared.audit.tables import ACT, CONTENT, HEAD

MOST_FAULTS = 20
"""Told of each kind of fault; the rest is counted."""


class Earlier(NamedTuple):
    """A chain's beginning from before this form: it ends with `head`, or is broken."""

    head: Head
    fault: str | None


@dataclass(frozen=True)
class ChainReport:
    name: str
    acts: int
    head: str
    """NUMBER:HASH of the newest act."""
    fault: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As `audit verify --json` prints it."""
        return {"name": self.name, "acts": self.acts, "head": self.head, "ok": self.fault is None, "fault": self.fault}


@dataclass
class Report:
    """What was looked at, and everything that does not hold."""

    chains: list[ChainReport] = field(default_factory=list)
    rows: int = 0
    """Keys whose rows were compared."""
    counts: dict[str, int] = field(default_factory=dict)
    """What the service counts besides."""
    faults: list[str] = field(default_factory=list)
    """Of contents and rows; those of chains stand with them."""

    @property
    def ok(self) -> bool:
        """Whether all that was looked at holds."""
        return not self.faults and all(each.fault is None for each in self.chains)

    def as_json(self) -> dict[str, Any]:
        """As `audit verify --json` prints it."""
        chains = [each.as_json() for each in self.chains]
        return {"ok": self.ok, "chains": chains, "rows": self.rows, **self.counts, "faults": self.faults}


class _Entry(NamedTuple):
    """What was put on record of a key last."""

    chain: str
    at: str
    place: str
    form: int
    salt: str
    digest: str | None


Known = dict[tuple[str, str], _Entry]
_ACTS = sa.select(ACT).where(ACT.c.chain == sa.bindparam("of")).order_by(ACT.c.number)
_CONTENTS = (
    sa.select(ACT.c.number, ACT.c.at, ACT.c.about, ACT.c.digest, CONTENT.c.about, CONTENT.c.salt, CONTENT.c.content)
    .select_from(ACT.outerjoin(CONTENT, (CONTENT.c.chain == ACT.c.chain) & (CONTENT.c.number == ACT.c.number)))
    .where(ACT.c.chain == sa.bindparam("of"))
    .order_by(ACT.c.number)
)
_WITHOUT_ACT = (
    sa.select(CONTENT.c.chain, CONTENT.c.number)
    .select_from(CONTENT.outerjoin(ACT, (CONTENT.c.chain == ACT.c.chain) & (CONTENT.c.number == ACT.c.number)))
    .where(ACT.c.number.is_(None))
)


def snapshot(session: Session) -> Connection:
    """As everything is at one moment, while others write on: to be asked for before anything is read."""
    if session.get_bind().dialect.name == "sqlite":
        return session.connection()  # a transaction sees what was there when it began
    return session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def verify(
    connection: Connection,
    kinds: Sequence[rows.Kind] = (),
    *,
    earlier: Mapping[str, Earlier] | None = None,
    signed: SignedHeads | None = None,
    only: str | None = None,
    more: Callable[[Connection], tuple[Mapping[str, int], Sequence[str]]] | None = None,
) -> Report:
    """Reads everything.

    Args:
        earlier: chains of a form before this one, checked by whoever knows it.
        signed: heads that the signer has signed and that must still be there.
        only: one chain, whose rows are not compared.
        more: further counts and checks of the service.
    """
    report, earlier, signed = Report(), earlier or {}, signed or {}
    heads = {row.chain: Head(row.number, row.hash) for row in connection.execute(sa.select(HEAD))}
    names = {*heads, *earlier, *signed, *connection.execute(sa.select(ACT.c.chain).distinct()).scalars()}
    # 1. Each chain from its beginning to its head, and every head that was signed.
    for name in sorted(names if only is None else names & {only}):
        report.chains.append(_of_chain(connection, name, heads.get(name), earlier.get(name), signed.get(name, ())))
    if only is not None:
        return report
    # 2. What the digests of acts are of; nothing is missing that was not erased.
    known: Known = {}
    faults = [f for name in sorted(names) for f in contents(connection, name, known)]
    # 3. The rows are as they were put on record last, and none is there that was not.
    for kind in kinds:
        count, found = _rows_of(connection, kind, known)
        report.rows += count
        faults += found
    # 4. What is there twice agrees.
    if more is not None:
        counts, disagreed = more(connection)
        report.counts = dict(counts)
        faults += disagreed
    report.faults = faults[:MOST_FAULTS]
    if len(faults) > MOST_FAULTS:
        report.faults.append(f"and {len(faults) - MOST_FAULTS} more")
    return report


def _of_chain(
    connection: Connection, name: str, head: Head | None, earlier: Earlier | None, signed: Sequence[Head]
) -> ChainReport:
    before = earlier.head if earlier is not None else Head()
    # whoever looked at what came before has looked at the heads of that too
    signed = sorted(each for each in signed if each.number > before.number)
    fault = earlier.fault if earlier is not None else None
    asked, there = {each.number for each in signed}, dict[int, str]()
    number, value = before
    try:
        for _, number, *_, value in follow_chain(acts(connection, name), before):
            if number in asked:
                there[number] = value
    except Broken as error:
        fault = fault or str(error)
    last = Head(number, value)
    fault = fault or _of_end(last, head, signed, there)
    return ChainReport(name, last.number, f"{last.number}:{last.hash}", fault)


def _of_end(last: Head, head: Head | None, signed: Sequence[Head], there: Mapping[int, str]) -> str | None:
    if head is None:
        return f"the chain ends with act {last.number}, but its head was taken away"
    if last != head:
        return f"the chain ends with act {last.number}, but act {head.number} was written"
    for each in signed:
        if each.number not in there:
            return f"the chain ends with act {last.number}, but the head of act {each.number} was signed"
        if there[each.number] != each.hash:
            return f"act {each.number} is not the one whose head was signed: the chain was written anew"
    return None


def acts(connection: Connection, chain: str) -> Iterator[Any]:
    """All of a chain, in order of their numbers, each as the columns of an Act."""
    yield from connection.execution_options(yield_per=10_000).execute(_ACTS, {"of": chain})


def contents(connection: Connection, chain: str, known: Known) -> Iterator[str]:
    """Faults; `known` is told what was put on record last of each key."""
    erased = dict(
        connection.execute(
            sa.select(ACT.c.about, sa.func.max(ACT.c.number))
            .where(ACT.c.chain == chain, ACT.c.act == ERASED)
            .group_by(ACT.c.about)
        ).all()
    )
    for row in connection.execution_options(yield_per=10_000).execute(_CONTENTS, {"of": chain}):
        number, at, about, digest, of, salt, content = row
        if content is None:
            if digest and number > erased.get(about, 0):
                yield f"{chain}: what act {number} holds is missing, and was not erased"
            continue
        if of != about or digest_of(salt, content) != digest:
            yield f"{chain}: what act {number} holds was changed"
            continue
        if '"rows":' in content:
            _remember(known, chain, number, at, salt, content)
    lost = connection.execute(_WITHOUT_ACT.where(CONTENT.c.chain == chain)).all()
    yield from (f"{each.chain}: content of act {each.number}, which is not there" for each in lost)


def _remember(known: Known, chain: str, number: int, at: str, salt: str, content: str) -> None:  # noqa: PLR0917
    """Called in the order of a chain; which of two chains was later, their clock says."""
    for name, key, form, digest in json.loads(content)["rows"]:
        before = known.get((name, key))
        if before is None or before.chain == chain or before.at <= at:
            known[name, key] = _Entry(chain, at, f"act {number} of {chain}", form, salt, digest)


def _rows_of(connection: Connection, kind: rows.Kind, known: Known) -> tuple[int, list[str]]:
    faults: list[str] = []
    left = {key for name, key in known if name == kind.name}
    newest = dict.fromkeys(left, False)
    count = 0
    forms = sorted({known[kind.name, key].form for key in left} | {kind.form})
    for form in forms:
        for key, state in rows.all_states(connection, kind, form):
            entry = known.get((kind.name, key))
            if entry is None:
                if form == kind.form:
                    count += 1
                    faults.append(f"{kind.name} {key} is not on record")
                continue
            if entry.form != form:
                continue
            count += 1
            newest[key] = True
            if entry.digest is None:
                faults.append(f"{kind.name} {key} is there, but {entry.place} says that it was taken away")
            elif rows.row_digest(entry.salt, kind.name, key, state) != entry.digest:
                faults.append(f"{kind.name} {key} is not as {entry.place} left it")
    gone = [key for key in sorted(left) if not newest[key] and known[kind.name, key].digest is not None]
    faults += [f"{kind.name} {key} is missing; {known[kind.name, key].place} wrote it" for key in gone]
    return count, faults
