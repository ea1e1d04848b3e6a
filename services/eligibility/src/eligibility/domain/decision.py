"""A decision, with everything by which it is explained. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from shared.events import AuthorityId

from eligibility.domain.ids import CaseId, DecisionId, decision_id_of
from eligibility.domain.kept_facts import KeptFacts
from eligibility.domain.kept_routes import KeptRoutes
from eligibility.domain.terms import NOTHING_MORE, Terms

FinalOutcome = Literal["granted", "refused"]
DecisionState = Literal["prepared", "in_force", "ended", "dropped"]
"""prepared: waits for its release. in_force: released. ended: it was in force. dropped: it was never released."""
Because = Literal["application_withdrawn", "facts_changed", "decided_anew", "family_changed"]
"""Why a decision ended: the family withdrew, its facts changed, the authority decided anew, or only the own share
became another because of a sibling: then the grant and its ticket go on."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, with everything by which it is explained and can be computed again."""

    id: DecisionId
    case_id: CaseId
    authority_id: AuthorityId
    outcome: FinalOutcome
    valid_from: date | None
    valid_until: date | None
    own_share_cents: int | None
    covered_cents: int | None
    distance_m: float | None
    """The way that was tested against the limit, metres, unrounded."""
    limit_m: int | None
    reasons: tuple[dict[str, str], ...]
    rules_version: str
    facts: KeptFacts
    """FACTS.json as evaluated."""
    routes: KeptRoutes
    """Measurements to the attended and the nearest school: metres, geometry, network hashes, flags."""
    decided_by: str
    """`rules`, or the OIDC subject of the person."""
    prepared_at: datetime
    released_at: datetime | None = None
    released_by: str | None = None
    round: int = 1
    """1, 2, 3 … of its case, each once. Earlier ones are kept."""
    because: Because | None = None
    """Why it takes the place of an earlier one."""
    withdrawn_at: datetime | None = None
    """When it ended, or was dropped before it was released."""
    ended_because: Because | None = None
    ended_on: date | None = None
    """Last day of a grant that ended before its time, from a day to come: until then its ticket is good."""
    terms: Terms = NOTHING_MORE
    digest: str | None = None
    """Of what it says (domain.said), from its release on; None: released before there were digests."""

    @property
    def state(self) -> DecisionState:
        """What has become of it."""
        if self.withdrawn_at is not None:
            return "dropped" if self.released_at is None else "ended"
        return "prepared" if self.released_at is None else "in_force"

    @property
    def ticket_days(self) -> tuple[date, date] | None:
        """First and last day of its ticket; None where it gives none, or its time was over when it was let out."""
        first, last = self.terms.ticket_from or self.valid_from, self.valid_until
        if self.outcome != "granted" or not self.terms.with_ticket or first is None or last is None or first > last:
            return None
        return first, last


def in_turn(decision: Decision, known: Iterable[Decision]) -> Decision:
    """`decision` as the next of its case after those `known`, all of them: its round, and the id that follows from it.

    To be counted in the transaction that keeps it. Where another one counted the same, the second cannot be kept: round
    and case are unique together.
    """
    number = max((each.round for each in known), default=0) + 1
    return replace(decision, id=decision_id_of(decision.case_id, number), round=number)
