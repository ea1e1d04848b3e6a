"""What an import of hazards or doors puts in place of the import before. What a person has drawn stays."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from geography.model import Address, Point, ReadReport
from geography.model.hazard_list import Hazard
from shared.events import AuthorityId

from eligibility.domain.authority import Authority
from eligibility.store.places.importer import Difference
from eligibility.store.places.places import PlaceTables
from eligibility.store.places.sets import hazard_from
from eligibility.store.places.tables import DOOR, HAZARD
from eligibility.workflow.desk.likely_places import (
    PlaceAnchor,
    anchor_of_door,
    anchor_of_hazard,
    places_of,
    why_unlikely,
)

FAR = (
    "far from what it belongs to (its house, its street, the authority's schools): is it another town's? What is right "
    "all the same is set by HTTP, with far_is_meant"
)
IMPORTED = "import"
"""In `set_by`: nobody's name."""


def replace_hazards(
    authority_id: AuthorityId, hazards: Sequence[Hazard], now: datetime, report: ReadReport, store: PlaceTables
) -> Difference:
    """Those not in the file are ended, those that differ ended and written anew: decisions name what they went by.

    What lies far from every school of the authority is reported and not taken.
    """
    mine = sa.select(HAZARD).where(
        HAZARD.c.authority_id == authority_id, HAZARD.c.set_by == IMPORTED, HAZARD.c.ended_at.is_(None)
    )
    before = {(each.kind, each.line): each for each in map(hazard_from, store.rows(mine))}
    difference = Difference()
    authority = _authority(store, authority_id)
    anchor = anchor_of_hazard(store, authority)
    for number, hazard in enumerate(hazards, 1):
        if not _likely(authority, anchor, places_of(hazard), f"hazard {number}", report):
            continue
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
    store: PlaceTables,
) -> Difference:
    """A door that a person has set is not moved by a file, and none goes far from its house; both are reported."""
    authority = _authority(store, authority_id)
    rows = store.rows(sa.select(DOOR).where(DOOR.c.authority_id == authority_id))
    before = {row["key"]: row for row in rows}
    difference, kept = Difference(), set()
    for number, (address, reason) in enumerate(doors, 1):
        old = before.get(address.key)
        if old is not None and old["set_by"] != IMPORTED:
            report.taken -= 1
            report.refuse("address", "a person has set this door: it stays")
            continue
        if not _likely(authority, anchor_of_door(store, authority, address), [address.point], f"door {number}", report):
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


def _authority(store: PlaceTables, authority_id: AuthorityId) -> Authority:
    authority = store.authority(authority_id)
    if authority is None:
        raise LookupError(authority_id)  # the command has looked before
    return authority


def _likely(authority: Authority, anchor: PlaceAnchor, places: Sequence[Point], place: str, report: ReadReport) -> bool:
    """Whether it can be meant, else it is reported: a file has no tick with which a person confirms it."""
    why = why_unlikely(authority, anchor, places, area=None, is_meant=False)
    if why is None:
        return True
    report.taken -= 1
    report.refuse(place, FAR)
    return False
