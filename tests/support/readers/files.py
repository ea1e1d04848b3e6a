"""What commands are given by their operators, from other offices and from the network: maps, registers, settings."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from application.checks.key_tables import school_keys
from application.register import read_authorities
from application.register import read_schools as read_directory
from eligibility import simulating
from eligibility.commands.authority import authority_of
from eligibility.domain.keys import parse_keys
from geography.model.records import ReadReport
from geography.network import files, osm_objects
from geography.network.extract import read_extract
from geography.network.files import NetworkUnusable
from geography.network.osm_objects import ExtractUnusable
from geography.registers import gebref, place_files, schools, schuldaten
from issuance.acceptance.specimen import SPEC
from issuance.commands.signer import terms_of
from local.supply_chain.audit import numbers
from pydantic import ValidationError
from shared.errors import Problem
from shared.mail.addresses import MailAddress
from shared.mail.reports import read_report
from shared.mail.return_paths import ReturnPaths
from shared.registers import RegisterUnusable
from support.mail.reports import failure_report
from support.readers.tickets import on_file
from support.readers.trial import Reader

OSM = (
    b"<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'><node id='1' version='1' lat='51.7' lon='8.7'/>"
    b"<node id='2' version='1' lat='51.701' lon='8.7'/><way id='3' version='1'><nd ref='1'/><nd ref='2'/>"
    b"<tag k='highway' v='residential'/></way></osm>"
)
HAZARDS = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"LineString","coordinates":'
    b'[[8.7,51.7],[8.71,51.7]]},"properties":{"reason":"No pavement","decided_on":"2026-03-01"}}]}'
)


def whole(read: Callable[..., Iterable[object]], *more: object) -> Callable[[Path], object]:
    return lambda path: list(read(path, *(each() if callable(each) else each for each in more)))


def extract(path: Path) -> None:
    osm_objects.check_is_extract(path)
    osm_objects.declared_box(path)
    read_extract(path)


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def head(columns: Iterable[str]) -> bytes:
    names = list(columns)
    return (";".join(names) + "\n" + ";".join("1" for _ in names) + "\n").encode()


HOUSE = b"nw;A;05;7;74;12;Paderborn;;00001;Ulmenweg;31;a;32480000,0;5730000,0\n"
TABLE_ERRORS = (RegisterUnusable,)
SECONDS = 4000.0

RETURN_PATHS = ReturnPaths(MailAddress.parse("zurueck@amt.example"), bytes(32))
FILES: dict[str, Reader] = {
    "report of a mail": Reader(
        lambda content: read_report(content, RETURN_PATHS), failure_report(RETURN_PATHS.path_of(UUID(int=7))), (), 300
    ),
    "map as XML": Reader(on_file("a.osm", extract), OSM, (ExtractUnusable,), SECONDS),
    "map as PBF": Reader(
        on_file("a.osm.pbf", extract), b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x10" + bytes(16), (ExtractUnusable,), SECONDS
    ),
    "map, packed": Reader(on_file("a.osm.gz", extract), gzip.compress(OSM), (ExtractUnusable,), SECONDS),
    "houses": Reader(on_file("gebref.txt", whole(gebref.read_gebref, ReadReport)), HOUSE, TABLE_ERRORS, SECONDS),
    "houses, packed": Reader(
        on_file("a.zip", whole(gebref.read_gebref, ReadReport)), packed("gebref.txt", HOUSE), TABLE_ERRORS, SECONDS
    ),
    "hazards": Reader(
        on_file("a.geojson", whole(place_files.read_hazards, ReadReport)), HAZARDS, TABLE_ERRORS, SECONDS
    ),
    "doors": Reader(
        on_file("a.csv", whole(place_files.read_doors, ReadReport)),
        b"street;house_number;postal_code;city;lat;lon;reason\nA;1;33100;P;51.7;8.7;seen\n",
        TABLE_ERRORS,
        SECONDS,
    ),
    "schools": Reader(
        on_file("a.csv", whole(schools.read_schools, ReadReport)), head(schools.COLUMNS), TABLE_ERRORS, SECONDS
    ),
    "schools of the ministry": Reader(
        on_file("a.csv", whole(schuldaten.read_schuldaten, ReadReport)), head(schuldaten.COLUMNS), TABLE_ERRORS, SECONDS
    ),
    "directory": Reader(
        on_file("a.csv", whole(read_directory, school_keys)), head(schools.COLUMNS), TABLE_ERRORS, SECONDS
    ),
    "authorities": Reader(on_file("a.csv", read_authorities), b"SchultraegerNr;Name\n1;A\n", TABLE_ERRORS, SECONDS),
    "network": Reader(
        on_file("a.network", files.load),
        files.MAGIC + b"000000000002 " + b"0" * 64 + b"\n{}",
        (NetworkUnusable,),
        SECONDS,
    ),
    "known vulnerabilities": Reader(
        lambda content: numbers(content, 1), b'{"results": [{"vulns": [{"id": "GHSA-1"}]}]}', (ValueError,), SECONDS
    ),
    "digest keys": Reader(lambda content: parse_keys(content.decode("ascii")), b"ab" * 32, (ValueError,), 500),
    "authority": Reader(
        on_file("a.yaml", authority_of), b"id: '1'\nname: A\n", (Problem, ValidationError), SECONDS, 20_000
    ),
    "terms of authorities": Reader(on_file("a.yaml", terms_of), b"authorities: {}\n", (ValueError,), SECONDS, 20_000),
    "tickets to make": Reader(SPEC.validate_json, b"[]", (ValidationError,), SECONDS),
    "cases of a command": Reader(
        on_file("a.csv", whole(simulating.from_path)), b"grade\n03\n", (Problem,), SECONDS, 20_000
    ),
    "cases of a command, as JSONL": Reader(
        on_file("a.jsonl", whole(simulating.from_path)), b"{}\n", (Problem,), SECONDS, 20_000
    ),
}
