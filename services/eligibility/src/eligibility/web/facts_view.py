"""The facts of a case as a person reads them: a label and a value for each, in the order of the rules.

What this page does not know yet (facts only grow) is shown by its name rather than left out.
"""

from collections.abc import Mapping
from typing import Any

from shared.errors import Text
from shared.formats import format_significant

from eligibility.domain.kept_facts import KeptFacts, KeptSibling
from eligibility.rules import texts
from eligibility.rules.texts import BENEFITS
from eligibility.web.fact_labels import LABELS
from eligibility.web.formatter import Formatter

FORMS = {
    "G": "Grundschule", "H": "Hauptschule", "R": "Realschule", "GE": "Gesamtschule", "GY": "Gymnasium",
    "SK": "Sekundarschule", "PS": "Primusschule", "BK": "Berufskolleg", "S": "Förderschule", "KS": "Klinikschule",
    "FW": "Freie Waldorfschule", "WB": "Weiterbildungskolleg", "GM": "Gemeinschaftsschule", "V": "Volksschule",
    "HI": "Hiberniaschule", "SB": "Förder-Berufskolleg", "SG": "Förder-Gymnasium", "SR": "Förder-Realschule",
    "WF": "Waldorf-Förderschule",
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


def rows(facts: KeptFacts, say: Formatter) -> list[tuple[str, str]]:
    """Label and value, what is known first in the order of LABELS."""
    flat = _flat(facts)
    if "grade" in flat:
        flat["grade"] = say.pair(texts.year_of_school(str(flat["grade"]), flat.get("school.form")))
    known = [key for key in LABELS if key in flat]
    others = [key for key in flat if key not in LABELS]
    return [(_label(key, say), value_of(key, flat[key], say)) for key in (*known, *others)]


def value_of(key: str, value: Any, say: Formatter) -> str:
    """A fact in words. Its key says the unit: `_m` metres, `_cents` money, `_date` and the like a day."""
    if isinstance(value, bool):
        return say.t("ja", "yes") if value else say.t("nein", "no")
    if key in ("siblings", "unproven.siblings"):
        return "; ".join(sibling_text(each, say) for each in value) or say.t("keine", "none")
    if key in ("benefits", "unproven.benefits"):
        return ", ".join(benefit(each, say) for each in value) or say.t("keine", "none")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or say.t("keine", "none")
    if key.endswith("_m") and isinstance(value, int | float):
        return say.metres(float(value))
    if key.endswith("_cents") and isinstance(value, int):
        return say.euros(value)
    if (named := _named(key, value, say)) is not None:
        return named
    if isinstance(value, str) and key.rpartition(".")[2].endswith(("_date", "_on", "_from", "_until")):
        return say.day(value)
    if isinstance(value, float):
        return format_significant(value, say.language)
    return str(value)


def _named(key: str, value: Any, say: Formatter) -> str | None:
    """Of a value that is a key: what it stands for."""
    if key == "grade":
        return str(value).lstrip("0")
    if key == "school.form":
        return FORMS.get(value, str(value))
    tables = (CARRIAGES,) if key == "transport.kind" else (KINDS, TRACKS, WORDS)
    return next((say.text(table[value]) for table in tables if value in table), None)


def sibling_text(each: KeptSibling, say: Formatter) -> str:
    """Its birth date, and what is said of its ticket."""
    funded, born = each.get("funded"), say.pair(texts.born(str(each["birth_date"])))
    if funded is None:
        ticket = say.t("Ticket unbekannt", "ticket unknown")
    else:
        ticket = say.t("mit Ticket", "with ticket") if funded else say.t("ohne Ticket", "without ticket")
    return say.t(f"geboren {born}, {ticket}", f"born {born}, {ticket}")


def benefit(key: str, say: Formatter) -> str:
    """A benefit by its key, in words; a key that is not known here stays as it is."""
    return say.pair(BENEFITS.get(key, (key, key)))


def _flat(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in facts.items():
        if value is None:
            continue
        if value == {}:  # claimed, and nothing more is known yet
            flat[prefix + key] = True
        elif isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _label(key: str, say: Formatter) -> str:
    if key in LABELS:
        return say.text(LABELS[key])
    part, _, rest = key.partition(".")
    name = rest.replace("_", " ").replace(".", ": ")
    return f"{say.text(LABELS[part])}: {name}" if part in LABELS and rest else key.replace("_", " ").replace(".", ": ")
