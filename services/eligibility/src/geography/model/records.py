"""Records that the readers hand over, and the report of what they refused."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from geography.model.types import Point

AddressOrigin = Literal["set_by_person", "entrance", "house_coordinate", "building", "node", "range", "interpolated"]


@dataclass(frozen=True)
class School:
    """One school of the state's register (SVWS layout)."""

    number: str
    """Six digits."""
    name: str
    short_name: str
    form: str
    """SVWS short key: G, GY, R, H, GE, SK, BK, S …"""
    form_number: str
    """The register's two digits, 02 … 88."""
    kind: str | None
    """GMS, RKB, EVB, JUB, WAS, ROB, MEB at primary schools and Hauptschulen; None elsewhere."""
    private: bool
    municipality: str
    """Eight-digit AGS."""
    authority_number: str
    """Number of the school authority in `Schultraeger.csv`."""
    postal_code: str
    city: str
    street: str
    """Street with house number, as the register writes it."""
    point: Point | None
    """One point per school, not an entrance. None where the register has no usable coordinates."""
    opening_key: str
    """1 open, 0 closes with this school year, 2 later, 3 opens at `opening_date`, 4 rests, 5 and 9 gone, 6 like 1."""
    opening_date: str
    """ISO date from which `opening_key` holds."""
    tracks: str
    """Schulgliederung; empty for nearly all."""

    @property
    def operating(self) -> bool:
        """Whether pupils can attend it now: open, or closing later. 3 (opens later) and 4 (rests) are not."""
        return self.opening_key in {"0", "1", "2", "6"}


@dataclass(frozen=True)
class Address:
    """One house number with its point."""

    key: str
    """`address_key` with the postal code, or "" where none is known."""
    city_key: str
    """`address_key` with the city, or "" where none is known."""
    street: str
    house_number: str
    postal_code: str
    city: str
    point: Point
    origin: AddressOrigin
    """`set_by_person`: a door set for this address; `entrance`: a marked door; `house_coordinate`: the state's;
    `building`: middle of the outline; `node`: a lone point; `range`: counted in a number such as `12-16` that is drawn
    there; `interpolated`: between two houses that are drawn, the place is an estimate."""
    source: str
    """`osm:node/123` and the like."""


@dataclass(frozen=True)
class Street:
    """One street of one town, as the addresses name it."""

    street: str
    city: str
    postal_codes: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """One record that a reader did not take, and why. Holds the place in the file, never a person."""

    place: str
    reason: str


@dataclass
class ReadReport:
    """What a reader saw. Filled while the generator runs; complete when it is exhausted."""

    taken: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[Refusal] = field(default_factory=list)
    """The first 50 refusals."""

    def refuse(self, place: str, reason: str) -> None:
        """Count a record that cannot be used.

        Args:
            place: where it stands; the first 50 are kept as examples.
        """
        self.refused += 1
        self.reasons[reason] += 1
        if len(self.examples) < 50:
            self.examples.append(Refusal(place, reason))
