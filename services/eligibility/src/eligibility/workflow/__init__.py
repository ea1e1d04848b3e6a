"""What happens here, in numbered steps, and the ports that it needs."""

from eligibility.workflow.case_file import CaseFile
from eligibility.workflow.cases import CaseDesk, PersonsDecision
from eligibility.workflow.decide import Decide
from eligibility.workflow.documents import Documents
from eligibility.workflow.handling import Asked, Handling
from eligibility.workflow.notices import NoticeDesk, Sent
from eligibility.workflow.ports import Found, Page, Surroundings, Wanted, Ways
from eligibility.workflow.revise import Revise
from eligibility.workflow.self_payer import SelfPayers

__all__ = [
    "Asked",
    "CaseDesk",
    "CaseFile",
    "Decide",
    "Documents",
    "Found",
    "Handling",
    "NoticeDesk",
    "Page",
    "PersonsDecision",
    "Revise",
    "SelfPayers",
    "Sent",
    "Surroundings",
    "Wanted",
    "Ways",
]
