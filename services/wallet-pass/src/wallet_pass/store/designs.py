"""Designs of authorities; a new one makes all their passes due again."""

from datetime import datetime

import sqlalchemy as sa
from shared.audit import trail
from shared.database import contents
from shared.errors import Text
from sqlmodel import select

from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.designs import DEFAULT_DESIGN, Colour, Design
from wallet_pass.domain.passes import GOOGLE_STATES, GoogleState, next_change
from wallet_pass.store.base import Tables
from wallet_pass.store.on_record import DESIGN
from wallet_pass.store.tables import DESIGNS, KEY, PACKAGE, PASSES, DesignRow, PassRow


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
        rows = self.session.exec(select(PassRow).where(PassRow.authority_id == authority_id)).all()
        before = [row.package_digest for row in rows]
        for row in rows:
            row.changed_at = next_change(row.changed_at, now)
            row.package_digest, row.package_due = None, True
            row.google = GOOGLE_STATES.move(GoogleState(row.google), GoogleState.DUE)
        self.session.flush()
        contents.drop_unused(self.session, PACKAGE, PASSES.c.package_digest, before)
        self._forget_failures(sa.select(KEY).where(PASSES.c.authority_id == authority_id))
        return len(rows)
