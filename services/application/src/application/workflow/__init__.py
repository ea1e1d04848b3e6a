"""What happens, in numbered steps, and the ports that it needs."""

from dataclasses import dataclass
from datetime import timedelta

from shared.database import Transactions
from shared.questions import Question, Reply

from application.checks import SchoolKeys
from application.checks.uploads import KEPT_OF_ONE
from application.domain.retention import ACTION_DAYS
from application.workflow.applications.addresses import Addresses, AddressHint, Asks
from application.workflow.applications.applications import Applications
from application.workflow.applications.changes import ChangeRequest, Changes
from application.workflow.applications.losses import Losses, to_lose
from application.workflow.applications.pass_links import PassLinks, linked_ticket
from application.workflow.applications.self_payer import SelfPayerOrders, open_offer
from application.workflow.attendance.class_lists import ClassLists
from application.workflow.attendance.statements import Attendance
from application.workflow.codes.codes import Codes
from application.workflow.codes.letters import Letters
from application.workflow.codes.look_links import LookLinks
from application.workflow.codes.pick_up import PickUps
from application.workflow.deliveries.record import Deliveries
from application.workflow.deliveries.retrieval import Retrievals
from application.workflow.detail import Detail
from application.workflow.documents.documents import Documents
from application.workflow.documents.openings import Openings
from application.workflow.documents.upload import Upload
from application.workflow.drafts.documents import KEPT_OF_A_DRAFT, DraftDocuments
from application.workflow.drafts.drafts import KEPT, Drafts, DraftView, NewLink
from application.workflow.drafts.submission import DraftSubmission, SubmittedApplication
from application.workflow.erasure import Erasure
from application.workflow.mails.contacts import Contacts
from application.workflow.mails.hints import Hints
from application.workflow.mails.ports import MailOffice
from application.workflow.mails.reminders import Reminders
from application.workflow.messages import MessageTerms
from application.workflow.own_data import OwnData
from application.workflow.own_forms import OwnForms
from application.workflow.people.people import Acceptance, NewInvitation, People, PeopleView
from application.workflow.ports import Counts, Store
from application.workflow.prechecks import Prechecks
from application.workflow.schools import Directory, ImportReport
from application.workflow.timeline import Timeline, TimelineEvent


@dataclass(frozen=True)
class Workflow:
    """What the edges call."""

    applications: Applications
    directory: Directory
    timeline: Timeline
    changes: Changes
    documents: Documents
    self_payer_orders: SelfPayerOrders
    losses: Losses
    deliveries: Deliveries
    retrievals: Retrievals
    openings: Openings
    addresses: Addresses
    messages: MessageTerms
    prechecks: Prechecks
    drafts: Drafts
    draft_documents: DraftDocuments
    draft_submission: DraftSubmission
    people: People
    own_forms: OwnForms
    erasure: Erasure
    contacts: Contacts
    hints: Hints
    reminders: Reminders
    attendance: Attendance
    class_lists: ClassLists
    own_data: OwnData
    codes: Codes
    letters: Letters
    look_links: LookLinks
    pick_ups: PickUps
    pass_links: PassLinks


@dataclass(frozen=True)
class DraftTerms:
    """How long drafts are kept after the last edit, and how many bytes of documents in one; 0: as many as come."""

    kept: timedelta = KEPT
    most_bytes: int = KEPT_OF_A_DRAFT


DRAFT_TERMS = DraftTerms()


class NobodyThere:
    """For commands, which have no connection to the bus."""

    async def ask(self, question: Question, answer: type[Reply]) -> None:
        """Nobody answers."""


def workflow_on(
    database: Transactions[Store],
    keys: SchoolKeys,
    asks: Asks | None = None,
    *,
    most_bytes: int = KEPT_OF_ONE,
    drafts: DraftTerms = DRAFT_TERMS,
    office: MailOffice | None = None,
    action_days: int = ACTION_DAYS,
    code_key: bytes | None = None,
) -> Workflow:
    """All on one database.

    Args:
        asks: by whom other services are asked; None: nobody is there.
        most_bytes: of one account's documents.
        office: where mails are sent; None: nowhere.
        action_days: so long after a decision an action may still come in.
        code_key: of the digests of codes; None: there are none.
    """
    return Workflow(
        Applications(database, keys, office),
        Directory(database),
        Timeline(Hints(office)),
        Changes(database, keys, office),
        Documents(database, most_bytes),
        SelfPayerOrders(database),
        Losses(database),
        Deliveries(Hints(office)),
        Retrievals(database, asks or NobodyThere()),
        Openings(database),
        Addresses(asks or NobodyThere()),
        MessageTerms(asks or NobodyThere()),
        Prechecks(database, keys, asks or NobodyThere()),
        Drafts(database, keys, drafts.kept),
        DraftDocuments(database, drafts.kept, drafts.most_bytes),
        DraftSubmission(database, keys, drafts.kept, most_bytes, office),
        People(database),
        OwnForms(database),
        Erasure(database, action_days),
        *_mails(database, office, drafts.kept),
        Attendance(database),
        ClassLists(database, Directory(database)),
        OwnData(database),
        *_without_account(database, code_key),
        PickUps(database, code_key),
        PassLinks(database),
    )


def _mails(
    database: Transactions[Store], office: MailOffice | None, kept: timedelta
) -> tuple[Contacts, Hints, Reminders]:
    return Contacts(database, office, kept), Hints(office), Reminders(database, office, kept)


def _without_account(database: Transactions[Store], key: bytes | None) -> tuple[Codes, Letters, LookLinks]:
    codes = Codes(database, key)
    return codes, Letters(database, codes), LookLinks(database)


__all__ = [
    "KEPT",
    "KEPT_OF_A_DRAFT",
    "Acceptance",
    "AddressHint",
    "ChangeRequest",
    "Changes",
    "Counts",
    "Detail",
    "Documents",
    "DraftTerms",
    "DraftView",
    "ImportReport",
    "MailOffice",
    "NewInvitation",
    "NewLink",
    "Openings",
    "PeopleView",
    "Store",
    "SubmittedApplication",
    "TimelineEvent",
    "Upload",
    "Workflow",
    "linked_ticket",
    "open_offer",
    "to_lose",
    "workflow_on",
]
