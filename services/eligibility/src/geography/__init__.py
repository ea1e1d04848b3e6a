"""The way to school on the map. Import from here: light names at once, `load`, `build`, `measure` … when first used.

check_age(network, today, most_days)                     raises NetworkUnusable
load(path) -> Network                                   memory-mapped, hash checked; raises NetworkUnusable
build(extract, out, progress=None) -> header            reads .osm.pbf or .osm, writes the network file
measure(network, from_point, entrances, street=None) -> Measurement          raises NoWay, UnusablePoint
measure_many(network, from_point, {number: entrances}, street=None) -> {number: Measurement | NoWay | UnusablePoint}
nearest(network, from_point, {number: entrances}, street=None) -> (number, Measurement) | None
read_schools(path, report) / read_addresses(path, report) / entrances_from_osm(path, schools) -> generators
address_key(street, number, postal_code, city), lookup_keys(...) -> keys by which a stored address is found
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from shared.registers import RegisterUnusable

from geography.address_search.pick import pick_address
from geography.model import (
    FLAG_TEXTS,
    Address,
    Entrance,
    Leg,
    Measurement,
    NoWay,
    Point,
    ReadReport,
    Refusal,
    School,
    Snap,
    UnusablePoint,
    address_key,
    lookup_keys,
    split_house_number,
)

if TYPE_CHECKING:
    from geography.network.builder import build
    from geography.network.files import NetworkUnusable, check_age, load
    from geography.network.graph import Network
    from geography.network.osm_objects import ExtractUnusable
    from geography.registers.addresses import read_addresses
    from geography.registers.entrances import entrances_from_osm
    from geography.registers.schools import read_schools
    from geography.routing.measure import measure, measure_many, nearest

# numpy, scipy and osmium cost a third of a second: the commands that do not measure do not pay for it.
_HEAVY = {
    "read_addresses": "registers.addresses",
    "build": "network.builder",
    "entrances_from_osm": "registers.entrances",
    "NetworkUnusable": "network.files",
    "check_age": "network.files",
    "load": "network.files",
    "ExtractUnusable": "network.osm_objects",
    "read_schools": "registers.schools",
    "Network": "network.graph",
    "measure": "routing.measure",
    "measure_many": "routing.measure",
    "nearest": "routing.measure",
}


def __getattr__(name: str) -> Any:
    """Load a heavy name when it is first asked for (PEP 562)."""
    if name not in _HEAVY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HEAVY[name]}"), name)


__all__ = [
    "FLAG_TEXTS",
    "Address",
    "Entrance",
    "ExtractUnusable",
    "Leg",
    "Measurement",
    "Network",
    "NetworkUnusable",
    "NoWay",
    "Point",
    "ReadReport",
    "Refusal",
    "RegisterUnusable",
    "School",
    "Snap",
    "UnusablePoint",
    "address_key",
    "build",
    "check_age",
    "entrances_from_osm",
    "load",
    "lookup_keys",
    "measure",
    "measure_many",
    "nearest",
    "pick_address",
    "read_addresses",
    "read_schools",
    "split_house_number",
]
