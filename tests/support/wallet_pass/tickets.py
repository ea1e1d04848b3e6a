"""One child's ticket, its pass, and what is told of both."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shared.events import (
    ApplicationPassLinkChanged,
    Holder,
    TicketEndChanged,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
)
from support.making import changed
from wallet_pass.domain.passes import AuthenticationToken, Pass, PassToken
from wallet_pass.domain.tickets import Ticket

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VDV = b"\x9e\x81\x80" + bytes(range(256)) + b"\x00\r\n\xff" * 24 + b"VDV\x11\x10"
"""Every byte there is, NUL and line ends among them."""
QR = "S1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" * 5
OLD, NEW, NEWEST = UUID(int=7), UUID(int=8), UUID(int=9)
"""The ticket, the one that takes its place, and the one after that."""
OLD_VDV, NEW_VDV, NEWEST_VDV = (b"\x9e\x81\x80" + name + b"VDV\x11\x10" for name in (b"old", b"new", b"newest"))
AUTHENTICATION = AuthenticationToken("secret-of-22-characters")
TICKET = Ticket(
    ticket_id=OLD,
    application_id=UUID(int=1),
    authority_id="120000",
    number=2099643,
    organisation_id=32838,
    product=9995,
    first_name="Zoë",
    last_name="Müller-Şahin",
    birth_date=date(2012, 2, 29),
    valid_from=datetime(2026, 7, 31, 22, 0, tzinfo=UTC),
    valid_until=datetime(2027, 7, 31, 21, 59, 58, tzinfo=UTC),
    vdv=VDV,
    qr=QR,
)
TOLD = (
    "ticket_id", "application_id", "authority_id", "number", "organisation_id", "product", "valid_from", "valid_until",
    "vdv", "qr",
)  # fmt: skip
"""Of a ticket when it is issued, besides its holder."""


def make_pass(revoked_at: datetime | None = None, **changes: object) -> Pass:
    """`changes`: of the ticket."""
    ticket = changed(TICKET, **changes)
    return Pass(PassToken("abcdefghijklmnopqrstuv"), AUTHENTICATION, ticket, NOW, revoked_at)


def issued(**changes: object) -> TicketIssued:
    """`changes`: of the holder or of the event."""
    holder = {name: changes.pop(name) for name in ("first_name", "last_name", "birth_date") if name in changes}
    ticket = changed(TICKET, **holder)
    values: dict[str, object] = {
        "occurred_at": NOW,
        "decision_id": UUID(int=2),
        "holder": Holder(first_name=ticket.first_name, last_name=ticket.last_name, birth_date=ticket.birth_date),
    }
    return TicketIssued(**(values | {name: getattr(ticket, name) for name in TOLD} | changes))


def revoked(**changes: object) -> TicketRevoked:
    values = about(0) | {"occurred_at": NOW, "reason": "notice"}
    return TicketRevoked(**(values | changes))


def about(minute: int, ticket: UUID = OLD) -> dict[str, object]:
    """What every event of a ticket says; `minute` orders them."""
    told = {"occurred_at": NOW + timedelta(minutes=minute), "authority_id": "120000", "application_id": UUID(int=1)}
    return told | {"ticket_id": ticket, "number": 2099643, "organisation_id": 32838}


def link_changed(number: int, *, ended: bool, ticket: UUID = OLD) -> ApplicationPassLinkChanged:
    """What a family did with the link to its ticket."""
    told = {name: about(0)[name] for name in ("occurred_at", "authority_id", "application_id")}
    return ApplicationPassLinkChanged(**told, ticket_id=ticket, number=number, ended=ended)


class TicketStory:
    """The events of a ticket and of those that take its place."""

    def old(self, **changes: object) -> TicketIssued:
        return issued(**about(0), vdv=OLD_VDV, **changes)

    def new(self, because: str = "changed", **changes: object) -> TicketIssued:
        told = about(30, NEW) | {"number": 3000001, "replaces": OLD, "replaces_because": because}
        return issued(**(told | {"vdv": NEW_VDV} | changes))

    def newest(self) -> TicketIssued:
        told = about(60, NEWEST) | {"number": 3000002, "replaces": NEW, "replaces_because": "changed"}
        return issued(**told, vdv=NEWEST_VDV)

    def replaced(self, minute: int = 30, because: str = "changed", new: UUID = NEW, old: UUID = OLD) -> TicketReplaced:
        return TicketReplaced(**about(minute, new), replaced_ticket_id=old, reason=because)

    def revoked(self, minute: int, reason: str, ticket: UUID = OLD) -> TicketRevoked:
        return revoked(**about(minute, ticket), reason=reason)

    def suspended(self, minute: int, ticket: UUID = OLD) -> TicketSuspended:
        return TicketSuspended(**about(minute, ticket), reason="by_authority")

    def restored(self, minute: int, ticket: UUID = OLD) -> TicketRestored:
        return TicketRestored(**about(minute, ticket))

    def renewed(self, minute: int, vdv: bytes, ticket: UUID = OLD) -> TicketRenewed:
        return TicketRenewed(**about(minute, ticket), vdv=vdv, qr="S1:ANEW")

    def ends(self, minute: int, step: int, last_day: date | None, ticket: UUID = OLD) -> TicketEndChanged:
        return TicketEndChanged(**about(minute, ticket), step=step, last_day=last_day)
