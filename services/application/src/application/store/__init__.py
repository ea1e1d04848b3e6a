"""Own tables, and the outbox rows, in one transaction."""

from application.store.attendance import AttendanceTables
from application.store.base import Row
from application.store.codes import CodeTables, LetterTables
from application.store.digests import DigestTables
from application.store.ended_keys import EndedKeyTables
from application.store.ended_sessions import EndedSessionTables
from application.store.erasure import ErasureTables
from application.store.mails import MailTables
from application.store.openings import OpeningTable
from application.store.own_data import OwnDataTables
from application.store.own_forms import OwnFormTables
from application.store.people import PeopleTables
from application.store.pick_up import PickUpTables
from application.store.retention import RetentionTables
from application.store.schools import DirectoryTables
from application.store.timeline import TimelineTables


class SqlStore(
    AttendanceTables,
    TimelineTables,
    DigestTables,
    DirectoryTables,
    MailTables,
    OwnDataTables,
    OpeningTable,
    EndedSessionTables,
    EndedKeyTables,
    PeopleTables,
    CodeTables,
    LetterTables,
    PickUpTables,
    OwnFormTables,
    ErasureTables,
    RetentionTables,
):
    """Implements every port of the workflow on one transaction."""


__all__ = ["Row", "SqlStore"]
