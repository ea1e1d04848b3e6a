"""What each process hears: a table from event to workflow method."""

from typing import Protocol

from shared.bus.consumer import Handlers
from shared.bus.questions import AnswersTo
from shared.events import (
    ApplicationAuditHead,
    ApplicationFamilyErased,
    ApplicationHolderGiven,
    ApplicationLossReported,
    ApplicationWithdrawn,
    AuditHeadsSigned,
    EligibilityAuditHead,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityTicketChangeRequested,
    EligibilityWithdrawn,
    IssuanceAuditHead,
    IssuedListPublished,
    RevocationRequested,
    StatusListPublished,
    StatusListV2Published,
    TicketChangeRequested,
    TicketRequestAnswered,
    TicketStateChanged,
    TrustListPublished,
    WalletPassAuditHead,
)
from shared.questions import ListVersionsQuestion, TicketDecisionsQuestion, TicketsQuestion

from issuance.workflow import inspection
from issuance.workflow.inspection.erasure import ErasureStore
from issuance.workflow.inspection.inspect import LifeNewsStore, NewsStore
from issuance.workflow.inspection.requests import AnswerStore
from issuance.workflow.signer import Workflow, audit_heads, erasure, issue_ports, life, revoke


class SignerTables(issue_ports.Store, life.Store, revoke.Store, audit_heads.Store, erasure.ErasureStore, Protocol):
    """What the signer's steps ask of its store."""


class InspectionTables(NewsStore, LifeNewsStore, AnswerStore, ErasureStore, Protocol):
    """What the steps of the public process ask of its store."""


def signer_handlers(workflow: Workflow) -> Handlers[SignerTables]:
    """event -> workflow method."""
    issuing, revoking = workflow.issuing, workflow.revoking
    return {
        ApplicationHolderGiven: issuing.keep_holder,
        EligibilityGranted: issuing.keep_grant,
        ApplicationWithdrawn: revoking.application_withdrawn,
        EligibilityRefused: revoking.refused,
        EligibilityWithdrawn: revoking.withdrawn,
        RevocationRequested: revoking.requested,
        TicketChangeRequested: workflow.living.requested,
        EligibilityTicketChangeRequested: workflow.asked_elsewhere.at_the_desk,
        ApplicationLossReported: workflow.asked_elsewhere.by_the_family,
        ApplicationFamilyErased: workflow.erasure.family_erased,
        ApplicationAuditHead: workflow.heads.heard,
        EligibilityAuditHead: workflow.heads.heard,
        IssuanceAuditHead: workflow.heads.heard,
        WalletPassAuditHead: workflow.heads.heard,
    }


def inspection_handlers(workflow: inspection.Workflow) -> Handlers[InspectionTables]:
    """event -> workflow method."""
    inspecting = workflow.inspecting
    return {
        ApplicationFamilyErased: workflow.erasure.family_erased,
        TrustListPublished: inspecting.trust_published,
        StatusListPublished: inspecting.status_published,
        StatusListV2Published: inspecting.status_v2_published,
        TicketStateChanged: workflow.requesting.state_changed,
        TicketRequestAnswered: workflow.requesting.answered,
        IssuedListPublished: inspecting.issued_published,
        AuditHeadsSigned: inspecting.heads_signed,
    }


def signer_answers(workflow: Workflow) -> AnswersTo:
    """question -> workflow method."""
    return {TicketDecisionsQuestion: workflow.decisions.page}


def inspection_answers(workflow: inspection.Workflow) -> AnswersTo:
    """question -> workflow method."""
    told_back = workflow.told_back
    return {TicketsQuestion: told_back.tickets, ListVersionsQuestion: told_back.list_versions}
