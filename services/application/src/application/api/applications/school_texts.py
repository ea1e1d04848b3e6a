"""What a parent reads of what the school has said."""

import json
from datetime import date

from shared.errors import Text
from shared.formats import format_day

from application.domain.timeline import EntryKind, TimelineEntry

CONFIRMED = Text(
    "Die Schule hat bestätigt, dass Ihr Kind sie besucht.", "The school has confirmed that your child attends it."
)
NEVER_ATTENDED = Text(
    "Die Schule hat mitgeteilt, dass Ihr Kind sie nicht besucht. Der Schulträger prüft das und schreibt Ihnen, bevor "
    "sich etwas ändert. Stimmt es nicht, sprechen Sie bitte mit dem Sekretariat der Schule.",
    "The school has said that your child does not attend it. The authority looks at this and writes to you before "
    "anything changes. If it is not so, please talk to the school's office.",
)
REOPENED = Text("Die Schule hat ihre Angabe zurückgenommen.", "The school has taken its statement back.")
AWAITS_SCHOOL = Text(
    "Der Antrag ist bewilligt. Ihre Schule bestätigt noch, dass Ihr Kind sie besucht. Danach wird das Ticket von "
    "selbst erstellt; Sie müssen nichts tun.",
    "Granted. Your school has yet to confirm that your child attends it. After that the ticket is made by itself; you "
    "need to do nothing.",
)
PARTS: dict[str, Text] = {
    "first_name": Text("Vorname", "first name"),
    "last_name": Text("Nachname", "last name"),
    "birth_date": Text("Geburtsdatum", "birth date"),
    "grade": Text("Klasse", "grade"),
}


def of_school(news: TimelineEntry) -> Text | None:
    """What the timeline says of a school's statement; None for other news. Of a difference only which part it is: the
    school may mean another child."""
    detail = json.loads(news.detail)
    if news.kind is EntryKind.SCHOOL_CONFIRMED:
        return CONFIRMED
    if news.kind is EntryKind.SCHOOL_REOPENED:
        return REOPENED
    if news.kind is EntryKind.SCHOOL_QUESTIONED:
        return _questioned([PARTS[each] for each in detail.get("changed", ()) if each in PARTS])
    if news.kind is EntryKind.SCHOOL_ENDED:
        return _ended(date.fromisoformat(detail["ends_on"])) if "ends_on" in detail else NEVER_ATTENDED
    return None


def _questioned(parts: list[Text]) -> Text:
    german, english = (", ".join(getattr(each, language) for each in parts) for language in ("de", "en"))
    return Text(
        f"Die Schule hat andere Angaben als Ihr Antrag ({german}). Der Schulträger fragt Sie, was richtig ist; Ihr "
        "Antrag läuft weiter.",
        f"The school has other data than your application ({english}). The authority asks you which is right; your "
        "application goes on.",
    )


def _ended(last_day: date) -> Text:
    return Text(
        f"Die Schule hat mitgeteilt, dass Ihr Kind sie nach dem {format_day(last_day, 'de')} nicht mehr besucht. Der "
        "Schulträger prüft, was daraus folgt, und schreibt Ihnen, bevor sich etwas ändert.",
        f"The school has said that your child does not attend it after {format_day(last_day, 'en')}. The authority "
        "looks at what follows from this, and writes to you before anything changes.",
    )
