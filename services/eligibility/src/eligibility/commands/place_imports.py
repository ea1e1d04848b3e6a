"""`eligibility import hazards | doors | entrances`: an authority's own lists, and OpenStreetMap's entrances."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from geography import ReadReport, School

    from eligibility.store.places.importer import Difference

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Authority = Annotated[str, typer.Option("--authority", help="Number of the school authority whose they are.")]


def add_to(app: typer.Typer) -> None:
    """Add `hazards`, `doors` and `entrances`: the imports of an authority's own files."""
    app.command()(hazards)
    app.command()(doors)
    app.command()(entrances)


def hazards(file: File, authority: Authority) -> None:
    """Import an authority's hazards from GeoJSON, in place of those imported before; those drawn by persons stay.

    LineString: a stretch of road; Polygon: an area. Properties: reason, decided_on (2026-03-01), and where they hold
    levels (primary, secondary_1, secondary_2), season (11-01/02-28), ways (ids in OpenStreetMap).
    """
    from geography.registers.place_files import read_hazards

    from eligibility.store.places.imports import replace_hazards

    def take(report: "ReadReport", now: "datetime") -> Any:
        found = list(read_hazards(file, report))
        return partial(replace_hazards, authority, found, now, report)

    _import("hazards", file, authority, take)


def doors(file: File, authority: Authority) -> None:
    """Import an authority's front doors from a table, in place of those imported before; those set by persons stay.

    Columns, with semicolons: street;house_number;postal_code;city;lat;lon;reason, or strasse;hausnummer;plz;ort with
    breite;laenge or ost;nord (EPSG:25832) and grund.
    """
    from geography.registers.place_files import read_doors

    from eligibility.store.places.imports import replace_doors

    def take(report: "ReadReport", now: "datetime") -> Any:
        found = list(read_doors(file, report))
        return lambda store: replace_doors(authority, found, now=now, report=report, store=store)

    _import("doors", file, authority, take)


def _import(
    kind: str, file: Path, authority: str, take: "Callable[[ReadReport, datetime], Callable[[Any], Difference]]"
) -> None:
    """Read all of it first: a file of which nothing can be used changes nothing."""
    from datetime import UTC, datetime

    from geography import ReadReport, RegisterUnusable

    from eligibility.commands.geography import print_report, unusable
    from eligibility.store.places.importer import PlaceImporter

    report = ReadReport()
    with _database() as opened:
        if opened.read_now(lambda store: store.authority(authority)) is None:
            unusable(
                "unknown_authority", f"There is no authority {authority}. Set it up: eligibility authority set FILE"
            )
        try:
            step = take(report, datetime.now(UTC))
        except RegisterUnusable as error:
            unusable("unusable_file", str(error))
        if report.taken == 0:
            print_report(kind, report)
            unusable("nothing_usable", f"{file.name} holds nothing that can be used: nothing was changed.")
        difference = opened.write_now(step)
        PlaceImporter(opened).record(kind, f"{authority}/{file.name}", report, difference)
    print_report(kind, report, difference)


def entrances(file: File) -> None:
    """Import entrances of school grounds from an OpenStreetMap extract, for schools imported before: a seed only.

    Where the authority has drawn a school's entrances, hers stay.
    """
    from geography import ExtractUnusable, ReadReport, entrances_from_osm
    from geography.network.osm_objects import declared_box

    from eligibility.commands.geography import print_report, unusable
    from eligibility.store.places.importer import PlaceImporter

    with _database() as opened:
        importer, report = PlaceImporter(opened), ReadReport()
        schools = importer.schools()
        if not schools:
            unusable("no_schools", "No school was imported yet: eligibility import schools Schulen.csv")
        try:
            found = list(entrances_from_osm(file, schools))
        except ExtractUnusable as error:
            unusable("unusable_extract", str(error))
        difference, report.taken = importer.replace_entrances(found, "openstreetmap"), len(found)
        _name_those_without(schools, {number for number, _ in found}, declared_box(file), report)
        importer.record("entrances", file.name, report, difference)
    print_report("entrances", report, difference, "schools without")


def _name_those_without(
    schools: "list[School]", known: set[str], box: tuple[float, float, float, float] | None, report: "ReadReport"
) -> None:
    """Operating schools that stay without an entrance; those outside the extract are only counted."""
    for school in schools:
        if not school.operating or school.number in known:
            continue
        if school.point is None:
            report.refuse(
                f"school {school.number}", "no coordinates: no way is measured until a person draws an entrance"
            )
        elif box and not (box[0] <= school.point.lon <= box[2] and box[1] <= school.point.lat <= box[3]):
            report.refused += 1
            report.reasons["outside the extract"] += 1
        else:
            report.refuse(f"school {school.number}", "no entrance in the extract: measured to its point")


@contextmanager
def _database() -> "Iterator[Any]":
    from eligibility.commands.settings import database

    opened = database()
    try:
        yield opened
    finally:
        opened.close()
