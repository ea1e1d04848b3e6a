"""The audit trail: a chain of acts for each authority. What was kept in its first form stays, and is read on."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.begin import TAKEN_OVER
from shared.audit.chain import ERASED, Head, SignedHeads
from shared.audit.tables import ACT, CONTENT
from shared.audit.verify import Earlier, Report, snapshot, verify
from shared.events import AuthorityId

from eligibility.domain.acts import ActKind, Detail
from eligibility.domain.desk import Act
from eligibility.domain.ids import CaseId
from eligibility.store.base import Tables, from_text, to_text
from eligibility.store.on_record import KINDS
from eligibility.store.tables import AUDIT, AUDIT_HEAD
from eligibility.workflow.first_audit import broken

PAGE = 1000
NOBODYS = (trail.KEPT, TAKEN_OVER, ERASED)
"""Acts that say which rows were written; what a person did says so in words."""


class AuditTables(Tables):
    def audit(
        self,
        *,
        authority_id: AuthorityId,
        subject: str,
        act: ActKind,
        case_id: UUID | None,
        now: datetime,
        detail: Detail | None = None,
    ) -> None:
        """Add an act to the authority's chain.

        Args:
            case_id: of the case, or rule set, that it is about.
        """
        about = "" if case_id is None else str(case_id)
        trail.note(self.session, chain=authority_id, by=subject, act=str(act), about=about, at=now, detail=detail)

    def acts_of(self, case_id: CaseId) -> Sequence[Act]:
        """Oldest first."""
        first = sa.select(AUDIT).where(AUDIT.c.case_id == str(case_id)).order_by(AUDIT.c.number)
        mine = (ACT.c.about == str(case_id)) & ACT.c.act.not_in(NOBODYS)
        chosen = sa.select(ACT, CONTENT.c.content).select_from(
            ACT.outerjoin(CONTENT, (CONTENT.c.chain == ACT.c.chain) & (CONTENT.c.number == ACT.c.number))
        )
        return [
            *map(_first, self.rows(first)),
            *map(_act, self.rows(chosen.where(mine).order_by(ACT.c.number))),
        ]

    def verify_audit(self, only: str | None, signed: SignedHeads | None) -> Report:
        """Check each authority's chain, and what the records say beside it.

        Args:
            only: of one authority.
            signed: heads that were signed and kept elsewhere.
        """
        connection = snapshot(self.session)
        earlier = {name: self._earlier(name, head, signed or {}) for name, head in self._first_heads().items()}
        return verify(connection, KINDS, earlier=earlier, signed=signed, only=only)

    def _earlier(self, name: AuthorityId, head: Head, signed: SignedHeads) -> Earlier:
        fault = broken(self._first_chain(name), (head.number, head.hash))
        for asked in sorted(each for each in signed.get(name, ()) if each.number <= head.number):
            mine = (AUDIT.c.authority_id == name) & (AUDIT.c.number == asked.number)
            row = self.one(sa.select(AUDIT.c.hash).where(mine))
            if row is None or row["hash"] != asked.hash:
                return Earlier(head, fault or f"act {asked.number} is another one")
        return Earlier(head, fault)

    def _first_chain(self, authority_id: AuthorityId) -> Iterator[Act]:
        """What an authority has in the first form, in order of the numbers."""
        after = 0
        while True:
            chosen = sa.select(AUDIT).where(AUDIT.c.authority_id == authority_id, AUDIT.c.number > after)
            rows = self.rows(chosen.order_by(AUDIT.c.number).limit(PAGE))
            yield from map(_first, rows)
            if len(rows) < PAGE:
                return
            after = rows[-1]["number"]

    def _first_heads(self) -> dict[AuthorityId, Head]:
        """Where the first form ends, also where the head was taken away."""
        found = {row["authority_id"]: Head() for row in self.rows(sa.select(AUDIT.c.authority_id).distinct())}
        return found | {
            row["authority_id"]: Head(row["number"], row["hash"]) for row in self.rows(sa.select(AUDIT_HEAD))
        }


def _first(row: sa.RowMapping) -> Act:
    return Act(**{column: row[column] for column in Act.__slots__})


def _act(row: sa.RowMapping) -> Act:
    detail = {} if row["content"] is None else from_text(row["content"])["detail"]
    return Act(
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        authority_id=row["chain"],
        subject=row["by"],
        act=row["act"],
        case_id=row["about"],
        detail=to_text(detail),
        previous=row["previous"],
        hash=row["hash"],
    )
