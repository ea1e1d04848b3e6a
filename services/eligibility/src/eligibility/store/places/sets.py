"""What people set on the map (hazards, entrances, doors), and the streets and houses that a person may look for."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from geography.model import Address, Entrance, Point, address_key, lookup_keys
from geography.model.hazard_list import Hazard
from geography.model.house_number import same_number
from geography.model.records import Street
from shared.audit import trail
from shared.events import EVERY_AUTHORITY, AuthorityId
from shared.row_security.asking import within_as

from eligibility.domain.acts import ActKind
from eligibility.store.base import Tables
from eligibility.store.on_record import DOORS, DOORS_ACT, ENTRANCES, ENTRANCES_ACT, HAZARDS
from eligibility.store.places.tables import DOOR, ENTRANCE_SET, HAZARD, STREET
from eligibility.store.tables import ADDRESS, ENTRANCE

MOST_NEIGHBOURS = 120
"""Houses of a street that are asked for, by their numbers."""
# Built once: every application asks them.
HAZARDS_IN_FORCE = (
    sa.select(HAZARD)
    .where(HAZARD.c.authority_id == sa.bindparam("of"), HAZARD.c.ended_at.is_(None))
    .order_by(HAZARD.c.decided_on, HAZARD.c.id)
)
DOORS_OF_HOUSE = sa.select(DOOR).where(
    DOOR.c.authority_id == sa.bindparam("of"),
    sa.or_(
        DOOR.c.key.in_((sa.bindparam("by_code"), sa.bindparam("formerly"))),
        DOOR.c.city_key == sa.bindparam("by_city"),
    ),
)


class PlaceSetTables(Tables):
    def hazards(self, authority_id: AuthorityId) -> Sequence[Hazard]:
        """Those in force, oldest decision first."""
        return [hazard_from(row) for row in self.rows(HAZARDS_IN_FORCE, of=authority_id)]

    def add_hazard(self, authority_id: AuthorityId, hazard: Hazard, by: str, now: datetime) -> None:
        """Keep a hazard, who set it and when, in the audit trail too."""
        row = {
            "id": hazard.id,
            "authority_id": authority_id,
            "kind": hazard.kind,
            "line": json.dumps(hazard.line),
            "ways": json.dumps(hazard.ways),
            "reason": hazard.reason,
            "levels": json.dumps(hazard.levels),
            "season": hazard.season,
            "decided_on": hazard.decided_on,
            "key": hazard.key,
            "set_by": by,
            "set_at": now,
        }
        self.run(HAZARD.insert(), row)
        self._set_by(by, ActKind.HAZARD_SET, authority_id, hazard.id, now)
        self.on_record(HAZARDS, hazard.id)

    def end_hazard(self, authority_id: AuthorityId, hazard_id: str, by: str, now: datetime) -> bool:
        """False: there is none of this authority in force."""
        mine = (HAZARD.c.id == hazard_id) & (HAZARD.c.authority_id == authority_id) & HAZARD.c.ended_at.is_(None)
        is_ended = self.run(HAZARD.update().where(mine).values(ended_by=by, ended_at=now)) == 1
        if is_ended:
            self._set_by(by, ActKind.HAZARD_ENDED, authority_id, hazard_id, now)
            self.on_record(HAZARDS, hazard_id)
        return is_ended

    def drawn_entrances(self, number: str) -> Sequence[Entrance]:
        """Of one school, from whatever source."""
        rows = self.rows(sa.select(ENTRANCE).where(ENTRANCE.c.school_number == number).order_by(ENTRANCE.c.id))
        return [Entrance(Point(row["lat"], row["lon"]), row["origin"], row["name"]) for row in rows]

    def entrances_drawn(self, number: str) -> tuple[str, datetime] | None:
        """Who drew them last, and when; None: nobody."""
        row = self.one(sa.select(ENTRANCE_SET).where(ENTRANCE_SET.c.school_number == number))
        return None if row is None else (row["set_by"], row["set_at"])

    def draw_entrances(
        self, number: str, entrances: Sequence[Entrance], *, authority_id: AuthorityId, by: str, now: datetime
    ) -> None:
        """In place of all that were there, those of OpenStreetMap too."""
        rows = [
            {
                "id": str(uuid4()),
                "school_number": number,
                "lat": entrance.point.lat,
                "lon": entrance.point.lon,
                "origin": "set_by_person",
                "name": entrance.name,
            }
            for entrance in entrances
        ]
        drawn = {"school_number": number, "authority_id": authority_id, "set_by": by, "set_at": now}
        with within_as(self.session, "entrances"):  # whose school it is the register says, and no column of theirs
            self.run(ENTRANCE.delete().where(ENTRANCE.c.school_number == number))
            if rows:
                self.run(ENTRANCE.insert(), rows)
            self.upsert(ENTRANCE_SET, ["school_number"], [drawn])
        self._set_by(by, ActKind.ENTRANCES_DRAWN, EVERY_AUTHORITY, ENTRANCES_ACT, now, {"school": number})
        self.on_record(ENTRANCES, number, chain=EVERY_AUTHORITY, about=ENTRANCES_ACT)

    def set_door(self, authority_id: AuthorityId, house: Address, reason: str, *, by: str, now: datetime) -> None:
        """Set the front door of a house for this authority, in place of one that was set before; in the audit trail
        too."""
        row = {
            "authority_id": authority_id,
            "key": house.key or house.city_key,
            "city_key": house.city_key,
            "street": house.street,
            "house_number": house.house_number,
            "postal_code": house.postal_code,
            "city": house.city,
            "lat": house.point.lat,
            "lon": house.point.lon,
            "reason": reason,
            "set_by": by,
            "set_at": now,
        }
        self.upsert(DOOR, ["authority_id", "key"], [row])
        self._set_by(by, ActKind.DOOR_SET, authority_id, DOORS_ACT, now)
        self.on_record(DOORS, f"{authority_id}/{row['key']}")

    def note_entrances(self, numbers: Sequence[str], now: datetime) -> None:
        """An import has brought or taken away entrances of these schools."""
        detail = {"schools": str(len(numbers))}
        self._set_by("import", ActKind.ENTRANCES_IMPORTED, EVERY_AUTHORITY, ENTRANCES_ACT, now, detail)
        for number in numbers:
            self.on_record(ENTRANCES, number, chain=EVERY_AUTHORITY, about=ENTRANCES_ACT)

    def drop_door(self, authority_id: AuthorityId, key: str, by: str, now: datetime) -> None:
        """Delete a door of this authority; the audit trail keeps that it was, and who dropped it."""
        self.run(DOOR.delete().where(DOOR.c.authority_id == authority_id, DOOR.c.key == key))
        self._set_by(by, ActKind.DOOR_DROPPED, authority_id, DOORS_ACT, now)
        self.on_record(DOORS, f"{authority_id}/{key}", chain=authority_id, about=DOORS_ACT)

    def _set_by(  # noqa: PLR0917
        self, by: str, act: ActKind, chain: str, about: str, now: datetime, detail: dict[str, str] | None = None
    ) -> None:
        trail.note(self.session, chain=chain, by=by, act=str(act), about=about, at=now, detail=detail)

    def door(
        self, authority_id: AuthorityId, *, street: str, house_number: str, postal_code: str, city: str
    ) -> Address | None:
        """The door that a person of this authority has set for a house."""
        by_code, by_city = lookup_keys(street, house_number, postal_code, city)
        before = former_key(by_code) if by_code else None
        rows = self.rows(DOORS_OF_HOUSE, of=authority_id, by_code=by_code, formerly=before, by_city=by_city)
        found = [row for row in rows if by_code and row["key"] == by_code]
        found = found or [
            row for row in rows if before and row["key"] == before and same_number(row["house_number"], house_number)
        ]
        if not found and by_city:
            codes = ("", postal_code)
            same_city = [row for row in rows if row["city_key"] == by_city]
            found = [row for row in same_city if not postal_code or row["postal_code"] in codes]
        if len(found) != 1:
            return None
        row = found[0]
        return Address(
            row["key"], row["city_key"], row["street"], row["house_number"], row["postal_code"], row["city"],
            Point(row["lat"], row["lon"]), "set_by_person", f"door:{authority_id}",
        )  # fmt: skip

    def neighbours(self, street: Street, postal_code: str) -> list[Address]:
        """Houses of a street by its low numbers, in its town and wherever a street of its name has this postal code."""
        numbers = [str(number) for number in range(1, MOST_NEIGHBOURS + 1)]
        keys = [address_key(street.street, number, postal_code) for number in numbers]
        city_keys = [address_key(street.street, number, "", street.city) for number in numbers] if street.city else []
        found = self.rows(sa.select(ADDRESS).where(ADDRESS.c.key.in_(keys)))
        if street.city:
            found = [*found, *self.rows(sa.select(ADDRESS).where(ADDRESS.c.city_key.in_(city_keys)))]
        return [address_of(row) for row in found]

    def all_addresses(self) -> Iterator[sa.RowMapping]:
        """Every address once, by source; not to be kept longer than the session."""
        columns = [
            ADDRESS.c[name] for name in ("source", "street", "house_number", "postal_code", "city", "lat", "lon")
        ]
        statement = sa.select(*columns).order_by(ADDRESS.c.source, ADDRESS.c.house_number)
        connection = self.session.connection().execution_options(yield_per=10_000)
        yield from connection.execute(statement).mappings()

    def streets(self) -> list[Street]:
        """All streets, for the index of the search."""
        rows = self.session.connection().execute(sa.select(STREET).order_by(STREET.c.city, STREET.c.street))
        return [Street(street, city, tuple(codes.split())) for street, city, codes in rows]

    def houses(self, streets: Sequence[Street], number: str) -> Sequence[tuple[Street, Address]]:
        """The rows of one house number in some streets, each with its street, in the order of the streets."""
        asked: dict[str, Street] = {}
        for street in reversed(streets):
            keys = [lookup_keys(street.street, number, "", street.city)[1]]
            keys += [lookup_keys(street.street, number, code, street.city)[0] for code in street.postal_codes]
            asked.update((key, street) for key in keys if key)
        rows = [
            row
            for column in (ADDRESS.c.key, ADDRESS.c.city_key)
            for row in self.rows(sa.select(ADDRESS).where(column.in_(sorted(asked))))
        ]
        found: dict[tuple[str, str], tuple[Street, Address]] = {}
        for row in rows:
            meant = asked.get(row["key"]) or asked.get(row["city_key"])
            if meant is not None and (not row["city"] or row["city"] == meant.city):
                house = address_of(row)
                found.setdefault((house.source, house.house_number), (meant, house))
        place = {street: at for at, street in enumerate(streets)}
        return sorted(found.values(), key=lambda each: (place[each[0]], each[1].source))


def former_key(key: str) -> str:
    """As keys were before fractions and slashes were told apart: doors that people have set keep theirs."""
    return key.replace("_", "").replace(":", "/")


def address_of(row: sa.RowMapping) -> Address:
    """A row of an address table."""
    return Address(**{name: row[name] for name in ADDRESS_NAMES}, point=Point(row["lat"], row["lon"]))


ADDRESS_NAMES = Address.__dataclass_fields__.keys() - {"point"}


def hazard_from(row: sa.RowMapping) -> Hazard:
    """A row of the table of hazards; its line is longitude and latitude."""
    line = tuple((float(lon), float(lat)) for lon, lat in json.loads(row["line"]))
    ways, levels = json.loads(row["ways"]), json.loads(row["levels"])
    return Hazard(
        row["id"],
        row["kind"],
        line,
        tuple(ways),
        row["reason"],
        tuple(levels),
        row["season"],
        row["decided_on"],
        row["key"],
    )
