"""What authorities add to the form, each version as it was told."""

from datetime import date, datetime

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.events.own_form import OwnForm
from sqlmodel import Field

from application.domain.own_form import OwnFormInForce, PublishedForm
from application.store.base import Row, Tables


class OwnFormRow(Row, table=True):
    __tablename__ = "own_form"
    authority_id: str = Field(primary_key=True, max_length=32)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    valid_from: date
    published_at: datetime = Field(sa_type=UtcDateTime)
    content: str


OWN_FORM: sa.Table = Row.metadata.tables["own_form"]
IN_FORCE = (
    sa.select(OWN_FORM.c.version, OWN_FORM.c.content)
    .where(OWN_FORM.c.authority_id == sa.bindparam("of"), OWN_FORM.c.valid_from <= sa.bindparam("day"))
    .order_by(OWN_FORM.c.version.desc())
    .limit(1)
)
WHEN_PUBLISHED = sa.select(OWN_FORM.c.published_at).where(
    OWN_FORM.c.authority_id == sa.bindparam("of"), OWN_FORM.c.version == sa.bindparam("number")
)


class OwnFormTables(Tables):
    """Own forms, in one session."""

    def put_own_form(self, form: PublishedForm) -> None:
        """Told again, or late, it changes nothing; of one number the one that was published later counts."""
        values = {"of": form.authority_id, "number": form.version}
        known = self._execute(WHEN_PUBLISHED, values).scalar_one_or_none()
        if known is not None and known >= form.published_at:
            return
        mine = (OWN_FORM.c.authority_id == form.authority_id) & (OWN_FORM.c.version == form.version)
        self._execute(OWN_FORM.delete().where(mine), {})
        row = {
            "authority_id": form.authority_id,
            "version": form.version,
            "valid_from": form.valid_from,
            "published_at": form.published_at,
            "content": form.content.model_dump_json(),
        }
        self._execute(OWN_FORM.insert(), row)

    def own_form(self, authority_id: str, day: date) -> OwnFormInForce | None:
        """Of the versions that hold on that day the highest; None: the authority adds nothing."""
        row = self._execute(IN_FORCE, {"of": authority_id, "day": day}).one_or_none()
        return None if row is None else OwnFormInForce(row.version, OwnForm.model_validate_json(row.content))
