"""What the signer was told of the child of each application: keyed digests alone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import insert_of
from sqlmodel import Field

from eligibility.domain.ids import ApplicationId
from eligibility.store.base import Tables
from eligibility.store.tables import Row


class ToldChildRow(Row, table=True):
    __tablename__ = "told_child"
    application_id: str = Field(primary_key=True, max_length=36)
    child: str = Field(index=True, max_length=64)
    """As it was told, under whatever key."""
    name: str = Field(index=True, max_length=64)
    """Of the name and birth date, under the newest key: `child` may be that of one which this follows."""
    told_at: datetime = Field(sa_type=UtcDateTime)
    """First."""


TOLD_CHILD: sa.Table = Row.metadata.tables["told_child"]
OF_ONE = sa.select(TOLD_CHILD.c.child).where(TOLD_CHILD.c.application_id == sa.bindparam("of"))
OF_CHILD = (
    sa.select(TOLD_CHILD.c.application_id)
    .where(TOLD_CHILD.c.child == sa.bindparam("of"))
    .order_by(TOLD_CHILD.c.told_at, TOLD_CHILD.c.application_id)
)
NAMED = (
    sa.select(TOLD_CHILD.c.child)
    .where(
        TOLD_CHILD.c.name.in_(sa.bindparam("names", expanding=True))
        | TOLD_CHILD.c.child.in_(sa.bindparam("names", expanding=True))
    )
    .order_by(TOLD_CHILD.c.told_at, TOLD_CHILD.c.application_id)
)


class ToldChildTables(Tables):
    def child_told(self, application_id: ApplicationId) -> str | None:
        """The pseudonym under which the child was told to others; None: it was not."""
        row = self.one(OF_ONE, of=str(application_id))
        return None if row is None else str(row["child"])

    def told_with(self, child: str) -> Sequence[ApplicationId]:
        """Applications that were told to be of this child."""
        return [ApplicationId(UUID(row["application_id"])) for row in self.rows(OF_CHILD, of=child)]

    def children_named(self, names: Collection[str]) -> Sequence[str]:
        """The pseudonyms told with one of these digests of names, each once."""
        if not names:
            return []
        return list(dict.fromkeys(str(row["child"]) for row in self.rows(NAMED, names=sorted(names))))

    def tell_child(self, application_id: ApplicationId, child: str, name: str, now: datetime) -> None:
        """Keep that the child was told, or that it is told otherwise now.

        Args:
            name: digest of its name.
        """
        insert = insert_of(self.session)(TOLD_CHILD)
        newer = {"child": insert.excluded.child, "name": insert.excluded.name}
        row = {"application_id": str(application_id), "child": child, "name": name, "told_at": now}
        self.run(insert.on_conflict_do_update(index_elements=["application_id"], set_=newer), [row])

    def name_told_child(self, application_id: ApplicationId, name: str) -> None:
        """Keep another digest of the name; nothing happens where the child was not told."""
        mine = TOLD_CHILD.c.application_id == str(application_id)
        self.run(TOLD_CHILD.update().where(mine).values(name=name))

    def forget_child(self, application_id: ApplicationId) -> None:
        """Drop under which pseudonym the child was told: it is another child now."""
        self.run(TOLD_CHILD.delete().where(TOLD_CHILD.c.application_id == str(application_id)))
