"""What the demo knows of a region: its addresses from the map, its schools from the register."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.registers import read_rows

from local.town.geometry import Position, position

COLUMNS = (
    "SchulNr", "ABez1", "SF", "Schulart", "SchultraegerNr", "OeffPri", "KoRe", "KoHo", "SchBetrSchl", "RegSchl",
)  # fmt: skip
POSTAL_CODE = re.compile(r"\d{5}")
EARTH_M = 6_371_000.0
"""Mean radius. Good enough to pre-select; what counts is measured by the service."""


@dataclass(frozen=True)
class Address:
    street: str
    house_number: str
    postal_code: str
    city: str
    at: Position


@dataclass(frozen=True)
class School:
    number: str
    name: str
    form: str
    """Schulform key: 02 Grundschule, 10 Realschule, 15 Gesamtschule, 20 Gymnasium, …"""
    kind: str
    authority: str
    municipality: str
    """Its key as the register has it: six digits, without the state's."""
    public: bool
    at: Position


@dataclass(frozen=True)
class Region:
    addresses: list[Address]
    schools: list[School]
    """Those within the addresses' bounds."""

    @property
    def authority(self) -> str:
        """The authority that bears most of the region's schools."""
        numbers = [school.authority for school in self.schools]
        return max(sorted(set(numbers)), key=numbers.count)

    @property
    def municipality(self) -> str:
        """Where most of that authority's schools lie."""
        keys = [school.municipality for school in self.schools if school.authority == self.authority]
        return max(sorted(set(keys)), key=keys.count)


@cache
def read_region(streets: Path, register: Path) -> Region:
    """Raises ValueError where map and register have no place in common."""
    addresses = _read_addresses(streets)
    if not addresses:
        raise ValueError(f"{streets} holds no address with street, house number, postal code and city")
    south, north = min(a.at.latitude for a in addresses), max(a.at.latitude for a in addresses)
    west, east = min(a.at.longitude for a in addresses), max(a.at.longitude for a in addresses)
    schools = [
        school
        for school in _read_schools(register)
        if south < school.at.latitude < north and west < school.at.longitude < east
    ]
    if not schools:
        raise ValueError(f"no school of {register} lies where the addresses of {streets} are")
    return Region(addresses, schools)


def _read_addresses(streets: Path) -> list[Address]:
    """The address nodes that no other thing on the map shares, in the file's order.

    Nodes suffice to pick from; the importer reads buildings too. Two things with one address (a block, several shops)
    are left out: where the door is would be a question for a person. So is what maps hold of typing errors.
    """
    import osmium

    found: list[Address] = []
    seen: Counter[tuple[str, str]] = Counter()
    for thing in osmium.FileProcessor(str(streets)).with_filter(osmium.filter.KeyFilter("addr:housenumber")):
        tags = {tag.k: tag.v for tag in thing.tags}
        street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
        seen[street, number] += 1
        postal_code, city = tags.get("addr:postcode", ""), tags.get("addr:city", "")
        if isinstance(thing, osmium.osm.Node) and street and city and POSTAL_CODE.fullmatch(postal_code):
            at = Position(thing.location.lat, thing.location.lon)
            found.append(Address(street, number, postal_code, city, at))
    return [address for address in found if seen[address.street, address.house_number] == 1]


def _read_schools(register: Path) -> list[School]:
    rows = read_rows(register, COLUMNS, "Give the school register Schulen.csv.")
    return [_school(row.fields) for row in rows if row.fields["SchBetrSchl"] == "1"]


def _school(row: dict[str, str]) -> School:
    return School(
        number=row["SchulNr"],
        name=row["ABez1"],
        form=row["SF"],
        kind=row["Schulart"],
        authority=row["SchultraegerNr"],
        municipality=row["RegSchl"],
        public=row["OeffPri"] == "1",
        at=position(float(row["KoRe"] or 0), float(row["KoHo"] or 0)),
    )


def as_the_crow_flies(one: Position, other: Position) -> float:
    """Metres, on a sphere and flat: for pre-selection only."""
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude) * math.cos(math.radians(one.latitude))
    return EARTH_M * math.hypot(north, east)
