"""What becomes of a grant when the school year changes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.birth_dates import BirthDate
from shared.calendar import SchoolYear
from shared.events import ApplicationSubmitted

from eligibility.domain.decision import Decision
from eligibility.rules.findings import Finding, note
from eligibility.rules.law.claims_end import last_day_of_claims
from eligibility.rules.rule_set.rule_set import Law, SchoolForm

NotCarried = Literal["yearly", "last_grade", "another_school", "facts_missing"]
"""Why the family applies anew."""
UPPER = {"EF": "Q1", "Q1": "Q2", "Q2": None}
BASIS = "§ 4 Abs. 1 SchfkVO"


@dataclass(frozen=True)
class CarriedApplication:
    """The application as it stands in the next school year."""

    event: ApplicationSubmitted


def carry_on(
    told: ApplicationSubmitted | None, grant: Decision, school_year: str, law: Law | None, *, standing: bool
) -> CarriedApplication | NotCarried:
    """The next grade, everything else as told. What nobody knows is no guess: then the family applies anew."""
    if not standing or grant.terms.self_payer:
        return "yearly"
    if told is None or law is None:
        return "facts_missing"
    form = grant.facts.get("school", {}).get("form")
    grade = next_grade(told.grade, form, told.track, law.forms)
    if grade in ("last_grade", "another_school", "facts_missing"):
        return grade  # type: ignore[return-value]
    if told.leaves_on is not None:
        return "another_school"
    siblings = tuple(
        each.model_copy(update={"funded_from": None, "funded_until": None}) for each in told.circumstances.siblings
    )
    circumstances = told.circumstances.model_copy(update={"siblings": siblings})
    changes = {
        "school_year": school_year,
        "grade": grade,
        "wanted_from": SchoolYear.parse(school_year).first_day,
        "circumstances": circumstances,
    }
    return CarriedApplication(told.model_copy(update=changes))


def next_grade(grade: str, form: str | None, track: str | None, forms: Mapping[str, SchoolForm]) -> str:
    """The key of the next grade at the same school, or why there is none.

    At the Gymnasium the track decides where the upper level begins (SchulG § 10, § 12, § 16). After year 10 of a
    Gesamtschule it depends on the certificate, and at a Berufskolleg on the course: nobody here knows.
    """
    kind = forms.get(form or "")
    if kind is None or form in ("BK", "WB", "SB") or not kind.grades:
        return "facts_missing"
    if grade in UPPER:
        return UPPER[grade] or "last_grade"
    if kind.eight_or_nine_years and grade in ("09", "10"):
        return _to_upper_level(grade, track)
    if grade == "10" and "EF" in kind.grades:
        return "facts_missing"
    following = f"{int(grade) + 1:02d}"
    last = "12" if track == "GY8" else max(each for each in kind.grades if each.isdigit())
    if following in kind.grades and grade != last:
        return following
    return "another_school" if kind.level == "primary" or grade == "04" else "last_grade"


def _to_upper_level(grade: str, track: str | None) -> str:
    if track is None:
        return "facts_missing"
    if track == "GY8":
        return "EF" if grade == "09" else "facts_missing"
    return "10" if grade == "09" else "EF"


def apply_until(law: Law | None, school_year: str) -> date:
    """Three months after the end of the school year (NRW: 31 October, or the next working day); without such a rule
    the year's last day."""
    return (last_day_of_claims(law) if law is not None else None) or SchoolYear.parse(school_year).last_day


def finding_on_renewal(school_year: str, grade: str) -> Finding:
    """In the notice: on what it rests."""
    shown = grade.lstrip("0")
    return note(
        "renewal", BASIS,
        f"Die Bewilligung wird für das Schuljahr {school_year} ohne neuen Antrag fortgeführt; angenommen ist "
        f"die Klasse {shown}. Stimmt das nicht, teilen Sie es uns bitte mit.",
        f"The grant is carried on for the school year {school_year} without a new application, assuming grade {shown}. "
        "Please tell us if that is wrong.",
    )  # fmt: skip


def unsure_of(event: ApplicationSubmitted, left: Sequence[BirthDate]) -> ApplicationSubmitted:
    """Whether siblings born on these days have a funded ticket in the new year is not known: they had one in the old
    year, and it is not carried on. The grant does not wait for that, and the family is asked with it. A day stands for
    one child: of twins as many times as there are."""
    siblings, open_ = list(event.circumstances.siblings), list(left)
    for place, each in sorted(enumerate(siblings), key=lambda one: not one[1].funded):  # one that had a ticket first
        if each.birth_date in open_:
            open_.remove(each.birth_date)
            siblings[place] = each.model_copy(update={"funded": False, "funded_unknown": True})
    circumstances = event.circumstances.model_copy(update={"siblings": tuple(siblings)})
    return event.model_copy(update={"circumstances": circumstances})
