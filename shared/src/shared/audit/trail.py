"""Writing on record: what a transaction did is linked into its chains when it commits.

Not at once: a chain's newest act is locked until the commit, and a transaction that held it from its first act on would
have all others of the same authority wait for it. At the end one look at the rows, one lock for each chain in one order
(so that two writers never wait for each other), and one insert for all acts.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from shared.audit import rows
from shared.audit.acts import TrailAct
from shared.audit.chain import Act, Head, digest_of, link_act, spell_moment
from shared.audit.tables import ACT, CONTENT, HEAD
from shared.database.dialect import insert_of
from shared.row_security.asking import within_as

KEPT = TrailAct.KEPT
RULES = "rules"
_PLACE = "audit"
Content = Mapping[str, Any]


@dataclass(slots=True)
class _NotedAct:
    chain: str
    by: str
    act: str
    about: str
    at: datetime
    detail: Content
    within: tuple[SessionTransaction, ...]
    rows: dict[tuple[str, str], None] = field(default_factory=dict)


@dataclass(slots=True)
class _RowChange:
    kind: rows.Kind
    key: Any
    chain: str | None
    about: str
    within: tuple[SessionTransaction, ...]


@dataclass(slots=True)
class _TransactionRecord:
    """What a transaction has done so far, in order."""

    noted: list[_NotedAct] = field(default_factory=list)
    written: list[_RowChange] = field(default_factory=list)

    def without(self, gone: SessionTransaction) -> None:
        """A savepoint was rolled back: what was done within it was not done."""
        self.noted = [each for each in self.noted if gone not in each.within]
        self.written = [each for each in self.written if gone not in each.within]


def note(
    session: Session, *, chain: str, by: str, act: str, about: str = "", at: datetime, detail: Content | None = None
) -> None:
    """Somebody did something. `detail` is erased with what it is about; ids, codes and dates, no names."""
    pending = _pending(session)
    pending.noted.append(_NotedAct(chain, by, act, about, at, detail or {}, _within(session)))


def keep(session: Session, kind: rows.Kind, key: Any, *, chain: str | None = None, about: str = "") -> None:
    """Rows were written, changed or taken away: how they are at the commit is put on record with the last act of this
    transaction about the same; where there is none, with an act of its own. `chain` and `about` of rows that may be
    gone by then; those of others are where their kind says."""
    _pending(session).written.append(_RowChange(kind, key, chain, about, _within(session)))


def erase(session: Session, *, chain: str, about: str, by: str, at: datetime) -> None:
    """What acts about this hold goes, the acts stay, and that it was erased is one. At the commit too: whoever took the
    chain's head first and rows after it would wait for a writer that has the rows and waits for the head."""
    note(session, chain=chain, by=by, act=TrailAct.ERASED, about=about, at=at)


def flush(session: Session) -> None:
    """Link what is pending now: for who reads acts, or erases them, in the transaction that wrote some."""
    pending: _TransactionRecord | None = session.info.get(_PLACE)
    if pending is None or not (pending.noted or pending.written):
        return
    session.flush()
    noted, written = pending.noted, pending.written
    pending.noted, pending.written = [], []
    with within_as(session, _PLACE):  # a chain is the authority's, and no request reads it
        _link(session, noted, written)


def _link(session: Session, noted: list[_NotedAct], written: list[_RowChange]) -> None:
    connection = session.connection()
    # 1. Each row's last state belongs to the last act about the same.
    states = _attach(connection, noted, written)
    # 2. The chains' heads, locked in one order.
    heads = _locked(session, sorted({each.chain for each in noted}))
    # 3. The rows once more where others write too: what they wrote under the same key is seen behind the lock alone.
    if connection.dialect.name != "sqlite":
        states |= _attach(connection, noted, written)
        heads |= _locked(session, sorted({each.chain for each in noted} - heads.keys()))
    # 4. Contents and their digests, and the links.
    contents = [_content(each, states) for each in noted]
    acts: list[Act] = []
    kept: list[dict[str, Any]] = []
    for each, (salt, content) in zip(noted, contents, strict=True):
        digest = digest_of(salt, content) if content else ""
        act = link_act(heads[each.chain], each.chain, (spell_moment(each.at), each.by, each.act, each.about, digest))
        heads[each.chain] = Head(act.number, act.hash)
        acts.append(act)
        if each.act == TrailAct.ERASED:
            connection.execute(_EMPTY, {"of": each.chain, "what": each.about})
            kept = [one for one in kept if (one["chain"], one["about"]) != (each.chain, each.about)]
        if content:
            place = {"chain": act.chain, "number": act.number, "about": act.about}
            kept.append({**place, "salt": salt, "content": content})
    connection.execute(_ADD_ACTS, [each._asdict() for each in acts])
    if kept:
        connection.execute(_ADD_CONTENTS, kept)
    connection.execute(
        _SET_HEAD, [{"of": chain, "to": head.number, "with": head.hash} for chain, head in heads.items()]
    )


_ADD_ACTS = ACT.insert().inline()
_ADD_CONTENTS = CONTENT.insert().inline()
_EMPTY = CONTENT.delete().where(CONTENT.c.chain == sa.bindparam("of"), CONTENT.c.about == sa.bindparam("what"))
_SET_HEAD = (
    HEAD.update().where(HEAD.c.chain == sa.bindparam("of")).values(number=sa.bindparam("to"), hash=sa.bindparam("with"))
)
_HEADS = (
    sa.select(HEAD)
    .where(HEAD.c.chain.in_(sa.bindparam("chains", expanding=True)))
    .order_by(HEAD.c.chain)
    .with_for_update()
)


States = dict[tuple[str, str], tuple[int, rows.State | None]]
"""By kind and key: the form, and the rows; None where there are none any more."""


def _attach(connection: sa.Connection, noted: list[_NotedAct], written: Sequence[_RowChange]) -> States:
    """To each act the rows that it wrote; those that are left have an act of their own."""
    by_kind: dict[rows.Kind, dict[str, _RowChange]] = {}
    for each in written:
        by_kind.setdefault(each.kind, {})[str(each.key)] = each
    acts = {(each.chain, each.about): each for each in noted}
    at = noted[-1].at if noted else datetime.now(UTC)
    states: States = {}
    for kind, keys in by_kind.items():
        found = rows.find(connection, kind, [each.key for each in keys.values()])
        for key, each in keys.items():
            one = found.get(key)
            chain, about = (one.chain, one.about) if one is not None else (each.chain, each.about)
            if chain is None:
                continue  # written and taken away again in this transaction
            states[kind.name, key] = kind.form, None if one is None else one.state
            of = acts.get((chain, about))
            if of is None:
                of = acts[chain, about] = _NotedAct(chain, RULES, TrailAct.KEPT, about, at, {}, ())
                noted.append(of)
            of.rows[kind.name, key] = None
    return states


def _content(noted: _NotedAct, states: States) -> tuple[str, str]:
    """Salt and content; no content where there is nothing to say."""
    if not noted.detail and not noted.rows:
        return "", ""
    salt = secrets.token_hex(16)
    told = []
    for name, key in noted.rows:
        form, state = states[name, key]
        digest = None if state is None else rows.row_digest(salt, name, key, state)
        told.append([name, key, form, digest])
    content = {"detail": noted.detail, **({"rows": told} if told else {})}
    return salt, json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _locked(session: Session, chains: Sequence[str]) -> dict[str, Head]:
    if not chains:
        return {}
    connection = session.connection()
    heads = {row.chain: Head(row.number, row.hash) for row in connection.execute(_HEADS, {"chains": chains})}
    if missing := [each for each in chains if each not in heads]:
        new = [{"chain": each, "number": 0, "hash": Head().hash} for each in missing]
        connection.execute(insert_of(session)(HEAD).on_conflict_do_nothing(), new)
        heads = {row.chain: Head(row.number, row.hash) for row in connection.execute(_HEADS, {"chains": chains})}
    return heads


def _within(session: Session) -> tuple[SessionTransaction, ...]:
    """The savepoints that are open, the innermost first."""
    found, at = [], session.get_nested_transaction()
    while at is not None and at.nested:
        found.append(at)
        at = at.parent
    return tuple(found)


def _pending(session: Session) -> _TransactionRecord:
    pending: _TransactionRecord | None = session.info.get(_PLACE)
    if pending is None:
        pending = session.info[_PLACE] = _TransactionRecord()
        event.listen(session, "before_commit", _before_commit)
        event.listen(session, "after_soft_rollback", _after_rollback)
    return pending


def _before_commit(session: Session) -> None:
    if session.get_nested_transaction() is None:  # a savepoint's end is none
        flush(session)


def _after_rollback(session: Session, gone: SessionTransaction) -> None:
    pending: _TransactionRecord = session.info[_PLACE]
    if gone.nested:
        pending.without(gone)
    elif gone.parent is None:
        session.info[_PLACE].noted, session.info[_PLACE].written = [], []
