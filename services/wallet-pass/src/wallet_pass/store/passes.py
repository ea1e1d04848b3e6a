"""Passes, and the lists of what is due to be made and to be told to Google."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.database import contents
from shared.runtime import backlog
from sqlmodel import col, select

from wallet_pass.domain.acts import CHANGED_TO, PassAct
from wallet_pass.domain.passes import (
    GOOGLE_STATES,
    VALIDITIES,
    AuthenticationToken,
    GoogleState,
    Pass,
    PassToken,
    next_change,
)
from wallet_pass.domain.tickets import Ticket
from wallet_pass.store.designs import DesignTables
from wallet_pass.store.on_record import PASS
from wallet_pass.store.packages import PackageTables
from wallet_pass.store.remakes import IS_DUE
from wallet_pass.store.tables import KEY, PACKAGE, PASSES, PassRow
from wallet_pass.workflow import StoredPass

MOST_AT_ONCE = 500
"""Of a list in one query: SQLite takes no more than some thousands."""
Condition = sa.ColumnElement[bool]
TICKET_COLUMNS = tuple(field.name for field in fields(Ticket))
PACKAGES_DUE, TOLD_DUE = (
    sa.select(PassRow)
    .where(sa.text(is_due), backlog.may_be_tried(worker, KEY))
    .order_by(PASSES.c.token)
    .limit(sa.bindparam("most"))
    for worker, is_due in IS_DUE.items()
)


class PassTables(DesignTables, PackageTables):
    """Passes, in one session."""

    def by_ticket(self, ticket_id: UUID) -> StoredPass | None:
        """Without its package. None: this ticket has no pass, or another ticket has taken its place on it."""
        return self._one(col(PassRow.ticket_id) == ticket_id, packed=False)

    def by_serial(self, serial_number: UUID) -> StoredPass | None:
        """By the number that a phone knows."""
        return self._one(col(PassRow.serial_number) == serial_number)

    def by_token(self, token: PassToken) -> StoredPass | None:
        """By the last part of its address."""
        return self._one(col(PassRow.token) == token)

    def token_of(self, ticket_id: UUID) -> PassToken | None:
        """As `by_ticket`, without reading the package."""
        token: PassToken | None = self._value(sa.select(PASSES.c.token).where(PASSES.c.ticket_id == ticket_id))
        return token

    def add(self, wallet_pass: Pass, package: bytes | None) -> None:
        """Without SQLModel's session of objects: for one row that nobody reads again it costs five times as much."""
        VALIDITIES.begin(wallet_pass.validity)
        row = {name: getattr(wallet_pass.ticket, name) for name in TICKET_COLUMNS}
        row |= {
            "token": wallet_pass.token,
            "authentication_token": wallet_pass.authentication_token,
            "changed_at": wallet_pass.changed_at,
            "revoked_at": wallet_pass.revoked_at,
            "serial_number": UUID(wallet_pass.serial_number),
            "suspended": wallet_pass.suspended,
            "early_end": wallet_pass.early_end,
            "package_digest": None if package is None else contents.put(self.session, PACKAGE, package),
            "package_due": package is None,
            "turns_at": wallet_pass.turns_at(wallet_pass.changed_at),
            "google": GOOGLE_STATES.begin(GoogleState.DUE),
        }
        self.session.connection().execute(PASSES.insert(), row)
        self._note(wallet_pass, PassAct.MADE)

    def change(self, wallet_pass: Pass) -> None:
        """Its package is dropped, earlier failures are forgotten, and an act is noted in the authority's chain.

        Its row is locked before it is looked at: a worker may have changed it since the caller read it. What was signed
        meanwhile goes too, and no two changes have one moment, by which a slower worker would keep the older content.
        """
        is_this = PASSES.c.token == wallet_pass.token
        locked = sa.select(PASSES.c.package_digest, PASSES.c.changed_at).where(is_this).with_for_update(key_share=True)
        before = self.session.connection().execute(locked).first()
        if before is None:
            return  # its time was over
        self._update(
            col(PassRow.token) == wallet_pass.token,
            col(PassRow.google).in_(GOOGLE_STATES.before(GoogleState.DUE)),
            **{name: getattr(wallet_pass.ticket, name) for name in TICKET_COLUMNS},
            revoked_at=wallet_pass.revoked_at,
            suspended=wallet_pass.suspended,
            early_end=wallet_pass.early_end,
            changed_at=next_change(before.changed_at, wallet_pass.changed_at),
            package_digest=None,
            package_due=True,
            google=GoogleState.DUE,
        )
        contents.drop_unused(self.session, PACKAGE, PASSES.c.package_digest, [before.package_digest])
        self._forget_failures([backlog.row_key(UUID(wallet_pass.serial_number))])
        self._note(wallet_pass, CHANGED_TO[wallet_pass.validity])

    def _note(self, wallet_pass: Pass, act: PassAct) -> None:
        """The signer told it."""
        ticket = wallet_pass.ticket
        chain, about, at = ticket.authority_id, str(ticket.application_id), wallet_pass.changed_at
        detail = {"ticket": str(ticket.ticket_id)}
        trail.note(self.session, chain=chain, by="signer", act=act, about=about, at=at, detail=detail)
        trail.keep(self.session, PASS, UUID(wallet_pass.serial_number))

    def move_packages(self, after: str, limit: int) -> str | None:
        """Out of the rows of before (contents.move_all)."""
        chosen = sa.select(PASSES.c.token, PASSES.c.package).where(
            PASSES.c.package.is_not(None), PASSES.c.token > after
        )
        found = self.session.connection().execute(chosen.order_by(PASSES.c.token).limit(limit)).all()
        for row in found:
            digest = contents.put(self.session, PACKAGE, row.package)
            moved = PASSES.update().where(PASSES.c.token == row.token)
            self.session.connection().execute(moved.values(package=None, package_digest=digest))
        return found[-1].token if found else None

    def packages_due(self, limit: int, now: datetime) -> Sequence[StoredPass]:
        """Without those that failed and whose next try is later than `now`."""
        return self._several(PACKAGES_DUE, limit, now)

    def google_due(self, limit: int, now: datetime) -> Sequence[StoredPass]:
        """Without those that failed and whose next try is later than `now`."""
        return self._several(TOLD_DUE, limit, now)

    def google_told(self, wallet_pass: Pass, *, accepted: bool) -> None:
        """`accepted` False: Google refused the content, which is not sent again until it changes."""
        state = GoogleState.TOLD if accepted else GoogleState.REFUSED
        values = {"google": state} | ({"google_standing": wallet_pass.standing} if accepted else {})
        self._update(*_unchanged(wallet_pass), col(PassRow.google).in_(GOOGLE_STATES.before(state)), **values)

    def page_of_all(self, after: PassToken | None, limit: int) -> Sequence[Pass]:
        """By token, from the one after `after` on; None: from the first."""
        query = select(PassRow).order_by(col(PassRow.token)).limit(limit)
        if after is not None:
            query = query.where(col(PassRow.token) > after)
        return [self._kept(row).wallet_pass for row in self.session.exec(query)]

    def passes_of(self, application_id: UUID) -> Sequence[StoredPass]:
        """All that its tickets have, void ones too."""
        query = select(PassRow).where(col(PassRow.application_id) == application_id).order_by(col(PassRow.token))
        return [self._kept(row) for row in self.session.exec(query)]

    def passes_of_all(self, application_ids: Sequence[UUID], authority_id: str | None) -> Sequence[StoredPass]:
        """Without their packages, which nobody asks for here; `authority_id` None: of whichever authority."""
        found = list[StoredPass]()
        for start in range(0, len(application_ids), MOST_AT_ONCE):
            query = select(PassRow).where(col(PassRow.application_id).in_(application_ids[start:][:MOST_AT_ONCE]))
            if authority_id is not None:
                query = query.where(col(PassRow.authority_id) == authority_id)
            found += [self._kept(row, packed=False) for row in self.session.exec(query)]
        return found

    def note_printed(self, passes: Sequence[Pass], by: str, now: datetime) -> None:
        """On paper to hand out, by whom."""
        for ticket in (each.ticket for each in passes):
            chain, about, detail = ticket.authority_id, str(ticket.application_id), {"ticket": str(ticket.ticket_id)}
            trail.note(self.session, chain=chain, by=by, act=PassAct.PRINTED, about=about, at=now, detail=detail)

    def page_by_ticket(self, after: UUID | None, limit: int) -> Sequence[Pass]:
        """By the ticket's id, from the one after `after` on; None: from the first."""
        query = select(PassRow).order_by(col(PassRow.ticket_id)).limit(limit)
        if after is not None:
            query = query.where(col(PassRow.ticket_id) > after)
        return [self._kept(row).wallet_pass for row in self.session.exec(query)]

    def _value(self, query: sa.Select[Any]) -> Any:
        return self.session.connection().execute(query).scalar_one_or_none()

    def _one(self, condition: Condition, *, packed: bool = True) -> StoredPass | None:
        row = self.session.exec(select(PassRow).where(condition)).one_or_none()
        return None if row is None else self._kept(row, packed=packed)

    def _several(self, due: sa.Select[Any], limit: int, now: datetime) -> list[StoredPass]:
        rows = self.session.execute(due, {"most": limit, "now": now}).scalars().all()
        return [self._kept(row) for row in rows]

    def _kept(self, row: PassRow, *, packed: bool = True) -> StoredPass:
        ticket = Ticket(**{name: getattr(row, name) for name in TICKET_COLUMNS})
        wallet_pass = Pass(
            PassToken(row.token),
            AuthenticationToken(row.authentication_token),
            ticket,
            row.changed_at,
            row.revoked_at,
            row.suspended,
            None if row.serial_number == row.ticket_id else row.serial_number,
            row.early_end,
            row.link_number,
        )
        package = contents.get(self.session, PACKAGE, row.package_digest) if packed else None
        google_knows = row.google == GoogleState.TOLD
        return StoredPass(
            wallet_pass, self.design(row.authority_id, row.organisation_id), package, google_knows, row.google_standing
        )

    def _update(self, *conditions: Condition, **values: object) -> None:
        """Without SQLModel's session of objects, which takes ten times as long: it forgets what it has read."""
        self.session.connection().execute(sa.update(PASSES).where(*conditions).values(**values))
        self.session.expire_all()


def _unchanged(wallet_pass: Pass) -> tuple[Condition, Condition]:
    """The pass is still what was read: a slower writer must not overwrite a newer state."""
    return col(PassRow.token) == wallet_pass.token, col(PassRow.changed_at) == wallet_pass.changed_at
