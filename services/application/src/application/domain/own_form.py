"""What an authority adds to the form, as it is in force on a day. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.events.own_form import OwnForm


@dataclass(frozen=True)
class OwnFormInForce:
    """A version that families are asked by."""

    version: int
    content: OwnForm


@dataclass(frozen=True)
class PublishedForm(OwnFormInForce):
    """A version as its authority has told it."""

    authority_id: str
    valid_from: date
    published_at: datetime
