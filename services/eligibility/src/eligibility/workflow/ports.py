"""What the workflow needs of others."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from geography.model import Address, Entrance, Measurement, NoWay, School, UnusablePoint
from geography.model.hazard_list import Hazard
from shared.events import ApplicationSubmitted, AuthorityId, Event

from eligibility.domain.acts import ActKind, Detail
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case, CaseState
from eligibility.domain.child import Marks, NamingCase
from eligibility.domain.decision import Because, Decision
from eligibility.domain.desk import Change, Question
from eligibility.domain.elsewhere import DecisionElsewhere
from eligibility.domain.family import Member, Ties
from eligibility.domain.ids import ApplicationId, CaseId, DecisionId, NoticeToken, QuestionId
from eligibility.domain.kept_facts import KeptFacts
from eligibility.domain.keys import Keys
from eligibility.domain.message import Message
from eligibility.notice.notice import Notice
from eligibility.rules import Rules
from eligibility.workflow.decision.reductions import NOTHING_PROVEN, ProvenFacts


@dataclass(frozen=True)
class ApplicationContext:
    """What this service's own tables know of an application."""

    authority: Authority
    rules: Rules
    """By which the authority decides."""
    school: School | None = None
    home: Address | None = None
    alike: Sequence[School] = ()
    """Public schools of the same form (and kind, where it matters) around, the attended one not among them."""
    entrances: Mapping[str, Sequence[Entrance]] = field(default_factory=dict)
    """By school number, for the attended school and those alike."""
    radius_m: float = 0.0
    """How far around the home, in a straight line, schools alike were looked for."""
    hazards: Sequence[Hazard] = ()
    """The authority's, for this pupil's level of school."""
    proven: ProvenFacts = NOTHING_PROVEN
    """What an earlier decision on this application holds of siblings and benefits."""
    area_known: bool = False
    """The home's house is not found as it is written, but its postal code or town is in the directory."""
    second_home: Address | None = None
    """None: nobody told of one, or it is not known here."""


@dataclass(frozen=True)
class MeasuredRoutes:
    """The way to the school attended, and the nearest school of those alike where one is nearer."""

    attended: Measurement | NoWay | UnusablePoint
    nearer: tuple[str, Measurement] | None = None
    second_home: Measurement | None = None
    """From the second home to the school attended; None: not told, or not measured."""


class Records(Protocol):
    """Own tables, read before the transaction."""

    async def find(self, event: ApplicationSubmitted, radius_m: float | None) -> ApplicationContext:
        """`radius_m`: how far around the home schools alike are looked for; None: a first guess.

        Raises:
            NotFound: where the authority is not set up here.
        """

    async def rules_of(self, authority_id: AuthorityId) -> Rules:
        """Raises NotFound where the authority is not set up here."""


class RouteMeasurer(Protocol):
    async def routes(self, home: Address, school: School, found: ApplicationContext) -> MeasuredRoutes:
        """Measure, away from the event loop."""

    def area(self) -> tuple[float, float, float, float]:
        """South, west, north and east edge of the walking network, in degrees."""


# What one step may ask of the store, in one transaction. A step names those that it uses; where a class names several,
# it is in this order (Python wants one order of bases everywhere).


class CaseStates(Protocol):
    def set_state(self, case_id: CaseId, state: CaseState, now: datetime) -> None:
        """Set the state, and the moment since which it is so."""

    def set_reasons(self, case_id: CaseId, reasons: Sequence[Mapping[str, str]]) -> None:
        """Replace the reasons of a case."""

    def set_facts(self, case_id: CaseId, facts: KeptFacts) -> None:
        """Replace the facts of a case."""


class DecisionReader(Protocol):
    def decision_of(self, case_id: CaseId) -> Decision | None:
        """The latest that was not dropped before its release."""

    def decisions_of(self, case_id: CaseId) -> Sequence[Decision]:
        """All, the first first."""

    def told_elsewhere(self, case_id: CaseId) -> Mapping[int, DecisionElsewhere]:
        """By round, the decisions that others have heard of and that may be forgotten here."""


class DecisionWriter(Protocol):
    def add_decision(self, decision: Decision) -> None:
        """Raises Unavailable where another transaction has decided in this round meanwhile: to be counted again."""

    def set_withdrawn(
        self, decision_id: DecisionId, because: Because, now: datetime, ended_on: date | None = None
    ) -> None:
        """`ended_on`: the last day, where it is still to come."""


class ReleaseWriter(Protocol):
    """That a decision was let out, and its notice."""

    def set_released(self, decision: Decision) -> None:
        """When, by whom, and the digest of what it says."""

    def set_share(self, decision: Decision) -> None:
        """Amounts, days and reasons of a decision that was not let out yet."""

    def set_terms(self, decision: Decision) -> None:
        """Replace the terms of a decision that was not released yet."""

    def add_notice(self, token: NoticeToken, decision_id: DecisionId, content: Notice, now: datetime) -> None:
        """Keep what the notice says; it is printed later."""


class QuestionReader(Protocol):
    """What a family was asked, and what it has said."""

    def questions_of(self, case_ids: Sequence[CaseId]) -> Sequence[Question]:
        """All questions to the families of these cases, answered or not."""

    def messages_of(self, application_id: ApplicationId) -> Sequence[Message]:
        """What the family wrote or sent, the oldest first."""

    def last_change(self, case_id: CaseId) -> Change | None:
        """The newest that was about more than the own share; None where there is none."""


class Outbox(Protocol):
    """What goes out, in the same transaction."""

    def emit(self, event: Event) -> None:
        """Write the event into the outbox, in this transaction. The relay publishes it."""


class FamilyChanges(Protocol):
    def family_changed(self, case_id: CaseId, now: datetime) -> None:
        """Something was let out or ended: its siblings' own shares are to be looked at."""


class CaseContents(Protocol):
    def add_case(self, case: Case) -> None:
        """Keep a new case."""

    def revise(self, case: Case, now: datetime) -> None:
        """New facts in place of those before."""

    def set_change_number(self, case_id: CaseId, number: int) -> None:
        """Note which change of the family the case holds."""


class QuestionWriter(Protocol):
    def ask(self, question: Question) -> None:
        """Keep a new question, not answered yet."""

    def answer(self, case_id: CaseId, question_id: QuestionId, answer: str, at: datetime) -> None:
        """The first answer in words counts; what is no question of this case changes nothing."""


class FamilyStore(Protocol):
    """Which cases may be those of siblings, and what was told last."""

    def put_ties(self, case_id: CaseId, ties: Ties) -> None:
        """Keep by what the case is tied to siblings' cases."""

    def put_told(self, case_id: CaseId, event: ApplicationSubmitted) -> None:
        """The application as told last: to see what a change changes, and for the next school year."""

    def told_of(self, case_id: CaseId) -> ApplicationSubmitted | None:
        """The application as the family told it last; None where it is not kept."""

    def family_of(self, case_id: CaseId) -> Sequence[Member]:
        """This case first, then those of its household or home in the same school year, locked until the transaction
        ends."""

    def is_alone(self, case_id: CaseId) -> bool:
        """Whether it has no family, and told of no change. Nothing is locked."""
        ...


class ChangeStore(Protocol):
    """What families told later."""

    def put_change(self, case_id: CaseId, change: Change) -> None:
        """Keep what the family told, or replace it where the same number was told before."""

    def last_change(self, case_id: CaseId) -> Change | None:
        """That concerns more than the own share alone."""


class SimilarChildren(NamedTuple):
    """Cases that share a digest with a child."""

    cases: Sequence[NamingCase]
    more: bool
    """There are others, which were not read: nobody has compared them."""


class ChildStore(Protocol):
    """Which child a case is about."""

    def add_marks(self, case_id: CaseId, marks: Marks) -> None:
        """Add digests of the child; those that are there stay."""

    def put_marks(self, case_id: CaseId, marks: Marks) -> None:
        """In place of those before, where the family has corrected a name or birth date."""

    def children_like(self, marks: Marks, application_id: ApplicationId, today: date) -> SimilarChildren:
        """Cases that have one of these digests and are open or granted, or whose grant holds until a day to come; not
        of this application, nor told apart from it. Nobody else can look for them until the transaction ends."""

    def open_years(self, authority_id: AuthorityId) -> Sequence[str]:
        """School years of which cases are open."""

    def open_like(self, marks: Marks) -> Sequence[Case]:
        """Open cases that have one of these digests, however many. The digests are held as by `children_like`."""

    def ties_of(self, case_id: CaseId) -> Ties | None:
        """By what the case is tied to siblings' cases; None where that is not kept."""

    def tell_apart(self, case_id: CaseId, other_id: CaseId, now: datetime) -> None:
        """A person has said that both may stand side by side."""

    def open_apart(self, application_id: ApplicationId) -> None:
        """The child is named otherwise now: what a person has told apart was a pair of names."""


class AuthorityReader(Protocol):
    def authority(self, authority_id: AuthorityId) -> Authority | None:
        """Its settings; None: it is not set up here."""


class CaseReader(Protocol):
    def case(self, case_id: CaseId) -> Case | None:
        """Of whatever authority; None where there is none."""

    def case_of(self, application_id: ApplicationId) -> Case | None:
        """Of its latest school year."""

    def cases_of(self, application_id: ApplicationId) -> Sequence[Case]:
        """One for each school year, the first first."""


class AuditTrail(Protocol):
    """What is kept for the auditor, in the same transaction."""

    def audit(
        self,
        *,
        authority_id: AuthorityId,
        subject: str,
        act: ActKind,
        case_id: UUID | None,
        now: datetime,
        detail: Detail | None = None,
    ) -> None:
        """`case_id`: of the case, or rule set, that it is about."""


@dataclass(frozen=True)
class Environment:
    """What differs from run to run: clock, unguessable tokens, keys of digests, and where this service is reached."""

    now: Callable[[], datetime]
    token: Callable[[], NoticeToken]
    keys: Keys
    public_url: str
    application_url: str = ""
    """Where `application` is reached, which serves the families' documents; empty: links are paths."""
    has_mailbox: bool = False
    """Whether notices can be put into mailboxes of user accounts."""
    sealing: Collection[AuthorityId] = ()
    """The authorities whose notices bear a seal: until then nothing says that they lie ready."""
