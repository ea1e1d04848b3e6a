"""What stands for another service that is asked over the bus."""

from typing import TypeVar

from shared.questions import Reply

Answer = TypeVar("Answer", bound=Reply)


def as_asked(reply: Reply | None, kind: type[Answer]) -> Answer | None:
    """The reply, which is of the kind that was asked for; None where nobody answers."""
    assert reply is None or isinstance(reply, kind), f"{kind.__name__} was asked for"
    return reply
