"""The trail begins: rows that were there before it are put on record once, as they are then."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.audit import rows, trail
from shared.audit.acts import TrailAct, TrailMark
from shared.audit.tables import ACT
from shared.database.engine import open_engine

BEGINNINGS = "beginnings"
"""The chain that says from when on which kind of rows is on record."""
TAKEN_OVER = TrailAct.TAKEN_OVER
MIGRATION = "migration"
AT_ONCE = 500


def begin(url: str, kinds: Sequence[rows.Kind]) -> None:
    """After the migrations. A kind of which it was said once that it began is not looked at again: what stands in its
    table without an act is then a fault, not something to be taken over; unless an earlier program had it meanwhile,
    which is on record too (`leave`)."""
    engine = open_engine(url, connections=1).execution_options(writes=True)
    try:
        for kind in kinds:
            with Session(engine) as session, session.begin():
                if not _began(session, kind):
                    _take_over(session, kind)
    finally:
        engine.dispose()


def leave(url: str, version: str) -> None:
    """The tables were taken back to an earlier version, whose program goes on with them."""
    engine = open_engine(url, connections=1).execution_options(writes=True)
    try:
        with Session(engine) as session, session.begin():
            trail.note(session, chain=BEGINNINGS, by=MIGRATION, act=TrailMark.LEFT + version, at=datetime.now(UTC))
    finally:
        engine.dispose()


def _began(session: Session, kind: rows.Kind) -> bool:
    last = sa.select(sa.func.max(ACT.c.number)).where(ACT.c.chain == BEGINNINGS)
    began = session.execute(last.where(ACT.c.act == TrailMark.BEGAN + kind.name)).scalar_one_or_none()
    left = session.execute(last.where(ACT.c.act.startswith(TrailMark.LEFT))).scalar_one_or_none()
    return began is not None and began > (left or 0)


def _take_over(session: Session, kind: rows.Kind) -> None:
    """In one transaction: where it breaks off, the next start does it whole."""
    now = datetime.now(UTC)
    found = rows.places(session.connection(), kind)
    for at, ((chain, about), group) in enumerate(groupby(found, key=lambda each: each[:2])):
        trail.note(session, chain=chain, by=MIGRATION, act=TAKEN_OVER, about=about, at=now)
        for _, _, key in group:
            trail.keep(session, kind, key)
        if at % AT_ONCE == AT_ONCE - 1:
            trail.flush(session)
    trail.note(session, chain=BEGINNINGS, by=MIGRATION, act=TrailMark.BEGAN + kind.name, at=now)
