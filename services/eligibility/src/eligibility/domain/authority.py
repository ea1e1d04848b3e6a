"""A school authority, and what it settles for its notices and decisions. Pure."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from shared.errors import Text
from shared.events import AuthorityId
from shared.http.problems import bilingual

Release = Literal["nothing", "refusals", "everything"]
"""What a person must release before it goes out."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Court(_Part):
    """The administrative court before which a notice is challenged (NRW: § 110 JustG, no objection procedure)."""

    name: Line
    address: Line


class Contact(_Part):
    """Who answers questions about a notice."""

    office: Line
    person: Line | None = None
    phone: Line | None = None
    email: Line | None = None


class Authority(_Part):
    """A school authority: the tenant, and what its notices show."""

    id: AuthorityId
    """Its number in the state's register (SchultraegerNr)."""
    name: Line
    letterhead: Annotated[tuple[Line, ...], Field(min_length=1, max_length=6)]
    """Name, office and postal address as printed at the head, one line each."""
    place: Line
    """Where its notices are dated."""
    contact: Contact
    court: Court | None = None
    """Needed where `decides_by` is an administrative act."""
    decides_by: Literal["administrative_act", "letter"] = "administrative_act"
    """letter: a private body that bears an Ersatzschule (§ 17 SchfkVO). Whether its decision is an administrative act
    is unsure, so its letters claim to be none: no remedies of the administrative courts, no §§ 36, 37 VwVfG NRW."""
    data_protection_url: Line
    rules: Line = "nrw"
    """The rule set by which it decides: the name of a preset."""
    release_by_person: Release = "everything"
    review_band_m: Annotated[float, Field(ge=0, le=1000)] = 50.0
    """These two hold where the rule set in force is silent (workflow.policy)."""
    register_numbers: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    """Further numbers of the register that are this authority's."""

    @model_validator(mode="after")
    def _court_is_named(self) -> Self:
        """Without the right court the instruction is wrong, and the month becomes a year (§ 58 Abs. 2 VwGO)."""
        if self.decides_by == "administrative_act" and self.court is None:
            text = Text(
                "Bitte nennen Sie das zuständige Verwaltungsgericht (court).",
                "Please name the administrative court that is responsible (court).",
            )
            raise bilingual(text)
        return self

    def bears(self, register_number: str) -> bool:
        """Whether this authority bears a school that the register gives that number (§ 3 SchfkVO)."""
        return register_number == self.id or register_number in self.register_numbers
