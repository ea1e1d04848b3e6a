"""The ids of what this service keeps, each a type of its own. Pure."""

from typing import NewType
from uuid import UUID

CaseId = NewType("CaseId", UUID)
ChildKey = NewType("ChildKey", str)
"""A digest of who the child is: equal for two applications for one child in one school year."""
ApplicationId = NewType("ApplicationId", UUID)
NoticeToken = NewType("NoticeToken", str)
"""128 random bits: who has it may read the notice, nobody can guess it."""

DecisionId = NewType("DecisionId", UUID)
QuestionId = NewType("QuestionId", UUID)
DocumentId = NewType("DocumentId", UUID)
ProposalId = NewType("ProposalId", UUID)
