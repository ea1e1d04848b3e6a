"""What a parent reads of a decision: what was granted or refused, what it costs from when on, and when it ends."""

import json
from datetime import date
from typing import Any

from shared.errors import Text
from shared.formats import format_day, format_euros

from application.api.applications.school_texts import AWAITS_SCHOOL
from application.domain.status import ends_on
from application.domain.timeline import EntryKind, TimelineEntry

WITHOUT_TICKET = Text(
    "Ihr Antrag ist bewilligt. Womit der Schulweg zurückgelegt wird, steht im Bescheid; ein Ticket gibt es dabei "
    "nicht.",
    "Your application is granted. The notice says by which transport; no ticket comes with it.",
)
OVER = Text(
    "Ihr Antrag ist bewilligt. Die Zeit ist schon vorbei; ein Ticket gibt es dafür nicht mehr. Was Sie für Fahrten zur "
    "Schule bezahlt haben, wird erstattet; der Bescheid sagt, wie.",
    "Your application is granted. The time is over already; there is no ticket for it any more. What you paid for "
    "rides to school is reimbursed; the notice says how.",
)
BOUGHT = Text(
    "Ihre Bestellung ist angekommen. Das Ticket, das Sie selbst bezahlen, wird jetzt erstellt.",
    "Your order has arrived. The ticket that you pay for yourself is being made now.",
)
ORDERED = Text(
    "Ihre Bestellung ist angekommen; das Ticket wird jetzt ausgestellt. Die Ablehnung Ihres Antrags bleibt, wie sie "
    "ist.",
    "Your order has arrived; the ticket is being made now. The refusal of your application stays as it is.",
)
OFFERED = Text(
    "Ihr Antrag ist abgelehnt. Sie können das Ticket aber selbst bezahlen; wie das geht und was es kostet, steht im "
    "Bescheid.",
    "Your application is refused. But you can pay for the ticket yourself; the notice says how, and what it costs.",
)
AFTER_AN_END: dict[bool, Text] = {
    False: Text(
        "Die Gründe und was Sie dagegen tun können stehen im Bescheid.",
        "The notice states the reasons and what you can do about it.",
    ),
    True: Text(
        "Danach können Sie das Ticket selbst bezahlen; wie das geht und was es kostet, steht im Bescheid.",
        "After that you can pay for the ticket yourself; the notice says how, and what it costs.",
    ),
}
"""What follows the last day of a grant; True: where the ticket can be bought."""
BEHIND_ANOTHER = Text(
    "Der Antrag ist bewilligt. Das Ticket wartet aber noch: Es gilt schon ein Ticket aus einem anderen Antrag, und "
    "jedes Kind hat nur eines. Das neue Ticket wird von selbst ausgestellt, sobald das andere endet: an dessen letztem "
    "Tag, wenn der andere Antrag zurückgenommen wird oder wenn der Schulträger die andere Bewilligung beendet. Bis "
    "dahin gilt das bisherige Ticket weiter.",
    "Granted. But the ticket still waits: a ticket of another application is good already, and each child has only "
    "one. The new ticket is issued by itself once the other one ends: on its last day, when the other application is "
    "withdrawn, or when the authority ends the other grant. Until then the present ticket stays good.",
)
WHY_DUE: dict[str, Text] = {
    "yearly": Text(
        "Der Schulträger bewilligt für jedes Schuljahr neu.", "The authority grants for each school year anew."
    ),
    "last_grade": Text("Die letzte Klasse dieser Schule ist erreicht.", "The last grade of this school is reached."),
    "another_school": Text("Nach dieser Klasse folgt eine andere Schule.", "After this grade another school follows."),
    "facts_missing": Text(
        "Uns fehlen Angaben für das nächste Schuljahr.", "We do not have the facts for the next school year."
    ),
}


def of_decision(kind: EntryKind, detail: dict[str, Any]) -> Text | None:
    """What is said of a decision where it is not simply a ticket, or none; `detail` as it is kept."""
    if kind is EntryKind.GRANTED and detail.get("transport") not in (None, "public"):
        return WITHOUT_TICKET
    if kind is EntryKind.GRANTED and str(detail.get("ticket_from") or "") > str(detail.get("valid_until") or "9"):
        return OVER
    if kind is EntryKind.GRANTED and detail.get("behind_another"):
        return BEHIND_ANOTHER
    if kind is EntryKind.GRANTED and detail.get("awaits_school"):
        return AWAITS_SCHOOL
    if kind is EntryKind.GRANTED and detail.get("reimbursed_until") and detail.get("ticket_from"):
        return _late(detail)
    if kind is EntryKind.GRANTED and detail.get("ground") == "self_payer":
        return BOUGHT
    return OFFERED if kind is EntryKind.REFUSED and "offer" in detail else None


def _late(detail: dict[str, Any]) -> Text:
    ticket, until = date.fromisoformat(detail["ticket_from"]), date.fromisoformat(detail["reimbursed_until"])
    return Text(
        f"Der Antrag ist bewilligt. Das Ticket gilt ab dem {format_day(ticket, 'de')}. Was Sie davor für Fahrten zur "
        f"Schule bezahlt haben, wird erstattet; bitte reichen Sie die Belege bis zum {format_day(until, 'de')} ein.",
        f"Granted. The ticket is valid from {format_day(ticket, 'en')}. What you paid before for rides to school is "
        f"reimbursed; please hand in the receipts by {format_day(until, 'en')}.",
    )


def still_runs(ends_on: date, *, granted: bool) -> Text:
    """Of a ticket whose grant ends on a later day.

    Args:
        granted: another one follows it.
    """
    day, day_en = format_day(ends_on, "de"), format_day(ends_on, "en")
    if granted:
        return Text(
            f"Ihr jetziges Ticket gilt bis zum {day}. Danach gilt das neue, das schon bewilligt ist.",
            f"Your present ticket holds until {day_en}. After that the new one does, which is granted already.",
        )
    return Text(
        f"Ihr Ticket gilt noch bis zum {day}. Dann endet die Bewilligung; die Gründe stehen im Bescheid.",
        f"Your ticket holds until {day_en}. Then the grant ends; the notice states the reasons.",
    )


def grant_end(refusal: TimelineEntry, end: TimelineEntry) -> Text:
    """Of a refusal that is about the end of a grant. It is read before that day and after it."""
    day = ends_on(end)
    said = Text("Ihre Bewilligung ist beendet.", "Your grant has ended.")
    if day is not None:
        said = Text(
            f"Ihre Bewilligung endet am {format_day(day, 'de')}.", f"Your grant ends on {format_day(day, 'en')}."
        )
    more = AFTER_AN_END["offer" in json.loads(refusal.detail)]
    return Text(f"{said.de} {more.de}", f"{said.en} {more.en}")


def of_end(day: date) -> Text:
    """Of a grant that ends early, as long as its last day is still to come."""
    return Text(
        f"Die bisherige Bewilligung endet am {format_day(day, 'de')}. Bis dahin gilt sie weiter, und ihr Ticket auch.",
        f"The present grant ends on {format_day(day, 'en')}. Until then it holds, and so does its ticket.",
    )


def share_changed(cents: int, from_: str) -> Text:
    """Of a decision on the own share alone.

    Args:
        cents: a month.
        from_: ISO date of the first day.
    """
    if not cents:
        return Text(
            f"Ab dem {_day(from_)} zahlen Sie keinen Eigenanteil. Die Gründe stehen im Bescheid. Das Ticket gilt "
            "weiter.",
            f"From {_day_en(from_)} you pay no own share. The notice states the reasons. The ticket stays valid.",
        )
    german, english = format_euros(cents, "de"), format_euros(cents, "en")
    return Text(
        f"Ab dem {_day(from_)} beträgt Ihr Eigenanteil {german} im Monat. Die Gründe stehen im Bescheid. "
        "Das Ticket gilt weiter.",
        f"From {_day_en(from_)} your own share is {english} a month. The notice states the reasons. The "
        "ticket stays valid.",
    )


def application_due(reason: str, school_year: str, ends: str, until: str) -> Text:
    """Why this grant is not carried on by itself, and until when to apply. `ends`, `until`: ISO dates; a `reason`
    that is not known here is told as the yearly one."""
    why = WHY_DUE.get(reason, WHY_DUE["yearly"])
    return Text(
        f"{why.de} Die Bewilligung endet am {_day(ends)}. Für das Schuljahr {school_year} stellen Sie bitte einen "
        f"neuen Antrag, spätestens bis zum {_day(until)}.",
        f"{why.en} The grant ends on {_day_en(ends)}. Please apply anew for the school year {school_year}, on "
        f"{_day_en(until)} at the latest.",
    )


def _day(iso: str) -> str:
    return format_day(date.fromisoformat(iso), "de")


def _day_en(iso: str) -> str:
    return format_day(date.fromisoformat(iso), "en")
