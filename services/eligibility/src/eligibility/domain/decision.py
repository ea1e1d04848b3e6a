"""A decision, with everything by which it is explained. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from shared.events import AuthorityId

from eligibility.domain.ids import CaseId, DecisionId, decision_id_of
from eligibility.domain.terms import NOTHING_MORE, Terms

FinalOutcome = Literal["granted", "refused"]
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
    facts: dict[str, Any]
    """FACTS.json as evaluated."""
    ways: dict[str, Any]
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
    terms: Terms = NOTHING_MORE
    digest: str | None = None
    """Of what it says (domain.said), from its release on; None: released before there were digests."""


def in_turn(decision: Decision, known: Iterable[Decision]) -> Decision:
    """`decision` as the next of its case after those `known`, all of them: its round, and the id that follows from it.

    To be counted in the transaction that keeps it. Where another one counted the same, the second cannot be kept: round
    and case are unique together.
    """
    number = max((each.round for each in known), default=0) + 1
    return replace(decision, id=decision_id_of(decision.case_id, number), round=number)
