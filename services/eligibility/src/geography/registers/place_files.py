"""Readers of what an authority has written down itself: hazards (GeoJSON) and front doors (a table)."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from shared.registers import RegisterUnusable

from geography.model.address_key import lookup_keys
from geography.model.ellipsoid import degrees_from_utm32
from geography.model.hazard_list import Hazard, Level, Line
from geography.model.records import Address, ReadReport
from geography.model.types import Point

_LATITUDES, _LONGITUDES = (47.0, 56.0), (5.0, 16.0)
"""Germany: what lies elsewhere was not meant."""
_EAST, _NORTH = (150_000.0, 950_000.0), (5_200_000.0, 6_200_000.0)
_KEY = re.compile(r"([a-z0-9][a-z0-9_-]{0,47})?")
_SEASON = re.compile(r"((0[1-9]|1[0-2])-([0-2]\d|3[01])/(0[1-9]|1[0-2])-([0-2]\d|3[01]))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LEVELS: Final[Mapping[str, Level]] = {
    "primary": "primary", "secondary_1": "secondary_1", "secondary_2": "secondary_2",
    "primarstufe": "primary", "sekundarstufe i": "secondary_1", "sekundarstufe ii": "secondary_2",
}  # fmt: skip
LARGEST_FILE = 64_000_000
"""Bytes: 100,000 hazards, or 600,000 doors."""
MOST_POINTS, LONGEST_REASON = 500, 500
DOOR_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "street": ("street", "strasse", "straße"),
    "house_number": ("house_number", "hausnummer"),
    "postal_code": ("postal_code", "plz"),
    "city": ("city", "ort"),
    "lat": ("lat", "breite", "nord"),
    "lon": ("lon", "laenge", "länge", "ost"),
    "reason": ("reason", "grund"),
}
"""Column -> names by which it is known. `ost` and `nord` hold metres (EPSG:25832 or 4647)."""
WRITTEN_LIKE = "street;house_number;postal_code;city;lat;lon;reason (strasse;hausnummer;plz;ort;breite;laenge;grund)"


class _Refused(ValueError):
    """Why a line is not taken."""


def read_hazards(path: Path, report: ReadReport) -> Iterator[Hazard]:
    """Hazards of a GeoJSON FeatureCollection, in its order, without an id.

    A LineString is a stretch of road, a Polygon an area. Properties: `reason`, `decided_on` (2026-03-01), and, where
    they hold, `levels` (primary, secondary_1, secondary_2), `season` (11-01/02-28), `ways` (ids in OpenStreetMap).

    Raises:
        RegisterUnusable.
    """
    content = _text(path, "the hazards as GeoJSON")
    try:
        features = json.loads(content)["features"]
        if not isinstance(features, list):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RegisterUnusable(
            f"{path.name} is not GeoJSON. Give a FeatureCollection of lines and areas (EPSG:4326)."
        ) from None
    seen: set[tuple[str, Line]] = set()
    for number, feature in enumerate(features, 1):
        try:
            hazard = _hazard(feature)
            if (hazard.kind, hazard.line) in seen:
                raise _Refused("the same shape stands in the file before")
        except _Refused as refused:
            report.refuse(f"feature {number}", str(refused))
            continue
        seen.add((hazard.kind, hazard.line))
        report.taken += 1
        yield hazard


def _hazard(feature: Any) -> Hazard:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise _Refused("no geometry")
    told = feature.get("properties") or {}
    kind = {"LineString": "stretch", "Polygon": "area"}.get(str(feature["geometry"].get("type")))
    if kind is None:
        raise _Refused("neither LineString nor Polygon: split it into single lines and areas")
    return Hazard(
        id="",
        kind="area" if kind == "area" else "stretch",
        line=_line(feature["geometry"].get("coordinates"), kind),
        ways=_ways(told.get("ways")),
        reason=_reason(told.get("reason")),
        levels=_levels(told.get("levels")),
        season=_season(told.get("season")),
        decided_on=_day(told.get("decided_on")),
        key=_key(told.get("key")),
    )


def _line(coordinates: Any, kind: str) -> Line:
    try:
        if kind == "area" and len(coordinates) != 1:
            raise _Refused("an area with a hole: draw it without")
        ring = coordinates[0] if kind == "area" else coordinates
        points = tuple((float(point[0]), float(point[1])) for point in ring)
    except (TypeError, ValueError, IndexError) as error:
        raise error if isinstance(error, _Refused) else _Refused("no coordinates") from None
    if kind == "area" and points[:1] == points[-1:]:
        points = points[:-1]
    for lon, lat in points:
        _check_degrees(lat, lon, "GeoJSON wants longitude before latitude, in degrees (EPSG:4326)")
    least = 3 if kind == "area" else 2
    if not least <= len(set(points)) <= len(points) <= MOST_POINTS:
        raise _Refused(f"fewer than {least} different points, or more than {MOST_POINTS}")
    return points


def _check_degrees(lat: float, lon: float, hint: str) -> None:
    if _LATITUDES[0] <= lat <= _LATITUDES[1] and _LONGITUDES[0] <= lon <= _LONGITUDES[1]:
        return
    if _LATITUDES[0] <= lon <= _LATITUDES[1] and _LONGITUDES[0] <= lat <= _LONGITUDES[1]:
        raise _Refused(f"latitude and longitude are swapped: {hint}")
    if abs(lat) > 180 or abs(lon) > 180:
        raise _Refused(f"coordinates in metres: {hint}")
    raise _Refused("not in Germany")


def _reason(value: Any) -> str:
    text = str(value or "").strip()
    if not 3 <= len(text) <= LONGEST_REASON or _CONTROL.search(text):
        raise _Refused(f"`reason` is missing, or longer than {LONGEST_REASON} characters")
    return text


def _levels(value: Any) -> tuple[Level, ...]:
    words = [value] if isinstance(value, str) else value or []
    try:
        return tuple(dict.fromkeys(LEVELS[str(word).strip().lower()] for word in words))
    except (KeyError, TypeError):
        raise _Refused("`levels` holds something else than primary, secondary_1, secondary_2") from None


def _season(value: Any) -> str:
    if not isinstance(value or "", str) or not _SEASON.fullmatch(value or ""):
        raise _Refused("`season` is not written MM-DD/MM-DD, like 11-01/02-28")
    return value or ""


def _key(value: Any) -> str:
    """Of an entry of the danger list in the rule set, "" for none."""
    if not isinstance(value or "", str) or not _KEY.fullmatch(value or ""):
        raise _Refused("`key` is not one of the danger list: small letters, digits, - and _")
    return value or ""


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _Refused("`decided_on` is missing, or not a day like 2026-03-01") from None


def _ways(value: Any) -> tuple[int, ...]:
    try:
        ways = tuple(int(way) for way in value or ())
    except (TypeError, ValueError):
        raise _Refused("`ways` is not a list of ids") from None
    if len(ways) > 100:
        raise _Refused("`ways` holds more than 100 ids")
    return ways


def read_doors(path: Path, report: ReadReport) -> Iterator[tuple[Address, str]]:
    """Front doors and why they were set, from a table with semicolons and a head.

    Raises:
        RegisterUnusable.
    """
    rows = _table(path, _text(path, "the doors as a table"))
    head = [name.strip().lower() for name in next(rows, [])]
    place = {
        column: next((head.index(name) for name in names if name in head), -1) for column, names in DOOR_COLUMNS.items()
    }
    if -1 in place.values():
        raise RegisterUnusable(f"{path.name} has not the columns that are needed: {WRITTEN_LIKE}.")
    metres = head[place["lon"]] == "ost"
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        if not any(row):
            continue
        try:
            told = {column: row[at].strip() if at < len(row) else "" for column, at in place.items()}
            address = _door(told, metres)
            if address.key in seen:
                raise _Refused("the same address stands in the file before")
            reason = _reason(told["reason"])
        except _Refused as refused:
            report.refuse(f"line {number}", str(refused))
            continue
        seen.add(address.key)
        report.taken += 1
        yield address, reason


def _table(path: Path, text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(text.splitlines(), delimiter=";")
    except csv.Error as error:  # a cell without an end
        raise RegisterUnusable(f"{path.name} cannot be read as a table ({error}). Save it as CSV again.") from error


def _door(told: Mapping[str, str], metres: bool) -> Address:
    key, city_key = lookup_keys(told["street"], told["house_number"], told["postal_code"], told["city"])
    if not key or not city_key or not re.fullmatch(r"\d{5}", told["postal_code"]):
        raise _Refused("street, house number, postal code (five digits) or town is missing")
    try:
        lat, lon = (float(told[name].replace(",", ".")) for name in ("lat", "lon"))
    except ValueError:
        raise _Refused("the coordinates are no numbers") from None
    if metres:
        lat, lon = _from_metres(lon, lat)
    _check_degrees(lat, lon, "give degrees in `lat` and `lon`, or metres (EPSG:25832) in `ost` and `nord`")
    return Address(
        key, city_key, told["street"], told["house_number"], told["postal_code"], told["city"], Point(lat, lon),
        "set_by_person", "",
    )  # fmt: skip


def _from_metres(east: float, north: float) -> tuple[float, float]:
    """A zone before the easting (EPSG:4647) is understood."""
    inside = _EAST[0] <= east % 32_000_000 <= _EAST[1] and _NORTH[0] <= north <= _NORTH[1]
    if not inside:
        raise _Refused("`ost` and `nord` are not metres of zone 32 (EPSG:25832): swapped, or another system")
    return degrees_from_utm32(east, north)


def _text(path: Path, what: str) -> str:
    if not path.is_file():
        raise RegisterUnusable(f"There is no file {path}. Give {what}.")
    if path.stat().st_size > LARGEST_FILE:
        raise RegisterUnusable(f"{path.name} is larger than {LARGEST_FILE:,} bytes. Give {what} of one town at a time.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RegisterUnusable(f"{path.name} is not written in UTF-8. Save it as UTF-8 and give it again.") from None
