"""What the service `application` tells."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from shared.birth_dates import BirthDate
from shared.events.acting import Custody, SignIn
from shared.events.addresses import HomeAddress, Person
from shared.events.base import ApplicationEvent, Fact, later_field
from shared.events.own_form import FurtherAnswers

SchoolYearText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}/[0-9]{2}$")]


class Sibling(Fact):
    birth_date: BirthDate
    funded: bool
    """True where this child itself gets a funded ticket: only such children count for the own share."""
    funded_from: date | None = later_field()
    funded_until: date | None = later_field()
    """First and last day with a funded ticket; None: the school year's."""
    counts_first: bool | None = later_field()
    """Of children born on one day: counts before the pupil."""
    funded_unknown: bool | None = later_field()
    """True where the family does not know whether it gets a funded ticket; `funded` is False then."""


class Course(Fact):
    """The course at a Berufskolleg."""

    annex: str
    full_time: bool
    district_class: bool = False
    after_training: bool | None = later_field()
    """The course requires a finished vocational training."""


class Claims(Fact):
    """Grounds beyond the distance, as claimed by the family. What is missing is not claimed."""

    health_weeks: int | None = None
    health_certificate: bool = False
    dangerous_route: bool = False
    nearest_refused: bool = False
    """The nearest school refused admission."""
    second_home: bool = False
    health_claimed: bool = later_field(default=False)
    """Also where neither length nor certificate is known yet."""
    health_days: int | None = later_field()
    """How long, more exactly than `health_weeks`: 57 days are more than eight weeks."""
    nearest_refused_school: str | None = later_field()
    """Number of the school that refused."""
    afternoon_lessons: bool = later_field(default=False)
    """On most school days the way is walked a second time because of morning and afternoon lessons."""
    assigned_place: bool = later_field(default=False)
    """The school supervision named this school (place of support)."""
    escort: bool = later_field(default=False)
    """Somebody must ride along."""
    boarding: bool = later_field(default=False)
    """Lives at a boarding school in the week."""
    own_branch: bool | None = later_field()
    """Chosen for a branch that the nearer school does not offer: bilingual, or the Oberstufe; None: not said."""


class PlaceOfTeaching(Fact):
    """Lessons or an internship at another place than the school."""

    required: bool | None = later_field()
    """The curriculum requires it."""
    distance_m: float | None = later_field()
    """Shortest walk from home, metres, as far as the family knows it."""
    address: HomeAddress | None = later_field()
    """Where a person can measure to."""


class Transport(Fact):
    """The kind of transport that is wanted, and what speaks against public transport, as the family says."""

    kind: str | None = later_field()
    """public, special, car, motorcycle, bicycle, taxi."""
    public_available: bool | None = later_field()
    special_available: bool | None = later_field()
    """The authority runs a school bus on this way."""
    walk_to_stops_m: float | None = later_field()
    """Home to stop and stop to school, added up, metres."""
    minutes_a_day: int | None = later_field()
    """There and back, waiting for the connection included."""
    minutes_one_way: int | None = later_field()
    waiting_minutes: int | None = later_field()
    leaves_home_at: str | None = later_field()
    """On most school days, HH:MM."""
    public_unsuitable: bool | None = later_field()
    """Claimed: a disability or illness rules public transport out."""
    kilometres_one_way: float | None = later_field()
    rides_a_day: int | None = later_field()
    school_days_a_month: int | None = later_field()
    passengers: int | None = later_field()
    """Further entitled pupils in the car."""


class Circumstances(Fact):
    lives_in_nrw: bool | None = None
    special_needs: bool = False
    severely_disabled: bool = False
    siblings: tuple[Sibling, ...] = ()
    benefits: tuple[str, ...] = ()
    lives_in_authority_area: bool | None = later_field()
    """Where a state's law has the authority of the residence bear the cost."""
    income_within_limit: bool | None = later_field()
    """Where a state's law tests the income."""


class ApplicationSubmitted(ApplicationEvent):
    """The facts for the rules and, only for the notice, the addressee and the child's name."""

    subject: ClassVar[str] = "application.submitted.v1"

    school_number: str
    school_year: SchoolYearText
    """For example 2026/27."""
    wanted_from: date
    birth_date: BirthDate
    home: HomeAddress
    grade: str
    """SVWS key: 01 to 13, EF, Q1, Q2."""
    track: str | None = None
    """GY8 or GY9."""
    course: Course | None = None
    claims: Claims = Claims()
    circumstances: Circumstances = Circumstances()
    medium: str = "wallet"
    """wallet or paper."""
    language: str = "de"
    addressee: Person
    addressee_address: HomeAddress
    child: Person
    portal_notice: bool = False
    """The addressee consented to be notified by retrieval over a portal (§ 41 Abs. 2a VwVfG)."""
    applicant: str | None = later_field()
    """guardian, pupil (of age) or other (with a power of attorney); None: not said."""
    transport: Transport | None = later_field()
    place_of_teaching: PlaceOfTeaching | None = later_field()
    leaves_on: date | None = later_field()
    """Last day at this school, where it lies in the school year."""
    second_home: HomeAddress | None = later_field()
    """Where the child lives in turns with `home`; None: not told."""
    household: UUID | None = later_field()
    """The same for all applications from one account at one authority, and only there: which children may be siblings.
    It names nobody."""
    holder_change: int | None = later_field()
    """Number of the change with which name, birth date or gender were given last; None: as handed in. A ticket of a
    grant that names it is made for the holder of that number."""
    mailbox: str | None = later_field()
    """The handle of the account's mailbox, as its provider names it (§ 9 OZG); None: none is known."""
    mailbox_excluded: bool = later_field(default=False)
    """The family wants no notice there: consent is deemed given otherwise."""
    further: FurtherAnswers | None = later_field()
    """Answers to further questions of the authority's own; None: it asked none. A change tells them again as they
    were."""
    custody: Custody | None = later_field()
    """None: the authority does not ask, or the pupil applies for herself."""
    sign_in: SignIn | None = later_field()
    """None: the authority asks for no more than is known."""


class ApplicationChanged(ApplicationSubmitted):
    """The family answered or told of a change: all the facts as in `application.submitted`, as they are now."""

    subject: ClassVar[str] = "application.changed.v1"

    change_id: UUID
    change_number: int
    """1, 2, 3 … of this application: an older one never overwrites a newer one."""
    applied_at: AwareDatetime
    """When the application was handed in: that day counts for the deadline (§ 4 SchfkVO), not the change's."""
    changed_from: date | None = None
    """From which day the new facts hold (a move, a change of school); None where they held from the beginning."""
    question_id: UUID | None = None
    """Which question of the authority this answers."""
    answer: str = ""
    """In the family's own words; may be empty."""
    leaves_for: str | None = later_field()
    """Number of a school of another authority to which the child changes; `leaves_on` is then the last day at this
    one's. What comes after is that authority's."""


class ApplicationHolderGiven(ApplicationEvent):
    """Whom the ticket names. Goes from application straight to issuance."""

    subject: ClassVar[str] = "application.holder_given.v1"

    first_name: str
    last_name: str
    birth_date: BirthDate
    gender: str | None = None
    """female, male, diverse, or None where not given."""
    medium: str = "wallet"
    change_number: int | None = later_field()
    """The family's change with which it was given; None: as handed in. It names a ticket only where a grant asks for
    just this number (`holder_change`): until then a person may still look at the correction."""


class ApplicationDocumentAdded(ApplicationEvent):
    """The family handed a document in. It stays with `application`; neither name nor content is told."""

    subject: ClassVar[str] = "application.document_added.v1"

    document_id: UUID
    kind: str
    """medical_certificate, school_refusal, benefit_notice, custody, danger_report, assigned_place, other: as the family
    says. It proves nothing by itself: a person looks at it."""
    media_type: str
    size: int
    """Bytes."""
    question_id: UUID | None = None
    """Which question of the authority it answers."""


class ApplicationDocumentRemoved(ApplicationEvent):
    """A document was deleted: by the family before the decision, or because its time is over."""

    subject: ClassVar[str] = "application.document_removed.v1"

    document_id: UUID
    because: str = later_field("")
    """retention: its time is over, and nothing is asked for once more; empty: the family did it."""


class ApplicationDocumentOpened(ApplicationEvent):
    """A person of the authority opened a document for the first time. Who, and what happened after, is kept there."""

    subject: ClassVar[str] = "application.document_opened.v1"

    document_id: UUID


class ApplicationSelfPayerChosen(ApplicationEvent):
    """The family buys the ticket that a refusal offers. The refusal stays what it is."""

    subject: ClassVar[str] = "application.self_payer_chosen.v1"

    decision_id: UUID
    """Of the refusal."""
    product: str
    valid_from: date
    """First day of the ticket, and its price then, as the family was told."""
    price_cents: int


class ApplicationWithdrawn(ApplicationEvent):
    subject: ClassVar[str] = "application.withdrawn.v1"

    withdrawal_id: UUID


class ApplicationFamilyErased(ApplicationEvent):
    """The family is erased with all that is kept of this application: whoever has something of it erases it too, and
    takes nothing more of it. A ticket that is still good is revoked first."""

    subject: ClassVar[str] = "application.family_erased.v1"


class ApplicationLossReported(ApplicationEvent):
    """The family has lost what bears its ticket: that one is to die at once, and another one with another address to
    take its place. `ticket.request_answered` says what became of it."""

    subject: ClassVar[str] = "application.loss_reported.v1"

    request_id: UUID
    ticket_id: UUID
    """Of the ticket that was lost."""


class ApplicationPassLinkChanged(ApplicationEvent):
    """The family ends the link to its ticket's page, or has another one made in its place. The ticket stays as it is;
    `pass.ready` tells the new address."""

    subject: ClassVar[str] = "application.pass_link_changed.v1"

    ticket_id: UUID
    number: int
    """Counts the family's acts on links of this application from 1: a lower one that comes late says nothing."""
    ended: bool
    """The link leads nowhere, until it is renewed. False: another one takes its place."""
