"""What a pass is, and what is allowed. Pure: no clock, no I/O."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.calendar import day_in_berlin
from shared.errors import Invalid, Text

PassToken = NewType("PassToken", str)
"""128 random bits as 22 characters of base64url: who knows it may see the pass. Says nothing about the child."""
AuthenticationToken = NewType("AuthenticationToken", str)
"""What a wallet shows to fetch a newer pass; Apple wants at least 16 characters."""

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (level AA), which EN 301 549 makes binding for public bodies."""

LONGEST_ISSUER = 100
ONE_LINE = 30
"""Characters that phones show beside the logo."""


class State(StrEnum):
    """How a pass stands at a moment. Revoked wins over everything, and a time that is over wins over a suspension."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


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
    birth_date: date
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
        return day_in_berlin(self.valid_from)

    @property
    def last_day(self) -> date:
        """The last day on which the ticket is valid: an end at midnight belongs to the day before."""
        return day_in_berlin(self.valid_until - timedelta(seconds=1))

    def is_of_one_class_with(self, other: "Ticket") -> bool:
        """Authority and product decide of which of Google's classes a pass is, and an object stays in its class."""
        return (self.authority_id, self.product) == (other.authority_id, other.product)


@dataclass(frozen=True)
class Told:
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

    def switched(self, at: datetime, *, suspended: bool) -> "Told":
        """The later counts; of two at one moment the suspension."""
        if self.switched_at is not None and (at, suspended) <= (self.switched_at, self.suspended):
            return self
        return replace(self, switched_at=at, suspended=suspended)

    def without_codes(self) -> "Told":
        return self if self.vdv is None else replace(self, vdv=None, qr=None)


@dataclass(frozen=True)
class Pass:
    """A ticket made ready for a phone. One ticket, one pass; a changed ticket keeps the pass of the one before it."""

    token: PassToken
    authentication_token: AuthenticationToken
    ticket: Ticket
    changed_at: datetime
    """When what the pass shows last changed: HTTP's Last-Modified, so in whole seconds and never twice the same."""
    revoked_at: datetime | None = None
    suspended: bool = False
    first_ticket: UUID | None = None
    """The ticket for which it was made, where another has taken it over since."""

    @property
    def serial_number(self) -> str:
        """Unique under one pass type: the same serial number replaces the pass on the phone."""
        return str(self.first_ticket or self.ticket.ticket_id)

    @property
    def bears_barcode(self) -> bool:
        """Not while the ticket is not good: a reader without our status list would take the code for valid."""
        return self.revoked_at is None and not self.suspended

    def state(self, now: datetime) -> State:
        if self.revoked_at is not None:
            return State.REVOKED
        if now > self.ticket.valid_until:
            return State.EXPIRED
        if self.suspended:
            return State.SUSPENDED
        if now < self.ticket.valid_from:
            return State.NOT_YET_VALID
        return State.VALID

    def as_told(self, told: Told, now: datetime) -> "Pass":
        """The same pass with all that was told of its ticket; itself where that changes nothing."""
        if told.revoked_at is not None:
            return self.revoked(now)
        ticket = self.ticket
        if told.vdv is not None and told.qr is not None:
            ticket = replace(ticket, vdv=told.vdv, qr=told.qr)
        suspended = self.suspended if told.switched_at is None else told.suspended
        if self.revoked_at is not None or (ticket, suspended) == (self.ticket, self.suspended):
            return self
        return replace(self, ticket=ticket, suspended=suspended, changed_at=next_change(self.changed_at, now))

    def revoked(self, now: datetime) -> "Pass":
        """The same pass, void. Revoking twice changes nothing."""
        if self.revoked_at is not None:
            return self
        return replace(self, changed_at=next_change(self.changed_at, now), revoked_at=now)

    def taken_over(self, ticket: Ticket, now: datetime) -> "Pass":
        """The next version of the same pass on the same phones, with the ticket that replaces this one's."""
        changed_at = next_change(self.changed_at, now)
        first = self.first_ticket or self.ticket.ticket_id
        return Pass(self.token, self.authentication_token, ticket, changed_at, first_ticket=first)


def next_change(previous: datetime | None, now: datetime) -> datetime:
    """The moment of a change in whole seconds, later than the one before: HTTP dates know no fractions.

    Two changes within a second would otherwise look like one, and a phone would keep the older pass.
    """
    now = now.replace(microsecond=0)
    return now if previous is None else max(now, previous + timedelta(seconds=1))


@dataclass(frozen=True)
class Colour:
    red: int
    green: int
    blue: int

    @classmethod
    def from_hex(cls, text: str) -> "Colour":
        """From `#rrggbb`. Raises Invalid."""
        try:
            if len(text) != 7 or text[0] != "#":
                raise ValueError(text)
            return cls(*bytes.fromhex(text[1:]))
        except ValueError as error:
            raise Invalid(
                Text(
                    "Eine Farbe wird als #rrggbb angegeben, zum Beispiel #0b3c5d.",
                    "A colour is given as #rrggbb, for example #0b3c5d.",
                )
            ) from error

    @property
    def hex(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
        red, green, blue = (
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (self.red / 255, self.green / 255, self.blue / 255)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    lighter, darker = max(one.luminance, other.luminance), min(one.luminance, other.luminance)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True)
class Design:
    """How an authority's passes look. Each authority may set its own; the default is nobody's coat of arms."""

    issuer: Text = field(default_factory=lambda: Text("Schulticket", "Schulticket"))
    """Who stands behind the ticket: at most 100 characters."""
    background: Colour = Colour(0x0B, 0x3C, 0x5D)
    foreground: Colour = Colour(0xFF, 0xFF, 0xFF)
    label: Colour = Colour(0xB9, 0xD9, 0xEB)

    def __post_init__(self) -> None:
        for name, colour in (("foreground", self.foreground), ("label", self.label)):
            if contrast(colour, self.background) < LEAST_CONTRAST:
                raise Invalid(
                    Text(
                        "Die Schrift hebt sich zu wenig vom Hintergrund ab: der Kontrast muss mindestens 4,5 betragen.",
                        "The text stands out too little from the background: the contrast must be at least 4.5.",
                    ),
                    field=name,
                )
        if not all(1 <= len(name) <= LONGEST_ISSUER for name in (self.issuer.de, self.issuer.en)):
            raise Invalid(
                Text("Der Name des Herausgebers hat 1 bis 100 Zeichen.", "The issuer's name has 1 to 100 characters."),
                field="issuer",
            )

    @property
    def short_issuer(self) -> Text:
        """For the one line at the top of a pass."""
        return Text(_shortened(self.issuer.de), _shortened(self.issuer.en))


def _shortened(name: str) -> str:
    """At most 30 characters, cut between words where there are any."""
    if len(name) <= ONE_LINE:
        return name
    whole_words = name[:ONE_LINE].rpartition(" ")[0].rstrip(" ,;-–")
    return f"{whole_words or name[: ONE_LINE - 1]}…"


DEFAULT_DESIGN = Design()
