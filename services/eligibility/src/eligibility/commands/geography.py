"""`eligibility network build`, `eligibility distance`, `eligibility import schools | addresses`.

add_to(app)                        network and distance: they need no database
app.add_typer(import_commands(open_importer), name="import")
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Protocol

import typer

if TYPE_CHECKING:
    from geography import Address, Measurement, ReadReport, School
    from geography.model.hazard_list import Hazard

UNUSABLE, NO_WAY = 2, 3
"""Exit codes: input that cannot be used; usable points without a way between them."""

network = typer.Typer(no_args_is_help=True, help="The walking network.")


def add_to(app: typer.Typer) -> None:
    """Add the commands that work on files alone."""
    app.add_typer(network, name="network")
    app.command()(distance)


@network.command()
def build(
    region: Annotated[Path, typer.Argument(help="OpenStreetMap extract: REGION.osm.pbf or .osm")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The network file to write.")],
    quiet: Annotated[bool, typer.Option("--quiet", help="Print no progress.")] = False,
) -> None:
    """Build the walking network from an OpenStreetMap extract."""
    from geography import ExtractUnusable
    from geography import build as build_network

    try:
        header = build_network(region, output, lambda step: None if quiet else typer.echo(f"  {step} …", err=True))
    except ExtractUnusable as error:
        unusable("unusable_extract", str(error))
    except OSError as error:
        if error.filename == str(region):
            unusable("unusable_extract", f"{region} cannot be read by this user: {error.strerror}.")
        unusable("cannot_write", f"{output} cannot be written: {error.strerror}.")
    typer.echo(f"{output}: {header['nodes']} nodes, {header['edges']} edges, {header['metres'] / 1000:.0f} km")
    typer.echo(
        f"rules {header['rules']}, graph {header['graph']['sha256'][:16]}, data of {header['date'] or 'unknown date'}"
    )
    west, south, east, north = header["bounds"]
    typer.echo(f"covers {south:.4f},{west:.4f} to {north:.4f},{east:.4f}: points outside are refused")
    typer.echo(header["attribution"])


def distance(  # noqa: PLR0917 (options, not arguments)
    network: Annotated[Path, typer.Option("--network", help="As written by `network build`.")],
    from_: Annotated[str, typer.Option("--from", metavar="LAT,LON", help="The front door.")],
    to: Annotated[
        list[str], typer.Option("--to", metavar="LAT,LON", help="The entrance; several: the nearest counts.")
    ],
    street: Annotated[
        str | None, typer.Option(help="Street of the address: decides where the door meets the network.")
    ] = None,
    hazards: Annotated[
        Path | None, typer.Option(help="GeoJSON as `import hazards` reads it: measure without them too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """The shortest walk, unrounded. Exits with 3 where there is no way, 2 for unusable input."""
    from geography import Entrance, NetworkUnusable, NoWay, UnusablePoint, load, measure
    from geography.routing.hazards import avoid_hazards, compile_hazards

    home, entrances = _point(from_), [Entrance(_point(text)) for text in to]
    listed = _listed(hazards) if hazards else []
    try:
        graph = load(network)
        result = measure(graph, home, entrances, street)
        if listed:
            result = avoid_hazards(
                graph, result, home, entrances, street=street, hazards=compile_hazards(graph, listed)
            )
    except NetworkUnusable as error:
        unusable("unusable_network", str(error))
    except UnusablePoint as error:
        unusable(error.reason, error.text.en)
    except NoWay as error:
        typer.echo(json.dumps({"error": "no_way", "reason": error.reason, "text": error.text.en}, ensure_ascii=False))
        raise typer.Exit(NO_WAY) from None
    typer.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2) if as_json else _readable(result))


def _listed(file: Path) -> "list[Hazard]":
    """All hazards of a file, numbered as they stand in it; exits where one of them cannot be used."""
    from dataclasses import replace

    from geography import ReadReport, RegisterUnusable
    from geography.registers.place_files import read_hazards

    report = ReadReport()
    try:
        found = [replace(each, id=str(number)) for number, each in enumerate(read_hazards(file, report), 1)]
    except RegisterUnusable as error:
        unusable("unusable_file", str(error))
    for refusal in report.examples[:1]:
        unusable("unusable_hazard", f"{file.name}, {refusal.place}: {refusal.reason}")
    return found


def _point(text: str) -> Any:
    from geography import Point

    parts = text.split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        unusable("not_a_point", f"{text!r} is not a point. Give degrees as LAT,LON with decimal points: 51.7189,8.7575")
    return Point(lat, lon)


def unusable(error: str, reason: str) -> NoReturn:
    """Say so in JSON on the error channel, and exit with 2."""
    typer.echo(json.dumps({"error": error, "reason": reason}, ensure_ascii=False), err=True)
    raise typer.Exit(UNUSABLE)


def _readable(result: "Measurement") -> str:
    from geography import FLAG_TEXTS

    strict = "no way" if result.strict_m is None else f"{result.strict_m:.1f} m"
    lines = [
        f"{result.metres:.3f} m, of which {result.connector_from_m:.1f} m from the door and "
        f"{result.connector_to_m:.1f} m to the entrance",
        f"between {result.lenient_m:.1f} m (lenient reading) and {strict} (strict reading)",
        *_without_hazards(result),
        *(f"  {leg.metres:8.1f} m  {leg.street or '(no name)'}" for leg in result.legs),
        *(f"! {FLAG_TEXTS[flag].en}" for flag in result.flags),
        str(result.network["attribution"]),
    ]
    return "\n".join(lines)


def _without_hazards(result: "Measurement") -> list[str]:
    safe = result.without_hazards
    if safe is None:
        return []
    if not safe.met:
        return ["meets none of the hazards"]
    told = "no way" if safe.metres is None else f"{safe.metres:.3f} m"
    return [f"without the hazards {told}; it meets: " + "; ".join(str(each["reason"]) for each in safe.met)]


class Importer(Protocol):
    """Where imported records go: all of one file, in place of what the same source gave before."""

    def replace_schools(self, schools: "Iterator[School]", *, even_most: bool) -> Any:
        """Replace the register of schools.

        Args:
            even_most: also where most of what is there would go.
        """

    def replace_addresses(self, addresses: "Iterator[Address]", source: str, *, even_most: bool) -> Any:
        """Replace the addresses of this source.

        Args:
            even_most: also where most of what is there would go.
        """

    def record(self, kind: str, file: str, report: "ReadReport", difference: Any) -> None:
        """Keep what was imported from which file, what was refused, and what it changed."""


Replace = Annotated[
    bool, typer.Option("--replace", help="Also where the file lacks more than half of what was imported before.")
]
OpenImporter = Callable[[], AbstractContextManager[Importer]]


def import_commands(open_importer: OpenImporter) -> typer.Typer:
    """`import schools FILE` and `import addresses FILE`. `open_importer` opens the service's store and closes it."""
    app = typer.Typer(no_args_is_help=True, help="Schools, addresses, entrances, front doors and hazards from files.")

    _add_schools(app, open_importer)
    _add_addresses(app, open_importer)
    return app


def _add_schools(app: typer.Typer, open_importer: OpenImporter) -> None:
    @app.command()
    def schools(
        file: Annotated[Path, typer.Argument(help="Schulen.csv (SVWS) or the ministry's schuldaten.csv")],
        replace: Replace = False,
    ) -> None:
        """Import a school register: the state's school software's, or the ministry's. Schulen.csv tells more."""
        from geography import read_schools
        from geography.registers.schuldaten import read_schuldaten

        ministry = _first_line(file).startswith(("sep=", "Schulnummer;"))
        read, kind = (read_schuldaten, "schools:schuldaten") if ministry else (read_schools, "schools:svws")
        _import(
            open_importer,
            kind,
            file,
            lambda importer, report: importer.replace_schools(read(file, report), even_most=replace),
        )


def _add_addresses(app: typer.Typer, open_importer: OpenImporter) -> None:
    @app.command()
    def addresses(
        file: Annotated[Path, typer.Argument(help="gebref.txt or its ZIP; or an OpenStreetMap extract")],
        names: Annotated[
            Path | None, typer.Option("--names", help="gebref_schluessel.txt, which the layout before 2023 needs.")
        ] = None,
        replace: Replace = False,
    ) -> None:
        """Import addresses: the state's house coordinates, or those of an OpenStreetMap extract."""
        from geography import read_addresses
        from geography.registers.gebref import read_gebref

        def read(report: "ReadReport") -> "Iterator[Address]":
            found = read_gebref(file, report, names) if source == "gebref" else read_addresses(file, report)
            return _counted(found)

        source = "gebref" if file.suffix.lower() in {".txt", ".zip", ".csv"} else "osm"
        kind = f"addresses:{source}"
        _import(
            open_importer, kind, file,
            lambda importer, report: importer.replace_addresses(read(report), source, even_most=replace),
        )  # fmt: skip


def _first_line(file: Path) -> str:
    if not file.is_file():
        return ""
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        return opened.readline(2000)


def _import(open_importer: OpenImporter, kind: str, file: Path, take: "Callable[[Importer, ReadReport], Any]") -> None:
    """Run one import, record it, and print what came in, what was refused and what differs."""
    from geography import ExtractUnusable, ReadReport, RegisterUnusable

    from eligibility.store.places.importer import ImportLosesTooMuch

    report = ReadReport()
    try:
        with open_importer() as importer:
            difference = take(importer, report)
            importer.record(kind, file.name, report, difference)
    except RegisterUnusable as error:
        unusable("unusable_register", str(error))
    except ExtractUnusable as error:
        unusable("unusable_extract", str(error))
    except ImportLosesTooMuch as error:
        unusable(
            "most_gone",
            f"{file.name} lacks {error.gone} of the {error.before} imported before: is it the right file? Nothing was "
            "taken away. If it is right, import it with --replace; if not, import the right one again.",
        )
    print_report(kind.split(":", maxsplit=1)[0], report, difference)


def _counted(addresses: "Iterator[Address]") -> "Iterator[Address]":
    """Says on the error channel how far it has come."""
    for number, address in enumerate(addresses, 1):
        if number % 250_000 == 0:
            typer.echo(f"  {number} addresses …", err=True)
        yield address


def print_report(what: str, report: "ReadReport", difference: Any = None, refused: str = "records refused") -> None:
    """What came in, what did not and why, and what differs from the last import."""
    typer.echo(f"{report.taken} {what} taken, {report.refused} {refused}")
    for reason, count in report.reasons.most_common():
        typer.echo(f"  {count:6} {reason}")
    for refusal in report.examples[:10]:
        typer.echo(f"         {refusal.place}: {refusal.reason}")
    if report.refused > len(report.examples[:10]) > 0:
        typer.echo(f"         and {report.refused - len(report.examples[:10])} more")
    if difference is not None:
        typer.echo(
            f"  since the last import: {difference.added} added, {difference.changed} changed, {difference.gone} gone"
        )
