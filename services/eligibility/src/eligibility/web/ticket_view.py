"""The tickets of a case as its page shows them: state, since when, why, and what became of what was asked."""

from typing import Any

from shared.calendar import day_in_berlin
from shared.errors import Text
from shared.identity import Caller

from eligibility.domain.ticket import KnownTicket, TicketRequest, reason_in_words
from eligibility.web.case_view import who
from eligibility.web.formatter import Formatter
from eligibility.workflow import CaseFile
from eligibility.workflow.desk.tickets import free_to_ask, suspended_by, wants_another

STATES: dict[str, tuple[str, Text]] = {
    "issued": ("success", Text("Gültig", "Valid")),
    "suspended": ("warning", Text("Ausgesetzt", "Suspended")),
    "revoked": ("danger", Text("Gesperrt", "Revoked")),
    "expired": ("info", Text("Abgelaufen", "Expired")),
}
CHANGES: dict[str, Text] = {
    "suspend": Text("Aussetzen", "Suspend"),
    "restore": Text("Aussetzung aufheben", "Lift the suspension"),
    "replace": Text("Verloren: ersetzen", "Lost: replace"),
    "revoke": Text("Endgültig sperren", "Revoke for good"),
}
HINTS: dict[str, Text] = {
    "suspend": Text("Es gilt nicht, bis die Aussetzung aufgehoben wird.", "Not good until the suspension is lifted."),
    "restore": Text(
        "Hebt alle Aussetzungen des Schulträgers auf, gleich aus welchem Grund. Wurde ein früheres Ticket dieses "
        "Kindes endgültig gesperrt, ist auch das damit aufgehoben: Spätere Tickets gelten wieder von selbst. Was ein "
        "Verkehrsunternehmen ausgesetzt hat, hebt dieses auf.",
        "Lifts all that the authority has suspended, for whatever reason. Where an earlier ticket of this child was "
        "revoked for good, that is lifted too: later tickets are good by themselves again. What a transport operator "
        "has suspended, it lifts itself.",
    ),
    "replace": Text(
        "Es gilt sofort nicht mehr; die Familie bekommt ein neues mit anderer Nummer.",
        "It stops being good at once; the family gets a new one with another number.",
    ),
    "revoke": Text(
        "Kein späteres Ticket dieses Kindes gilt von selbst: Darüber entscheidet dann eine Person.",
        "No later ticket of this child is good by itself: a person decides about that then.",
    ),
}
OUTCOMES = {
    "asked": Text("beauftragt, noch kein Ergebnis", "asked, no outcome yet"),
    "done": Text("erledigt", "done"),
    "refused": Text("nicht ausgeführt", "not done"),
}
WHY: dict[str, Text] = {
    "unknown_ticket": Text("Das Ticket ist beim Ausstellen nicht bekannt.", "The issuer does not know this ticket."),
    "already_suspended": Text(
        "Der Schulträger hat es schon ausgesetzt. Es gibt eine Aussetzung wegen Missbrauchs und eine für alle anderen "
        "Gründe.",
        "The authority has suspended it already. One suspension is for misuse, one for all other reasons.",
    ),
    "not_suspended": Text("Es war nicht ausgesetzt.", "It was not suspended."),
    "not_yours": Text(
        "Ein Verkehrsunternehmen hat es ausgesetzt und hebt das selbst auf.",
        "A transport operator has suspended it, and lifts that itself.",
    ),
    "too_many_endings": Text(
        "In dieser Stunde wurden schon sehr viele Tickets gesperrt, ausgesetzt oder ersetzt. Ab der nächsten vollen "
        "Stunde geht es wieder; viele auf einmal sperrt Ihre Administration.",
        "Very many tickets were revoked, suspended or replaced in this hour. It works again from the next full hour "
        "on; your administrators revoke many at once.",
    ),
    "second_person": Text(
        "Endgültig sperren nur zwei Personen: Eine setzt das Ticket aus, danach kann eine andere es sperren.",
        "It takes two people to revoke a ticket for good: one suspends it, then another can revoke it.",
    ),
    "suspended": Text("Es ist ausgesetzt.", "It is suspended."),
    "revoked": Text("Es war schon gesperrt.", "It was revoked already."),
    "expired": Text("Es war schon abgelaufen.", "It had expired already."),
    "dropped": Text("Es wurde nie ausgegeben.", "It was never given out."),
}
BY_TWO = Text(
    "Endgültig sperren nur zwei Personen. Setzen Sie das Ticket aus: Es gilt dann sofort nicht mehr, und eine andere "
    "Person kann es sperren.",
    "It takes two people to revoke a ticket for good. Suspend it: it stops being good at once, and another person can "
    "then revoke it.",
)
BY_ANOTHER = Text(
    "Sie haben das Ticket ausgesetzt. Endgültig sperren kann es eine andere Person.",
    "You have suspended this ticket. Another person can revoke it for good.",
)
"""In place of a button that one person cannot use."""
OTHER = Text("Das ging beim jetzigen Stand des Tickets nicht.", "The ticket's present state did not allow it.")


def tickets(file: CaseFile, caller: Caller, say: Formatter) -> list[dict[str, Any]]:
    """The newest first."""
    return [_ticket(each, file, caller, say) for each in reversed(file.tickets)]


def _ticket(one: KnownTicket, file: CaseFile, caller: Caller, say: Formatter) -> dict[str, Any]:
    colour, state = STATES.get(one.state, ("info", Text(one.state, one.state)))
    free = free_to_ask(one, file.ticket_requests, file.today)
    needs_two = "revoke" in free and wants_another(one, file.ticket_requests, file.second_person_for, caller.subject)
    mine = suspended_by(one, file.ticket_requests) == caller.subject
    first, last = (day_in_berlin(each) for each in (one.valid_from, one.valid_until))
    return {
        "number": one.number,
        "colour": colour,
        "state": say.text(state),
        "since": say.moment(one.since),
        "reason": say.text(reason_in_words(one.reason)) if one.reason else "",
        "period": f"{say.day(first)} – {say.day(last)}",
        "ends": say.day(one.last_day) if one.last_day and one.state in ("issued", "suspended") else "",
        "changes": [
            (key, say.text(CHANGES[key]), say.text(HINTS[key])) for key in free if not (needs_two and key == "revoke")
        ],
        "by_two": say.text(BY_ANOTHER if mine else BY_TWO) if needs_two else "",
    }


def requests(file: CaseFile, caller: Caller, say: Formatter) -> list[dict[str, Any]]:
    """The newest first."""
    return [_request(each, caller, say) for each in reversed(file.ticket_requests)]


def _request(one: TicketRequest, caller: Caller, say: Formatter) -> dict[str, Any]:
    return {
        "at": say.moment(one.asked_at),
        "by": who(one.asked_by, caller, say),
        "number": one.number,
        "what": say.text(CHANGES[one.change]),
        "reason": one.reason,
        "outcome": say.text(OUTCOMES[one.state]),
        "why": say.text(WHY.get(one.refused, OTHER)) if one.state == "refused" else "",
    }
