"""The form that every event has."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Protocol, TypedDict
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

AuthorityId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
"""A school authority (Schulträger) by its number in the state's register (SchultraegerNr)."""

EVERY_AUTHORITY: AuthorityId = "all"
"""For what concerns them all, such as the trust list."""


def later_field(default: Any = None) -> Any:
    """A field that came later: left out where nothing is said, so that earlier events stay as they were."""
    return Field(default=default, exclude_if=lambda value: value == default)


class Fact(BaseModel):
    """A part of an event: frozen, and unknown fields of a newer sender are ignored. Bytes travel as base64url."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_bytes="base64", val_json_bytes="base64")


class Event(Fact):
    """Something that happened, told once and never changed.

    `event_id` is also the outbox row's and the broker's message id; `subject` names kind and version on the bus;
    `key` orders: events of one key reach a hearer in the order in which they were emitted.
    """

    subject: ClassVar[str]

    event_id: UUID = Field(default_factory=uuid4)
    occurred_at: AwareDatetime
    authority_id: AuthorityId

    @property
    def key(self) -> str:
        """Events of one key arrive in the order in which they were emitted."""
        return self.authority_id


class ApplicationEvent(Event):
    """An event in the life of one application."""

    application_id: UUID

    @property
    def key(self) -> str:
        """The application: its events arrive in order."""
        return str(self.application_id)


class ApplicationHead(TypedDict):
    """What every event of an application begins with."""

    occurred_at: datetime
    authority_id: AuthorityId
    application_id: UUID


class OfApplication(Protocol):
    """Whatever belongs to one application: a case, a ticket, another event."""

    @property
    def authority_id(self) -> AuthorityId:
        """The authority to which the application went."""

    @property
    def application_id(self) -> UUID:
        """The same in all services."""


def head(of: OfApplication, at: datetime) -> ApplicationHead:
    """The head of an event of that application: `SomethingHappened(**head(case, now), …)`."""
    return {"occurred_at": at, "authority_id": of.authority_id, "application_id": of.application_id}


class Reason(Fact):
    """One step of a decision: which rule, on which legal basis, in words that a parent understands."""

    rule: str
    legal_basis: str
    text: str
    """German, the language of the procedure."""
    text_en: str = ""
    """English courtesy translation; empty where there is none."""
