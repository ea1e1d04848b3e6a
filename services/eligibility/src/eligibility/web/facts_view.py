"""The facts of a case as a person reads them: a label and a value for each, in the order of the rules.

What this page does not know yet (facts only grow) is shown by its name rather than left out.
"""

from typing import Any

from shared.errors import Text
from shared.formats import format_significant

from eligibility.web.spoken import Spoken

FORMS = {
    "G": "Grundschule", "H": "Hauptschule", "R": "Realschule", "GE": "Gesamtschule", "GY": "Gymnasium",
    "SK": "Sekundarschule", "PS": "Primusschule", "BK": "Berufskolleg", "S": "Förderschule", "KS": "Klinikschule",
    "FW": "Freie Waldorfschule", "WB": "Weiterbildungskolleg", "GM": "Gemeinschaftsschule", "V": "Volksschule",
    "HI": "Hiberniaschule",
}  # fmt: skip
"""The state's short keys (SVWS); names of German schools are not translated."""
KINDS = {
    "GMS": Text("Gemeinschaftsschule", "non-denominational"),
    "RKB": Text("römisch-katholische Bekenntnisschule", "Roman Catholic"),
    "EVB": Text("evangelische Bekenntnisschule", "Protestant"),
    "JUB": Text("jüdische Bekenntnisschule", "Jewish"),
}
TRACKS = {
    "GY8": Text("achtjährig (G8)", "eight years (G8)"),
    "GY9": Text("neunjährig (G9)", "nine years (G9)"),
}
LABELS: dict[str, Text] = {
    "school_year": Text("Schuljahr", "School year"),
    "application_date": Text("Antrag vom", "Application of"),
    "applicant": Text("Wer stellt den Antrag", "Who applies"),
    "pupil.birth_date": Text("Geburtsdatum des Kindes", "Child's date of birth"),
    "pupil.lives_in_nrw": Text("Wohnt in Nordrhein-Westfalen", "Lives in North Rhine-Westphalia"),
    "pupil.special_needs": Text("Sonderpädagogischer Förderbedarf festgestellt", "Special needs established"),
    "pupil.severely_disabled": Text("Schwerbehinderung", "Severe disability"),
    "school.form": Text("Schulform", "Form of school"),
    "school.kind": Text("Schulart", "Kind of school"),
    "school.private": Text("Private Schule (Ersatzschule)", "Private school"),
    "grade": Text("Klasse", "Grade"),
    "track": Text("Gymnasialer Bildungsgang", "Gymnasium track"),
    "course.annex": Text("Bildungsgang: Anlage (APO-BK)", "Course: annex (APO-BK)"),
    "course.full_time": Text("Bildungsgang in Vollzeit", "Full-time course"),
    "course.district_class": Text("Bezirksfachklasse", "District vocational class"),
    "course.after_training": Text("Setzt eine Berufsausbildung voraus", "Requires finished training"),
    "distance_m": Text("Weg zur besuchten Schule", "Way to the school attended"),
    "attends_nearest": Text("Besucht die nächstgelegene Schule", "Attends the nearest school"),
    "nearest_distance_m": Text("Weg zur nächstgelegenen Schule", "Way to the nearest school"),
    "nearest_refused": Text("Geltend gemacht: Nächste Schule hat abgelehnt", "Claimed: nearest school refused"),
    "nearest_refusal_proven": Text("Ablehnung der nächsten Schule nachgewiesen", "Refusal by nearest school proven"),
    "nearest_refused_school": Text("Schule, die abgelehnt hat", "School that refused"),
    "monthly_fare_cents": Text("Ticketpreis im Monat", "Monthly fare"),
    "nearest_monthly_fare_cents": Text("Ticketpreis zur nächsten Schule", "Monthly fare to the nearest school"),
    "health.weeks": Text("Gesundheitliche Gründe, Dauer in Wochen", "Health reasons, duration in weeks"),
    "health.certificate": Text("Ärztliches Attest liegt vor", "Medical certificate is there"),
    "dangerous_route_claimed": Text("Geltend gemacht: Schulweg gefährlich", "Claimed: dangerous way"),
    "distance_without_hazards_m": Text("Weg ohne die Gefahrenstelle", "Way without the hazard"),
    "second_home": Text("Zwei Wohnungen (Wechselmodell)", "Two homes"),
    "siblings": Text("Geschwister", "Siblings"),
    "benefits": Text("Leistungen", "Benefits"),
    "wanted_from": Text("Gewünscht ab", "Wanted from"),
    "leaves_on": Text("Verlässt die Schule am", "Leaves the school on"),
    "income_within_limit": Text("Einkommen unter der Grenze", "Income within the limit"),
    "afternoon_lessons.mostly": Text("Überwiegend Nachmittagsunterricht", "Mostly afternoon lessons"),
    "place_of_teaching": Text("Anderer Unterrichtsort", "Another place of teaching"),
    "assigned_place": Text("Zugewiesener Platz", "Assigned place"),
    "transport": Text("Beförderung", "Transport"),
}
WORDS = {
    "guardian": Text("Sorgeberechtigte Person", "guardian"),
    "pupil": Text("Schülerin oder Schüler selbst", "the pupil"),
    "other": Text("Andere Person mit Vollmacht", "another person with authority"),
}
CARRIAGES = {
    "": Text("Nach den Regeln, sonst Ticket", "By the rules, else a ticket"),
    "public": Text("Bus und Bahn (Ticket)", "Public transport (ticket)"),
    "special": Text("Schülerspezialverkehr", "Special school transport"),
    "car": Text("Privates Auto", "Private car"),
    "motorcycle": Text("Motorrad, Moped", "Motorcycle, moped"),
    "bicycle": Text("Fahrrad", "Bicycle"),
    "taxi": Text("Taxi, Mietwagen", "Taxi, hired car"),
}
OUTCOMES = {
    "granted": Text("Bewilligt", "Granted"),
    "refused": Text("Abgelehnt", "Refused"),
    "review": Text("Zu prüfen", "To review"),
}


def rows(facts: dict[str, Any], say: Spoken) -> list[tuple[str, str]]:
    """Label and value, what is known first in the order of LABELS."""
    flat = _flat(facts)
    known = [key for key in LABELS if key in flat]
    others = [key for key in flat if key not in LABELS]
    return [(_label(key, say), value_of(key, flat[key], say)) for key in (*known, *others)]


def value_of(key: str, value: Any, say: Spoken) -> str:
    if isinstance(value, bool):
        return say.t("ja", "yes") if value else say.t("nein", "no")
    if key == "siblings":
        return _siblings(value, say)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or say.t("keine", "none")
    if key.endswith("_m") and isinstance(value, int | float):
        return say.metres(float(value))
    if key.endswith("_cents") and isinstance(value, int):
        return say.euros(value)
    if key == "grade":
        return str(value).lstrip("0")
    if key == "school.form":
        return FORMS.get(value, str(value))
    for names in (KINDS, TRACKS, WORDS):
        if value in names:
            return say.text(names[value])
    if isinstance(value, str) and key.rpartition(".")[2].endswith(("_date", "_on", "_from", "_until")):
        return say.day(value)
    if isinstance(value, float):
        return format_significant(value, say.language)
    return str(value)


def _siblings(found: list[dict[str, Any]], say: Spoken) -> str:
    if not found:
        return say.t("keine", "none")
    told = []
    for each in found:
        funded = each.get("funded")
        ticket = say.t("mit Ticket", "with ticket") if funded else say.t("ohne Ticket", "without ticket")
        born = say.day(each.get("birth_date"))
        told.append(say.t(f"geboren am {born}, {ticket}", f"born {born}, {ticket}"))
    return "; ".join(told)


def _flat(facts: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in facts.items():
        if value is None:
            continue
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _label(key: str, say: Spoken) -> str:
    if key in LABELS:
        return say.text(LABELS[key])
    part, _, rest = key.partition(".")
    name = rest.replace("_", " ").replace(".", ": ")
    return f"{say.text(LABELS[part])}: {name}" if part in LABELS and rest else key.replace("_", " ").replace(".", ": ")
