"""What a place, a school and a measured walk are. No file, no clock, no network; and neither numpy nor scipy."""

from geography.model.address_key import address_key, lookup_keys, split_house_number
from geography.model.records import Address, ReadReport, Refusal, School
from geography.model.types import FLAG_TEXTS, Entrance, Leg, Measurement, NoWay, Point, Snap, UnusablePoint

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
    "split_house_number",
]
