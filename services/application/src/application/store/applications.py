"""Applications with their news, and the directory. How an application stands is no column: see `news`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.bus import outbox
from shared.database import UtcDateTime
from shared.events import Event
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel

from application.domain import Application, ApplicationId, Authority, News, NewsKind, Owner, School
from application.store.searching import searchable
from application.workflow.ports import Counts


class Row(SQLModel, registry=registry()):
    """Metadata of its own: two services in one process may each have a table of one name."""


class AuthorityRow(Row, table=True):
    __tablename__ = "authority"
    id: str = Field(primary_key=True, max_length=32)
    name: str
    takes_part: bool


class SchoolRow(Row, table=True):
    __tablename__ = "school"
    number: str = Field(primary_key=True, max_length=12)
    name: str
    form: str = Field(max_length=4)
    city: str
    street: str
    postal_code: str = Field(max_length=10)
    authority_id: str = Field(foreign_key="authority.id", max_length=32)
    operation: str = Field(max_length=2)
    operation_since: date | None = None
    search_text: str


class ApplicationRow(Row, table=True):
    __tablename__ = "application"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("owner", "idempotency_key"),
        sa.Index("application_of_owner", "owner", "submitted_at", "id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    authority_id: str = Field(max_length=32)
    owner: str = Field(max_length=255)
    idempotency_key: str = Field(max_length=255)
    fingerprint: bytes
    submitted_at: datetime = Field(sa_type=UtcDateTime)
    school_number: str = Field(max_length=12)
    school_year: str = Field(max_length=7)
    form: str


class NewsRow(Row, table=True):
    __tablename__ = "news"
    application_id: str = Field(primary_key=True, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    kind: str = Field(primary_key=True, max_length=20)
    reference: str = Field(primary_key=True, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    decision_id: str | None = Field(default=None, max_length=36)
    ticket_id: str | None = Field(default=None, max_length=36)
    reason: str = Field(max_length=64)
    detail: str


APPLICATION: sa.Table = Row.metadata.tables["application"]
NEWS: sa.Table = Row.metadata.tables["news"]
SCHOOL: sa.Table = Row.metadata.tables["school"]
AUTHORITY: sa.Table = Row.metadata.tables["authority"]
SCHOOL_WITH_AUTHORITY = sa.select(SCHOOL, AUTHORITY.c.name.label("authority_name"), AUTHORITY.c.takes_part).join_from(
    SCHOOL, AUTHORITY
)

# Statements of the busy paths are built once: building one costs as much as running it.
BY_KEY = sa.select(APPLICATION).where(
    APPLICATION.c.owner == sa.bindparam("owner"), APPLICATION.c.idempotency_key == sa.bindparam("key")
)
BY_ID = sa.select(APPLICATION).where(APPLICATION.c.id == sa.bindparam("id"))
AUTHORITY_BY_ID = sa.select(APPLICATION.c.authority_id).where(APPLICATION.c.id == sa.bindparam("id"))
SCHOOL_BY_NUMBER = SCHOOL_WITH_AUTHORITY.where(SCHOOL.c.number == sa.bindparam("number"))
NEWS_BY_IDS = (
    sa.select(NEWS)
    .where(NEWS.c.application_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(NEWS.c.at, NEWS.c.kind, NEWS.c.reference)
)


def _statements(insert: Any) -> tuple[Any, Any]:
    """Both databases know these clauses, each by its own `insert`."""
    unless_used = (
        insert(APPLICATION)
        .on_conflict_do_nothing(index_elements=["owner", "idempotency_key"])
        .returning(APPLICATION.c.id)
    )
    news = insert(NEWS)
    first = sa.case((news.excluded.at < NEWS.c.at, news.excluded.at), else_=NEWS.c.at)
    told_again = news.on_conflict_do_update(
        index_elements=["application_id", "kind", "reference"], set_={"detail": news.excluded.detail, "at": first}
    )
    return unless_used, told_again


ON_SQLITE = _statements(insert_sqlite)
ON_POSTGRESQL = _statements(insert_postgresql)


class CoreTables:
    """Applications, their news, and the directory."""

    def __init__(self, session: Session) -> None:
        self.session = session
        sqlite = session.get_bind().dialect.name == "sqlite"
        self._add_application, self._note_news = ON_SQLITE if sqlite else ON_POSTGRESQL

    def emit(self, event: Event) -> None:
        outbox.emit(self.session, event)

    def _execute(self, statement: Any, values: dict[str, Any]) -> sa.CursorResult[Any]:
        """On the connection: these rows are no objects, and the object session adds a third to each statement."""
        return self.session.connection().execute(statement, values)

    # applications

    def add_application(self, application: Application) -> bool:
        values = {**vars(application), "id": str(application.id)}
        # asked by RETURNING: psycopg's row count is -1 here
        return self._execute(self._add_application, values).scalar_one_or_none() is not None

    def find_by_key(self, owner: Owner, key: str) -> Application | None:
        return self._one(BY_KEY, owner=owner, key=key)

    def find_application(self, application_id: ApplicationId, *, lock: bool = False) -> Application | None:
        return self._one(BY_ID.with_for_update() if lock else BY_ID, id=str(application_id))

    def set_form(self, application_id: ApplicationId, form: str, school_number: str) -> None:
        update = APPLICATION.update().where(APPLICATION.c.id == str(application_id))
        self.session.execute(update.values(form=form, school_number=school_number))

    def authority_of(self, application_id: ApplicationId) -> str | None:
        return self._execute(AUTHORITY_BY_ID, {"id": str(application_id)}).scalar_one_or_none()

    def page_of_owner(self, owner: Owner, before: Application | None, limit: int) -> list[Application]:
        time, own_id = APPLICATION.c.submitted_at, APPLICATION.c.id
        query = sa.select(APPLICATION).where(APPLICATION.c.owner == owner).order_by(time.desc(), own_id.desc())
        if before is not None:
            at_once = sa.and_(time == before.submitted_at, own_id < str(before.id))
            query = query.where(sa.or_(time < before.submitted_at, at_once))
        return [_application(row) for row in self.session.execute(query.limit(limit))]

    def page_of_all(self, after: ApplicationId | None, limit: int) -> list[Application]:
        query = sa.select(APPLICATION).order_by(APPLICATION.c.id).limit(limit)
        if after is not None:
            query = query.where(APPLICATION.c.id > str(after))
        return [_application(row) for row in self.session.execute(query)]

    def _one(self, query: sa.Select[Any], **values: str) -> Application | None:
        row = self._execute(query, values).one_or_none()
        return None if row is None else _application(row)

    # news

    def note(self, application_id: ApplicationId, news: News) -> None:
        values = {
            "application_id": str(application_id),
            "kind": str(news.kind),
            "reference": news.reference,
            "at": news.at,
            "decision_id": news.decision_id,
            "ticket_id": news.ticket_id,
            "reason": news.reason,
            "detail": news.detail,
        }
        self._execute(self._note_news, values)

    def news_of(self, application_ids: Sequence[ApplicationId]) -> dict[ApplicationId, tuple[News, ...]]:
        ids = [str(each) for each in application_ids]
        found: dict[ApplicationId, list[News]] = {}
        for row in self._execute(NEWS_BY_IDS, {"ids": ids}):
            about = row.reference, row.decision_id, row.ticket_id
            news = News(NewsKind(row.kind), row.at, *about, row.reason, row.detail)
            found.setdefault(ApplicationId(UUID(row.application_id)), []).append(news)
        return {application_id: tuple(news) for application_id, news in found.items()}

    # directory

    def school(self, number: str) -> School | None:
        row = self._execute(SCHOOL_BY_NUMBER, {"number": number}).one_or_none()
        return None if row is None else _school(row)

    def schools(self, numbers: Iterable[str]) -> dict[str, School]:
        rows = self.session.execute(SCHOOL_WITH_AUTHORITY.where(SCHOOL.c.number.in_(list(numbers))))
        return {row.number: _school(row) for row in rows}

    def search_schools(self, words: Sequence[str], limit: int) -> list[School]:
        query = SCHOOL_WITH_AUTHORITY.order_by(AUTHORITY.c.takes_part.desc(), SCHOOL.c.city, SCHOOL.c.name)
        for word in words:
            query = query.where(SCHOOL.c.search_text.contains(word, autoescape=True))
        return [_school(row) for row in self.session.execute(query.limit(limit))]

    # register

    def put_authorities(self, authorities: Iterable[Authority]) -> Counts:
        known = {row.id: row for row in self.session.execute(sa.select(AUTHORITY))}
        new: list[dict[str, Any]] = []
        changed = same = 0
        for authority in authorities:
            old = known.get(authority.id)
            if old is None:
                new.append(vars(authority))
                continue
            name, takes_part = authority.name or old.name, authority.takes_part or old.takes_part
            if (name, takes_part) == (old.name, old.takes_part):
                same += 1
                continue
            changed += 1
            update = AUTHORITY.update().where(AUTHORITY.c.id == authority.id)
            self.session.execute(update.values(name=name, takes_part=takes_part))
        if new:
            self.session.execute(AUTHORITY.insert(), new)
        return Counts(len(new), changed, same)

    def put_schools(self, schools: Sequence[School]) -> Counts:
        numbers = [school.number for school in schools]
        query = sa.select(SCHOOL).where(SCHOOL.c.number.in_(numbers))
        known = {row.number: dict(row._mapping) for row in self.session.execute(query)}
        rows = {school.number: _school_values(school) for school in schools}
        new = [values for number, values in rows.items() if number not in known]
        changed = [values for number, values in rows.items() if number in known and known[number] != values]
        if new:
            self.session.execute(SCHOOL.insert(), new)
        for values in changed:
            self.session.execute(SCHOOL.update().where(SCHOOL.c.number == values["number"]).values(values))
        return Counts(len(new), len(changed), len(rows) - len(new) - len(changed))

    def drop_schools_except(self, numbers: frozenset[str]) -> int:
        there = set(self.session.execute(sa.select(SCHOOL.c.number)).scalars())
        gone = [{"gone": number} for number in there - numbers]
        if gone:
            self.session.execute(SCHOOL.delete().where(SCHOOL.c.number == sa.bindparam("gone")), gone)
        return len(gone)

    def set_part(self, authority_id: str, *, takes_part: bool) -> bool:
        update = AUTHORITY.update().where(AUTHORITY.c.id == authority_id).values(takes_part=takes_part)
        return bool(getattr(self.session.execute(update), "rowcount", 0))


def _application(row: sa.Row[Any]) -> Application:
    return Application(
        id=ApplicationId(UUID(row.id)),
        authority_id=row.authority_id,
        owner=Owner(row.owner),
        idempotency_key=row.idempotency_key,
        fingerprint=row.fingerprint,
        submitted_at=row.submitted_at,
        school_number=row.school_number,
        school_year=row.school_year,
        form=row.form,
    )


def _school(row: sa.Row[Any]) -> School:
    return School(
        number=row.number,
        name=row.name,
        form=row.form,
        city=row.city,
        street=row.street,
        postal_code=row.postal_code,
        authority=Authority(row.authority_id, row.authority_name, row.takes_part),
        operation=row.operation,
        operation_since=row.operation_since,
    )


def _school_values(school: School) -> dict[str, Any]:
    return {
        "number": school.number,
        "name": school.name,
        "form": school.form,
        "city": school.city,
        "street": school.street,
        "postal_code": school.postal_code,
        "authority_id": school.authority.id,
        "operation": school.operation,
        "operation_since": school.operation_since,
        "search_text": searchable(f"{school.name} {school.city} {school.street} {school.number}"),
    }
