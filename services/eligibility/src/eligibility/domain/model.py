"""What things are here, and what is allowed. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, NewType, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from shared.errors import Conflict, Text
from shared.events import AuthorityId
from shared.http.problems import bilingual

from eligibility.domain.terms import NOTHING_MORE, Terms
from eligibility.domain.terms import DecisionId as DecisionId  # noqa: PLC0414  # an id like the others here

CaseId = NewType("CaseId", UUID)
ChildKey = NewType("ChildKey", str)
"""A digest of who the child is: equal for two applications for one child in one school year."""
ApplicationId = NewType("ApplicationId", UUID)
NoticeToken = NewType("NoticeToken", str)
"""128 random bits: who has it may read the notice, nobody can guess it."""

QuestionId = NewType("QuestionId", UUID)
DocumentId = NewType("DocumentId", UUID)
ProposalId = NewType("ProposalId", UUID)
Channel = Literal["post", "download", "mailbox"]
CaseState = Literal["review", "prepared", "granted", "refused", "withdrawn"]
"""review: a person must answer a question. prepared: decided, waits for release. granted, refused: released."""
FinalOutcome = Literal["granted", "refused"]
Because = Literal["application_withdrawn", "facts_changed", "decided_anew", "family_changed"]
"""Why a decision ended: the family withdrew, its facts changed, the authority decided anew, or only the own share
became another because of a sibling: then the grant and its ticket go on."""
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
    assigned_to: str | None = None
    """The OIDC subject of the person who has taken it: nobody else may act on it until it is given back."""
    assigned_at: datetime | None = None
    change_number: int = 0
    """The newest change of the facts that is in it; 0: as submitted."""
    dangers: tuple[dict[str, Any], ...] = ()
    """Entries of the authority's danger list that may concern the way (see workflow.dangers)."""


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
    round: int = 1
    """1, 2, 3 … of its case. Earlier ones are kept."""
    because: Because | None = None
    """Why it takes the place of an earlier one."""
    withdrawn_at: datetime | None = None
    """When it ended, or was dropped before it was released."""
    ended_because: Because | None = None
    terms: Terms = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks the family for."""

    id: QuestionId
    case_id: CaseId
    asked_at: datetime
    asked_by: str
    text: str
    text_en: str
    due: date
    """Until the end of this day, Germany's calendar."""
    answered_at: datetime | None = None
    answer: str = ""

    def is_overdue(self, today: date) -> bool:
        return self.answered_at is None and today > self.due


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rules' outcome overridden: proposed by one person, in force once another has confirmed it."""

    id: ProposalId
    case_id: CaseId
    proposed_by: str
    proposed_at: datetime
    content: dict[str, Any]
    """A person's decision as JSON."""


@dataclass(frozen=True, slots=True)
class Act:
    """One link of an authority's audit trail."""

    number: int
    at: datetime
    authority_id: AuthorityId
    subject: str
    """The OIDC subject of a person, `family`, or `rules`."""
    act: str
    case_id: str
    detail: str
    """JSON; ids and dates, no names."""
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way by which a notice reached the family, or was sent to it."""

    channel: Channel
    day: date
    """Given to the post, put into the mailbox, or retrieved: Germany's calendar."""
    noted_at: datetime
    noted_by: str
    consent: bool = False
    """The addressee had consented to this electronic way."""
    instruction_faulty: bool = False
    """The instruction on legal remedies was missing or wrong in what was sent (§ 58 Abs. 2 VwGO)."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a family handed in, as far as this service knows it: neither name nor content."""

    id: DocumentId
    application_id: ApplicationId
    authority_id: AuthorityId
    kind: str
    media_type: str
    size: int
    """Bytes."""
    question_id: QuestionId | None
    added_at: datetime
    removed_at: datetime | None = None


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
