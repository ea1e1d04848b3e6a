"""What is asked of the store about many cases, and about all that is kept of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from geography.model import School
from shared.events import ApplicationSubmitted, AuthorityId

from eligibility.domain.case import Case, CaseState
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Act, Change, Document
from eligibility.domain.dispatch import Dispatch
from eligibility.domain.ids import ApplicationId, CaseId, NoticeToken
from eligibility.domain.message import Message
from eligibility.domain.ticket import KnownTicket, RightMark, TicketRequest
from eligibility.workflow.decision.awaited_school import AttendanceReader
from eligibility.workflow.desk_ports import DeliveryStore, ProposalStore
from eligibility.workflow.ports import AuthorityReader, CaseReader, DecisionReader, QuestionReader

MOST_COUNTED = 10_000
"""Of all cases of an authority, which grow for ever: counting them took as long as the list. Who looks for an old one
searches."""


@dataclass(frozen=True)
class Page:
    """A part of a list: `total` counts all that match, MOST_COUNTED at most."""

    cases: Sequence[tuple[Case, Decision | None]]
    total: int
    proposed_by: Mapping[CaseId, str] = field(default_factory=dict)
    """Of those for which another decision is proposed: by whom."""


WORK: tuple[CaseState, ...] = ("review", "prepared")
"""States in which a person has something to do: answer a question, or release what is decided."""


@dataclass(frozen=True)
class CaseFilter:
    """Which cases a list shows; None, or no state, asks for nothing."""

    states: tuple[CaseState, ...] = ()
    application_id: ApplicationId | None = None
    assigned_to: str | None = None
    overdue_on: date | None = None
    """With a question whose day had passed on this one."""
    with_messages: bool = False
    """With something that the family wrote or sent and nobody has looked at: likewise."""
    confirmed_by: str | None = None
    """With a proposal that this person may confirm: beside those states, or alone where none is named."""


class CaseQueries(Protocol):
    """Cases as a person looks at them."""

    def page(self, authority_id: AuthorityId, wanted: CaseFilter, limit: int, offset: int) -> Page:
        """Newest first."""

    def clear_grants(self, authority_id: AuthorityId, subject: str, limit: int) -> Sequence[CaseId]:
        """Prepared grants that the rules decided and this person may release together, oldest first."""

    def count_clear_grants(self, authority_id: AuthorityId, subject: str) -> int:
        """How many of them there are."""


class CaseFileQueries(
    DecisionReader,
    QuestionReader,
    DeliveryStore,
    ProposalStore,
    AuthorityReader,
    CaseReader,
    AttendanceReader,
    Protocol,
):
    """All that is kept of a case."""

    def dispatches_of(self, token: NoticeToken) -> Sequence[Dispatch]:
        """How a notice is on its way to its addressees, the oldest first."""

    def changes_of(self, case_id: CaseId) -> Sequence[Change]:
        """Oldest first."""

    def told_of(self, case_id: CaseId) -> ApplicationSubmitted | None:
        """The application as the family told it last; None where it is not kept."""

    def school(self, number: str) -> School | None:
        """By its number in the register; None: there is none."""

    def acts_of(self, case_id: CaseId) -> Sequence[Act]:
        """The case's links of the audit trail, the oldest first."""

    def documents_of(self, application_id: ApplicationId) -> Sequence[Document]:
        """Oldest first, also those that were removed."""

    def tickets_of(self, application_id: ApplicationId) -> Sequence[KnownTicket]:
        """The oldest first."""

    def quota_until(self, authority_id: AuthorityId) -> datetime | None:
        """Until when its tickets wait, because those of the hour are signed, as it was told last."""

    def child_told(self, application_id: ApplicationId) -> str | None:
        """The pseudonym under which the child was told to others; None: it was not."""

    def told_with(self, child: str) -> Sequence[ApplicationId]:
        """The applications of which this digest was told."""

    def case_of(self, application_id: ApplicationId) -> Case | None:
        """The newest of its school years."""

    def marked_of(self, authority_id: AuthorityId) -> Sequence[RightMark]:
        """What stands against the right of this authority's children, whatever application it is told of."""

    def ticket_requests_of(self, application_id: ApplicationId) -> Sequence[TicketRequest]:
        """What was asked of the application's tickets, the oldest first."""

    def messages_of(self, application_id: ApplicationId) -> Sequence[Message]:
        """Oldest first."""
