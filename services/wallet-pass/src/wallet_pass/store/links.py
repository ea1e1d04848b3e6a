"""Links to passes: by which of them a pass is found, and how they are renewed and ended."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.calendar import day_in_berlin
from sqlmodel import col

from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.links import AFTER_THE_TICKET, digest_of
from wallet_pass.domain.passes import Pass, PassToken
from wallet_pass.store.on_record import PASS
from wallet_pass.store.passes import PassTables
from wallet_pass.store.tables import ENDED_LINKS, PASSES, PassRow
from wallet_pass.workflow import StoredPass


class LinkTables(PassTables):
    """Of passes, in one session."""

    def by_link(self, token: PassToken, now: datetime) -> StoredPass | None:
        """One statement, which says itself whether the link still leads here: guessed, ended and expired links are
        answered after the same work, which reads no pass."""
        since = now - AFTER_THE_TICKET
        return self._one(
            sa.and_(
                col(PassRow.token) == token,
                sa.not_(PASSES.c.link_ended),
                sa.or_(PASSES.c.link_until.is_(None), PASSES.c.link_until > now),
                sa.or_(PASSES.c.revoked_at.is_(None), PASSES.c.revoked_at > since),
                PASSES.c.valid_until > since,
                sa.or_(PASSES.c.early_end.is_(None), PASSES.c.early_end >= day_in_berlin(since)),
            )
        )

    def link_number(self, token: PassToken) -> int:
        """Of a pass that is there."""
        return int(self._value(sa.select(PASSES.c.link_number).where(PASSES.c.token == token)))

    def begin_link(self, token: PassToken, until: datetime) -> None:
        """A pass that was made a moment ago."""
        self.session.connection().execute(PASSES.update().where(PASSES.c.token == token).values(link_until=until))

    def set_link(self, before: Pass, after: Pass, until: datetime, now: datetime, *, ended: bool) -> None:
        """From now on the pass has the token and the number of `after`; of that of `before`, which leads nowhere, a
        digest alone is kept.

        Args:
            ended: the new one leads nowhere either, and is told to nobody.
        """
        serial_number = UUID(before.serial_number)
        connection = self.session.connection()
        values = {"token": after.token, "link_number": after.link_number, "link_until": until, "link_ended": ended}
        connection.execute(PASSES.update().where(PASSES.c.serial_number == serial_number).values(**values))
        connection.execute(
            ENDED_LINKS.insert(),
            {"digest": digest_of(before.token), "serial_number": serial_number, "ended_at": now},
        )
        self.session.expire_all()
        ticket, act = before.ticket, PassAct.LINK_ENDED if ended else PassAct.LINK_RENEWED
        chain, about, detail = ticket.authority_id, str(ticket.application_id), {"ticket": str(ticket.ticket_id)}
        trail.note(self.session, chain=chain, by="family", act=act, about=about, at=now, detail=detail)
        trail.keep(self.session, PASS, serial_number)
