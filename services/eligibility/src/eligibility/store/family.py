"""By what the applications of one family are found, and whose siblings' own shares are to be looked at.

Digests and ids only; each row is erased with its case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.runtime.backlog import key_column, may_be_tried
from sqlmodel import Field

from eligibility.domain.decision import Decision
from eligibility.domain.family import Member, Ties
from eligibility.domain.ids import CaseId
from eligibility.domain.kept_facts import KeptFacts
from eligibility.store.base import Tables, not_by, to_text
from eligibility.store.decision.cases import case_from
from eligibility.store.decision.decisions import TERMS, decision_from
from eligibility.store.decision.ties import TIE
from eligibility.store.on_record import DECISIONS
from eligibility.store.tables import CASE, DECISION, Row
from eligibility.workflow.family.families import FAMILIES, DueFamily


class FamilyDueRow(Row, table=True):
    """The work list: a row for each time that something was let out or ended."""

    __tablename__ = "family_due"
    __table_args__: ClassVar[Any] = (sa.Index("family_due_oldest", "marked_at", "id"),)
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", ondelete="CASCADE", index=True, max_length=36)
    marked_at: datetime = Field(sa_type=UtcDateTime)


class NotSiblingsRow(Row, table=True):
    """A person said that the children of these two cases are no siblings."""

    __tablename__ = "not_siblings"
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    other_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    said_at: datetime = Field(sa_type=UtcDateTime)


DUE: sa.Table = Row.metadata.tables["family_due"]
NOT_SIBLINGS: sa.Table = Row.metadata.tables["not_siblings"]
MARK = DUE.insert().inline()
FAMILIES_DUE = (
    sa.select(DUE.c.id, DUE.c.case_id)
    .where(may_be_tried(FAMILIES, key_column(DUE.c.id)))
    .order_by(DUE.c.marked_at, DUE.c.id)
    .limit(sa.bindparam("most"))
)
# Built once: each application asks them, and building takes longer than running.
MINE = (
    sa.select(TIE.c.household, TIE.c.home, CASE.c.authority_id, CASE.c.school_year)
    .join(CASE, CASE.c.id == TIE.c.case_id)
    .where(TIE.c.case_id == sa.bindparam("case"))
)
NAMED = sa.select(TIE.c.names_siblings).where(TIE.c.case_id == sa.bindparam("case"))
_IDS: Any = sa.bindparam("ids", expanding=True)
SETTLED = DUE.delete().where(DUE.c.id.in_(_IDS))
_HERE = (
    CASE.c.id.in_(_IDS),
    not_by(CASE.c.authority_id) == sa.bindparam("authority"),
    CASE.c.school_year == sa.bindparam("year"),
)
FAMILY = (
    sa.select(CASE, TIE.c.household, TIE.c.home, TIE.c.names_siblings)
    .join(TIE, TIE.c.case_id == CASE.c.id)
    .where(*_HERE)
    .order_by(CASE.c.id)
)
CHANGES = sa.select(CASE.c.change_number).where(*_HERE)
NAMES_SIBLINGS = sa.select(CASE.c.id).join(TIE, TIE.c.case_id == CASE.c.id).where(*_HERE, TIE.c.names_siblings).limit(1)
DECISIONS_OF = sa.select(DECISION).where(DECISION.c.case_id.in_(_IDS)).order_by(DECISION.c.round)
DENIED = sa.select(NOT_SIBLINGS).where(NOT_SIBLINGS.c.case_id.in_(_IDS))
OF_HOME = sa.select(TIE.c.case_id).where(TIE.c.home == sa.bindparam("of"))
OF_HOUSEHOLD = sa.select(TIE.c.case_id).where(TIE.c.household == sa.bindparam("of"))
NAMING_AT_HOME = OF_HOME.where(TIE.c.names_siblings)
NAMING_IN_HOUSEHOLD = OF_HOUSEHOLD.where(TIE.c.names_siblings)
"""Mostly nobody: so the others of a large home, or of an account that applies for many, are not fetched."""


class FamilyTables(Tables):
    def put_ties(self, case_id: CaseId, ties: Ties) -> None:
        """Who named siblings once is looked at further: a share may have followed from it."""
        known = self.one(NAMED, case=str(case_id))
        named = ties.names_siblings or bool(known and known["names_siblings"])
        self.upsert(TIE, ["case_id"], [{"case_id": str(case_id), **asdict(ties), "names_siblings": named}])

    def family_changed(self, case_id: CaseId, now: datetime) -> None:
        """Its siblings' own shares are to be looked at, once this transaction has ended."""
        self.run(MARK, {"id": str(uuid4()), "case_id": str(case_id), "marked_at": now})

    def families_due(self, limit: int, now: datetime) -> Sequence[DueFamily]:
        """Oldest first, without those that failed and are not to be tried now."""
        rows = self.rows(FAMILIES_DUE, most=limit, now=now)
        return [DueFamily(UUID(row["id"]), CaseId(UUID(row["case_id"]))) for row in rows]

    def settled(self, due: Sequence[DueFamily]) -> None:
        """Take these families off the list of those to be looked at."""
        self.run(SETTLED, {"ids": [str(each.id) for each in due]})

    def family_of(self, case_id: CaseId) -> Sequence[Member]:
        """This case first, then those of its household or home in the same school year; the cases locked in order.
        Alone where nobody of them ever named a sibling: no two of them can be of one family."""
        found = self._ids_of_family(case_id)
        if found is None:
            return ()
        ids, place = found
        rows = self.rows(FAMILY, ids=ids, **place)
        if len(rows) > 1:  # a row lock, so that two who look at one family queue (PostgreSQL); then as it is now
            ids = [row["id"] for row in rows]
            self.rows(sa.select(CASE.c.id).where(CASE.c.id.in_(ids)).order_by(CASE.c.id).with_for_update())
            # who came meanwhile is not locked, and on the work list itself: to touch it here could end in a deadlock
            rows = self.rows(FAMILY, ids=ids, **place)
        return sorted(self._members(rows), key=lambda each: each.case.id != case_id)

    def is_alone(self, case_id: CaseId) -> bool:
        """Whether it has no family, and told of no change: `family_of` with nothing read but that, and nothing
        locked."""
        found = self._ids_of_family(case_id)
        if found is None:
            return True
        ids, place = found
        rows = self.rows(CHANGES, ids=ids, **place)
        return len(rows) <= 1 and not any(row["change_number"] for row in rows)

    def _ids_of_family(self, case_id: CaseId) -> tuple[Sequence[str], Mapping[str, str]] | None:
        """Who may be of its family, and the authority and school year in which they must be."""
        mine = self.one(MINE, case=str(case_id))
        if mine is None:
            return None
        place = {"authority": mine["authority_id"], "year": mine["school_year"]}
        named = self._near(mine, NAMING_AT_HOME, NAMING_IN_HOUSEHOLD)
        if not (named and self.rows(NAMES_SIBLINGS, ids=named, **place)):
            return [str(case_id)], place
        return self._near(mine, OF_HOME, OF_HOUSEHOLD), place

    def _near(self, mine: sa.RowMapping, of_home: sa.Select[Any], of_household: sa.Select[Any]) -> Sequence[str]:
        """Cases of one home or household, whose ever: a statement for each, because for both in one SQLite takes all
        cases of the authority."""
        near = [row["case_id"] for row in self.rows(of_home, of=mine["home"])]
        if mine["household"] is not None:
            near += [row["case_id"] for row in self.rows(of_household, of=mine["household"])]
        return sorted(set(near))

    def _members(self, rows: Sequence[sa.RowMapping]) -> list[Member]:
        ids = [row["id"] for row in rows]
        decisions: dict[str, list[Decision]] = {each: [] for each in ids}
        for row in self.rows(DECISIONS_OF, ids=ids):
            decisions[row["case_id"]].append(decision_from(row))
        denied: dict[str, set[CaseId]] = {each: set() for each in ids}
        for row in self.rows(DENIED, ids=ids) if len(ids) > 1 else ():  # of one alone there is no other
            denied[row["case_id"]].add(CaseId(UUID(row["other_id"])))
        return [
            Member(
                case=case_from(row),
                decisions=tuple(decisions[row["id"]]),
                ties=Ties(row["household"], row["home"], row["names_siblings"]),
                not_siblings=frozenset(denied[row["id"]]),
            )
            for row in rows
        ]

    def deny(self, case_id: CaseId, other_id: CaseId, now: datetime) -> None:
        """Keep that a person has said these two are no siblings."""
        keys = {"case_id": str(case_id), "other_id": str(other_id)}
        self.upsert(NOT_SIBLINGS, ["case_id", "other_id"], [{**keys, "said_at": now}])

    def set_share(self, decision: Decision) -> None:
        """Amounts, days and reasons of a decision that was not let out yet."""
        values = {
            "own_share_cents": decision.own_share_cents,
            "covered_cents": decision.covered_cents,
            "reasons": to_text(decision.reasons),
            "terms": to_text(TERMS.dump_python(decision.terms, mode="json", exclude_defaults=True)),
        }
        mine = (DECISION.c.id == str(decision.id)) & DECISION.c.released_at.is_(None)
        self.run(DECISION.update().where(mine).values(values))
        self.on_record(DECISIONS, str(decision.id))

    def set_facts(self, case_id: CaseId, facts: KeptFacts) -> None:
        """Replace the facts of a case."""
        self.run(CASE.update().where(CASE.c.id == str(case_id)).values(facts=to_text(dict(facts))))

    def set_reasons(self, case_id: CaseId, reasons: Sequence[Mapping[str, str]]) -> None:
        """Replace the reasons of a case."""
        self.run(
            CASE.update().where(CASE.c.id == str(case_id)).values(reasons=to_text([dict(each) for each in reasons]))
        )
