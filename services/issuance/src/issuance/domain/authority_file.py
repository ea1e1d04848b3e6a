"""authority.yaml: operator, product and area of an authority, as its transport contract says."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter
from shared.events import AuthorityId

from issuance.domain.terms import TEST_RANGE, Area, Kinds, Terms

OrganisationId = Annotated[int, Field(ge=0, lt=1 << 16)]


class AreaEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    organisation_id: OrganisationId = 5000
    number: int = Field(default=1, ge=0, lt=1 << 24)
    more: list[Annotated[int, Field(ge=0, lt=1 << 24)]] = Field(default=[], max_length=8)
    """Further areas of the same list; then the QR code names none."""


class Entry(BaseModel):
    """Organisation ids as they stand in the ticket: in tests the production id plus 32768.

    What is not named is the demo's: an organisation of the test range, with which no real key signs.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    authority_id: AuthorityId = Field(validation_alias=AliasChoices("authority_id", "id"))
    name: str = ""
    """For the reader of the file."""
    organisation_id: OrganisationId = 70 + TEST_RANGE
    product: int = Field(default=9995, ge=0, lt=1 << 16)
    product_owner_id: OrganisationId = 3000 + TEST_RANGE
    passenger_type: int = Field(default=19, ge=0, lt=256)
    area: AreaEntry = AreaEntry()
    qr: Literal["name", "anonymous"] = "name"
    """anonymous: the QR code bears neither name nor birth date, and is smaller."""
    name_in_vdv: Literal["plain", "initials"] = "plain"
    """initials: the VDV code has first and last letter of each part of the name only."""
    service_class: Literal[0, 1, 2, 3] = 0
    """0 not given, 1 first, 2 second, 3 first-class supplement."""
    payment: Annotated[int, Field(ge=0, lt=256)] = 0
    transport: Annotated[int, Field(ge=0, lt=256)] = 0
    """Both: barcode/vdv/codes.py; 0 says nothing."""


_ENTRIES = TypeAdapter(Annotated[list[Entry], Field(min_length=1)])


def parse(content: Any) -> list[tuple[str, Terms]]:
    """One entry or a list, as YAML gave it. Raises pydantic.ValidationError."""
    entries = _ENTRIES.validate_python(content if isinstance(content, list) else [content])
    return [(entry.authority_id, _terms(entry)) for entry in entries]


def _terms(entry: Entry) -> Terms:
    area = Area(entry.area.organisation_id, entry.area.number, tuple(entry.area.more))
    kinds = Kinds(entry.service_class, entry.payment, entry.transport)
    return Terms(
        entry.organisation_id,
        entry.product,
        entry.product_owner_id,
        entry.passenger_type,
        area,
        entry.qr == "anonymous",
        kinds,
        entry.name_in_vdv == "initials",
    )
