"""Suspensions, and which applications are of one right to ride."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.database.dialect import ByDialect, Insert

from issuance.domain.right import Suspension, rights
from issuance.store.signer.base import Tables
from issuance.store.signer.tables import Row

CHILD, SUSPENSION = (Row.metadata.tables[name] for name in ("child_application", "suspension"))
_IDS: Any = sa.bindparam("ids", expanding=True)
_THEIRS = CHILD.alias("theirs")
OF_THEIR_CHILDREN = (
    sa.select(CHILD.c.application_id, CHILD.c.child)
    .join(_THEIRS, _THEIRS.c.child == CHILD.c.child)
    .where(_THEIRS.c.application_id.in_(_IDS))
)
_COLUMNS = tuple(SUSPENSION.c[name] for name in ("id", "application_id", "party", "reason", "set_at", "set_by"))
STANDING = (
    sa.select(*_COLUMNS)
    .where(SUSPENSION.c.application_id.in_(_IDS), SUSPENSION.c.lifted_at.is_(None))
    .order_by(SUSPENSION.c.id)
)
LIFT = SUSPENSION.update().where(SUSPENSION.c.id.in_(_IDS)).values(lifted_at=sa.bindparam("now"))


def _once(insert: Insert) -> tuple[Any, Any]:
    """What they return was written: psycopg's row count is -1 here."""
    made = insert(CHILD).on_conflict_do_nothing(), insert(SUSPENSION).on_conflict_do_nothing()
    return made[0].returning(CHILD.c.application_id), made[1].returning(SUSPENSION.c.id)


ONCE = ByDialect(_once)


class RightTables(Tables):
    """Rights to ride, in one session."""

    def link(self, application_id: UUID, child: str) -> bool:
        """Notes that the application is of this child; False where that was known."""
        self._tickets_in_turn()
        values = {"application_id": application_id, "child": child}
        return bool(self._all(ONCE.of(self.session)[0], **values))

    def rights_of(self, application_ids: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
        """By application, all that are of one right with it, itself included: by their children, and by the other
        applications of these, until nothing is new (nearly always one query, or two)."""
        links: set[tuple[UUID, str]] = set()
        applications = set(application_ids)
        new = applications
        while new:
            found = self._all(OF_THEIR_CHILDREN, ids=sorted(new))
            links |= {(row.application_id, row.child) for row in found}
            new = {each for each, _ in links} - applications
            applications = applications | new
        together = rights(links)
        return {each: together.get(each, frozenset({each})) for each in application_ids}

    def right_of(self, application_id: UUID) -> frozenset[UUID]:
        """The applications that are of one right with it, itself included."""
        return self.rights_of([application_id])[application_id]

    def suspensions_of(self, application_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Suspension]]:
        """What stands against any application of the right stands against each; those without are left out."""
        of = self.rights_of(application_ids)
        everybody = sorted({each for right in of.values() for each in right})
        standing = [Suspension(**row._mapping) for row in self._all(STANDING, ids=everybody)]
        if not standing:
            return {}
        return {each: [one for one in standing if one.application_id in of[each]] for each in application_ids}

    def suspend_right(self, application_id: UUID, party: str, reason: str, now: datetime, by: str) -> bool:
        """False where this party has suspended it for this reason already."""
        values = {"application_id": application_id, "party": party, "reason": reason, "set_at": now, "set_by": by}
        return bool(self._all(ONCE.of(self.session)[1], **values))

    def lift(self, suspension_ids: Collection[int], now: datetime) -> None:
        """They stand no more from now on; the rows stay."""
        self._tickets_in_turn()
        self.session.connection().execute(LIFT, {"ids": list(suspension_ids), "now": now})
