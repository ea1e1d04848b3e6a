"""A case: one application as this service sees it, and the states that it takes. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.errors import Conflict, Text
from shared.events import AuthorityId

from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.kept_facts import KeptFacts
from eligibility.domain.kept_routes import KeptRoutes, KnownDanger
from eligibility.domain.submission import Submission

CaseState = Literal["review", "prepared", "granted", "refused", "withdrawn"]
"""review: a person must answer a question. prepared: decided, waits for release. granted, refused: released."""


@dataclass(frozen=True, slots=True)
class Case:
    """One application as this service sees it."""

    id: CaseId
    application_id: ApplicationId
    authority_id: AuthorityId
    state: CaseState
    school_number: str
    school_year: str
    opened_at: datetime
    submission: Submission
    """What the notice needs of the application: addressee, child, home, wanted start. Empty after erasure."""
    reasons: tuple[dict[str, str], ...]
    facts: KeptFacts
    """FACTS.json as evaluated."""
    routes: KeptRoutes
    """What was measured, where a person must decide; else it is in the decision."""
    assigned_to: str | None = None
    """The OIDC subject of the person who has taken it: nobody else may act on it until it is given back."""
    assigned_at: datetime | None = None
    change_number: int = 0
    """The newest change of the facts that is in it; 0: as submitted."""
    changed_at: datetime | None = None
    """When its facts or its state last became others: a hearing from before was about something else."""
    dangers: tuple[KnownDanger, ...] = ()
    """Entries of the authority's danger list that may concern the way (see workflow.dangers)."""


CHANGED = Text(
    "Der Fall hat sich inzwischen geändert. Bitte laden Sie ihn neu.",
    "The case has changed in the meantime. Please load it anew.",
)


def must_be(case: Case, *states: CaseState) -> None:
    """Raise Conflict unless the case is in one of `states`."""
    if case.state not in states:
        raise Conflict(CHANGED, field="state")
