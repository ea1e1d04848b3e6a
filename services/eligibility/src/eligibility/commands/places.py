"""`eligibility address`, `eligibility bulk`, `eligibility hazards`, `eligibility map`: what stands in the database, and
what is measured from it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geography import Entrance, School
    from geography.model.hazard_list import Hazard
    from geography.routing.bulk import SchoolWays

    from eligibility.store import Store

NEAR_DEGREES = 0.002
"""Some 200 m round a way: hazards there are shown."""
HOMES_HEAD = ("home", "source", "street", "house_number", "postal_code", "city")


def add_to(app: typer.Typer) -> None:
    """Add `address`, `bulk`, `hazards` and `map`."""
    app.command()(address)
    app.command()(bulk)
    app.command()(hazards)
    app.command("map")(map_)


def address(
    text: Annotated[str, typer.Argument(help='As typed: "Kirchstr 5a pb"')],
    limit: Annotated[int, typer.Option(min=1, max=20)] = 8,
) -> None:
    """Find an address. Prints JSON; exits with 3 where a person must be asked which one is meant."""
    from eligibility.commands.settings import database
    from eligibility.store.places.address_search import StoredAddresses

    opened = database()
    try:
        found = StoredAddresses(opened).find_now(text, limit)
    finally:
        opened.close()
    typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    if found.question is not None:
        raise typer.Exit(3)


def bulk(
    form: Annotated[str, typer.Argument(help="School form: G, GY, R, H, GE, SK, BK, S …")],
    network: Annotated[Path, typer.Option("--network", help="As written by `network build`.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="OUT.npy; OUT.homes.csv and OUT.schools.csv beside.")],
    limit_m: Annotated[float, typer.Option("--limit-m", min=1, help="Ways longer than this are left out.")] = 6000.0,
    authority: Annotated[str | None, typer.Option(help="Walk without this authority's hazards.")] = None,
) -> None:
    """All addresses against all operating schools of a form, to the millimetre of the single decision."""
    from geography import NetworkUnusable, load
    from geography.routing.bulk import ways_to_schools
    from geography.routing.hazards import compile_hazards
    from geography.routing.homes import place_homes

    from eligibility.commands.settings import database

    opened = database()
    try:
        graph = load(network)
        lat, lon, streets = _homes(opened, output.with_suffix(".homes.csv"))
        schools, entrances = _schools(opened, form)
        listed = _hazards_of(opened, authority) if authority else ()
    except NetworkUnusable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    finally:
        opened.close()
    homes = place_homes(graph, lat, lon, streets)
    _report_homes(len(homes.number), len(lat), len(schools))
    blocked = compile_hazards(graph, listed).blocked if listed else None
    count, without = _write_pairs(output, ways_to_schools(graph, homes, entrances, limit_m, blocked))
    _write_schools(output.with_suffix(".schools.csv"), schools, without)
    typer.echo(f"{output}: {count} pairs within {limit_m:g} m; graph {graph.header['graph']['sha256'][:16]}")
    typer.echo(graph.attribution)


def _report_homes(placed: int, homes: int, schools: int) -> None:
    """How many of the homes are on the network. Exits where none is."""
    if not placed:
        typer.echo(f"None of {homes} homes lies on the network: build it from the extract of this region.", err=True)
        raise typer.Exit(2)
    typer.echo(f"{placed} of {homes} homes on the network, {schools} schools", err=True)
    if 2 * placed < homes:
        typer.echo("Most homes lie outside the network: is it that of another region?", err=True)


def _write_pairs(output: Path, routes_of_schools: "Iterator[SchoolWays]") -> tuple[int, list[str]]:
    """How many pairs were written; and for each school why it has none, empty where it was measured."""
    from geography.routing.pair_files import pair_file

    without: list[str] = []
    with pair_file(output) as pairs:
        for number, routes in enumerate(routes_of_schools):
            pairs.add(number, routes)
            without.append(routes.without.text.en if routes.without is not None else "")
            if (number + 1) % 100 == 0:
                typer.echo(f"  {number + 1} schools, {pairs.count} pairs …", err=True)
    return pairs.count, without


def _write_schools(table: Path, schools: "Sequence[School]", without: "Sequence[str]") -> None:
    """The table of the schools, by their place in the pairs; says how many were measured."""
    from geography.routing.pair_files import write_rows

    rows = [
        (place, each.number, each.name, why) for place, (each, why) in enumerate(zip(schools, without, strict=True))
    ]
    write_rows(table, ("school", "number", "name", "without"), rows)
    asked = sum(not why for why in without)
    typer.echo(f"{asked} schools on the network, {len(without) - asked} without: see {table.name}", err=True)


def _homes(opened: Any, table: Path) -> tuple[Any, Any, list[str]]:
    """Places and streets of all addresses; the addresses themselves go into the table."""
    from array import array

    import numpy as np
    from geography.routing.pair_files import write_rows

    lat, lon, streets, names = array("d"), array("d"), list[str](), dict[str, str]()

    def rows(store: "Store") -> Any:
        for number, row in enumerate(store.all_addresses()):
            lat.append(row["lat"])
            lon.append(row["lon"])
            streets.append(names.setdefault(row["street"], row["street"]))
            yield (number, *(row[name] for name in HOMES_HEAD[1:]))

    opened.read_now(lambda store: write_rows(table, HOMES_HEAD, rows(store)))
    return np.frombuffer(lat), np.frombuffer(lon), streets


def _schools(opened: Any, form: str) -> "tuple[list[School], dict[str, Any]]":
    def query(store: "Store") -> "tuple[list[School], dict[str, list[Entrance]]]":
        found = [each for each in store.schools() if each.form == form and each.operating]
        known: dict[str, Any] = dict(store.entrances(found)) if found else {}
        return found, {each.number: known.get(each.number, []) for each in found}

    schools, entrances = opened.read_now(query)
    if not schools:
        typer.echo(f"No operating school of the form {form} was imported.", err=True)
        raise typer.Exit(2)
    return schools, entrances


def hazards(authority: Annotated[str, typer.Argument(help="Number of the authority")]) -> None:
    """The hazards of an authority that are in force, as GeoJSON."""
    from geography.drawing.maps import hazard_feature

    from eligibility.commands.settings import database

    opened = database()
    try:
        found = _hazards_of(opened, authority)
    finally:
        opened.close()
    features = [hazard_feature(each) for each in found]
    typer.echo(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=2))


def map_(
    measurement: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="As `distance --json` prints it.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="FILE.geojson or FILE.svg")],
    authority: Annotated[str | None, typer.Option(help="Show this authority's hazards around the way too.")] = None,
    english: Annotated[bool, typer.Option("--english", help="English words in the picture.")] = False,
) -> None:
    """Draw a measured way: line, streets, ends, both readings and, where measured, the way without hazards."""
    from geography.drawing.maps import collection
    from geography.drawing.picture import svg

    if output.suffix not in {".svg", ".geojson", ".json"}:
        typer.echo(f"{output.name} is neither .svg nor .geojson: name the output so that it says what it is.", err=True)
        raise typer.Exit(2)
    try:
        content = json.loads(measurement.read_text(encoding="utf-8"))
        near = _hazards_near(authority, content["geometry"]["coordinates"]) if authority else []
        is_picture = output.suffix == ".svg"
        text = (
            svg(content, near, language="en" if english else "de") if is_picture else _json(collection(content, near))
        )
    except (ValueError, KeyError, TypeError):
        typer.echo(
            f"{measurement.name} is no measurement. Give a file as `eligibility distance --json` prints it.", err=True
        )
        raise typer.Exit(2) from None
    if text is None:
        typer.echo(f"{measurement.name}: door and entrance are the same place, there is nothing to draw.", err=True)
        raise typer.Exit(2)
    output.write_text(text, encoding="utf-8")
    typer.echo(f"{output}: {content['network']['attribution']}")


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def _hazards_of(opened: Any, authority: str) -> "tuple[Hazard, ...]":
    """The hazards in force; says on standard error where there are none: the number may be a wrong one."""
    found: tuple[Hazard, ...] = tuple(opened.read_now(lambda store: store.hazards(authority)))
    if not found:
        typer.echo(f"No hazards of authority {authority} are in force. Is the number right?", err=True)
    return found


def _hazards_near(authority: str, line: list[list[float]]) -> "list[Hazard]":
    """Those of the authority that a box round the way touches."""
    from eligibility.commands.settings import database

    opened = database()
    try:
        found = _hazards_of(opened, authority)
    finally:
        opened.close()
    sides = [(min(axis) - NEAR_DEGREES, max(axis) + NEAR_DEGREES) for axis in zip(*line, strict=True)]
    return [
        each
        for each in found
        if all(
            low <= max(axis) and min(axis) <= high
            for (low, high), axis in zip(sides, zip(*each.line, strict=True), strict=True)
        )
    ]
