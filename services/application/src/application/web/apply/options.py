"""What can be chosen, for this child; and which documents help. Pure."""

from datetime import date

from shared.calendar import SchoolYear
from shared.errors import Text

from application.checks.uploads import KIND_TEXTS, DocumentKind
from application.web.apply.fields import Options
from application.web.apply.situation import Situation, value_at
from application.web.precheck_view import BENEFITS, GRADES
from application.web.precheck_view import school_years as years_at

_OTHER_GRADES = {
    "90": Text("Berufspraxisstufe", "Work-practice stage"),
    "BV": Text("Vorpraktikum", "Pre-internship"),
    "BT": Text("Berufspraxis", "Work practice"),
}
Proof = tuple[DocumentKind, Text]
"""Of which kind, and what it is called for this child."""
_PROOFS: tuple[tuple[str, DocumentKind], ...] = (
    ("claims.health", "medical_certificate"),
    ("claims.escort", "medical_certificate"),
    ("transport.public_unsuitable", "medical_certificate"),
    ("claims.nearest_refused", "school_refusal"),
    ("claims.second_home", "custody"),
    ("claims.dangerous_route", "danger_report"),
    ("claims.assigned_place", "assigned_place"),
)

_OTHER_PROOFS = (
    ("severely_disabled", Text("Schwerbehindertenausweis", "Disability card")),
    ("special_needs", Text("Bescheid über den Förderbedarf", "Decision on the special educational needs")),
)


def school_years(situation: Situation) -> Options:
    """The one that is mostly meant first; one that was chosen before stays."""
    years = years_at(situation.today)
    told = situation.form.get("school_year")
    return [(each, Text(each, each)) for each in (*years, *([told] if told and told not in years else []))]


def first_day(situation: Situation) -> date:
    """From when a ticket is mostly wanted: today, or when the school year begins."""
    try:
        year = SchoolYear.parse(str(situation.form.get("school_year")))
    except ValueError:
        return situation.today
    return min(max(situation.today, year.first_day), year.last_day)


def grades(situation: Situation) -> Options:
    """Of the school's form."""
    form = situation.school_form
    please = ("", Text("bitte wählen", "please choose"))
    return [please, *((each, grade_name(each)) for each in (form.grades if form else GRADES))]


def grade_name(key: str) -> Text:
    """As families know it: 6, Q1, work-practice stage."""
    return _OTHER_GRADES.get(key, Text(key.lstrip("0") or "0", key.lstrip("0") or "0"))


def tracks(_situation: Situation) -> Options:
    """To the Abitur."""
    eight, nine = Text("8 Jahre (G8)", "8 years (G8)"), Text("9 Jahre (G9)", "9 years (G9)")
    return (("GY9", nine), ("GY8", eight))


def annexes(situation: Situation) -> Options:
    """Of the APO-BK."""
    form = situation.school_form
    please = ("", Text("bitte wählen", "please choose"))
    return [please, *((each, Text(each, each)) for each in (form.courses if form else ()))]


def applicants(situation: Situation) -> Options:
    """Only who is of age may apply alone."""
    guardian = ("guardian", Text("Mutter, Vater oder sorgeberechtigt", "mother, father or guardian"))
    pupil = ("pupil", Text("die Schülerin, der Schüler selbst", "the pupil"))
    other = ("other", Text("jemand mit Vollmacht", "somebody with a power of attorney"))
    return (pupil, guardian, other) if situation.may_be_of_age else (guardian, other)


def asks_custody(situation: Situation) -> bool:
    """Where the authority asks who may act for the child, and it is not the pupil who applies."""
    asked = situation.demands.custody != "none" or situation.demands.both_guardians
    return asked and value_at(situation.form, "applicant") != "pupil"


def asks_second_guardian(situation: Situation) -> bool:
    """Where the notice goes to both, and there are two."""
    shared = value_at(situation.form, "custody.kind") in ("joint", "everyday")
    return situation.demands.both_guardians and asks_custody(situation) and shared


def custody_kinds(_situation: Situation) -> Options:
    """§§ 1626a, 1629, 1687 BGB in words that a parent knows."""
    return (
        ("sole", Text("Ich allein", "I alone")),
        ("joint", Text("Wir zu zweit, und die andere Person ist einverstanden",
                       "The two of us, and the other person agrees")),
        ("everyday", Text("Wir zu zweit; wir leben getrennt, und das Kind lebt bei mir",
                          "The two of us; we live apart, and the child lives with me")),
        ("authorised", Text("Ich handle mit Vollmacht oder bin bestellt (Vormund, Pflege)",
                            "I act with an authorisation, or am appointed (guardianship, foster care)")),
        ("open", Text("Das ist noch zu klären", "That is still to be cleared")),
    )  # fmt: skip


def transports(_situation: Situation) -> Options:
    """What can be wished for beside bus and train."""
    return (
        ("", Text("bitte wählen", "please choose")),
        ("special", Text("Schulbus des Schulträgers", "the authority's school bus")),
        ("car", Text("Auto", "car")),
        ("taxi", Text("Taxi", "taxi")),
        ("motorcycle", Text("Mofa, Motorrad", "moped, motorcycle")),
        ("bicycle", Text("Fahrrad", "bicycle")),
    )


def media(_situation: Situation) -> Options:
    """How the ticket is carried."""
    return (("wallet", Text("Auf dem Handy", "On a phone")), ("paper", Text("Auf Papier", "On paper")))


def benefits_are_told(situation: Situation) -> bool:
    """Whether the family receives any."""
    return bool(situation.form.get("benefits"))


def proofs(situation: Situation) -> tuple[Proof, ...]:
    """Which documents the authority will ask for, as far as this child needs any."""
    kinds = [kind for path, kind in _PROOFS if situation.says(path)]
    if benefits_are_told(situation):
        kinds.append("benefit_notice")
    if situation.demands.custody == "document" and asks_custody(situation):
        kinds.append("custody")
    found: list[Proof] = [(kind, KIND_TEXTS[kind]) for kind in dict.fromkeys(kinds)]
    others = [text for path, text in _OTHER_PROOFS if situation.says(path)]
    if value_at(situation.form, "applicant") == "other":
        others.append(Text("Vollmacht", "Power of attorney"))
    return (*found, *(("other", each) for each in others))


def benefit_options() -> list[tuple[str, Text]]:
    """By the key of the form."""
    return list(BENEFITS.items())
