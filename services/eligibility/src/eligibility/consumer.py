"""What this service hears, and who handles it."""

from typing import Protocol

from shared.bus.consumer import Handlers
from shared.bus.questions import AnswersTo
from shared.events import (
    ApplicationChanged,
    ApplicationDocumentAdded,
    ApplicationDocumentOpened,
    ApplicationDocumentRemoved,
    ApplicationFamilyErased,
    ApplicationHintFailed,
    ApplicationHintSent,
    ApplicationLossReported,
    ApplicationNoticeRetrieved,
    ApplicationSelfPayerChosen,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    AttendanceConfirmed,
    AttendanceEnded,
    AttendanceQuestioned,
    AttendanceReopened,
    TicketQuotaReached,
    TicketRequestAnswered,
    TicketStateChanged,
)
from shared.questions import (
    AddressQuestion,
    CasesQuestion,
    MessageTermQuestion,
    NoticeAccessQuestion,
    PrecheckQuestion,
)

from eligibility.workflow import Workflow
from eligibility.workflow.addresses import Addresses
from eligibility.workflow.attendance import AttendanceHeardStore
from eligibility.workflow.decision.decide import SubmittedStore, WithdrawnStore
from eligibility.workflow.decision.revise import ReviseStore
from eligibility.workflow.decision.self_payer import SelfPayerStore
from eligibility.workflow.delivery.look import NoticeLinks
from eligibility.workflow.desk.documents import DocumentsStore
from eligibility.workflow.erasure import ErasureStore
from eligibility.workflow.messages import MessageTerms
from eligibility.workflow.prechecks import Prechecks
from eligibility.workflow.tickets import TicketNewsStore
from eligibility.workflow.told_back import EventReplies


class HeardStore(
    AttendanceHeardStore,
    SubmittedStore,
    WithdrawnStore,
    ReviseStore,
    SelfPayerStore,
    DocumentsStore,
    TicketNewsStore,
    ErasureStore,
    Protocol,
):
    """The store, as the steps of these handlers use it."""


def answers(
    addresses: Addresses, prechecks: Prechecks, terms: MessageTerms, told_back: EventReplies, links: NoticeLinks
) -> AnswersTo:
    """question -> workflow method."""
    return {
        AddressQuestion: addresses.answer,
        PrecheckQuestion: prechecks.answer,
        MessageTermQuestion: terms.answer,
        CasesQuestion: told_back.cases,
        NoticeAccessQuestion: links.answer,
    }


def handlers(workflow: Workflow) -> Handlers[HeardStore]:
    """event -> workflow method."""
    return {
        ApplicationSubmitted: workflow.decide.submitted,
        ApplicationChanged: workflow.revise.changed,
        ApplicationWithdrawn: workflow.decide.withdrawn,
        ApplicationSelfPayerChosen: workflow.self_payers.chosen,
        ApplicationDocumentAdded: workflow.documents.added,
        ApplicationDocumentRemoved: workflow.documents.removed,
        ApplicationDocumentOpened: workflow.documents.opened,
        ApplicationLossReported: workflow.tickets.loss_reported,
        ApplicationFamilyErased: workflow.erasure.family_erased,
        ApplicationHintSent: workflow.hints.sent,
        ApplicationHintFailed: workflow.hints.failed,
        ApplicationNoticeRetrieved: workflow.hints.retrieved,
        AttendanceConfirmed: workflow.attendance.told,
        AttendanceQuestioned: workflow.attendance.told,
        AttendanceEnded: workflow.attendance.told,
        AttendanceReopened: workflow.attendance.told,
        TicketStateChanged: workflow.tickets.state_changed,
        TicketRequestAnswered: workflow.tickets.answered,
        TicketQuotaReached: workflow.tickets.quota_reached,
    }
