"""What the form's parts have in common, and the address. Strict: a wrong type or an unknown field is an error."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from application.form.types import Flat, HouseNumber, Place, PostalCode


class Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def later(description: str) -> Any:
    """A field that came after families had applied without it. Where nothing is said it is left out of what is kept:
    so a form of before reads, and its fingerprint is, as it was."""
    return Field(default=None, exclude_if=lambda value: value is None, description=description)


def later_claim(description: str) -> Any:
    """The same for a claim: what is missing is not claimed."""
    return Field(default=False, exclude_if=lambda value: value is False, description=description)


class Address(Part):
    """Eine Adresse in Deutschland."""

    street: Place = Field(description="Straße, ohne Hausnummer.")
    house_number: HouseNumber = Field(description="Hausnummer mit Zusatz: 5, 12a, 7-9, 3 1/2.")
    postal_code: PostalCode = Field(description="Postleitzahl, fünf Ziffern.")
    city: Place = Field(description="Ort.")
    flat: Flat | None = later("Wohnung, Etage oder Zusatz, zum Beispiel Wohnung 12; gemessen wird davon nichts.")
