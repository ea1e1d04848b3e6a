"""Designs of authorities; a new one has all their passes made anew, spread over time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from shared.audit import trail
from shared.database import contents
from shared.errors import Text

from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.designs import DEFAULT_DESIGN, Colour, Design
from wallet_pass.domain.passes import GOOGLE_STATES, GoogleState, next_change
from wallet_pass.store.base import Tables
from wallet_pass.store.on_record import DESIGN
from wallet_pass.store.tables import DESIGNS, KEY, PACKAGE, PASSES, REMAKES, DesignRow

ALL = "*"
"""No authority has such an id."""
REMADE = (PASSES.c.token, PASSES.c.changed_at, PASSES.c.package_digest, PASSES.c.google)


class DesignTables(Tables):
    """Designs, in one session."""

    def design(self, authority_id: str) -> Design:
        """DEFAULT_DESIGN for an authority that has not chosen one."""
        row = self.session.connection().execute(DESIGNS.select().where(DESIGNS.c.authority_id == authority_id)).first()
        if row is None:
            return DEFAULT_DESIGN
        return Design(
            Text(row.issuer_de, row.issuer_en),
            Colour.from_hex(row.background),
            Colour.from_hex(row.foreground),
            Colour.from_hex(row.label),
        )

    def set_design(self, authority_id: str, design: Design, now: datetime, by: str = "command") -> int:
        """Keep the design and have all passes of the authority made anew. Returns how many; 0 where it is the same.

        Args:
            by: who chose it.
        """
        known = self.session.get(DesignRow, authority_id)
        if known is not None and self.design(authority_id) == design:
            return 0
        self.session.merge(
            DesignRow(
                authority_id=authority_id,
                issuer_de=design.issuer.de,
                issuer_en=design.issuer.en,
                background=design.background.hex,
                foreground=design.foreground.hex,
                label=design.label.hex,
            )
        )
        trail.note(self.session, chain=authority_id, by=by, act=PassAct.DESIGN_SET, at=now)
        trail.keep(self.session, DESIGN, authority_id)
        self.session.flush()
        return self.order_remakes(authority_id, now)

    def order_remakes(self, authority_id: str | None, now: datetime) -> int:
        """Have all passes made anew, spread over time; an order that stands begins again. Returns how many there are.

        Args:
            authority_id: None: of all authorities.
        """
        connection, of = self.session.connection(), authority_id or ALL
        connection.execute(REMAKES.delete().where(REMAKES.c.of == of))
        connection.execute(REMAKES.insert().values(of=of, after="", asked_at=now))
        count = sa.select(sa.func.count()).select_from(PASSES)
        return int(connection.execute(count.where(_mine(of))).scalar_one())

    def take_remakes(self, most: int, now: datetime) -> int:
        """Make the next passes due, those of the oldest order first. Returns how many."""
        connection = self.session.connection()
        order = connection.execute(sa.select(REMAKES).order_by(REMAKES.c.asked_at, REMAKES.c.of).limit(1)).first()
        if order is None:
            return 0
        chosen = sa.select(*REMADE).where(_mine(order.of), PASSES.c.token > order.after)
        rows = connection.execute(chosen.order_by(PASSES.c.token).limit(most)).all()
        self._make_due(rows, now)
        mine = REMAKES.c.of == order.of
        if len(rows) < most:
            connection.execute(REMAKES.delete().where(mine))
        else:
            connection.execute(REMAKES.update().where(mine).values(after=rows[-1].token))
        return len(rows)

    def take_turns(self, most: int, now: datetime) -> int:
        """Make due whose state has changed of itself: its front says another thing. Returns how many."""
        turned = sa.select(*REMADE).where(PASSES.c.turns_at <= now).order_by(PASSES.c.turns_at).limit(most)
        rows = self.session.connection().execute(turned).all()
        self._make_due(rows, now)
        return len(rows)

    def _make_due(self, rows: Sequence[Any], now: datetime) -> None:
        connection = self.session.connection()
        for row in rows:
            google = GOOGLE_STATES.move(GoogleState(row.google), GoogleState.DUE)
            made_due = {"package_digest": None, "package_due": True, "google": google, "turns_at": None}
            changed_at = next_change(row.changed_at, now)
            connection.execute(
                PASSES.update().where(PASSES.c.token == row.token).values(changed_at=changed_at, **made_due)
            )
        contents.drop_unused(self.session, PACKAGE, PASSES.c.package_digest, [row.package_digest for row in rows])
        self._forget_failures(sa.select(KEY).where(PASSES.c.token.in_([row.token for row in rows])))


def _mine(of: str) -> sa.ColumnElement[bool]:
    return sa.true() if of == ALL else PASSES.c.authority_id == of
