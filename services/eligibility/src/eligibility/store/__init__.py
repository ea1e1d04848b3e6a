"""Own tables, and the outbox rows, in one transaction."""

from eligibility.store.audit import AuditTables
from eligibility.store.cases import CaseTables
from eligibility.store.children import ChildTables
from eligibility.store.decisions import DecisionTables
from eligibility.store.desk import DeskTables
from eligibility.store.documents import DocumentTables
from eligibility.store.family import FamilyTables
from eligibility.store.places import PlaceTables
from eligibility.store.records import StoredRecords
from eligibility.store.renewal import RenewalTables
from eligibility.store.rule_sets import RuleSetTables
from eligibility.store.sink import open_sink
from eligibility.store.tables import Row
from eligibility.store.work_list import WorkTables


class Store(
    CaseTables,
    ChildTables,
    FamilyTables,
    RenewalTables,
    DeskTables,
    DecisionTables,
    DocumentTables,
    AuditTables,
    PlaceTables,
    RuleSetTables,
    WorkTables,
):
    """This service's tables in one session: each part has the tables of one topic."""


__all__ = ["Row", "Store", "StoredRecords", "open_sink"]
