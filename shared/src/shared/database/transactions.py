"""The port by which a workflow reaches the tables of its service."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Store_co = TypeVar("Store_co", covariant=True)
Result = TypeVar("Result")


class Transactions(Protocol[Store_co]):
    """Runs steps on a store, each in one transaction.

    `Store_co` is what the steps ask of it, a protocol beside the workflow. `Database[S]` is a `Transactions[P]` exactly
    where S has all that P asks for: so every store is checked against every port where the two are wired.
    """

    async def write(self, step: Callable[[Store_co], Result], *, wake: bool = True) -> Result:
        """Run `step` and commit. Any exception rolls back and is raised.

        `wake=False` for a write that gives nobody work.

        Raises:
            Unavailable: where the database cannot be reached.
        """

    async def read(self, query: Callable[[Store_co], Result]) -> Result:
        """Run `query` in a transaction that is rolled back."""

    def write_now(self, step: Callable[[Store_co], Result]) -> Result:
        """`write` for commands and threads, without an event loop."""

    def read_now(self, query: Callable[[Store_co], Result]) -> Result:
        """`read` for commands and threads, without an event loop."""
