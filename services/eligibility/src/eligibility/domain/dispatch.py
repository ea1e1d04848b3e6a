"""How one try to bring a notice to one addressee goes on: states, and what may follow what. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID, uuid5

from shared.errors import Text
from shared.events import AuthorityId

from eligibility.domain.ids import CaseId, DecisionId, NoticeToken
from eligibility.domain.transitions import StoredStates

DispatchId = NewType("DispatchId", UUID)
Way = Literal["portal", "mailbox", "post"]
"""portal: retrieved after signing in. mailbox: of the user account (§ 9 OZG). post: a letter."""
DispatchState = Literal[
    "provided", "announced", "retrieved", "lapsed", "failed", "queued", "printed", "posted", "returned", "overtaken"
]
"""provided: lies ready. announced: the hint that says so has gone out. lapsed: not retrieved in time. failed: the hint
could not be sent, came too late, or came back; or the mailbox refused the notice. queued: a letter to be printed, a
notice to be put into a mailbox, or one for the portal that waits for its seal. overtaken: the addressee has the notice
by another channel already, or a person noted so."""
FailureReason = Literal["no_address", "no_transport", "refused", "bounced", "late"]
DISPATCH_STATES: StoredStates[DispatchState] = StoredStates(
    begins=frozenset({"provided", "queued"}),
    follows={
        "provided": frozenset({"announced", "retrieved", "failed", "overtaken"}),
        "announced": frozenset({"retrieved", "lapsed", "failed", "overtaken"}),
        "failed": frozenset({"retrieved"}),
        "retrieved": frozenset(),
        "lapsed": frozenset(),
        "queued": frozenset({"printed", "provided", "failed", "overtaken"}),
        "printed": frozenset({"printed", "posted", "overtaken"}),
        "posted": frozenset({"returned"}),
        "returned": frozenset(),
        "overtaken": frozenset(),
    },
    refused=Text(
        "Dieser Versand steht inzwischen anders. Bitte laden Sie die Seite neu.",
        "This dispatch stands otherwise in the meantime. Please load the page again.",
    ),
)
"""A hint may come back after the notice was read: what was read stays read. A failed hint does not undo that the notice
lies in the portal: who consented and retrieves it there, before a letter is posted, has it (§ 41 Abs. 2a VwVfG)."""
OPEN: tuple[DispatchState, ...] = ("provided", "announced", "queued", "printed")
"""Something is still to come of it. An addressee has one such dispatch of a notice at most."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One try to bring one notice to one addressee by one channel."""

    id: DispatchId
    token: NoticeToken
    decision_id: DecisionId
    case_id: CaseId
    authority_id: AuthorityId
    recipient: int
    """0: who applied; 1: the other guardian, where both get the notice."""
    number: int
    """1, 2, 3 … of this addressee and notice."""
    way: Way
    state: DispatchState
    begun_at: datetime
    since: datetime
    provided_at: datetime | None = None
    """When it lay ready for retrieval."""
    announced_at: datetime | None = None
    """When the hint went out."""
    failure: FailureReason | None = None
    day: date | None = None
    """Of a letter: given to the post, Germany's calendar."""
    look_on: date | None = None
    """From this day on the worker looks at it; None: it waits for no day."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class DispatchStep:
    """What happened to a dispatch, and when: what the proof of delivery consists of."""

    dispatch_id: DispatchId
    number: int
    """1, 2, 3 … of the notice."""
    state: DispatchState
    at: datetime
    """When it happened, in UTC."""
    noted_at: datetime
    by: str
    """The OIDC subject of a person; `family`, `application`, `rules` or `delivery` (the worker)."""
    reason: FailureReason | None = None
    day: date | None = None
    """Of a letter: given to the post, Germany's calendar."""


def dispatch_id_of(decision_id: DecisionId, recipient: int, number: int) -> DispatchId:
    """The same however often the step is repeated."""
    return DispatchId(uuid5(decision_id, f"dispatch {recipient} {number}"))
