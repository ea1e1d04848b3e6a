"""What an authority issues, by its transport contract. Pure."""

from dataclasses import dataclass, field

TEST_RANGE = 0x8000
"""Organisation ids of tests are the production id plus this (docs/sources/vdv.md, 7)."""


@dataclass(frozen=True)
class Area:
    """Where a ticket is valid, as VDV-KA numbers it. Organisation 5000: 1 is Germany, 11 North Rhine-Westphalia."""

    organisation_id: int = 5000
    number: int = 1
    more: tuple[int, ...] = ()
    """Further areas of the same list."""


@dataclass(frozen=True)
class Kinds:
    """Codes of VDV-KA that an authority may set (barcode/vdv/codes.py); 0 says nothing, as most issuers do."""

    service_class: int = 0
    payment: int = 0
    transport: int = 0


@dataclass(frozen=True)
class Terms:
    """What an authority issues: its operator, product and area. Organisation ids as they stand in the ticket."""

    organisation_id: int
    """Customer contract partner (KVP)."""
    product: int = 9995
    product_owner_id: int = 3000 + TEST_RANGE
    """PV; 3000 is the owner of the Deutschlandticket."""
    passenger_type: int = 19
    """19 is pupil (Schüler)."""
    area: Area = field(default_factory=Area)
    qr_anonymous: bool = False
    """The QR code without name and birth date: the inspector takes them from the pass or an identity card."""
    kinds: Kinds = field(default_factory=Kinds)
    name_as_initials: bool = False
    """The VDV code with first and last letters of the name only (`K3e@D4n`)."""
