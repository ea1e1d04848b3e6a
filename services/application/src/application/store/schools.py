"""The directory of schools and authorities."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from application.domain.school import Authority, School
from application.store.base import Row, Tables
from application.store.searching import WORD, near_words, searchable
from application.workflow.ports import Counts


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


SCHOOL: sa.Table = Row.metadata.tables["school"]
AUTHORITY: sa.Table = Row.metadata.tables["authority"]
SCHOOL_WITH_AUTHORITY = sa.select(SCHOOL, AUTHORITY.c.name.label("authority_name"), AUTHORITY.c.takes_part).join_from(
    SCHOOL, AUTHORITY
)
SCHOOL_BY_NUMBER = SCHOOL_WITH_AUTHORITY.where(SCHOOL.c.number == sa.bindparam("number"))


MOST_NEAR = 20
"""Words that one typing error may have made of the one that is searched."""


def _has(word: str) -> sa.ColumnElement[bool]:
    found = SCHOOL.c.search_text.contains(word, autoescape=True)
    return sa.or_(found, SCHOOL.c.postal_code.startswith(word, autoescape=True)) if word.isdecimal() else found


class DirectoryTables(Tables):
    """Schools and authorities, in one session."""

    def school(self, number: str) -> School | None:
        """With its authority; None where the register does not have the number."""
        row = self._execute(SCHOOL_BY_NUMBER, {"number": number}).one_or_none()
        return None if row is None else _school(row)

    def schools(self, numbers: Iterable[str]) -> dict[str, School]:
        """By number; those that the register does not have are left out."""
        rows = self.session.execute(SCHOOL_WITH_AUTHORITY.where(SCHOOL.c.number.in_(list(numbers))))
        return {row.number: _school(row) for row in rows}

    def search_schools(self, words: Sequence[str], limit: int) -> list[School]:
        """Those whose authority takes part first, then by city and name."""
        query = SCHOOL_WITH_AUTHORITY.order_by(AUTHORITY.c.takes_part.desc(), SCHOOL.c.city, SCHOOL.c.name)
        for word in words:
            query = query.where(_has(word))
        return [_school(row) for row in self.session.execute(query.limit(limit))]

    def search_schools_nearly(self, words: Sequence[str], limit: int) -> list[School]:
        """Each word also as one of the MOST_NEAR words of the directory that differ from it by one typing error.
        Reads all searchable texts, so it is asked only after `search_schools` has found nothing."""
        texts = self.session.scalars(sa.select(SCHOOL.c.search_text))
        known = {word for text in texts for word in WORD.findall(text)}
        query = SCHOOL_WITH_AUTHORITY.order_by(AUTHORITY.c.takes_part.desc(), SCHOOL.c.city, SCHOOL.c.name)
        for word in words:
            query = query.where(sa.or_(_has(word), *map(_has, near_words(word, known)[:MOST_NEAR])))
        return [_school(row) for row in self.session.execute(query.limit(limit))]

    # filled from the state's register

    def put_authorities(self, authorities: Iterable[Authority]) -> Counts:
        """Inserts and updates what differs; an authority that is not named stays as it is. No name is emptied, and none
        that takes part is taken out: `set_part` does that."""
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
        """Inserts and updates what differs; a school that is not named stays as it is."""
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
        """Returns how many were dropped."""
        there = set(self.session.execute(sa.select(SCHOOL.c.number)).scalars())
        gone = [{"gone": number} for number in there - numbers]
        if gone:
            self.session.execute(SCHOOL.delete().where(SCHOOL.c.number == sa.bindparam("gone")), gone)
        return len(gone)

    def set_part(self, authority_id: str, *, takes_part: bool) -> bool:
        """Whether an authority takes part; False where there is none of this id."""
        update = AUTHORITY.update().where(AUTHORITY.c.id == authority_id).values(takes_part=takes_part)
        return bool(getattr(self.session.execute(update), "rowcount", 0))


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
