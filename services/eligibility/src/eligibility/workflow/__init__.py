"""What happens here, in numbered steps, and the ports that it needs."""

from eligibility.workflow.decision.decide import Decide
from eligibility.workflow.decision.revise import Revise
from eligibility.workflow.decision.self_payer import SelfPayers
from eligibility.workflow.desk.case_file import CaseFile
from eligibility.workflow.desk.cases import CaseDesk, PersonsDecision
from eligibility.workflow.desk.documents import Documents
from eligibility.workflow.desk.handling import Asked, Handling
from eligibility.workflow.desk.notices import NoticeDesk, Sent
from eligibility.workflow.ports import Found, Page, Surroundings, Wanted, Ways

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
