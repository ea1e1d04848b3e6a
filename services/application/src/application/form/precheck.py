"""What a family tells before it applies: less than a form, nothing that names anybody, and nothing of it is kept."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field
from shared.birth_dates import PartlyKnownDate
from shared.calendar import SchoolYear

from application.form.circumstances import BIRTH_DATE, Course, Sibling
from application.form.model import Benefit, Readable
from application.form.parts import Address, Part
from application.form.types import BirthDay, Grade, SchoolNumber, SchoolYearText

NAMES_IN_CHECKS = {"address": "home", "birth_date": "born"}
NAMES_HERE = {"home": "address", "pupil.birth_date": "birth_date"}
"""How a field is called here that the checks call otherwise."""


class PrecheckAddress(Address):
    """Wo das Kind wohnt."""

    confirmed: bool = Field(
        default=False,
        description="Die Adresse stimmt so, auch wenn wir sie nicht finden und andere vorschlagen; dann misst eine "
        "Person den Weg.",
    )


class PrecheckForm(Part):
    """Angaben, nach denen ein Antrag voraussichtlich entschieden würde."""

    address: PrecheckAddress = Field(description="Wohnung des Kindes; dort beginnt der Schulweg.")
    school_number: SchoolNumber = Field(description="Sechsstellige Schulnummer, siehe GET /v1/schools.")
    school_year: SchoolYearText = Field(description="Schuljahr, zum Beispiel 2026/27.")
    grade: Grade = Field(description="Klasse nach SVWS-Schlüssel: 01 bis 13, EF, Q1, Q2.")
    track: Literal["GY8", "GY9"] | None = Field(
        default=None, description="Gymnasialer Bildungsgang: acht (GY8) oder neun (GY9) Jahre."
    )
    course: Course | None = Field(default=None, description="Nur am Berufskolleg.")
    birth_date: BirthDay | None = Field(
        default=None, description=f"{BIRTH_DATE} Nötig nur, wenn Geschwister genannt sind."
    )
    special_needs: bool | None = Field(
        default=None, description="Festgestellter Bedarf an sonderpädagogischer Unterstützung."
    )
    severely_disabled: bool | None = Field(default=None, description="Anerkannte Schwerbehinderung.")
    siblings: Annotated[tuple[Sibling, ...], Field(max_length=20)] = Field(
        default=(), description="Geschwister, die für den Eigenanteil zählen können."
    )
    benefits: Annotated[tuple[Benefit, ...], Field(max_length=5)] = Field(
        default=(), description="Leistungen, die die Familie bezieht."
    )


class PrecheckFacts(Readable):
    """Of such a form what the checks of an application look at, as far as it can be read."""

    born: BirthDay | None = None

    @property
    def birth_date(self) -> date | PartlyKnownDate | None:
        """The pupil's; None where it is not told or cannot be read."""
        return self.born

    def on_last_day(self) -> "PrecheckFacts":
        """As if the ticket were wanted for the school year's last day: no day is asked for here, and a school that
        opens within the year can be applied for, one that opens after it cannot."""
        year = self.school_year
        return self if year is None else self.model_copy(update={"wanted_from": SchoolYear.parse(year).last_day})


def facts_of(body: bytes, errors: Sequence[Mapping[str, Any]] = ()) -> PrecheckFacts:
    """The fields of a body that have no error of their own.

    Args:
        errors: pydantic's for this body.
    """
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return PrecheckFacts()
    if not isinstance(raw, dict):
        return PrecheckFacts()
    wrong = {str(each["loc"][0]) for each in errors if each["loc"]}
    left = {NAMES_IN_CHECKS.get(name, name): value for name, value in raw.items() if name not in wrong}
    if isinstance(left.get("home"), dict):
        left["home"] = {name: value for name, value in left["home"].items() if name != "confirmed"}
    known = {name: value for name, value in left.items() if name in PrecheckFacts.model_fields}
    try:
        return PrecheckFacts.model_validate_json(json.dumps(known))
    except ValueError:
        return PrecheckFacts()
