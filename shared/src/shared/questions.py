"""What one service asks another: the contract of each question and of its answer.

Like events they only grow. Unlike events nothing has happened, nothing is kept, and the asker goes on without an answer
where nobody is there.
"""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict


class Question(BaseModel):
    """Frozen, and unknown fields of a newer asker are ignored. `subject`: `SERVICE.ask.THING.vN`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str]


class Reply(BaseModel):
    """What comes back. Frozen, and unknown fields of a newer answerer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Candidate(Reply):
    """An address that may be meant."""

    street: str
    house_number: str
    postal_code: str
    city: str


class AddressQuestion(Question):
    """Whether the authority's directory has this home, and which may be meant if not."""

    subject: ClassVar[str] = "eligibility.ask.address.v1"

    authority_id: str | None = None
    """Whose doors count too; None: not known yet."""
    street: str
    house_number: str
    postal_code: str
    city: str


class AddressReply(Reply):
    """known: the way can be measured from it. near: one of `candidates` may be meant. unknown: a person looks."""

    outcome: Literal["known", "near", "unknown"]
    candidates: tuple[Candidate, ...] = ()
    """The likeliest first, at most three."""


class MessageTermQuestion(Question):
    """By when the authority looks at what a family writes or sends on that day."""

    subject: ClassVar[str] = "eligibility.ask.message_term.v1"

    authority_id: str
    told_on: date


class MessageTermReply(Reply):
    look_by: date
