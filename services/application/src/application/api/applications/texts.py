"""What a parent reads on the application's page."""

import json
from datetime import date
from typing import Any

from shared.errors import Text
from shared.formats import format_day, format_euros

from application.api.applications.ticket_texts import of_ticket
from application.domain.status import Status
from application.domain.timeline import APPLICATION_WITHDRAWN, News, NewsKind

STATUS: dict[Status, Text] = {
    Status.SUBMITTED: Text("Der Antrag ist eingegangen.", "The application has arrived."),
    Status.IN_REVIEW: Text("Der Antrag wird beim Schulträger geprüft.", "The authority is reviewing the application."),
    Status.GRANTED: Text("Der Antrag ist bewilligt. Das Ticket wird erstellt.", "Granted. The ticket is being made."),
    Status.REFUSED: Text("Der Antrag ist abgelehnt.", "The application has been refused."),
    Status.TICKET_ISSUED: Text("Das Ticket ist ausgestellt.", "The ticket has been issued."),
    Status.PASS_READY: Text("Das Ticket liegt bereit.", "The ticket is ready."),
    Status.SUSPENDED: Text(
        "Das Ticket ist ausgesetzt und gilt vorerst nicht.", "The ticket is suspended and not valid for the time being."
    ),
    Status.REVOKED: Text("Das Ticket ist gesperrt und gilt nicht mehr.", "The ticket is revoked and no longer valid."),
    Status.WITHDRAWN: Text("Der Antrag ist zurückgenommen.", "The application has been withdrawn."),
}

SUBMITTED = Text("Ihr Antrag ist bei uns eingegangen.", "We have received your application.")
GRANT_ENDED = Text("Der Schulträger hat die Bewilligung beendet.", "The authority has ended the grant.")
ANEW = ("facts_changed", "decided_anew")
ENDED_ANEW = Text(
    "Die frühere Bewilligung ist beendet: Es wurde neu entschieden. Das frühere Ticket gilt nicht mehr.",
    "The earlier grant has ended: it was decided anew. The earlier ticket is no longer valid.",
)
CLOSED_AFTER_WITHDRAWAL = Text(
    "Der Schulträger hat den Vorgang nach Ihrer Rücknahme abgeschlossen.",
    "The authority has closed the case after your withdrawal.",
)
WITHOUT_TICKET = Text(
    "Ihr Antrag ist bewilligt. Wie Ihr Kind befördert wird, steht im Bescheid; ein Ticket gibt es dabei nicht.",
    "Your application is granted. The notice says how your child is carried; no ticket comes with it.",
)
BOUGHT = Text(
    "Ihre Bestellung ist angekommen. Das Ticket, das Sie selbst bezahlen, wird jetzt erstellt.",
    "Your order has arrived. The ticket that you pay for yourself is being made now.",
)
OFFERED = Text(
    "Ihr Antrag ist abgelehnt. Sie können das Ticket aber selbst bezahlen; der Bescheid nennt Preis und Weg.",
    "Your application is refused. But you can pay for the ticket yourself; the notice says price and how.",
)
CARRIED_ON = Text(
    "Die Bewilligung geht im neuen Schuljahr weiter, ohne neuen Antrag. Das Ticket dafür wird jetzt erstellt.",
    "The grant carries on in the new school year without a new application. Its ticket is being made now.",
)
WHY_DUE: dict[str, Text] = {
    "yearly": Text(
        "Der Schulträger bewilligt für jedes Schuljahr neu.", "The authority grants for each school year anew."
    ),
    "last_grade": Text("Die letzte Klasse dieser Schule ist erreicht.", "The last grade of this school is reached."),
    "another_school": Text(
        "Ihr Kind wechselt nach dieser Klasse auf eine andere Schule.", "After this grade your child changes school."
    ),
    "facts_missing": Text(
        "Uns fehlen Angaben für das nächste Schuljahr.", "We do not have the facts for the next school year."
    ),
}
TIMELINE: dict[NewsKind, Text] = {
    # what happens to a ticket once it is issued: ticket_texts
    NewsKind.REVIEW_OPENED: Text(
        "Eine Mitarbeiterin oder ein Mitarbeiter des Schulträgers prüft Ihren Antrag.",
        "A member of the authority's staff is reviewing your application.",
    ),
    NewsKind.QUESTION_ASKED: Text(
        "Der Schulträger braucht noch etwas von Ihnen. Was und bis wann, steht bei den Fragen.",
        "The authority needs something more of you. The questions say what, and until when.",
    ),
    NewsKind.ANSWERED: Text(
        "Sie haben geantwortet oder Ihre Angaben geändert.", "You have answered or changed what you had told."
    ),
    NewsKind.GRANTED: Text(
        "Ihr Antrag ist bewilligt. Die Gründe stehen im Bescheid. Das Ticket wird jetzt erstellt.",
        "Your application is granted. The notice states the reasons. The ticket is being made now.",
    ),
    NewsKind.REFUSED: Text(
        "Ihr Antrag ist abgelehnt. Die Gründe und was Sie dagegen tun können stehen im Bescheid.",
        "Your application is refused. The notice states the reasons and what you can do about it.",
    ),
    NewsKind.SELF_PAYER_CHOSEN: Text(
        "Sie haben das angebotene Ticket bestellt und zahlen es selbst.",
        "You have ordered the ticket that was offered, and pay for it yourself.",
    ),
    NewsKind.GRANT_ENDED: GRANT_ENDED,
    NewsKind.SHARE_CHANGED: Text(
        "Ihr Eigenanteil ändert sich. Die Gründe stehen im Bescheid. Das Ticket gilt weiter.",
        "Your own share changes. The notice states the reasons. The ticket stays valid.",
    ),
    NewsKind.APPLICATION_DUE: Text(
        "Für das nächste Schuljahr ist ein neuer Antrag nötig.", "The next school year needs a new application."
    ),
    NewsKind.TICKET_ISSUED: Text("Das Ticket ist ausgestellt.", "The ticket has been issued."),
    NewsKind.PASS_READY: Text(
        "Das Ticket liegt bereit: für das Telefon oder zum Ausdrucken.",
        "The ticket is ready: for the phone, or to print.",
    ),
    NewsKind.DOCUMENT_ADDED: Text(
        "Sie haben eine Unterlage hochgeladen. Der Schulträger sieht sie an.",
        "You have uploaded a document. The authority will look at it.",
    ),
    NewsKind.DOCUMENT_REMOVED: Text("Sie haben eine Unterlage gelöscht.", "You have deleted a document."),
    NewsKind.WITHDRAWN: Text("Sie haben den Antrag zurückgenommen.", "You have withdrawn the application."),
}


def of_news(news: News, authority: str | None = None) -> Text:
    """The line of the timeline. `authority`: the name of whom to ask, where it is known."""
    if step := of_ticket(news, authority):
        return step
    if news.kind is NewsKind.GRANT_ENDED and news.reason == APPLICATION_WITHDRAWN:
        return CLOSED_AFTER_WITHDRAWAL
    if news.kind is NewsKind.GRANT_ENDED and news.reason in ANEW:
        return ENDED_ANEW
    detail = json.loads(news.detail)
    if news.kind is NewsKind.SHARE_CHANGED and "changed_from" in detail:
        return _share_changed(detail["own_share_cents"], _day(detail["changed_from"]))
    if news.kind is NewsKind.APPLICATION_DUE and "apply_until" in detail:
        return _application_due(news.reason, detail["school_year"], detail["grant_ends"], detail["apply_until"])
    if news.kind is NewsKind.GRANTED and "carries_on" in detail:
        return CARRIED_ON
    return of_decision(news.kind, detail) or TIMELINE[news.kind]


def of_decision(kind: NewsKind, detail: dict[str, Any]) -> Text | None:
    """What is said of a decision where it is not simply a ticket, or none; `detail` as it is kept."""
    if kind is NewsKind.GRANTED and detail.get("transport") not in (None, "public"):
        return WITHOUT_TICKET
    if kind is NewsKind.GRANTED and detail.get("ground") == "self_payer":
        return BOUGHT
    return OFFERED if kind is NewsKind.REFUSED and "offer" in detail else None


def _share_changed(cents: int, day: str) -> Text:
    german, english = format_euros(cents, "de"), format_euros(cents, "en")
    return Text(
        f"Ab dem {day} beträgt Ihr Eigenanteil {german} im Monat. Die Gründe stehen im Bescheid. "
        "Das Ticket gilt weiter.",
        f"From {day} your own share is {english} a month. The notice states the reasons. The ticket stays valid.",
    )


def _application_due(reason: str, school_year: str, ends: str, until: str) -> Text:
    why = WHY_DUE.get(reason, WHY_DUE["yearly"])
    return Text(
        f"{why.de} Die Bewilligung endet am {_day(ends)}. Für das Schuljahr {school_year} stellen Sie bitte einen "
        f"neuen Antrag, spätestens bis zum {_day(until)}.",
        f"{why.en} The grant ends on {_day(ends)}. Please apply anew for the school year {school_year}, on "
        f"{_day(until)} at the latest.",
    )


def _day(iso: str) -> str:
    return format_day(date.fromisoformat(iso), "de")
