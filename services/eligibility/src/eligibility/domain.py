"""What things are here, and what is allowed. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.errors import Conflict, Text
from shared.events import AuthorityId

CaseId = NewType("CaseId", UUID)
ApplicationId = NewType("ApplicationId", UUID)
DecisionId = NewType("DecisionId", UUID)
NoticeToken = NewType("NoticeToken", str)
"""128 random bits: who has it may read the notice, nobody can guess it."""

CaseState = Literal["review", "prepared", "granted", "refused", "withdrawn"]
"""review: a person must answer a question. prepared: decided, waits for release. granted, refused: released."""
FinalOutcome = Literal["granted", "refused"]
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
    court: Court
    data_protection_url: Line
    rules: Line = "nrw"
    """The rule set by which it decides: the name of a preset."""
    release_by_person: Release = "everything"
    review_band_m: Annotated[float, Field(ge=0, le=1000)] = 50.0
    register_numbers: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    """Further numbers of the register that are this authority's."""

    def bears(self, register_number: str) -> bool:
        """Whether this authority bears a school that the register gives that number (§ 3 SchfkVO)."""
        return register_number == self.id or register_number in self.register_numbers

    def releases_itself(self, outcome: FinalOutcome) -> bool:
        """Whether the machine may let this outcome out."""
        if self.release_by_person == "nothing":
            return True
        return self.release_by_person == "refusals" and outcome == "granted"


@dataclass(frozen=True, slots=True)
class Case:
    """One application as this service sees it."""

    id: CaseId
    application_id: ApplicationId
    authority_id: AuthorityId
    state: CaseState
    school_number: str
    school_year: str
    opened_at: datetime
    submission: dict[str, Any]
    """What the notice needs of the application: addressee, child, home, wanted start. Empty after erasure."""
    reasons: tuple[dict[str, str], ...]
    facts: dict[str, Any]
    """FACTS.json as evaluated."""
    ways: dict[str, Any]
    """What was measured, where a person must decide; else it is in the decision."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, with everything by which it is explained and can be computed again."""

    id: DecisionId
    case_id: CaseId
    authority_id: AuthorityId
    outcome: FinalOutcome
    valid_from: date | None
    valid_until: date | None
    own_share_cents: int | None
    covered_cents: int | None
    distance_m: float | None
    """The way that was tested against the limit, metres, unrounded."""
    limit_m: int | None
    reasons: tuple[dict[str, str], ...]
    rules_version: str
    facts: dict[str, Any]
    """FACTS.json as evaluated."""
    ways: dict[str, Any]
    """Measurements to the attended and the nearest school: metres, geometry, network hashes, flags."""
    decided_by: str
    """`rules`, or the OIDC subject of the person."""
    prepared_at: datetime
    released_at: datetime | None = None
    released_by: str | None = None


def must_be(case: Case, *states: CaseState) -> None:
    """Raise Conflict unless the case is in one of `states`."""
    if case.state not in states:
        raise Conflict(
            Text(
                "Der Fall hat sich inzwischen geändert. Bitte laden Sie ihn neu.",
                "The case has changed in the meantime. Please load it anew.",
            ),
            field="state",
        )
