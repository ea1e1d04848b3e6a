"""What a parent reads on the application's page."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from shared.errors import Text
from shared.formats import format_day

from application.api.applications.decision import has_grant_at
from application.api.applications.decision_texts import (
    application_due,
    of_decision,
    of_end,
    share_changed,
)
from application.api.applications.message_texts import also_written, parts_and_day, received_document, received_text
from application.api.applications.school_texts import of_school
from application.api.applications.ticket_texts import ENDED_FOLLOWED, GRANTED_KEPT, of_ticket
from application.domain.retention_terms import RETENTION
from application.domain.status import Status, never_began
from application.domain.timeline import APPLICATION_WITHDRAWN, EntryKind, TimelineEntry

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
    Status.WITHDRAWN: Text(
        "Der Antrag ist zurückgenommen. Ein Ticket daraus gilt nicht mehr; für ein neues stellen Sie bitte einen neuen "
        "Antrag.",
        "The application has been withdrawn. A ticket that came of it is not valid any more; for a new one please "
        "apply anew.",
    ),
}

SUBMITTED = Text("Ihr Antrag ist bei uns eingegangen.", "We have received your application.")
GRANT_ENDED = Text("Der Schulträger hat die Bewilligung beendet.", "The authority has ended the grant.")
REVISED = ("facts_changed", "decided_anew")
ENDED_BY_REVISION = Text(
    "Die frühere Bewilligung ist beendet: Es wurde neu entschieden. Das frühere Ticket gilt nicht mehr.",
    "The earlier grant has ended: it was decided anew. The earlier ticket is no longer valid.",
)
CLOSED_AFTER_WITHDRAWAL = Text(
    "Der Schulträger hat den Vorgang nach Ihrer Rücknahme abgeschlossen.",
    "The authority has closed the case after your withdrawal.",
)
HEARING = Text(
    "Der Schulträger will Ihre Bewilligung beenden oder ändern und fragt Sie vorher. Was er vorhat und bis wann Sie "
    "antworten können, steht bei den Fragen. Bis er entscheidet, gilt die Bewilligung weiter.",
    "The authority means to end or change your grant and asks you first. The questions say what it means to do, and by "
    "when you can answer. Until it decides, the grant holds.",
)
READY_BOUGHT = Text(
    "Das Ticket, das Sie selbst bezahlen, liegt bereit. Die Ablehnung Ihres Antrags bleibt, wie sie ist.",
    "The ticket that you pay for yourself is ready. The refusal of your application stays as it is.",
)
WITHDRAWN_GRANT = Text(
    "Sie haben den Antrag zurückgenommen. Damit endet die Bewilligung, und ein Ticket dazu wird gesperrt: Bitte "
    "benutzen Sie es nicht mehr. Möchten Sie wieder ein Ticket, stellen Sie bitte einen neuen Antrag.",
    "You have withdrawn the application. The grant ends with that, and a ticket that came with it is being revoked: "
    "please do not use it any more. If you want a ticket again, please apply anew.",
)
BY_WHO_HELPS = Text("Geschickt hat das eine Person, die mithilft.", "A person who helps has sent this.")
UNTIL_THEN = Text(" Was schon bewilligt ist, gilt bis dahin weiter.", " What is granted already holds until then.")
CARRIED_ON = Text(
    "Die Bewilligung geht im neuen Schuljahr weiter, ohne neuen Antrag. Das Ticket dafür wird jetzt erstellt.",
    "The grant carries on in the new school year without a new application. Its ticket is being made now.",
)
NOT_NEEDED = Text(
    "Eine Unterlage wurde gelöscht, weil die Entscheidung endgültig ist. Sie müssen nichts tun.",
    "A document was deleted, because the decision is final. There is nothing that you need to do.",
)
BY_REASON = {
    (EntryKind.DOCUMENT_REMOVED, RETENTION): NOT_NEEDED,
    (EntryKind.GRANT_ENDED, APPLICATION_WITHDRAWN): CLOSED_AFTER_WITHDRAWAL,
}
TIMELINE: dict[EntryKind, Text] = {
    # what happens to a ticket once it is issued: ticket_texts
    EntryKind.REVIEW_OPENED: Text(
        "Eine Mitarbeiterin oder ein Mitarbeiter des Schulträgers prüft Ihren Antrag.",
        "A member of the authority's staff is reviewing your application.",
    ),
    EntryKind.QUESTION_ASKED: Text(
        "Der Schulträger braucht noch etwas von Ihnen. Was und bis wann, steht bei den Fragen.",
        "The authority needs something more from you. The questions say what, and until when.",
    ),
    EntryKind.GRANTED: Text(
        "Ihr Antrag ist bewilligt. Die Gründe stehen im Bescheid. Das Ticket wird jetzt erstellt.",
        "Your application is granted. The notice states the reasons. The ticket is being made now.",
    ),
    EntryKind.REFUSED: Text(
        "Ihr Antrag ist abgelehnt. Die Gründe und was Sie dagegen tun können stehen im Bescheid.",
        "Your application is refused. The notice states the reasons and what you can do about it.",
    ),
    EntryKind.SELF_PAYER_CHOSEN: Text(
        "Sie haben das angebotene Ticket bestellt und zahlen es selbst.",
        "You have ordered the ticket that was offered, and pay for it yourself.",
    ),
    EntryKind.GRANT_ENDED: GRANT_ENDED,
    EntryKind.SHARE_CHANGED: Text(
        "Ihr Eigenanteil ändert sich. Die Gründe stehen im Bescheid. Das Ticket gilt weiter.",
        "Your own share changes. The notice states the reasons. The ticket stays valid.",
    ),
    EntryKind.APPLICATION_DUE: Text(
        "Für das nächste Schuljahr ist ein neuer Antrag nötig.", "The next school year needs a new application."
    ),
    EntryKind.TICKET_ISSUED: Text("Das Ticket ist ausgestellt.", "The ticket has been issued."),
    EntryKind.LOSS_REPORTED: Text(
        "Sie haben das Ticket als verloren gemeldet. Es wird gesperrt, und ein neues wird ausgestellt; Sie finden es "
        "dann hier. Bitte benutzen Sie das alte nicht mehr, auch wenn Sie es wiederfinden.",
        "You reported the ticket lost. It is being revoked, and a new one is being issued; you will find it here. "
        "Please do not use the old one any more, even if you find it again.",
    ),
    EntryKind.LINK_RENEWED: Text(
        "Sie haben einen neuen Link zum Ticket bestellt. Der alte führt zu nichts mehr.",
        "You have asked for another link to the ticket. The old one leads nowhere any more.",
    ),
    EntryKind.LINK_ENDED: Text(
        "Sie haben den Link zum Ticket gesperrt. Das Ticket in der Wallet und auf Papier gilt weiter.",
        "You have ended the link to the ticket. The ticket in the wallet and on paper stays good.",
    ),
    EntryKind.PASS_READY: Text(
        "Das Ticket liegt bereit: für das Telefon oder zum Ausdrucken.",
        "The ticket is ready: for the phone, or to print.",
    ),
    EntryKind.DOCUMENT_REMOVED: Text(
        "Sie haben eine Unterlage gelöscht. Der Schulträger kann sie nicht mehr ansehen; wird sie noch gebraucht, "
        "senden Sie sie bitte neu.",
        "You have deleted a document. The authority cannot look at it any more; if it is still needed, please send it "
        "again.",
    ),
    EntryKind.PERSON_JOINED: Text(
        "Eine Person hilft jetzt bei diesem Antrag mit.", "Another person helps with this application now."
    ),
    EntryKind.LETTER_USED: Text(
        "Der Antrag wurde mit dem Code aus einem Brief geöffnet.",
        "The application was opened with the code of a letter.",
    ),
    EntryKind.PERSON_LEFT: Text(
        "Eine Person hilft bei diesem Antrag nicht mehr mit.", "A person does not help with this application any more."
    ),
    EntryKind.TAKEN_OVER: Text(
        "Die Schülerin oder der Schüler ist volljährig und hat den Antrag übernommen.",
        "The pupil is of age and has taken the application over.",
    ),
    EntryKind.DELIVERY_CHANGED: Text("Ihr Bescheid ist unterwegs.", "Your notice is on its way."),
    EntryKind.NOTICE_RETRIEVED: Text("Sie haben den Bescheid geöffnet.", "You have opened the notice."),
    EntryKind.WITHDRAWN: Text(
        "Sie haben den Antrag zurückgenommen. Er wird nicht weiter bearbeitet. Möchten Sie doch ein Ticket, stellen "
        "Sie bitte einen neuen Antrag.",
        "You have withdrawn the application. It is not processed any further. If you want a ticket after all, please "
        "apply anew.",
    ),
}


def of_news(
    news: TimelineEntry, authority: str | None = None, look_by: date | None = None, heard: Sequence[TimelineEntry] = ()
) -> Text:
    """The line of the timeline.

    Args:
        authority: the name of whom to ask, where it is known.
        look_by: of a message, until when somebody looks at it.
        heard: all the news of the application.
    """
    if step := of_ticket(news, authority) or of_school(news):
        return step
    if said := BY_REASON.get((news.kind, news.reason)):
        return said
    detail = json.loads(news.detail)
    if news.kind is EntryKind.GRANT_ENDED and "ends_on" in detail:
        last = date.fromisoformat(detail["ends_on"])
        grants = (each for each in heard if each.kind is EntryKind.GRANTED and each.reference == news.reference)
        return ENDED_BY_REVISION if any(never_began(each, last) for each in grants) else of_end(last)
    if news.kind is EntryKind.GRANT_ENDED and news.reason in REVISED:
        return ENDED_FOLLOWED if "followed_by" in detail else ENDED_BY_REVISION
    if news.kind is EntryKind.ANSWERED:
        return _answered(detail, authority, look_by, granted=has_grant_at(news.at, heard))
    if news.kind is EntryKind.WITHDRAWN and has_grant_at(news.at, heard):
        return WITHDRAWN_GRANT
    if news.kind is EntryKind.DOCUMENT_ADDED:
        return received_document(authority, look_by)
    if news.kind is EntryKind.QUESTION_ASKED and detail.get("hearing"):
        return HEARING
    if news.kind is EntryKind.SHARE_CHANGED and "changed_from" in detail:
        return share_changed(detail["own_share_cents"], detail["changed_from"])
    if news.kind is EntryKind.APPLICATION_DUE and "apply_until" in detail:
        return application_due(news.reason, detail["school_year"], detail["grant_ends"], detail["apply_until"])
    if news.kind is EntryKind.GRANTED and "carries_on" in detail and "awaits_school" not in detail:
        return CARRIED_ON
    if news.kind is EntryKind.GRANTED and any(
        each.kind is EntryKind.TICKET_KEPT and each.decision_id == news.reference for each in heard
    ):
        return GRANTED_KEPT
    return of_decision(news.kind, detail) or TIMELINE[news.kind]


def _answered(detail: dict[str, Any], authority: str | None, look_by: date | None, *, granted: bool) -> Text:
    """What was changed; and what was written, alone or along with it."""
    if "leaves_for" in detail:
        changed = _leaves(detail, authority)
    elif detail.get("changed"):
        changed = _changed(detail, granted=granted)
    else:
        return received_text(authority, look_by, answer="question_id" in detail)
    if not detail.get("answer"):
        return changed
    written = also_written(authority, look_by)
    return Text(f"{changed.de} {written.de}", f"{changed.en} {written.en}")


def _changed(detail: dict[str, Any], *, granted: bool) -> Text:
    day = date.fromisoformat(detail["changed_from"]) if "changed_from" in detail else None
    said = parts_and_day(detail["changed"], day)
    until = UNTIL_THEN if granted else Text("", "")
    return Text(
        f"Wir haben Ihre Änderung erhalten ({said.de}). Der Schulträger prüft, was daraus folgt.{until.de}",
        f"We have received your change ({said.en}). The authority looks at what follows from it.{until.en}",
    )


def _leaves(detail: dict[str, Any], authority: str | None) -> Text:
    """To a school of another authority: what holds until then, and where to go."""
    school, other = detail.get("leaves_for_school", ""), detail.get("leaves_for_authority", "")
    day, day_en = _day(detail["changed_from"]), _day_en(detail["changed_from"])
    here = f" ({authority})" if authority else ""
    return Text(
        f"Sie haben uns mitgeteilt, dass ab dem {day} eine Schule eines anderen Trägers besucht wird: {school}. Dafür "
        f"ist zuständig: {other or 'der Träger der neuen Schule'}. Bitte stellen Sie dort einen neuen Antrag, mit der "
        f"neuen Schule und allem, was sich sonst ändert. Ihr bisheriger Schulträger{here} entscheidet über das Ende "
        "der Bewilligung und schreibt Ihnen. Bis dahin gilt Ihr Ticket weiter.",
        f"You told us that from {day_en} a school of another authority is attended: {school}. Responsible for "
        f"it is: {other or 'the authority of the new school'}. Please apply there anew, with the new school and all "
        f"that changes besides. Your present authority{here} decides about the end of the grant and writes to you. "
        "Until then your ticket holds.",
    )


def _day(iso: str) -> str:
    return format_day(date.fromisoformat(iso), "de")


def _day_en(iso: str) -> str:
    return format_day(date.fromisoformat(iso), "en")
