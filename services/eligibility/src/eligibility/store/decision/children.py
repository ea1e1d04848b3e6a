"""Which child a case is about, by digests alone: to find another application for the same child."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import ByDialect, Insert
from shared.events import AuthorityId
from sqlmodel import Field

from eligibility.domain.case import Case
from eligibility.domain.child import Marks, NamingCase
from eligibility.domain.family import Ties
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.store.base import Tables, from_text
from eligibility.store.decision.cases import case_from
from eligibility.store.decision.tickets import RIGHT_MARK
from eligibility.store.decision.ties import TIE
from eligibility.store.decision.told_children import TOLD_CHILD
from eligibility.store.tables import CASE, DECISION, Row
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.ports import SimilarChildren

LIVING = (*WORK, "granted")
"""States of a case that counts as a living application of its child."""
MOST_LOOKED_AT = 100
"""Cases that share a digest with one: of 100,000 made-up pupils, 14 at most (tests/bench/identity.py)."""
MOST_LOOKED_AT_OF_A_YEAR = 2000
"""With a child of whom only the year of birth is known: all who have a name in common with it and are born in it."""


class ChildMarkRow(Row, table=True):
    """A digest of a part of who the child is (domain.child). Erased with its case."""

    __tablename__ = "child_mark"
    __table_args__: ClassVar[Any] = (sa.Index("child_mark_digest", "digest"),)
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    digest: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=8)
    """Name of the key under which it was made."""


class ToldApartRow(Row, table=True):
    """A person has said that the first case is about another child than the second."""

    __tablename__ = "told_apart"
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    other_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", index=True, max_length=36)
    said_at: datetime = Field(sa_type=UtcDateTime)


MARK: sa.Table = Row.metadata.tables["child_mark"]
APART: sa.Table = Row.metadata.tables["told_apart"]
ONE, OTHER = CASE.alias("one"), CASE.alias("other")
ADD = MARK.insert().inline()
FORGET = MARK.delete().where(MARK.c.case_id == sa.bindparam("of"))
RUNNING = sa.exists().where(
    DECISION.c.case_id == CASE.c.id, DECISION.c.ended_on >= sa.bindparam("today", type_=sa.Date)
)
"""A grant that has ended from a day to come: until then its ticket is good."""
GRANTED = sa.exists().where(
    DECISION.c.case_id == CASE.c.id, DECISION.c.outcome == "granted", DECISION.c.released_at.is_not(None)
)
TOLD_UNDER = (
    sa.select(MARK.c.key)
    .join(CASE, CASE.c.id == MARK.c.case_id)
    .where(CASE.c.id == sa.bindparam("of"), GRANTED)
    .where(~sa.exists().where(TOLD_CHILD.c.application_id == CASE.c.application_id))
    .limit(1)
)
HAS_TICKET = sa.exists().where(
    DECISION.c.case_id == CASE.c.id,
    DECISION.c.outcome == "granted",
    DECISION.c.released_at.is_not(None),
    DECISION.c.withdrawn_at.is_(None) | (DECISION.c.ended_on >= sa.bindparam("today", type_=sa.Date)),
)
ALIKE = (
    sa.select(MARK.c.case_id)
    .join(CASE, CASE.c.id == MARK.c.case_id)
    .where(MARK.c.digest.in_(sa.bindparam("digests", expanding=True)), CASE.c.state.in_(LIVING) | RUNNING)
    .where(CASE.c.application_id != sa.bindparam("mine"))
    .distinct()
    .order_by(MARK.c.case_id)
    .limit(sa.bindparam("most"))
)
NAMING = tuple(CASE.c[name] for name in ("id", "application_id", "school_number", "submission", "facts"))
CASES = (
    sa.select(*NAMING, TIE.c.household, TIE.c.home, TIE.c.names_siblings, HAS_TICKET.label("has_ticket"))
    .outerjoin(TIE, TIE.c.case_id == CASE.c.id)
    .where(CASE.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(CASE.c.id)
)
TOLD_APART = (
    sa.select(ONE.c.application_id.label("one"), OTHER.c.application_id.label("other"))
    .select_from(APART.join(ONE, ONE.c.id == APART.c.case_id).join(OTHER, OTHER.c.id == APART.c.other_id))
    .where(sa.or_(ONE.c.application_id == sa.bindparam("mine"), OTHER.c.application_id == sa.bindparam("mine")))
)
TIES = sa.select(TIE.c.household, TIE.c.home, TIE.c.names_siblings).where(TIE.c.case_id == sa.bindparam("of"))
HOLD = sa.text("SELECT pg_advisory_xact_lock(each) FROM unnest(CAST(:numbers AS bigint[])) AS each")


def _apart(insert: Insert) -> Any:
    return insert(APART).on_conflict_do_nothing()


KEEP_APART = ByDialect(_apart)


class ChildTables(Tables):
    def put_marks(self, case_id: CaseId, marks: Marks) -> None:
        """In place of those before."""
        self.run(FORGET, {"of": str(case_id)})
        self.add_marks(case_id, marks)

    def add_marks(self, case_id: CaseId, marks: Marks) -> None:
        """Add digests of the child, under the newest key; those that are there stay."""
        rows = [{"case_id": str(case_id), "digest": each, "key": marks.key} for each in sorted(marks.newest)]
        self.run(ADD, rows)

    def children_like(self, marks: Marks, application_id: ApplicationId, today: date) -> SimilarChildren:
        """Living cases with one of these digests, by id; not of this application, nor told apart from it. The digests
        are held until the transaction ends: who looks for the same waits, and then sees what was kept."""
        self._hold(marks)
        values = {"digests": sorted(marks.sought), "mine": str(application_id), "today": today}
        most = MOST_LOOKED_AT_OF_A_YEAR if marks.closer else MOST_LOOKED_AT
        ids = [row["case_id"] for row in self.rows(ALIKE, **values, most=most + 1)]
        if not ids:
            return SimilarChildren((), more=False)
        apart = {each for row in self.rows(TOLD_APART, mine=str(application_id)) for each in (row["one"], row["other"])}
        found = self.rows(CASES, ids=ids, today=today)
        return SimilarChildren(
            [naming_case(row) for row in found if row["application_id"] not in apart], more=len(ids) > most
        )

    def open_years(self, authority_id: AuthorityId) -> Sequence[str]:
        """School years in which this authority has cases in review or prepared, the earliest first."""
        chosen = sa.select(CASE.c.school_year).where(CASE.c.authority_id == authority_id, CASE.c.state.in_(WORK))
        return [row["school_year"] for row in self.rows(chosen.distinct().order_by(CASE.c.school_year))]

    def open_like(self, marks: Marks) -> Sequence[Case]:
        """Open cases, of any authority, that share a digest. Locks the digests, so that two cases of one child do not
        miss one another."""
        self._hold(marks)
        alike = sa.exists().where(MARK.c.case_id == CASE.c.id, MARK.c.digest.in_(sorted(marks.sought)))
        chosen = sa.select(CASE).where(CASE.c.state.in_(WORK), alike)
        return [case_from(row) for row in self.rows(chosen.order_by(CASE.c.id))]

    def _hold(self, marks: Marks) -> None:
        """SQLite has one writer. In one order, so that two who look for one child do not wait for each other. A
        transaction that holds the digests of several children, as a batch of messages does, may wait for one that waits
        for it: PostgreSQL ends one of the two, and its batch comes again."""
        if self.session.get_bind().dialect.name == "sqlite":
            return
        numbers = sorted(int(each[:16], 16) - (1 << 63) for each in marks.held)
        self.session.connection().execute(HOLD, {"numbers": numbers})

    def ties_of(self, case_id: CaseId) -> Ties | None:
        """By what the case is tied to siblings' cases; None where that is not kept."""
        row = self.one(TIES, of=str(case_id))
        return None if row is None else _ties(row)

    def tell_apart(self, case_id: CaseId, other_id: CaseId, now: datetime) -> None:
        """Keep that these two cases are of two children; where that was told before, its time stays."""
        values = {"case_id": str(case_id), "other_id": str(other_id), "said_at": now}
        self.run(KEEP_APART.of(self.session), values)

    def open_apart(self, application_id: ApplicationId) -> None:
        """Of each of its school years."""
        mine = sa.select(CASE.c.id).where(CASE.c.application_id == str(application_id))
        self.run(APART.delete().where(APART.c.case_id.in_(mine) | APART.c.other_id.in_(mine)))

    def told_under(self, case_id: CaseId) -> str | None:
        """The digest key of a case with a released grant whose child was not told to others yet; None: nothing is to be
        told."""
        row = self.one(TOLD_UNDER, of=str(case_id))
        return None if row is None else str(row["key"])

    def unmarked(self, key: str, after: CaseId | None, limit: int) -> Sequence[Case]:
        """Cases without digests under this key that are still looked for: not withdrawn, or granted once, or with
        something against the right."""
        marked = sa.exists().where(MARK.c.case_id == CASE.c.id, MARK.c.key == key)
        barred = sa.exists().where(RIGHT_MARK.c.application_id == CASE.c.application_id)
        looked_up = (CASE.c.state != "withdrawn") | barred | GRANTED
        chosen = sa.select(CASE).where(looked_up, ~marked).order_by(CASE.c.id).limit(limit)
        if after is not None:
            chosen = chosen.where(CASE.c.id > str(after))
        return [case_from(row) for row in self.rows(chosen)]


def naming_case(row: sa.RowMapping) -> NamingCase:
    """A row with what names a child, as it is compared."""
    said = from_text(row["submission"]), from_text(row["facts"])
    return NamingCase(CaseId(UUID(row["id"])), row["school_number"], *said, _ties(row), bool(row["has_ticket"]))


def _ties(row: sa.RowMapping) -> Ties | None:
    return None if row["home"] is None else Ties(row["household"], row["home"], row["names_siblings"])
