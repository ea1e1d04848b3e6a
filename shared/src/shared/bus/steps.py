"""How a step of a batch is run in the batch's transaction: straight on, or in a savepoint of its own."""

from typing import Any

from shared.database import Step, journey


class StepFailed(Exception):
    """One of a batch: the transaction is rolled back."""


def run_straight(store: Any, step: Step[Any, None]) -> None:
    """Run a step without a savepoint of its own.

    Raises:
        StepFailed: it failed, and with it the whole transaction.
    """
    try:
        step(store)
        store.session.flush()
    except Exception as error:
        raise StepFailed from error


def run_in_savepoint(store: Any, step: Step[Any, None]) -> BaseException | None:
    """What the step failed of; its effects are gone then."""
    lines = journey.count(store.session)
    try:
        with store.session.begin_nested():
            step(store)
            store.session.flush()
    except Exception as error:
        journey.forget(store.session, lines)
        return error
    return None
