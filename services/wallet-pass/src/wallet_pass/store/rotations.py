"""Which authorities want codes that change."""

from datetime import datetime

import sqlalchemy as sa
from shared.audit import trail
from sqlmodel import col

from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.passes import GOOGLE_STATES, GoogleState
from wallet_pass.domain.rotation import Rotation
from wallet_pass.store.base import Tables
from wallet_pass.store.on_record import ROTATION
from wallet_pass.store.tables import PassRow, RotationRow


class RotationTables(Tables):
    """Rotations, in one session."""

    def rotation(self, authority_id: str) -> Rotation | None:
        """None: its codes stand still, as all do at first."""
        row = self.session.get(RotationRow, authority_id)
        if row is None or not row.is_on:
            return None
        return Rotation(row.seconds, 8 if row.digits == 8 else 6)

    def set_rotation(self, authority_id: str, rotation: Rotation | None, now: datetime, by: str) -> int:
        """Keep it, and have Google told all passes of the authority. Returns how many; 0 where it is the same.

        Args:
            rotation: None: they stand still again.
            by: who chose it.
        """
        if self.rotation(authority_id) == rotation:
            return 0
        kept = rotation or Rotation()
        row = RotationRow(
            authority_id=authority_id, seconds=kept.seconds, digits=kept.digits, is_on=rotation is not None
        )
        self.session.merge(row)
        trail.note(self.session, chain=authority_id, by=by, act=PassAct.ROTATION_SET, at=now)
        trail.keep(self.session, ROTATION, authority_id)
        self.session.flush()
        due = sa.update(PassRow).where(
            col(PassRow.authority_id) == authority_id, col(PassRow.google).in_(GOOGLE_STATES.before(GoogleState.DUE))
        )
        return int(getattr(self.session.execute(due.values(google=GoogleState.DUE)), "rowcount", 0))
