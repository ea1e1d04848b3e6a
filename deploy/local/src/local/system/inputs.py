"""What a system is set up from: a map and the school register."""

from dataclasses import dataclass
from pathlib import Path

from local.files import digest
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


def real(streets: Path, schools: Path) -> Inputs:
    """A real region; `Schultraeger.csv` is taken from beside the schools where it lies there."""
    for file in (streets, schools):
        if not file.is_file():
            raise FileNotFoundError(f"there is no file {file}")
    beside = schools.with_name("Schultraeger.csv")
    return Inputs(streets.resolve(), schools.resolve(), beside.resolve() if beside.is_file() else None)
