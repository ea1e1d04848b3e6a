"""What the form's parts have in common, and the address. Strict: a wrong type or an unknown field is an error."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from application.form.types import Flat, HouseNumber, Place, PostalCode

SHORTEST_STREET = len("Straße")
"""Letters: of Straße 46 the number is the name."""


class Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def later_form_field(description: str) -> Any:
    """A field that came after families had applied without it. Where nothing is said it is left out of what is kept:
    so a form of before reads, and its fingerprint is, as it was."""
    return Field(default=None, exclude_if=lambda value: value is None, description=description)


def later_form_claim(description: str) -> Any:
    """The same for a claim: what is missing is not claimed."""
    return Field(default=False, exclude_if=lambda value: value is False, description=description)


class Address(Part):
    """Eine Adresse in Deutschland."""

    street: Place = Field(description="Straße, ohne Hausnummer.")
    house_number: HouseNumber = Field(description="Hausnummer mit Zusatz: 5, 12a, 7-9, 3 1/2.")
    postal_code: PostalCode = Field(description="Postleitzahl, fünf Ziffern.")
    city: Place = Field(description="Ort.")
    flat: Flat | None = later_form_field(
        "Wohnung, Etage oder Zusatz, zum Beispiel Wohnung 12; gemessen wird davon nichts."
    )

    @model_validator(mode="before")
    @classmethod
    def _number_once(cls, given: Any) -> Any:
        """Many forms have one field for both: the number stands behind the street too, and is the same."""
        if not isinstance(given, dict):
            return given
        street, number = given.get("street"), given.get("house_number")
        if not isinstance(street, str) or not isinstance(number, str) or not number.strip():
            return given
        name, found, rest = street.rstrip().lower().rpartition(number.strip().lower())
        is_name = sum(map(str.isalpha, name)) > SHORTEST_STREET and name[-1:].isspace()
        return given | {"street": street[: len(name)].rstrip()} if found and not rest and is_name else given
