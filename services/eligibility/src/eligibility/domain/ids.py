"""The ids of what this service keeps, each a type of its own; and those that are derived. Pure.

A case and a decision that are made again, after a restore or by a message told twice, bear the id that they bore: it is
an RFC 9562 UUID of version 5 whose namespace is the id of what it belongs to. No namespace of our own is needed: an
application's id is random, so that nobody can guess a case's. Ids given before this (random ones) stay as they are, and
what is decided of such a case is derived from its id.
"""

from typing import NewType
from uuid import UUID, uuid5

CaseId = NewType("CaseId", UUID)
ApplicationId = NewType("ApplicationId", UUID)
NoticeToken = NewType("NoticeToken", str)
"""128 random bits: who has it may read the notice, nobody can guess it."""

DecisionId = NewType("DecisionId", UUID)
QuestionId = NewType("QuestionId", UUID)
DocumentId = NewType("DocumentId", UUID)
MessageId = NewType("MessageId", UUID)
ProposalId = NewType("ProposalId", UUID)


def case_id_of(application_id: ApplicationId, school_year: str) -> CaseId:
    """One case for each school year of an application.

    Args:
        school_year: 2026/27; empty where a withdrawal came first.
    """
    return CaseId(uuid5(application_id, school_year))


def decision_id_of(case_id: CaseId, round_: int) -> DecisionId:
    """One decision for each round of a case: 1, 2, 3 …"""
    return DecisionId(uuid5(case_id, str(round_)))
