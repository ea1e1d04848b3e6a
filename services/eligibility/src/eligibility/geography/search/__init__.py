"""The pure part of geography: what a way to school is and how it is measured. No file, no clock, no network.

The light names are here; `measure`, `measure_many` and `nearest` are in `.measure`, because they load numpy and scipy.
"""

from eligibility.geography.search.address_key import address_key, lookup_keys, split_house_number
from eligibility.geography.search.pick import pick_address
from eligibility.geography.search.records import Address, ReadReport, Refusal, School
from eligibility.geography.search.types import (
    FLAG_TEXTS,
    Entrance,
    Leg,
    Measurement,
    NoWay,
    Point,
    Snap,
    UnusablePoint,
)

__all__ = [
    "FLAG_TEXTS",
    "Address",
    "Entrance",
    "Leg",
    "Measurement",
    "NoWay",
    "Point",
    "ReadReport",
    "Refusal",
    "School",
    "Snap",
    "UnusablePoint",
    "address_key",
    "lookup_keys",
    "pick_address",
    "split_house_number",
]
