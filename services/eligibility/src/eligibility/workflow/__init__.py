"""What happens here, in numbered steps, and the ports that it needs."""

from eligibility.workflow.cases import CaseDesk, PersonsDecision
from eligibility.workflow.decide import Decide
from eligibility.workflow.ports import Found, Page, Surroundings, Ways

__all__ = ["CaseDesk", "Decide", "Found", "Page", "PersonsDecision", "Surroundings", "Ways"]
