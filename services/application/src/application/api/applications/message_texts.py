"""What a family reads of what it wrote or sent, and of what it changed: with whom it lies, and by when it is read."""

from collections.abc import Sequence
from datetime import date

from shared.errors import Text
from shared.formats import format_day

from application.domain.status import Status
from application.domain.under_review import OpenChange

PARTS: dict[str, Text] = {
    "guardian": Text("wer den Antrag stellt", "who applies"),
    "email": Text("E-Mail-Adresse", "e-mail address"),
    "applicant": Text("wer den Antrag stellt", "who applies"),
    "custody": Text("Sorgerecht", "custody"),
    "lives_in_nrw": Text("Wohnort in Nordrhein-Westfalen", "home in North Rhine-Westphalia"),
    "lives_in_authority_area": Text("Wohnort beim Schulträger", "home in the authority's area"),
    "income_within_limit": Text("Einkommen", "income"),
    "special_needs": Text("sonderpädagogische Unterstützung", "special educational needs"),
    "severely_disabled": Text("Schwerbehinderung", "severe disability"),
    "pupil": Text("Name oder Geburtsdatum", "name or birth date"),
    "home": Text("Wohnung", "home"),
    "school_number": Text("Schule", "school"),
    "grade": Text("Klasse", "grade"),
    "track": Text("Bildungsgang", "track"),
    "course": Text("Bildungsgang", "course"),
    "wanted_from": Text("gewünschter Beginn", "wanted start"),
    "claims": Text("Gründe über die Entfernung hinaus", "grounds beyond the distance"),
    "siblings": Text("Geschwister", "siblings"),
    "benefits": Text("Leistungen", "benefits"),
    "transport": Text("Beförderung", "transport"),
    "place_of_teaching": Text("anderer Unterrichtsort", "another place of teaching"),
    "mailbox_excluded": Text("Bescheide im Postfach", "notices in the mailbox"),
    "leaves_on": Text("letzter Tag an der Schule", "last day at the school"),
}
"""How a family calls the parts of the form; what is not named here is one of its other facts."""
OTHER_PART = Text("weitere Angaben", "other facts")
WITH_A_TICKET = (Status.GRANTED, Status.TICKET_ISSUED, Status.PASS_READY)
UNDECIDED = (Status.SUBMITTED, Status.IN_REVIEW)


def received_text(authority: str | None, look_by: date | None, *, answer: bool) -> Text:
    """`answer`: to a question of the authority."""
    what = Text("Antwort", "answer") if answer else Text("Nachricht", "message")
    lies = _lies(authority, look_by)
    return Text(f"Wir haben Ihre {what.de} erhalten. {lies.de}", f"We have received your {what.en}. {lies.en}")


def received_document(authority: str | None, look_by: date | None) -> Text:
    """Receipt of a document.

    Args:
        look_by: None where the authority has not said the day yet.
    """
    lies = _lies(authority, look_by)
    return Text(f"Wir haben Ihre Unterlage erhalten. {lies.de}", f"We have received your document. {lies.en}")


def also_written(authority: str | None, look_by: date | None) -> Text:
    """Of a text that came along with a change."""
    lies = _lies(authority, look_by)
    return Text(f"Auch Ihre Nachricht haben wir erhalten. {lies.de}", f"We have your message too. {lies.en}")


def looked_at(authority: str | None, *, document: bool, told_on: date | None) -> Text:
    """A person has dealt with a message or document.

    Args:
        authority: None where its name is not known.
        told_on: the day on which the family sent it, None where that is not known here.
    """
    who = authority or "Der Schulträger", authority or "The authority"
    what = ("Unterlage", "document") if document else ("Nachricht", "message")
    day = (f" vom {format_day(told_on, 'de')}", f" of {format_day(told_on, 'en')}") if told_on else ("", "")
    return Text(
        f"{who[0]} hat sich Ihre {what[0]}{day[0]} angesehen.", f"{who[1]} has looked at your {what[1]}{day[1]}."
    )


def parts_and_day(parts: Sequence[str], changed_from: date | None) -> Text:
    """What was changed and from when, as it stands in brackets."""
    named = list(dict.fromkeys(PARTS.get(each, OTHER_PART) for each in parts))
    german, english = ", ".join(each.de for each in named), ", ".join(each.en for each in named)
    if changed_from is None:
        return Text(german, english)
    return Text(
        f"{german}; ab dem {format_day(changed_from, 'de')}", f"{english}; from {format_day(changed_from, 'en')}"
    )


def under_review(changes: Sequence[OpenChange], status: Status, plain: Text, ends_on: date | None = None) -> Text:
    """How it stands while changes are looked at.

    Args:
        plain: what is said without them.
        ends_on: the last day of a grant that still runs; `plain` says what holds until then, and nothing else does.
    """
    said = [parts_and_day(each.parts, each.changed_from) for each in changes]
    german, english = "; ".join(each.de for each in said), "; ".join(each.en for each in said)
    looks = Text(
        f"Der Schulträger prüft Ihre Änderung ({german}).", f"The authority is looking at your change ({english})."
    )
    if status in UNDECIDED:
        return Text(
            f"Der Schulträger prüft den Antrag mit Ihrer Änderung ({german}).",
            f"The authority is reviewing the application with your change ({english}).",
        )
    if ends_on is not None:
        return Text(f"{plain.de} {looks.de}", f"{plain.en} {looks.en}")
    if status in WITH_A_TICKET:
        until = Text("Bis dahin gilt Ihr Ticket weiter.", "Until then your ticket stays valid.")
        if status is Status.GRANTED:
            until = Text("Bis dahin bleibt es bei der Bewilligung.", "Until then the grant holds.")
    elif status is Status.REFUSED:
        until = Text("Bis dahin bleibt es bei der Ablehnung.", "Until then the refusal stands.")
    else:
        return Text(f"{plain.de} {looks.de}", f"{plain.en} {looks.en}")
    return Text(f"{plain.de} {looks.de} {until.de}", f"{plain.en} {looks.en} {until.en}")


def _lies(authority: str | None, look_by: date | None) -> Text:
    german = f"Sie liegt jetzt bei: {authority}." if authority else "Sie liegt jetzt beim Schulträger."
    english = f"It is now with: {authority}." if authority else "It is now with the authority."
    if look_by is None:
        return Text(german, english)
    return Text(
        f"{german} Dort wird sie bis zum {format_day(look_by, 'de')} angesehen.",
        f"{english} Somebody there will look at it by {format_day(look_by, 'en')}.",
    )
