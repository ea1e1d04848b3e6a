"""Which state may follow which: a table in the domain, and the one way by which a state changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

State = TypeVar("State", bound=str)


class ImpossibleTransition(RuntimeError):
    """A state was to follow another that it cannot follow: a fault of the program, not of whoever asked."""


@dataclass(frozen=True)
class Transitions(Generic[State]):
    """A table of transitions. What stays in its state, with another reason, needs a row too."""

    begins: frozenset[State]
    """The states in which a thing is written down first."""
    follows: Mapping[State, frozenset[State]]
    """For each state: those that may come right after it; none after an end."""

    def move(self, before: State, after: State) -> State:
        """The new state, one step on.

        Args:
            before: the state now.
            after: the wanted one.

        Returns:
            `after`.

        Raises:
            ImpossibleTransition: the table has no such step.
        """
        if after not in self.follows[before]:
            raise ImpossibleTransition(f"{after} cannot follow {before}")
        return after

    def begin(self, first: State) -> State:
        """`first`; raises ImpossibleTransition where nothing begins so."""
        if first not in self.begins:
            raise ImpossibleTransition(f"nothing begins as {first}")
        return first

    def before(self, after: State) -> list[State]:
        """The states that `after` may follow, in the order of the table: the condition of a statement that sets it."""
        return [before for before, following in self.follows.items() if after in following]

    def catch_up(self, before: State, after: State) -> State:
        """As `move`, by as many steps as it takes, or none: for who hears late how a thing stands."""
        if after != before and after not in self._reach[before]:
            raise ImpossibleTransition(f"{after} cannot come of {before}")
        return after

    def leads(self, before: State, after: State) -> bool:
        """Whether `catch_up` would take it."""
        return after == before or after in self._reach[before]

    @cached_property
    def _reach(self) -> Mapping[State, frozenset[State]]:
        found = {state: set(following) for state, following in self.follows.items()}
        for _ in found:
            for following in found.values():
                following |= {later for state in tuple(following) for later in found[state]}
        return {state: frozenset(following) for state, following in found.items()}
