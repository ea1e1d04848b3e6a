"""Own tables, and the outbox rows, in one transaction."""

from application.store.applications import ApplicationTables
from application.store.attendance import AttendanceTables
from application.store.base import Row
from application.store.digests import DigestTables
from application.store.documents import DocumentTables
from application.store.drafts import DraftTables
from application.store.ended_sessions import EndedSessionTables
from application.store.erasure import ErasureTables
from application.store.mails import MailTables
from application.store.openings import OpeningTable
from application.store.own_data import OwnDataTables
from application.store.own_forms import OwnFormTables
from application.store.people import PeopleTables
from application.store.retention import RetentionTables
from application.store.schools import DirectoryTables
from application.store.timeline import TimelineTables


class SqlStore(
    ApplicationTables,
    TimelineTables,
    DigestTables,
    DirectoryTables,
    DocumentTables,
    DraftTables,
    MailTables,
    OpeningTable,
    EndedSessionTables,
    PeopleTables,
    OwnFormTables,
    ErasureTables,
    RetentionTables,
    AttendanceTables,
    OwnDataTables,
):
    """Implements every port of the workflow on one transaction."""


__all__ = ["Row", "SqlStore"]
