"""Own tables, and the outbox rows, in one transaction."""

from eligibility.store.audit import AuditTables
from eligibility.store.decision.attendance import AttendanceTables
from eligibility.store.decision.cases import CaseTables
from eligibility.store.decision.changes import ChangeTables
from eligibility.store.decision.children import ChildTables
from eligibility.store.decision.decisions import DecisionTables
from eligibility.store.decision.marked import MarkedTables
from eligibility.store.decision.records import RecordTables, StoredRecords
from eligibility.store.decision.seals import SealTables
from eligibility.store.decision.tickets import TicketTables
from eligibility.store.decision.told_children import ToldChildTables
from eligibility.store.desk.dispatches import DispatchTables
from eligibility.store.desk.documents import DocumentTables
from eligibility.store.desk.ended_sessions import EndedSessionTables
from eligibility.store.desk.entrances import EntranceTables
from eligibility.store.desk.handling import DeskTables
from eligibility.store.desk.messages import MessageTables
from eligibility.store.desk.work_list import WorkTables
from eligibility.store.erasure import ErasureTables
from eligibility.store.family import FamilyTables
from eligibility.store.places.importer import open_importer
from eligibility.store.renewal import RenewalTables
from eligibility.store.retention import RetentionTables
from eligibility.store.rule_sets.own_forms import OwnFormTables
from eligibility.store.tables import Row
from eligibility.store.told_elsewhere import ToldElsewhereTables


class Store(
    CaseTables,
    ChildTables,
    MarkedTables,
    ToldChildTables,
    ChangeTables,
    FamilyTables,
    RenewalTables,
    DeskTables,
    DispatchTables,
    DecisionTables,
    SealTables,
    TicketTables,
    DocumentTables,
    MessageTables,
    AuditTables,
    RecordTables,
    OwnFormTables,
    WorkTables,
    EntranceTables,
    EndedSessionTables,
    ErasureTables,
    ToldElsewhereTables,
    RetentionTables,
    AttendanceTables,
):
    """This service's tables in one session: each part has the tables of one topic."""


__all__ = ["Row", "Store", "StoredRecords", "open_importer"]
