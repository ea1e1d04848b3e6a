"""Keys of addresses that an earlier program wrote by other rules of house numbers: written anew at the start.

By its old key a house would silently not be found, or as another one (`5①` as 51), until somebody imports again; all
that the key is made of stands in the row.
"""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
import structlog
from geography.model import lookup_keys
from geography.model.house_number import number_key
from shared.database import Transactions

from eligibility.store.places.places import PlaceTables
from eligibility.store.tables import ADDRESS

NUMBERS_AT_ONCE = 200
log = structlog.get_logger("addresses")
_ONE_OF_EACH = sa.select(
    ADDRESS.c.house_number, sa.func.max(ADDRESS.c.key).label("key"), sa.func.max(ADDRESS.c.city_key).label("city_key")
).group_by(ADDRESS.c.house_number)


def write_keys(database: Transactions[PlaceTables]) -> int:
    """Compare one address of each house number with what its key would be today, and write all of those that differ.
    How many there were. Costs one pass over the addresses."""
    stale = [
        number
        for number, *keys in database.read_now(lambda store: store.session.connection().execute(_ONE_OF_EACH).all())
        if any(key and key.split("|")[1] != number_key(number) for key in keys)
    ]
    written = 0
    for begin in range(0, len(stale), NUMBERS_AT_ONCE):
        written += database.write_now(partial(_write, stale[begin : begin + NUMBERS_AT_ONCE]))
    if written:
        log.warning("address_keys_written_anew", addresses=written, house_numbers=len(stale))
    return written


def _write(numbers: Sequence[str], store: PlaceTables) -> int:
    rows = store.rows(sa.select(ADDRESS).where(ADDRESS.c.house_number.in_(numbers)))
    for row in rows:
        key, city_key = lookup_keys(row["street"], row["house_number"], row["postal_code"], row["city"])
        mine = (ADDRESS.c.source == row["source"]) & (ADDRESS.c.house_number == row["house_number"])
        store.run(ADDRESS.update().where(mine).values(key=key, city_key=city_key))
    return len(rows)
