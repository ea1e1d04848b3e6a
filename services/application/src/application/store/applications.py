"""Applications. How one stands is no column: see `timeline`."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import ByDialect, Insert
from shared.encryption import Cell
from sqlmodel import Field

from application.domain.application import Application
from application.domain.ids import ApplicationId, Owner
from application.domain.timeline import EntryKind
from application.store.base import Row, Tables
from application.store.keys_of_applications import key_of_application
from application.store.timeline import NEWS


class ApplicationRow(Row, table=True):
    __tablename__ = "application"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("owner", "idempotency_key"),
        sa.Index("application_of_owner", "owner", "submitted_at", "id"),
        sa.Index("application_of_school", "school_number", "school_year", "id"),
        sa.Index("application_by_key", "key_id"),
        sa.Index("application_by_draft_key", "draft_key_id"),
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
    applied_by: str | None = Field(default=None, max_length=255)
    further: str | None = None
    demands: str | None = None
    key_id: str | None = Field(default=None, max_length=36)
    """Under which all that its family wrote is encrypted; None where it was kept before there were keys."""
    draft_key_id: str | None = Field(default=None, max_length=36)
    """Under which the documents of its draft are: they move as they are."""


APPLICATION: sa.Table = Row.metadata.tables["application"]

# Statements of the busy paths are built once: building one costs as much as running it.
BY_KEY = sa.select(APPLICATION).where(
    APPLICATION.c.owner == sa.bindparam("owner"), APPLICATION.c.idempotency_key == sa.bindparam("key")
)
BY_ID = sa.select(APPLICATION).where(APPLICATION.c.id == sa.bindparam("id"))
ENCRYPTED = ("form", "further")
"""Columns in which a family's own words stand."""
AUTHORITY_BY_ID = sa.select(APPLICATION.c.authority_id).where(APPLICATION.c.id == sa.bindparam("id"))

MOST_OTHERS = 20
"""Of one account: enough to see whether they are for other children."""
_BESIDE = (
    APPLICATION.c.owner == sa.bindparam("owner"),
    APPLICATION.c.authority_id == sa.bindparam("authority"),
    APPLICATION.c.school_year == sa.bindparam("year"),
    APPLICATION.c.id != sa.bindparam("id"),
)
OTHERS = sa.select(APPLICATION).where(*_BESIDE).order_by(APPLICATION.c.submitted_at).limit(MOST_OTHERS)
_TAKEN_BACK = sa.exists().where(
    NEWS.c.application_id == APPLICATION.c.id,
    NEWS.c.kind == str(EntryKind.WITHDRAWN),
    NEWS.c.at <= sa.bindparam("until", type_=UtcDateTime),
)
FORMS_BEFORE = (
    sa.select(APPLICATION.c.id, APPLICATION.c.form)
    .where(*_BESIDE, APPLICATION.c.submitted_at <= sa.bindparam("until", type_=UtcDateTime), ~_TAKEN_BACK)
    .order_by(APPLICATION.c.submitted_at)
    .limit(MOST_OTHERS)
)


def _unless_used(insert: Insert) -> Any:
    return (
        insert(APPLICATION)
        .on_conflict_do_nothing(index_elements=["owner", "idempotency_key"])
        .returning(APPLICATION.c.id)
    )


ADD = ByDialect(_unless_used)


class ApplicationTables(Tables):
    """Applications, in one session."""

    def add_application(self, application: Application) -> bool:
        """False where this owner's key was used before: nothing is written then, also where two requests come at one
        moment."""
        key_id = self._new_key()
        values = {**vars(application), "id": str(application.id), "key_id": key_id and str(key_id)}
        for name in ENCRYPTED:
            if (text := values[name]) is not None:
                values[name] = self._encrypt_text(key_id, text, cell_of(application.id, name))
        values["fingerprint"] = self._encrypt(key_id, application.fingerprint, cell_of(application.id, "fingerprint"))
        # asked by RETURNING: psycopg's row count is -1 here
        return self._execute(ADD.of(self.session), values).scalar_one_or_none() is not None

    def find_by_key(self, owner: Owner, key: str) -> Application | None:
        """What this owner handed in under the key of a request; None: nothing yet."""
        return self._one(BY_KEY, owner=owner, key=key)

    def find_application(self, application_id: ApplicationId, *, lock: bool = False) -> Application | None:
        """`lock` keeps the row until the transaction ends (PostgreSQL; SQLite has one writer anyway)."""
        return self._one(BY_ID.with_for_update() if lock else BY_ID, id=str(application_id))

    def set_form(self, application_id: ApplicationId, form: str, school_number: str) -> None:
        """`form` as JSON. The school's number is a column too, by which lists are made."""
        update = APPLICATION.update().where(APPLICATION.c.id == str(application_id))
        key_id = key_of_application(self, application_id)
        encrypted = self._encrypt_text(key_id, form, cell_of(application_id, "form"))
        self.session.execute(update.values(form=encrypted, school_number=school_number))

    def others_of_owner(self, application: Application) -> list[Application]:
        """Up to MOST_OTHERS of the same authority and school year, oldest first, withdrawn ones too."""
        return [self._application(row) for row in self._execute(OTHERS, _beside(application))]

    def forms_before(self, application: Application) -> Iterator[str]:
        """As JSON, oldest first, up to MOST_OTHERS; as of the moment at which this one was handed in. Decrypted one by
        one: who looks for another child has mostly found it in the first."""
        values = {**_beside(application), "until": application.submitted_at}
        for row in self._execute(FORMS_BEFORE, values).all():
            yield self._decrypt_text(row.form, cell_of(ApplicationId(UUID(row.id)), "form"))

    def page_of_account(
        self, account: Owner, helped: Collection[ApplicationId], before: Application | None, limit: int
    ) -> list[Application]:
        """Its own and those of `helped`, newest first; of two of one moment the higher id first, so that no page
        repeats or leaves one out."""
        time, own_id = APPLICATION.c.submitted_at, APPLICATION.c.id
        mine = APPLICATION.c.owner == account
        if helped:
            # as values: PostgreSQL would walk through the table for a query inside this OR
            mine = sa.or_(mine, own_id.in_(list(map(str, helped))))
        query = sa.select(APPLICATION).where(mine).order_by(time.desc(), own_id.desc())
        if before is not None:
            at_once = sa.and_(time == before.submitted_at, own_id < str(before.id))
            query = query.where(sa.or_(time < before.submitted_at, at_once))
        return [self._application(row) for row in self.session.execute(query.limit(limit))]

    def page_of_all(self, after: ApplicationId | None, limit: int) -> list[Application]:
        """By id, of all accounts, from the one after `after` on; None: from the first."""
        query = sa.select(APPLICATION).order_by(APPLICATION.c.id).limit(limit)
        if after is not None:
            query = query.where(APPLICATION.c.id > str(after))
        return [self._application(row) for row in self.session.execute(query)]

    def page_of_ids(self, after: ApplicationId | None, limit: int) -> list[ApplicationId]:
        """As `page_of_all`, without reading the forms."""
        query = sa.select(APPLICATION.c.id).order_by(APPLICATION.c.id).limit(limit)
        if after is not None:
            query = query.where(APPLICATION.c.id > str(after))
        return [ApplicationId(UUID(each)) for each in self.session.execute(query).scalars()]

    def known(self, application_ids: Collection[ApplicationId]) -> set[ApplicationId]:
        """Those of these ids that are here, whoever owns them."""
        query = sa.select(APPLICATION.c.id).where(APPLICATION.c.id.in_(list(map(str, application_ids))))
        return {ApplicationId(UUID(each)) for each in self.session.execute(query).scalars()}

    def _one(self, query: sa.Select[Any], **values: str) -> Application | None:
        row = self._execute(query, values).one_or_none()
        return None if row is None else self._application(row)

    def _application(self, row: sa.Row[Any]) -> Application:
        application_id = ApplicationId(UUID(row.id))
        further = row.further and self._decrypt_text(row.further, cell_of(application_id, "further"))
        return Application(
            id=application_id,
            authority_id=row.authority_id,
            owner=Owner(row.owner),
            idempotency_key=row.idempotency_key,
            fingerprint=self._decrypt(row.fingerprint, cell_of(application_id, "fingerprint")),
            submitted_at=row.submitted_at,
            school_number=row.school_number,
            school_year=row.school_year,
            form=self._decrypt_text(row.form, cell_of(application_id, "form")),
            applied_by=None if row.applied_by is None else Owner(row.applied_by),
            further=further,
            demands=row.demands,
        )


def cell_of(application_id: ApplicationId, column: str) -> Cell:
    """Where a value of this table stands."""
    return Cell("application", column, (str(application_id),))


def _beside(application: Application) -> dict[str, Any]:
    return {
        "owner": application.owner,
        "authority": application.authority_id,
        "year": application.school_year,
        "id": str(application.id),
    }
