"""Under which key an application's values are encrypted."""

from uuid import UUID

import sqlalchemy as sa

from application.domain.ids import ApplicationId
from application.store.base import Tables

_TABLE = sa.table("application", sa.column("id", sa.String), sa.column("key_id", sa.String))
"""By name: what writes under the key lies beneath the applications' own module."""
_KEY = sa.select(_TABLE.c.key_id).where(_TABLE.c.id == sa.bindparam("of"))
_GIVE = (
    _TABLE.update()
    .where(_TABLE.c.id == sa.bindparam("of"), _TABLE.c.key_id.is_(None))
    .values(key_id=sa.bindparam("new"))
)


def key_of_application(tables: Tables, application_id: ApplicationId) -> UUID | None:
    """One of before there were keys gets one now. None where nothing is encrypted, or the application is not here."""
    if tables.keys is None:
        return None
    connection, of = tables.session.connection(), str(application_id)
    found = connection.execute(_KEY, {"of": of}).scalar_one_or_none()
    if found is None:
        connection.execute(_GIVE, {"of": of, "new": str(tables.keys.new())})
        # asked again: another process may have given it one at this moment
        found = connection.execute(_KEY, {"of": of}).scalar_one_or_none()
    return None if found is None else UUID(found)
