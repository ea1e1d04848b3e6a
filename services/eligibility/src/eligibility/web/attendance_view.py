"""What the school says of the pupil, and what waits for it, in one language."""

from datetime import date
from typing import Any

from shared.birth_dates import PartlyKnownDate, parse_birth_date
from shared.errors import Text
from shared.events import AttendanceDifference
from shared.identity import Caller

from eligibility.domain.attendance import AttendanceState, AwaitsSchool, KnownAttendance
from eligibility.web.case_view import who
from eligibility.web.formatter import Formatter
from eligibility.workflow import CaseFile

STATES: dict[AttendanceState, tuple[str, Text]] = {
    "open": ("info", Text("Die Schule hat noch nichts gesagt", "The school has said nothing yet")),
    "confirmed": ("success", Text("Die Schule hat den Besuch bestätigt", "The school has confirmed attendance")),
    "questioned": ("warning", Text("Die Schule hat andere Angaben", "The school has other data")),
    "ended": ("danger", Text("Laut Schule nicht (mehr) an der Schule", "By the school not there (any more)")),
}
OTHER_SCHOOL = Text(
    "Das hat die frühere Schule gesagt; die jetzige noch nichts.",
    "The former school has said this; the present one nothing yet.",
)
PARTS = {
    "last_name": Text("Nachname", "last name"),
    "first_name": Text("Vorname", "first name"),
    "birth_date": Text("Geburtsdatum", "birth date"),
    "grade": Text("Klasse", "grade"),
}
DONE = {
    "attended": Text("Der Nachweis ist vermerkt.", "The evidence has been noted."),
    "looked-at": Text("Als erledigt vermerkt.", "Noted as dealt with."),
}
"""What the case's page says after an act."""
WAITS: dict[AwaitsSchool, Text] = {
    "nothing": Text("", ""),
    "release": Text(
        "Die Freigabe wartet auf die Bestätigung der Schule. Liegt ein anderer Nachweis vor (zum Beispiel eine "
        "Schulbescheinigung auf Papier), vermerken Sie ihn hier; dann kann freigegeben werden.",
        "The release waits for the school's confirmation. If there is other evidence (for example a certificate on "
        "paper), note it here; then it can be released.",
    ),
    "ticket": Text(
        "Der Bescheid ist hinausgegangen. Das Ticket wird erst erstellt, wenn die Schule bestätigt hat oder Sie einen "
        "anderen Nachweis vermerken. Die Familie sieht, dass die Schule noch bestätigt.",
        "The notice has gone out. The ticket is made only once the school has confirmed, or you note other evidence. "
        "The family sees that the school has yet to confirm.",
    ),
}


def attendance(file: CaseFile, caller: Caller, say: Formatter) -> dict[str, Any] | None:
    """The part of the case's page; None where there is nothing to say."""
    known = file.attendance
    if known is None and file.awaits_school == "nothing":
        return None
    known = known or KnownAttendance(file.case.application_id, file.case.authority_id, file.case.school_year)
    colour, words = STATES[known.state]
    return {
        "colour": colour,
        "words": say.text(words),
        "told": say.moment(known.told_at) if known.told_at else "",
        "last_day": say.day(known.last_day) if known.last_day else "",
        "never": known.state == "ended" and known.last_day is None,
        "differences": [_difference(each, say) for each in known.differences],
        "other_school": say.text(OTHER_SCHOOL) if known.number and not known.is_of(file.case.school_number) else "",
        "proven": _proven(known, caller, say) if known.proven_school == file.case.school_number else "",
        "proven_why": known.proven_why,
        "waits": say.text(WAITS[file.awaits_school]),
        "remind": say.day(known.look_from) if known.look_from and known.look_from > file.today else "",
        "to_look_at": file.must_look_at_school,
    }


def matter(known: KnownAttendance | None, school_number: str, today: date, say: Formatter) -> str:
    """Why the case lies on the pile because of the school; empty where it does not."""
    if known is None or known.look_from is None or known.look_from > today:
        return ""
    if known.state != "ended" or not known.is_of(school_number):
        return say.t("Die Schule hat noch nicht bestätigt", "The school has not confirmed yet")
    if known.last_day is None:
        return say.t("Laut Schule nicht an dieser Schule", "By the school not at this school")
    day = say.day(known.last_day)
    return say.t(f"Laut Schule letzter Tag: {day}", f"By the school last day: {day}")


def _proven(known: KnownAttendance, caller: Caller, say: Formatter) -> str:
    at = say.moment(known.proven_at) if known.proven_at else ""
    return f"{at}, {who(known.proven_by, caller, say)}" if known.proven_by else at


def _difference(each: AttendanceDifference, say: Formatter) -> str:
    value = each.says.lstrip("0") if each.part == "grade" else each.says
    if each.part == "birth_date":
        born = parse_birth_date(value)
        value = str(born) if isinstance(born, PartlyKnownDate) else say.day(born)
    return f"{say.text(PARTS[each.part])}: {value}"
