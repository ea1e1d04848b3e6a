"""The audit trail: a chain of acts for each authority."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from shared.database.dialect import insert_of
from shared.events import AuthorityId

from eligibility.domain.desk import Act
from eligibility.domain.ids import CaseId
from eligibility.store.base import Tables, to_text
from eligibility.store.tables import AUDIT, AUDIT_HEAD
from eligibility.workflow.audit import BEGINNING, linked

PAGE = 1000


class AuditTables(Tables):
    def audit(
        self,
        *,
        authority_id: AuthorityId,
        subject: str,
        act: str,
        case_id: UUID | None,
        now: datetime,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Add an act to the authority's chain. `case_id`: of the case, or rule set, that it is about."""
        head = self._locked_head(authority_id)
        link = linked(
            head,
            authority_id=authority_id,
            subject=subject,
            act=act,
            case_id="" if case_id is None else str(case_id),
            detail=to_text(detail or {}),
            at=now,
        )
        self.run(AUDIT.insert(), {"id": str(uuid4()), **_values(link)})
        mine = AUDIT_HEAD.c.authority_id == authority_id
        self.run(AUDIT_HEAD.update().where(mine).values(number=link.number, hash=link.hash))

    def acts_of(self, case_id: CaseId) -> Sequence[Act]:
        """Oldest first."""
        chosen = sa.select(AUDIT).where(AUDIT.c.case_id == str(case_id))
        return [_act(row) for row in self.rows(chosen.order_by(AUDIT.c.number))]

    def chain(self, authority_id: AuthorityId) -> Iterator[Act]:
        """All acts of an authority, in order of their numbers."""
        after = 0
        while True:
            chosen = sa.select(AUDIT).where(AUDIT.c.authority_id == authority_id, AUDIT.c.number > after)
            rows = self.rows(chosen.order_by(AUDIT.c.number).limit(PAGE))
            yield from map(_act, rows)
            if len(rows) < PAGE:
                return
            after = rows[-1]["number"]

    def heads(self) -> dict[AuthorityId, tuple[int, str]]:
        """Every authority with acts: the number and hash of its newest, also where its head was taken away."""
        found = {row["authority_id"]: (0, BEGINNING) for row in self.rows(sa.select(AUDIT.c.authority_id).distinct())}
        return found | {row["authority_id"]: (row["number"], row["hash"]) for row in self.rows(sa.select(AUDIT_HEAD))}

    def _locked_head(self, authority_id: AuthorityId) -> tuple[int, str]:
        """PostgreSQL has several writers: the row's lock makes them queue until the other has committed."""
        insert = insert_of(self.session)
        first = {"authority_id": authority_id, "number": 0, "hash": BEGINNING}
        self.run(insert(AUDIT_HEAD).values(first).on_conflict_do_nothing())
        row = self.one(sa.select(AUDIT_HEAD).where(AUDIT_HEAD.c.authority_id == authority_id).with_for_update())
        return (row["number"], row["hash"]) if row else (0, BEGINNING)


def _values(act: Act) -> dict[str, Any]:
    return {column: getattr(act, column) for column in Act.__slots__}


def _act(row: sa.RowMapping) -> Act:
    return Act(**{column: row[column] for column in Act.__slots__})
