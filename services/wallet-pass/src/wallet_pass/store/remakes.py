"""What changes all passes, or all of a design, is worked off over time, a few at each call, in order of tokens.

No more are made due while those before them are still to be made, or to be told to Google: a revocation in between
would wait behind them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from shared.database import contents
from shared.runtime import backlog

from wallet_pass.domain.passes import GOOGLE_STATES, GoogleState, next_change
from wallet_pass.store.base import Tables
from wallet_pass.store.tables import DESIGNS, KEY, PACKAGE, PASSES, REMAKES
from wallet_pass.workflow import GOOGLE, PACKAGES
from wallet_pass.workflow.remakes import Remake

ALL, EVERYWHERE = "*", "**"
"""All passes: for phones alone, or Google is told of them too. No authority has such an id."""
MOST_WAITING = 5
"""Times as many as are taken at a call may wait. Our own choice: a worker makes so many in two seconds."""
# Written as the indexes of what is due have it: SQLite takes them for no condition that only means the same.
IS_DUE = {PACKAGES: "pass.package_due", GOOGLE: f"pass.google = '{GoogleState.DUE}'"}
_WAITING = {
    worker: sa.select(sa.func.count()).select_from(
        sa.select(PASSES.c.token)
        .where(sa.text(is_due), backlog.may_be_tried(worker, KEY))
        .limit(sa.bindparam("most"))
        .subquery()
    )
    for worker, is_due in IS_DUE.items()
}
_CHOSEN: list[sa.Column[Any]] = [PASSES.c.token, PASSES.c.changed_at, PASSES.c.package_digest, PASSES.c.google]


class RemakeTables(Tables):
    """Orders to make passes anew, in one session."""

    def order_remakes(self, design_id: str | None, now: datetime, *, at_google: bool = False) -> int:
        """Have all passes of a design made anew, spread over time; an order that stands begins again. Returns how many
        there are.

        Args:
            design_id: None: all passes.
            at_google: whether Google is told too where it is all; of a design it always is.
        """
        connection, of = self.session.connection(), design_id or (EVERYWHERE if at_google else ALL)
        instead_of = (ALL, EVERYWHERE) if of == EVERYWHERE else (of,)
        connection.execute(REMAKES.delete().where(REMAKES.c.of.in_(instead_of)))
        connection.execute(REMAKES.insert().values(of=of, after="", asked_at=now))
        return self._count(_mine(of))

    def remakes(self) -> Sequence[Remake]:
        """Those that are not done yet, in the order in which they are worked off."""
        orders = self.session.connection().execute(sa.select(REMAKES).order_by(REMAKES.c.asked_at, REMAKES.c.of))
        return [
            Remake(
                None if order.of in (ALL, EVERYWHERE) else order.of,
                order.asked_at,
                made_due=self._count(_mine(order.of), PASSES.c.token <= order.after),
                of=self._count(_mine(order.of)),
            )
            for order in orders.all()
        ]

    def remakes_left(self, most: int) -> tuple[int, datetime | None]:
        """How many passes are not due yet, `most` of them at most, and since when the oldest order stands."""
        orders = self.session.connection().execute(sa.select(REMAKES)).all()
        left = 0
        for order in orders:
            waiting = sa.select(PASSES.c.token).where(_mine(order.of), PASSES.c.token > order.after)
            some = waiting.limit(most - left).subquery()
            left += int(self.session.connection().execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
        return left, min((order.asked_at for order in orders), default=None)

    def take_remakes(self, most: int, now: datetime, *, with_google: bool) -> int:
        """Make the next passes due, those of the oldest order first. Returns how many; 0 while many wait already.

        Args:
            with_google: whether Google is told of passes.
        """
        connection = self.session.connection()
        order = connection.execute(sa.select(REMAKES).order_by(REMAKES.c.asked_at, REMAKES.c.of).limit(1)).first()
        if order is None or self._many_wait(most * MOST_WAITING, now, with_google=with_google):
            return 0
        chosen = sa.select(*_CHOSEN).where(_mine(order.of), PASSES.c.token > order.after)
        rows = connection.execute(_locked(chosen.order_by(PASSES.c.token).limit(most))).all()
        self._make_due(rows, now, with_google=order.of != ALL)
        mine = REMAKES.c.of == order.of
        if len(rows) < most:
            connection.execute(REMAKES.delete().where(mine))
        else:
            connection.execute(REMAKES.update().where(mine).values(after=rows[-1].token))
        return len(rows)

    def take_turns(self, most: int, now: datetime, *, with_google: bool) -> int:
        """Make due whose state has changed of itself: its front says another thing. Returns how many; 0 while many wait
        already."""
        if self._many_wait(most * MOST_WAITING, now, with_google=with_google):
            return 0
        turned = sa.select(*_CHOSEN).where(PASSES.c.turns_at <= now).order_by(PASSES.c.turns_at).limit(most)
        rows = self.session.connection().execute(_locked(turned)).all()
        self._make_due(rows, now, with_google=True)
        return len(rows)

    def _make_due(self, rows: Sequence[sa.Row[Any]], now: datetime, *, with_google: bool) -> None:
        """Another certificate is Apple's alone; a design, a state and a database that was put back are Google's too."""
        made_due = [
            {
                "of": row.token,
                "at": next_change(row.changed_at, now),
                "to_google": GOOGLE_STATES.move(GoogleState(row.google), GoogleState.DUE)
                if with_google
                else row.google,
            }
            for row in rows
        ]
        values = {"package_digest": None, "package_due": True, "turns_at": None}
        moved = PASSES.update().where(PASSES.c.token == sa.bindparam("of"))
        moved = moved.values(changed_at=sa.bindparam("at"), google=sa.bindparam("to_google"), **values)
        if made_due:
            self.session.connection().execute(moved, made_due)
        contents.drop_unused(self.session, PACKAGE, PASSES.c.package_digest, [row.package_digest for row in rows])
        self._forget_failures(sa.select(KEY).where(PASSES.c.token.in_([row.token for row in rows])))

    def _many_wait(self, many: int, now: datetime, *, with_google: bool) -> bool:
        """What is put aside does not count: it may wait for ever."""
        waiting = [
            int(self.session.connection().execute(_WAITING[worker], {"most": many, "now": now}).scalar_one())
            for worker in (PACKAGES, *([GOOGLE] if with_google else []))
        ]
        return max(waiting) >= many

    def _count(self, *conditions: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(PASSES).where(*conditions)
        return int(self.session.connection().execute(query).scalar_one())


def _locked(chosen: sa.Select[Any]) -> sa.Select[Any]:
    """What is read of them is what they are until the end of the transaction. Who registers a phone does not wait."""
    return chosen.with_for_update(key_share=True)


def _mine(of: str) -> sa.ColumnElement[bool]:
    """The passes of a design; an authority's for all operators leaves out those that have one of their own."""
    if of in (ALL, EVERYWHERE):
        return sa.true()
    authority_id, _, organisation_id = of.partition("/")
    of_authority = PASSES.c.authority_id == authority_id
    if organisation_id:
        return sa.and_(of_authority, PASSES.c.organisation_id == int(organisation_id))
    others = sa.select(DESIGNS.c.organisation_id).where(
        DESIGNS.c.authority_id == authority_id, DESIGNS.c.organisation_id.is_not(None)
    )
    return sa.and_(of_authority, PASSES.c.organisation_id.not_in(others))
