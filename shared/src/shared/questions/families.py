"""Asked while a family fills in a form or waits: is its home known, who reads its message, what will come of it."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, JsonValue

from shared.birth_dates import BirthDate
from shared.questions.base import Question, Reply


class Candidate(Reply):
    """An address that may be meant."""

    street: str
    house_number: str
    postal_code: str
    city: str


class AddressQuestion(Question):
    """Whether the authority's directory has this home, and which may be meant if not."""

    subject: ClassVar[str] = "eligibility.ask.address.v1"

    authority_id: str | None = None
    """Whose doors count too; None: not known yet."""
    street: str
    house_number: str
    postal_code: str
    city: str


class AddressReply(Reply):
    """known: the way can be measured from it. near: one of `candidates` may be meant. unknown: a person looks."""

    outcome: Literal["known", "near", "unknown"]
    candidates: tuple[Candidate, ...] = ()
    """The likeliest first, at most three."""


class MessageTermQuestion(Question):
    """By when the authority looks at what a family writes or sends on that day."""

    subject: ClassVar[str] = "eligibility.ask.message_term.v1"

    authority_id: str
    told_on: date


class MessageTermReply(Reply):
    look_by: date


class NoticeAccessQuestion(Question):
    """Where somebody who is signed in as the family reads the notice of a decision now."""

    subject: ClassVar[str] = "eligibility.ask.notice_access.v1"

    application_id: UUID
    """Whose it is, as `application` has checked."""
    decision_id: UUID


class NoticeAccessReply(Reply):
    url: str | None
    """Opens for some minutes; None: this decision of that application has no notice."""


class PrecheckSibling(BaseModel):
    """`funded`: gets a funded ticket itself; None: not known. `funded_from`, `funded_until`: its first and last day
    with it; None: the school year's. `counts_first`: of children born on one day this one is the elder."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    birth_date: BirthDate
    funded: bool | None = None
    funded_from: date | None = None
    funded_until: date | None = None
    counts_first: bool | None = None


class PrecheckCourse(BaseModel):
    """At a vocational college."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    annex: str
    full_time: bool
    district_class: bool = False
    after_training: bool | None = None


class PrecheckQuestion(Question):
    """What an application with these facts would come to, if what is told in it is proven. Nothing is kept."""

    subject: ClassVar[str] = "eligibility.ask.precheck.v1"

    authority_id: str
    school_number: str
    school_year: str
    grade: str
    track: str | None = None
    course: PrecheckCourse | None = None
    street: str
    house_number: str
    postal_code: str
    city: str
    birth_date: BirthDate | None = None
    special_needs: bool | None = None
    severely_disabled: bool | None = None
    siblings: tuple[PrecheckSibling, ...] = ()
    benefits: tuple[str, ...] = ()
    picture: Literal["de", "en"] | None = None
    """In which language the way is to be drawn; None: not at all."""


class ReasonOut(Reply):
    """A step of the decision, or a question that is open, in words for families."""

    rule: str
    legal_basis: str
    text: str
    text_en: str


class PrecheckReply(Reply):
    """granted and refused: so would the machine decide. person: somebody at the authority would look. Lengths in
    metres, unrounded; amounts in cents a month. None: not known, or not decided."""

    outlook: Literal["granted", "refused", "person"]
    candidates: tuple[Candidate, ...] = ()
    """Of an address that is not found: what may be meant, the likeliest first."""
    distance_m: float | None = None
    lenient_m: float | None = None
    strict_m: float | None = None
    limit_m: int | None = None
    own_share_cents: int | None = None
    self_payer_cents: int | None = None
    """What the ticket costs a family that pays for it itself; None: none is offered."""
    questions: tuple[ReasonOut, ...] = ()
    """What would have to be settled first."""
    reasons: tuple[ReasonOut, ...] = ()
    map: JsonValue = None
    """GeoJSON FeatureCollection of the way that is tested against the limit."""
    picture: str | None = None
    """The same as SVG, without style and script."""
