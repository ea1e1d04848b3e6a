"""Reader of the state's house coordinates (Gebäudereferenzen, `gebref.txt`), plain or in a ZIP, in both layouts.

new (since 2023): 21 columns, `;`, no header
    nba;oid;qua;landschl;land;regbezschl;regbez;kreisschl;kreis;gmdschl;gmd;ottschl;ott;strschl;str;hnr;adz;zone;ost;nord;datum
old: 15 columns, zone before the easting (EPSG:4647), municipalities by key only (names from `gebref_schluessel.txt`)
    NBA;OI;QUA;LAN;RBZ;KRS;GMD;OTT;SSS;HNR;ADZ;East;North;STN;date
Decimal comma or point, UTF-8 (with or without mark) or ISO-8859-1, any line end. Source: docs/sources/ozg.md. There is
no postal code in it. Streams: one line at a time, whatever the size.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from shared.registers import RegisterUnusable

from geography.model.address_key import city_key, street_key
from geography.model.ellipsoid import degrees_from_utm32
from geography.model.house_number import number_key
from geography.model.records import Address, ReadReport
from geography.model.types import Point

NEW, OLD = 21, 15
"""Columns of the two layouts; some files end each line with a further `;`."""
_EAST, _NORTH = (270_000.0, 540_000.0), (5_560_000.0, 5_830_000.0)
"""Box of the state in UTM 32 metres, some kilometres wide of it."""
_QUALITY: Final = {"A", "B"}
"""A: measured, B: by the parcel or the building. C and the others are fictitious: no way is measured from them."""


def read_gebref(path: Path, report: ReadReport, names: Path | None = None) -> Iterator[Address]:
    """Every usable house coordinate.

    Args:
        names: gebref_schluessel.txt, needed for the old layout.

    Raises:
        RegisterUnusable: for a file that is none; single lines that cannot be used are counted in `report`.
    """
    places = read_names(names) if names is not None else {}
    with _opened(path) as lines:
        layout = 0
        for number, line in enumerate(lines, 1):
            parts = line.split(";")
            if parts[-1] == "" and len(parts) in {NEW + 1, OLD + 1}:
                parts.pop()
            if not layout:
                if parts[0].strip().lower() == "nba":
                    continue  # a head line, as some copies have
                layout = _layout(parts, path, places)
            if len(parts) != layout:
                report.refuse(f"line {number}", "wrong number of columns")
                continue
            address = _new(parts, number, report) if layout == NEW else _old(parts, number, report, places)
            if address is not None:
                report.taken += 1
                yield address


def read_names(path: Path) -> dict[str, str]:
    """Municipality by eight-digit key, from the rows `G;LAN;RBZ;KRS;GMD;name` of gebref_schluessel.txt."""
    with _opened(path) as lines:
        rows = [line.split(";") for line in lines]
    found = {
        "".join(part.strip() for part in row[1:5]): row[5].strip() for row in rows if row[0] == "G" and len(row) > 5
    }
    if not found:
        raise RegisterUnusable(f"{path.name} names no municipality. Give gebref_schluessel.txt.")
    return found


def _layout(parts: list[str], path: Path, places: dict[str, str]) -> int:
    if len(parts) not in {NEW, OLD}:
        raise RegisterUnusable(
            f"{path.name} has {len(parts)} columns; expected are 21 (new layout) or 15 (old). Give gebref.txt."
        )
    if len(parts) == OLD and not places:
        raise RegisterUnusable(
            f"{path.name} has the old layout, which names municipalities by key. Give gebref_schluessel.txt as well."
        )
    return len(parts)


def _new(parts: list[str], number: int, report: ReadReport) -> Address | None:
    oid, quality, city = parts[1], parts[2], parts[10].strip()
    if parts[17].strip() not in {"32", ""}:
        report.refuse(f"line {number}", "not in UTM zone 32")
        return None
    return _address(number, report, (oid, quality, city, parts[14], parts[15], parts[16]), (parts[18], parts[19]))


def _old(parts: list[str], number: int, report: ReadReport, places: dict[str, str]) -> Address | None:
    key = "".join(part.strip() for part in parts[3:7])
    if key not in places:
        report.refuse(f"line {number}", "municipality key without a name")
        return None
    house = (parts[1], parts[2], places[key], parts[13], parts[9], parts[10])
    return _address(number, report, house, (parts[11], parts[12]))


def _address(number: int, report: ReadReport, house: tuple[str, ...], place: tuple[str, str]) -> Address | None:
    oid, quality, city, street, digits, letter = (part.strip() for part in house)
    if quality not in _QUALITY:
        report.refuse(f"line {number}", f"coordinate of quality {quality or '(none)'}: not a measured one")
        return None
    # an addition that begins with a digit is a fraction (3 and 1/2), not more digits of the number (31/2)
    house_number = f"{digits} {letter}" if letter[:1].isdecimal() else f"{digits}{letter}"
    keys = (street_key(street), number_key(house_number), city_key(city))
    if not all(keys) or not digits.isdecimal():
        report.refuse(f"line {number}", "street, house number or municipality missing")
        return None
    point = _point(*place)
    if point is None:
        report.refuse(f"line {number}", "coordinates missing or outside the state")
        return None
    return Address("", "|".join(keys), street, house_number, "", city, point, "house_coordinate", f"gebref:{oid}")


def _point(east: str, north: str) -> Point | None:
    try:
        x, y = float(east.replace(",", ".")), float(north.replace(",", "."))
    except ValueError:
        return None
    plain = x - 32_000_000 if x > 10_000_000 else x
    if not (_EAST[0] <= plain <= _EAST[1] and _NORTH[0] <= y <= _NORTH[1]):
        return None
    return Point(*degrees_from_utm32(plain, y))


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[str]]:
    """Lines without their ends, of a text file or of the first `gebref*.txt` in a ZIP."""
    if not path.is_file():
        raise RegisterUnusable(f"There is no file {path}. Give gebref.txt or the ZIP that holds it.")
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                inside = sorted(name for name in archive.namelist() if name.lower().endswith("gebref.txt"))
                if not inside:
                    raise RegisterUnusable(f"{path.name} holds no gebref.txt.")
                with archive.open(inside[0]) as probe:
                    encoding = _encoding(probe)
                with archive.open(inside[0]) as raw:
                    yield _lines(raw, encoding)
        else:
            with path.open("rb") as probe:
                encoding = _encoding(probe)
            with path.open("rb") as raw:
                yield _lines(raw, encoding)
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, RuntimeError) as error:
        raise RegisterUnusable(f"{path.name} is damaged ({error}). Download it again.") from error


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 where all of the file is, else ISO-8859-1 (every byte is a letter there). Looks once through the file."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := file.read(1 << 20):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "iso-8859-1"
    return "utf-8-sig"


LONGEST_LINE = 10_000
"""Characters; a house has 150. What is packed may unpack to a line that fills the memory."""


def _lines(raw: IO[bytes], encoding: str) -> Iterator[str]:
    text_file = io.TextIOWrapper(raw, encoding=encoding, newline=None)
    while line := text_file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise EOFError(f"a line of more than {LONGEST_LINE} characters")
        text = line.rstrip("\n")
        if text.strip():
            yield text
