"""What an import of hazards or doors puts in place of the import before. What a person has drawn stays."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from geography.model import Address, ReadReport
from geography.model.hazard_list import Hazard
from shared.events import AuthorityId

from eligibility.store.places.importer import Difference
from eligibility.store.places.sets import PlaceSetTables, hazard_from
from eligibility.store.places.tables import DOOR, HAZARD

IMPORTED = "import"
"""In `set_by`: nobody's name."""


def replace_hazards(
    authority_id: AuthorityId, hazards: Sequence[Hazard], now: datetime, store: PlaceSetTables
) -> Difference:
    """Those not in the file are ended, those that differ ended and written anew: decisions name what they went by."""
    mine = sa.select(HAZARD).where(
        HAZARD.c.authority_id == authority_id, HAZARD.c.set_by == IMPORTED, HAZARD.c.ended_at.is_(None)
    )
    before = {(each.kind, each.line): each for each in map(hazard_from, store.rows(mine))}
    difference = Difference()
    for hazard in hazards:
        old = before.pop((hazard.kind, hazard.line), None)
        if old is not None and replace(hazard, id=old.id) == old:
            continue
        if old is None:
            difference.added += 1
        else:
            difference.changed += 1
            store.end_hazard(authority_id, old.id, IMPORTED, now)
        store.add_hazard(authority_id, replace(hazard, id=str(uuid4())), IMPORTED, now)
    for gone in before.values():
        store.end_hazard(authority_id, gone.id, IMPORTED, now)
    difference.gone = len(before)
    return difference


def replace_doors(
    authority_id: AuthorityId,
    doors: Iterable[tuple[Address, str]],
    *,
    now: datetime,
    report: ReadReport,
    store: PlaceSetTables,
) -> Difference:
    """A door that a person has set is not moved by a file; it is reported."""
    rows = store.rows(sa.select(DOOR).where(DOOR.c.authority_id == authority_id))
    before = {row["key"]: row for row in rows}
    difference, kept = Difference(), set()
    for address, reason in doors:
        old = before.get(address.key)
        if old is not None and old["set_by"] != IMPORTED:
            report.taken -= 1
            report.refuse("address", "a person has set this door: it stays")
            continue
        kept.add(address.key)
        if old is not None and (old["lat"], old["lon"], old["reason"]) == (*address.point, reason):
            continue
        difference.added += old is None
        difference.changed += old is not None
        store.set_door(authority_id, address, reason, by=IMPORTED, now=now)
    gone = [key for key, row in before.items() if row["set_by"] == IMPORTED and key not in kept]
    for key in gone:
        store.drop_door(authority_id, key, IMPORTED, now)
    difference.gone = len(gone)
    return difference
