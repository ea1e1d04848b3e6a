"""What happens here, in numbered steps, by topic; and all of it put together on one store."""

from dataclasses import dataclass
from typing import Protocol

from shared.database import Transactions
from shared.runtime.backlog import Backlog

from eligibility.workflow.attendance import Attendance
from eligibility.workflow.case_queries import CaseFilter, Page
from eligibility.workflow.decision.assessor import Assessor
from eligibility.workflow.decision.decide import Decide
from eligibility.workflow.decision.revise import Revise
from eligibility.workflow.decision.self_payer import SelfPayers
from eligibility.workflow.delivery.daily import DueDispatches
from eligibility.workflow.delivery.hints import Hints
from eligibility.workflow.delivery.letters import LetterDesk, LetterStore
from eligibility.workflow.delivery.look import LookStore as NoticeLookStore
from eligibility.workflow.delivery.look import NoticeLinks
from eligibility.workflow.delivery.proof import DeliveryProofs
from eligibility.workflow.desk.attendance import AttendanceDesk, AttendanceDeskStore
from eligibility.workflow.desk.case_file import CaseFile
from eligibility.workflow.desk.cases import CaseDesk, CaseDeskStore, PersonsDecision
from eligibility.workflow.desk.documents import Documents
from eligibility.workflow.desk.entrances import EntranceDesk, EntranceQueries
from eligibility.workflow.desk.handling import CaseHandling, HandlingStore, QuestionDraft
from eligibility.workflow.desk.map_desk import MapDesk, MapStore
from eligibility.workflow.desk.messages import MessageDesk, MessageStore
from eligibility.workflow.desk.notices import DeliveryReport, NoticeDesk, NoticeStore
from eligibility.workflow.desk.proofs import Proof, Proofs, ProofStore
from eligibility.workflow.desk.tickets import TicketChange, TicketDesk, TicketDeskStore
from eligibility.workflow.desk.work_list import WorkList, WorkListQueries
from eligibility.workflow.erasure import Erasure
from eligibility.workflow.family.families import Families, FamiliesStore
from eligibility.workflow.messages import MessageTerms
from eligibility.workflow.ports import ApplicationContext, Environment, MeasuredRoutes, Records, RouteMeasurer
from eligibility.workflow.rule_sets.own_form_desk import OwnFormDesk
from eligibility.workflow.rule_sets.own_form_versions import OwnFormStore
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from eligibility.workflow.rule_sets.rule_set_ports import RuleSetDeskStore, RuleSetDocuments
from eligibility.workflow.rule_sets.simulation_desk import SimulationDesk, SimulationStore
from eligibility.workflow.tickets import Tickets


class WorkflowStore(
    AttendanceDeskStore,
    CaseDeskStore,
    HandlingStore,
    ProofStore,
    NoticeStore,
    LetterStore,
    DueDispatches,
    NoticeLookStore,
    MessageStore,
    WorkListQueries,
    MapStore,
    TicketDeskStore,
    EntranceQueries,
    FamiliesStore,
    RuleSetDeskStore,
    OwnFormStore,
    SimulationStore,
    Protocol,
):
    """The store, as all that persons and workers do asks of it."""


@dataclass(frozen=True)
class Workflow:
    """What the edges call."""

    decide: Decide
    revise: Revise
    self_payers: SelfPayers
    documents: Documents
    families: Families
    erasure: Erasure
    cases: CaseDesk
    handling: CaseHandling
    proofs: Proofs
    notices: NoticeDesk
    letters: LetterDesk
    hints: Hints
    notice_links: NoticeLinks
    proving: DeliveryProofs
    messages: MessageDesk
    message_terms: MessageTerms
    tickets: Tickets
    ticket_desk: TicketDesk
    work: WorkList
    map: MapDesk
    entrances: EntranceDesk
    rule_sets: RuleSetDesk
    own_forms: OwnFormDesk
    simulations: SimulationDesk
    attendance: Attendance
    attendance_desk: AttendanceDesk


def workflow_on(
    database: Transactions[WorkflowStore],
    records: Records,
    walking: RouteMeasurer,
    environment: Environment,
    documents: RuleSetDocuments,
    *,
    families_backlog: Backlog,
) -> Workflow:
    """All on one database.

    Args:
        documents: how rule sets are read and written, and this program's own.
    """
    decide = Decide(records, walking, environment)
    return Workflow(
        decide,
        Revise(decide, environment),
        SelfPayers(environment),
        Documents(environment),
        Families(database, records, environment, families_backlog),
        Erasure(environment),
        CaseDesk(database, records, environment),
        CaseHandling(database, records, environment),
        Proofs(database, records, environment),
        NoticeDesk(database, environment),
        LetterDesk(database, environment.now),
        Hints(environment),
        NoticeLinks(database, environment),
        DeliveryProofs(database, environment),
        MessageDesk(database, environment),
        MessageTerms(database),
        Tickets(environment),
        TicketDesk(database, environment),
        WorkList(database, records, environment),
        MapDesk(database, environment.now, walking.area),
        EntranceDesk(database),
        RuleSetDesk(database, environment, documents),
        OwnFormDesk(database, environment),
        SimulationDesk(database, records),
        Attendance(records, environment),
        AttendanceDesk(database, records, environment),
    )


__all__ = [
    "ApplicationContext",
    "Assessor",
    "CaseDesk",
    "CaseFile",
    "CaseFilter",
    "CaseHandling",
    "Decide",
    "DeliveryReport",
    "Documents",
    "Environment",
    "LetterDesk",
    "MeasuredRoutes",
    "NoticeDesk",
    "Page",
    "PersonsDecision",
    "Proof",
    "Proofs",
    "QuestionDraft",
    "Revise",
    "SelfPayers",
    "TicketChange",
    "TicketDesk",
    "Workflow",
    "workflow_on",
]
