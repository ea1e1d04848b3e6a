"""A decision as others have heard of it, learnt after this database was put back to an older copy. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from eligibility.domain.ids import CaseId, DecisionId, decision_id_of

UNKNOWN = ""
"""The digest of a decision that is known by its ticket alone: whoever heard what it said was put back too. Likewise why
it ended."""


@dataclass(frozen=True, slots=True)
class DecisionElsewhere:
    """Which one it is, what it said, and how it ended."""

    case_id: CaseId
    round: int
    digest: str
    outcome: str = UNKNOWN
    """granted, refused, share_changed."""
    ended_at: datetime | None = None
    ended_because: str = UNKNOWN
    ended_on: date | None = None
    """Its last day, where it ended from a day to come."""

    @property
    def id(self) -> DecisionId:
        """Derived from case and round, so that it is the one that the decision had here."""
        return decision_id_of(self.case_id, self.round)

    @property
    def is_standing_grant(self) -> bool:
        """A grant of which no end was heard."""
        return self.outcome == "granted" and self.ended_at is None

    @property
    def by_person(self) -> bool:
        """Whether a person of the authority ended it, as far as is known."""
        return self.ended_at is not None and self.ended_because in ("decided_anew", UNKNOWN)

    @property
    def by_family(self) -> bool:
        """It ended because the family withdrew its application."""
        return self.ended_because == "application_withdrawn"
