"""Which state may follow which: of a case, a decision, a version of a rule set or of a form. Pure.

Every statement that writes a state takes from here which states may stand before it (store.decision.cases,
store.decision.decisions, store.rule_sets): what these tables do not know is refused in the same statement, or
while it holds the row.
"""

from dataclasses import dataclass
from typing import Generic, Literal

from shared.errors import Conflict, Text
from shared.transitions import State, Transitions

from eligibility.domain.case import CHANGED, CaseState
from eligibility.domain.decision import DecisionState

RuleSetState = Literal["draft", "tried", "published"]
"""tried: its own law tests were green as it stands. published: never changes again."""


OwnFormState = Literal["draft", "published"]
"""published: never changes again."""


@dataclass(frozen=True)
class StoredStates(Transitions[State], Generic[State]):
    """A table of transitions along which people and events change what is stored: whoever comes late is told. A state
    that follows itself is written anew: other facts, another decision."""

    refused: Text

    def allow(self, before: State | None, after: State) -> bool:
        """Whether `after` may be written where `before` stands; None: nothing stands there yet."""
        return after in (self.begins if before is None else self.follows[before])

    def check(self, before: State | None, after: State) -> None:
        """Raise Conflict where `after` may not be written there."""
        if not self.allow(before, after):
            raise Conflict(self.refused, field="state")


UNTIL_WITHDRAWN: frozenset[CaseState] = frozenset({"review", "prepared", "granted", "refused", "withdrawn"})
"""Until the application is withdrawn every answer may become another: the family tells something else, a person decides
anew, another ticket of the child comes up."""
CASE_STATES: StoredStates[CaseState] = StoredStates(
    begins=frozenset({"review", "prepared", "withdrawn"}),
    follows={
        "review": UNTIL_WITHDRAWN,
        "prepared": UNTIL_WITHDRAWN,
        "granted": UNTIL_WITHDRAWN,
        "refused": UNTIL_WITHDRAWN,
        "withdrawn": frozenset(),
    },
    refused=CHANGED,
)
"""Withdrawn at first: the withdrawal was heard before its application."""
DECISION_STATES: StoredStates[DecisionState] = StoredStates(
    begins=frozenset({"prepared"}),
    follows={
        "prepared": frozenset({"in_force", "dropped"}),
        "in_force": frozenset({"ended"}),
        "ended": frozenset({"ended"}),
        "dropped": frozenset(),
    },
    refused=CHANGED,
)
"""An end that is still to come may be moved: a new grant covers the days until then."""
RULE_SET_STATES: StoredStates[RuleSetState] = StoredStates(
    begins=frozenset({"draft"}),
    follows={
        "draft": frozenset({"draft", "tried"}),
        "tried": frozenset({"draft", "tried", "published"}),
        "published": frozenset(),
    },
    refused=Text(
        "Eine veröffentlichte Fassung ändert sich nicht mehr. Legen Sie einen neuen Entwurf an.",
        "A published version never changes. Make a new draft.",
    ),
)
"""Publishing needs green law tests of this very version."""
OWN_FORM_STATES: StoredStates[OwnFormState] = StoredStates(
    begins=frozenset({"draft"}),
    follows={"draft": frozenset({"draft", "published"}), "published": frozenset()},
    refused=RULE_SET_STATES.refused,
)
