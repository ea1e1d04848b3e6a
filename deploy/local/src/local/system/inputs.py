"""What a system is set up from: a map and the school register."""

from dataclasses import dataclass
from pathlib import Path

from local.files import digest
from local.system.schuldaten import convert, is_schuldaten
from local.town import draw_town

TOWN_SEED = 1
"""The town of `make demo` is always the same; `--seed` picks the families, not the town."""


@dataclass(frozen=True)
class Inputs:
    """Files in the formats that an authority downloads. `authorities` is optional in the real world."""

    streets: Path
    schools: Path
    authorities: Path | None = None

    @property
    def name(self) -> str:
        """A name for the contents, so that another region gets databases of its own."""
        return digest(self.streets, self.schools)


def town(folder: Path) -> Inputs:
    """Eschenborn, drawn into `folder`."""
    files = draw_town(folder, TOWN_SEED)
    return Inputs(files.streets, files.schools, files.authorities)


class WrongFile(Exception):
    """A file that is not what it was given for. The message says which one is wanted."""


def real(streets: Path, schools: Path, folder: Path) -> Inputs:
    """A real region; `Schultraeger.csv` is taken from beside the schools where it lies there. What has to be rewritten
    goes into `folder`.

    Raises:
        WrongFile.
    """
    for name, file in (("OSM", streets), ("SCHOOLS", schools)):
        if not file.is_file():
            what = "is a folder: name the file in it" if file.is_dir() else "is not there"
            raise WrongFile(f"{name}: {file} {what}.")
        if file.stat().st_size == 0:
            raise WrongFile(f"{name}: {file} is empty.")
    _check_map(streets)
    if is_schuldaten(schools):
        folder.mkdir(parents=True, exist_ok=True)
        return Inputs(streets.resolve(), convert(schools, folder / "Schulen.csv"))
    beside = schools.with_name("Schultraeger.csv")
    return Inputs(streets.resolve(), schools.resolve(), beside.resolve() if beside.is_file() else None)


def _check_map(streets: Path) -> None:
    """osmium tells the format by the name; what people give by mistake is told by its first bytes."""
    wanted = "Give an OpenStreetMap extract: NAME.osm.pbf (Geofabrik), or NAME.osm."
    with streets.open("rb") as file:
        head = file.read(64)
    is_pbf, is_xml = head[4:15] == b"\x0a\x09OSMHeader", b"<" in head[:4]
    if streets.name.endswith((".osm.pbf", ".pbf")) and not is_pbf:
        raise WrongFile(f"OSM: {streets} is no OpenStreetMap extract in spite of its name. {wanted}")
    if streets.name.endswith(".osm") and not is_xml:
        raise WrongFile(f"OSM: {streets} is no OpenStreetMap extract in spite of its name. {wanted}")
    if not streets.name.endswith((".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz", ".osm.xml")):
        raise WrongFile(f"OSM: {streets} is no OpenStreetMap extract by its name. {wanted}")
