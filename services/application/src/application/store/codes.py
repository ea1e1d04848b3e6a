"""Codes, letters that bring them, links that only look, and wrong tries. Codes and tokens are here as digests alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.acts import AuditAct
from shared.database import UtcDateTime
from shared.database.dialect import ByDialect, Insert
from sqlmodel import Field

from application.domain.codes import (
    AccessCode,
    BatchId,
    CodeBatch,
    CodeId,
    CodeKind,
    LetterId,
    LetterRequest,
    LookLink,
    Tries,
)
from application.domain.ids import ApplicationId, Owner
from application.store.applications import APPLICATION
from application.store.base import Row, Tables

_WAITS = sa.text("printed_at IS NULL")


class CodeRow(Row, table=True):
    __tablename__ = "access_code"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("account"),
        sa.Index("code_of_batch", "authority_id", "batch_id"),
        sa.Index("code_of_application", "application_id"),
        sa.Index("code_by_end", "expires_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    batch_id: str = Field(max_length=36)
    kind: str = Field(max_length=16)
    digest: bytes
    account: str = Field(max_length=255)
    authority_id: str = Field(max_length=32)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    uses_left: int
    school_number: str | None = Field(default=None, max_length=12)
    label: str
    application_id: str | None = Field(default=None, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TryRow(Row, table=True):
    __tablename__ = "code_try"
    __table_args__: ClassVar[Any] = (sa.Index("code_try_by_time", "at"),)
    client: bytes = Field(primary_key=True)
    wrong: int
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


class LetterRow(Row, table=True):
    __tablename__ = "code_letter"
    __table_args__: ClassVar[Any] = (
        sa.Index("letter_of_application", "application_id", "asked_at"),
        sa.Index("letter_by_time", "asked_at"),
        sa.Index("letter_waiting", "application_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )
    id: str = Field(primary_key=True, max_length=36)
    application_id: str | None = Field(default=None, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    by_staff: bool
    printed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LookRow(Row, table=True):
    __tablename__ = "look_link"
    __table_args__: ClassVar[Any] = (
        sa.Index("look_link_of_application", "application_id"),
        sa.Index("look_link_by_end", "expires_at"),
    )
    token_digest: bytes = Field(primary_key=True)
    application_id: str = Field(foreign_key="application.id", ondelete="CASCADE", max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


CODE: sa.Table = Row.metadata.tables["access_code"]
TRY: sa.Table = Row.metadata.tables["code_try"]
LETTER: sa.Table = Row.metadata.tables["code_letter"]
LOOK: sa.Table = Row.metadata.tables["look_link"]


def _put_tries(insert: Insert) -> Any:
    put = insert(TRY)
    new = {name: put.excluded[name] for name in ("wrong", "since", "locked_until", "at")}
    return put.on_conflict_do_update(index_elements=["client"], set_=new)


PUT_TRIES = ByDialect(_put_tries)


def _take_tries(insert: Insert) -> Any:
    """A row is written in any case: one that is not there can be held by nobody."""
    take = insert(TRY)
    take = take.on_conflict_do_update(index_elements=["client"], set_={"at": take.excluded.at})
    return take.returning(TRY.c.wrong, TRY.c.since, TRY.c.locked_until)


TAKE_TRIES = ByDialect(_take_tries)


class CodeTables(Tables):
    """Codes and wrong tries, in one session."""

    def add_codes(self, codes: Sequence[AccessCode]) -> None:
        """Raises IntegrityError where one is there already."""
        for each in codes:
            about = None if each.application_id is None else str(each.application_id)
            ids = {"id": str(each.id), "batch_id": str(each.batch_id), "application_id": about}
            self._execute(CODE.insert(), vars(each) | ids | {"kind": str(each.kind)})

    def find_code(self, digest: bytes) -> AccessCode | None:
        """Also one that opens nothing any more."""
        row = self._execute(sa.select(CODE).where(CODE.c.digest == digest), {}).one_or_none()
        return None if row is None else _code(row)

    def code_of_account(self, account: Owner, *, lock: bool = False) -> AccessCode | None:
        """By whom a session signs in."""
        query = sa.select(CODE).where(CODE.c.account == account)
        row = self._execute(query.with_for_update() if lock else query, {}).one_or_none()
        return None if row is None else _code(row)

    def use_code(self, code_id: CodeId, now: datetime) -> bool:
        """The row itself says whether a use is left."""
        mine = (CODE.c.id == str(code_id)) & (CODE.c.uses_left > 0) & CODE.c.revoked_at.is_(None)
        used = CODE.update().where(mine).values(uses_left=CODE.c.uses_left - 1, used_at=now).returning(CODE.c.id)
        return self._execute(used, {}).scalar_one_or_none() is not None

    def batches_of(self, authority_id: str, limit: int) -> list[CodeBatch]:
        """Of classes, newest first."""
        columns = (CODE.c.batch_id, CODE.c.school_number, CODE.c.label, CODE.c.made_at, CODE.c.expires_at)
        query = (
            sa.select(
                *columns,
                sa.func.count().label("made"),
                sa.func.count(CODE.c.used_at).label("used"),
                sa.func.max(CODE.c.revoked_at).label("revoked_at"),
            )
            .where(CODE.c.authority_id == authority_id, CODE.c.kind == str(CodeKind.SCHOOL))
            .group_by(*columns)
            .order_by(CODE.c.made_at.desc(), CODE.c.batch_id)
            .limit(limit)
        )
        return [
            CodeBatch(
                BatchId(UUID(row.batch_id)), row.school_number, row.label, row.made_at, row.expires_at, row.made,
                row.used, row.revoked_at,
            )
            for row in self._execute(query, {})
        ]  # fmt: skip

    def revoke_batch(self, authority_id: str, batch_id: BatchId, now: datetime) -> bool:
        """False where there is none."""
        mine = (CODE.c.authority_id == authority_id) & (CODE.c.batch_id == str(batch_id))
        first = sa.func.coalesce(CODE.c.revoked_at, sa.bindparam("now", now, UtcDateTime()))
        ended = CODE.update().where(mine).values(revoked_at=first).returning(CODE.c.id)
        return bool(self._execute(ended, {}).all())

    def revoke_letter_codes(self, application_id: ApplicationId, now: datetime) -> None:
        """Those of earlier letters that are still good."""
        mine = (CODE.c.application_id == str(application_id)) & CODE.c.revoked_at.is_(None)
        self._execute(CODE.update().where(mine).values(revoked_at=now), {})

    def drop_old_codes(self, expired_until: datetime, limit: int) -> int:
        """Those whose time was over first."""
        return _drop(self, CODE.c.id, CODE.c.expires_at <= expired_until, CODE.c.expires_at, limit)

    def take_tries(self, client: bytes, now: datetime) -> Tries:
        """Of one client, whose row is held: who types many codes at one moment is counted for each."""
        values = {"client": client, "wrong": 0, "since": None, "locked_until": None, "at": now}
        row = self._execute(TAKE_TRIES.of(self.session), values).one()
        return Tries(row.wrong, row.since, row.locked_until)

    def set_tries(self, client: bytes, tries: Tries, now: datetime) -> None:
        """In place of what was there."""
        self._execute(PUT_TRIES.of(self.session), vars(tries) | {"client": client, "at": now})

    def drop_old_tries(self, until: datetime) -> None:
        """Those that nobody has added to since."""
        self._execute(TRY.delete().where(TRY.c.at <= until), {})

    def note_code_act(  # noqa: PLR0917  # as acts are
        self, authority_id: str, by: str, act: AuditAct, about: str, now: datetime, detail: Mapping[str, str]
    ) -> None:
        """On record, in the chain of the authority."""
        at = now.astimezone(UTC)
        trail.note(self.session, chain=authority_id, by=by, act=act, about=about, at=at, detail=dict(detail))


class LetterTables(Tables):
    """Letters and links that only look, in one session."""

    def add_letter(self, letter: LetterRequest) -> None:
        """One that waits."""
        about = None if letter.application_id is None else str(letter.application_id)
        self._execute(LETTER.insert(), vars(letter) | {"id": str(letter.id), "application_id": about})

    def letters_since(self, application_id: ApplicationId, since: datetime) -> tuple[int, int]:
        """How many were asked for since, and how many wait."""
        asked = sa.func.count().filter(LETTER.c.asked_at >= since).label("asked")
        waits = sa.func.count().filter(LETTER.c.printed_at.is_(None)).label("waiting")
        mine = LETTER.c.application_id == str(application_id)
        row = self._execute(sa.select(asked, waits).where(mine), {}).one()
        return int(row.asked), int(row.waiting)

    def letters_of(self, authority_id: str, limit: int) -> list[LetterRequest]:
        """That wait, oldest first."""
        both = LETTER.join(APPLICATION, APPLICATION.c.id == LETTER.c.application_id)
        mine = (APPLICATION.c.authority_id == authority_id) & LETTER.c.printed_at.is_(None)
        query = sa.select(LETTER).select_from(both).where(mine).order_by(LETTER.c.asked_at, LETTER.c.id)
        return [_letter(row) for row in self._execute(query.limit(limit), {})]

    def end_letter(self, letter_id: LetterId, now: datetime) -> bool:
        """It is printed."""
        mine = (LETTER.c.id == str(letter_id)) & LETTER.c.printed_at.is_(None)
        ended = LETTER.update().where(mine).values(printed_at=now).returning(LETTER.c.id)
        return self._execute(ended, {}).scalar_one_or_none() is not None

    def drop_old_letters(self, asked_until: datetime, nobodys_until: datetime, limit: int) -> int:
        """Those that were asked for first."""
        nobodys = LETTER.c.application_id.is_(None) & (LETTER.c.asked_at <= nobodys_until)
        return _drop(self, LETTER.c.id, nobodys | (LETTER.c.asked_at <= asked_until), LETTER.c.asked_at, limit)

    def add_look_link(self, link: LookLink) -> None:
        """A new one."""
        self._execute(LOOK.insert(), vars(link) | {"application_id": str(link.application_id)})

    def find_look_link(self, token_digest: bytes) -> LookLink | None:
        """Also one whose time is over."""
        row = self._execute(sa.select(LOOK).where(LOOK.c.token_digest == token_digest), {}).one_or_none()
        if row is None:
            return None
        return LookLink(ApplicationId(UUID(row.application_id)), bytes(row.token_digest), row.made_at, row.expires_at)

    def count_look_links(self, application_id: ApplicationId, now: datetime) -> int:
        """Those that still lead somewhere."""
        mine = (LOOK.c.application_id == str(application_id)) & (LOOK.c.expires_at > now)
        return int(self._execute(sa.select(sa.func.count()).where(mine), {}).scalar_one())

    def drop_look_links(self, application_id: ApplicationId) -> None:
        """All of this application."""
        self._execute(LOOK.delete().where(LOOK.c.application_id == str(application_id)), {})

    def drop_old_look_links(self, expired_until: datetime, limit: int) -> int:
        """Those whose time was over first."""
        return _drop(self, LOOK.c.token_digest, LOOK.c.expires_at <= expired_until, LOOK.c.expires_at, limit)


def _drop(
    tables: Tables, key: sa.Column[Any], old: sa.ColumnElement[bool], by: sa.ColumnElement[Any], limit: int
) -> int:
    connection = tables.session.connection()
    keys = list(connection.execute(sa.select(key).where(old).order_by(by).limit(limit)).scalars())
    if keys:
        connection.execute(key.table.delete().where(key.in_(keys)))
    return len(keys)


def _code(row: sa.Row[Any]) -> AccessCode:
    return AccessCode(
        id=CodeId(UUID(row.id)),
        batch_id=BatchId(UUID(row.batch_id)),
        kind=CodeKind(row.kind),
        digest=bytes(row.digest),
        account=Owner(row.account),
        authority_id=row.authority_id,
        made_at=row.made_at,
        expires_at=row.expires_at,
        uses_left=row.uses_left,
        school_number=row.school_number,
        label=row.label,
        application_id=None if row.application_id is None else ApplicationId(UUID(row.application_id)),
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


def _letter(row: sa.Row[Any]) -> LetterRequest:
    about = None if row.application_id is None else ApplicationId(UUID(row.application_id))
    return LetterRequest(LetterId(UUID(row.id)), about, row.asked_at, row.by_staff)
