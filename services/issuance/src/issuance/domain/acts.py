"""What is done to tickets, as the audit trail keeps it: what the signer does, and what staff ask for. Pure."""

from shared.audit.acts import AuditAct, AuditMark

from issuance.domain.request import RENEW, REPLACE, RESTORE, REVOKE, SUSPEND
from issuance.domain.ticket import TicketState

LONGEST = 20
"""Characters of a step, as its column has them."""


class TicketAct(AuditAct):
    """A step of a ticket's life, or what came of a request."""

    ISSUED = "issued", "Ticket ausgestellt", "Ticket issued"
    HELD = "held", "Ticket zurückgehalten", "Ticket held back"
    SUSPENDED = "suspended", "Ticket ausgesetzt", "Ticket suspended"
    RESTORED = "restored", "Aussetzung des Tickets aufgehoben", "Suspension of the ticket lifted"
    EXPIRED = "expired", "Ticket abgelaufen", "Ticket expired"
    REVOKED = "revoked", "Ticket gesperrt", "Ticket revoked"
    DROPPED = "dropped", "Ticket vor der Ausstellung verworfen", "Ticket dropped before it was issued"
    KEPT = "kept", "Ticket gilt unter einer neuen Entscheidung weiter", "Ticket goes on under another decision"
    SIGNED_ANEW = "signed_anew", "Ticket neu signiert", "Ticket signed again"

    REVOKE = "revoke", "Auftrag zum Sperren ausgeführt", "Request to revoke carried out"
    SUSPEND = "suspend", "Auftrag zum Aussetzen ausgeführt", "Request to suspend carried out"
    RESTORE = (
        "restore",
        "Auftrag zum Aufheben der Aussetzung ausgeführt",
        "Request to lift the suspension carried out",
    )
    REPLACE = "replace", "Auftrag zum Ersetzen ausgeführt", "Request to replace carried out"
    RENEW = "renew", "Auftrag zum Erneuern ausgeführt", "Request to renew carried out"
    NO_REVOKE = "no revoke", "Auftrag zum Sperren abgelehnt", "Request to revoke refused"
    NO_SUSPEND = "no suspend", "Auftrag zum Aussetzen abgelehnt", "Request to suspend refused"
    NO_RESTORE = (
        "no restore",
        "Auftrag zum Aufheben der Aussetzung abgelehnt",
        "Request to lift the suspension refused",
    )
    NO_REPLACE = "no replace", "Auftrag zum Ersetzen abgelehnt", "Request to replace refused"
    NO_RENEW = "no renew", "Auftrag zum Erneuern abgelehnt", "Request to renew refused"


class UnknownRequestMark(AuditMark):
    """A request of a kind that only a later program knows."""

    NO = "no ", "Unbekannter Auftrag abgelehnt: ", "Unknown request refused: "


class RequestAct(AuditAct):
    """What somebody asked the public process for."""

    REVOKE = "asked: revoke", "Sperren des Tickets beauftragt", "Revocation of the ticket asked for"
    SUSPEND = "asked: suspend", "Aussetzen des Tickets beauftragt", "Suspension of the ticket asked for"
    RESTORE = "asked: restore", "Aufheben der Aussetzung beauftragt", "Lifting of the suspension asked for"
    REPLACE = "asked: replace", "Ersatz des verlorenen Tickets beauftragt", "Replacement of the lost ticket asked for"
    RENEW = "asked: renew", "Erneuern des Tickets beauftragt", "Renewal of the ticket asked for"


ENDS = {
    TicketState.REVOKED: TicketAct.REVOKED,
    TicketState.EXPIRED: TicketAct.EXPIRED,
    TicketState.DROPPED: TicketAct.DROPPED,
}
"""The act by which a ticket came to its last state."""
ASKED = {
    REVOKE: RequestAct.REVOKE,
    SUSPEND: RequestAct.SUSPEND,
    RESTORE: RequestAct.RESTORE,
    REPLACE: RequestAct.REPLACE,
    RENEW: RequestAct.RENEW,
}
_DONE = {
    REVOKE: TicketAct.REVOKE,
    SUSPEND: TicketAct.SUSPEND,
    RESTORE: TicketAct.RESTORE,
    REPLACE: TicketAct.REPLACE,
    RENEW: TicketAct.RENEW,
}
_REFUSED = {
    REVOKE: TicketAct.NO_REVOKE,
    SUSPEND: TicketAct.NO_SUSPEND,
    RESTORE: TicketAct.NO_RESTORE,
    REPLACE: TicketAct.NO_REPLACE,
    RENEW: TicketAct.NO_RENEW,
}


def outcome_of(kind: str, *, is_done: bool) -> str:
    """What came of a request of this kind; a kind that only a later program knows is refused under its name."""
    known = (_DONE if is_done else _REFUSED).get(kind)
    return (UnknownRequestMark.NO + kind)[:LONGEST] if known is None else known
