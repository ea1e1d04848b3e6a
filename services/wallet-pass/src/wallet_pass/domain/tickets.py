"""The ticket as issuance told it, and what was told of it since. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from shared.birth_dates import BirthDate
from shared.calendar import BERLIN, day_in_berlin, in_berlin

LAST_MOMENT = time(23, 59, 58)
LOST_LINK = 2**31 - 1
"""The number of a link that ended by the loss of its ticket. No act of a family has a higher one, so none that comes
late opens it again."""
MINUTE, LAST_MINUTE = time(0, 1), time(23, 59)
"""An end before the first or after the second is the end of a day."""


def end_of_day(day: date) -> datetime:
    """As tickets bear it: two seconds before midnight, Germany's time."""
    return datetime.combine(day, LAST_MOMENT, BERLIN)


@dataclass(frozen=True)
class Ticket:
    """The signed right to ride, as issuance told it. `vdv` and `qr` are passed on and never changed."""

    ticket_id: UUID
    application_id: UUID
    authority_id: str
    number: int
    organisation_id: int
    product: int
    first_name: str
    last_name: str
    birth_date: BirthDate
    valid_from: datetime
    valid_until: datetime
    vdv: bytes = field(repr=False)
    qr: str = field(repr=False)

    @property
    def name(self) -> str:
        """As written by the family; some people bear one name only."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def first_day(self) -> date:
        """In Germany's time."""
        return day_in_berlin(self.valid_from)

    @property
    def last_day(self) -> date:
        """The last day on which the ticket is valid: an end at midnight belongs to the day before."""
        return day_in_berlin(self.valid_until - timedelta(seconds=1))

    @property
    def ends_at(self) -> time | None:
        """The hour, where it is not the end of a day: tickets of other kinds run until 03:00 of the next."""
        hour = in_berlin(self.valid_until).time()
        return hour if MINUTE <= hour < LAST_MINUTE else None

    def is_of_one_class_with(self, other: "Ticket") -> bool:
        """Authority and product decide of which of Google's classes a pass is, and an object stays in its class."""
        return (self.authority_id, self.product) == (other.authority_id, other.product)


@dataclass(frozen=True)
class TicketState:
    """What was told of a ticket beside its issue: the same in whatever order and however often it was told."""

    ticket_id: UUID
    revoked_at: datetime | None = None
    replaced: bool = False
    """Another ticket has taken its place: it gets no pass any more."""
    switched_at: datetime | None = None
    """Of the latest suspension or restoration."""
    suspended: bool = False
    renewed_at: datetime | None = None
    vdv: bytes | None = field(default=None, repr=False)
    qr: str | None = field(default=None, repr=False)
    """The codes of the latest renewal, as long as they wait for the pass."""
    end_step: int = 0
    """Of the step by which the end was told last: a lower one that comes late says nothing any more."""
    switch_step: int = 0
    """Likewise of the latest suspension or restoration; 0: told without one, as steps were not counted here."""
    renew_step: int = 0
    """Likewise of the latest renewal."""
    last_day: date | None = None
    """The last day on which the ticket is good, where its grant ends before what is signed; None: the signed end."""
    link_number: int = 0
    """Of the family's newest act on the link of its pass, where that was told before the pass was made."""
    link_ended: bool = False
    """Likewise: the link leads nowhere until it is renewed."""

    def switched(self, at: datetime, step: int, *, suspended: bool) -> "TicketState":
        """The later step counts, whatever the sender's clock says. Of what is told without steps the later moment, and
        of two at one the suspension."""
        if step == 0 and self.switched_at is not None:
            is_later = self.switch_step == 0 and (at, suspended) > (self.switched_at, self.suspended)
        else:
            is_later = self.switched_at is None or step > self.switch_step
        return replace(self, switched_at=at, suspended=suspended, switch_step=step) if is_later else self

    def renewed(self, at: datetime, step: int, vdv: bytes, qr: str) -> "TicketState":
        """Likewise."""
        if step == 0 and self.renewed_at is not None:
            is_later = self.renew_step == 0 and at > self.renewed_at
        else:
            is_later = self.renewed_at is None or step > self.renew_step
        return replace(self, renewed_at=at, vdv=vdv, qr=qr, renew_step=step) if is_later else self

    def ending(self, last_day: date | None, step: int) -> "TicketState":
        """With this early end, or none any more; itself where a later step has told of the end already."""
        return self if step < self.end_step else replace(self, last_day=last_day, end_step=step)

    @property
    def is_lost(self) -> bool:
        """A stranger may have whatever bears it, also its link."""
        return self.link_number == LOST_LINK

    def lost(self) -> "TicketState":
        """Its link leads nowhere, for ever."""
        return replace(self, link_number=LOST_LINK, link_ended=True)

    def without_codes(self) -> "TicketState":
        """Once the pass has taken the renewed codes, they need not wait any longer."""
        return self if self.vdv is None else replace(self, vdv=None, qr=None)
