"""The fields of each change, what stands in them, and the body that they become. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import Text
from shared.school_names import everyday_name

from application.domain.school import School

SIBLINGS = 3
MOST_ROWS = 20 + SIBLINGS
"""Empty rows below those that are known."""
HOME = ("street", "house_number", "postal_code", "city")
FROM = "changed_from"


@dataclass(frozen=True)
class Field:
    """A line to type into. `attributes`: of the input."""

    name: str
    label: Text
    hint: Text | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """What was typed, and the form as it is."""

    typed: Mapping[str, str]
    form: dict[str, Any]

    def text(self, name: str) -> str:
        """Empty where it was left empty."""
        return self.typed.get(name, "")

    def since(self, changes: dict[str, Any], text: str = "") -> dict[str, Any]:
        """With the day from which it holds."""
        return {"changes": changes, "changed_from": self.text(FROM) or None, "text": text}


@dataclass(frozen=True)
class ChangeForm:
    """`more_labels`: of fields that the template has besides."""

    what: str
    title: Text
    intro: Text
    fields: tuple[Field, ...]
    body: Callable[[Body], dict[str, Any]]
    has_school: bool = False
    has_grade: bool = False
    has_siblings: bool = False
    more_labels: Mapping[str, Text] = field(default_factory=dict)


STREET = Field("street", Text("Straße", "Street"), attributes={"autocomplete": "address-line1", "maxlength": "100"})
NUMBER = Field("house_number", Text("Hausnummer", "House number"), attributes={"maxlength": "20"})
POSTAL = Field(
    "postal_code",
    Text("Postleitzahl", "Postal code"),
    attributes={"inputmode": "numeric", "maxlength": "5", "autocomplete": "postal-code"},
)
CITY = Field("city", Text("Ort", "Town"), attributes={"autocomplete": "address-level2", "maxlength": "100"})
SINCE = Field(
    FROM,
    Text("Ab welchem Tag?", "From which day?"),
    Text("Tag, Monat, Jahr, zum Beispiel 15.01.2027. Auch ein Tag, der noch kommt.",
         "Day, month, year, for example 15.01.2027. Also a day to come."),
    {"inputmode": "decimal", "maxlength": "30"},
)  # fmt: skip
BORN = {"inputmode": "decimal", "maxlength": "30"}
NAME = {"maxlength": "100", "autocomplete": "off"}


def _address(told: Body) -> dict[str, Any]:
    return {name: told.text(name) for name in HOME}


def _school(told: Body) -> dict[str, Any]:
    return told.since({"school_number": told.text("school_number"), "grade": told.text("grade") or told.form["grade"]})


def _names(told: Body) -> dict[str, Any]:
    changes = {
        whose: told.form[whose] | {
            name: told.text(f"{whose}_{name}") for name in ("first_name", "last_name")
        }
        for whose in ("pupil", "guardian")
    }  # fmt: skip
    changes["pupil"]["birth_date"] = told.text("pupil_birth_date")
    changes["guardian"]["email"] = told.text("guardian_email") or None
    return {"changes": changes}


def _second_home(told: Body) -> dict[str, Any]:
    split = told.text("split")
    text = f"So verteilen sich die Tage auf beide Wohnungen: {split}" if split else ""
    claims = told.form["claims"] | {"second_home": True}
    return told.since({"claims": claims, "second_home": _address(told)}, text)


def _siblings(told: Body) -> dict[str, Any]:
    """What is known besides of one that stays is kept, but the days of a ticket that it has not; of twins each its
    own."""
    known, rows = list(told.form["siblings"]), []
    for place in range(SIBLINGS + len(told.form["siblings"])):
        born = told.text(f"sibling_{place}")
        if born:
            funded = {"yes": True, "no": False}.get(told.text(f"funded_{place}"))
            same = next((each for each in known if format_birth_date(each["birth_date"]) == born), {"birth_date": born})
            days = {} if funded else dict.fromkeys(("funded_from", "funded_until") & same.keys())
            rows.append(same | {"funded": funded} | days)
            known = [each for each in known if each is not same]
    return {"changes": {"siblings": rows}}


CHANGES: Mapping[str, ChangeForm] = {
    each.what: each
    for each in (
        ChangeForm(
            "move",
            Text("Wir ziehen um", "We are moving"),
            Text("Der Schulweg wird von der neuen Wohnung aus neu gemessen. Bis darüber entschieden ist, gilt das "
                 "Ticket weiter.",
                 "The way to school is measured anew from the new home. Until that is decided, the ticket goes on to "
                 "be good."),
            (STREET, NUMBER, POSTAL, CITY, SINCE),
            lambda told: told.since({"home": _address(told)}),
        ),
        ChangeForm(
            "school",
            Text("Andere Schule", "Another school"),
            Text("Gehört die neue Schule zu einem anderen Schulträger, gilt das Ticket bis zum Tag davor. Dort stellen "
                 "Sie dann einen neuen Antrag.",
                 "If the new school belongs to another authority, the ticket is good until the day before. You apply "
                 "anew there then."),
            (SINCE,),
            _school,
            has_school=True,
            has_grade=True,
            more_labels={"school": Text("Schule", "School"), "grade": Text("Klasse", "Grade")},
        ),
        ChangeForm(
            "class",
            Text("Andere Klasse", "Another grade"),
            Text("Zum Beispiel, weil das Kind eine Klasse wiederholt oder überspringt.",
                 "For example because the child repeats or skips a grade."),
            (SINCE,),
            lambda told: told.since({"grade": told.text("grade")}),
            has_grade=True,
            more_labels={"grade": Text("Klasse", "Grade")},
        ),
        ChangeForm(
            "name",
            Text("Name, Geburtsdatum oder E-Mail", "Name, birth date or e-mail"),
            Text("Mit einem neuen Namen wird auch das Ticket neu ausgestellt.",
                 "With a new name the ticket is made anew too."),
            (
                Field("pupil_first_name", Text("Vornamen des Kindes", "The child's first names"), attributes=NAME),
                Field("pupil_last_name", Text("Familienname des Kindes", "The child's family name"), attributes=NAME),
                Field("pupil_birth_date", Text("Geburtsdatum des Kindes", "The child's birth date"),
                      Text("Zum Beispiel 28.02.2015", "For example 28.02.2015"), BORN),
                Field("guardian_first_name", Text("Ihre Vornamen", "Your first names"), attributes=NAME),
                Field("guardian_last_name", Text("Ihr Familienname", "Your family name"), attributes=NAME),
                Field("guardian_email", Text("Ihre E-Mail-Adresse (freiwillig)", "Your e-mail address (voluntary)"),
                      attributes={"autocomplete": "email", "inputmode": "email", "maxlength": "200"}),
            ),
            _names,
        ),
        ChangeForm(
            "second-home",
            Text("Zweite Wohnung", "A second home"),
            Text("Lebt das Kind abwechselnd in zwei Wohnungen, messen wir beide Wege. Ist nur einer lang genug, "
                 "sieht sich ein Mensch an, wie sich die Tage verteilen.",
                 "If the child lives in two homes in turn, we measure the way from both. If only one is long enough, a "
                 "person looks at how the days are split."),
            (STREET, NUMBER, POSTAL, CITY,
             Field("split", Text("Wie verteilen sich die Tage? (freiwillig)", "How are the days split? (voluntary)"),
                   Text("Zum Beispiel: jede zweite Woche", "For example: every second week"), {"maxlength": "500"}),
             SINCE),
            _second_home,
        ),
        ChangeForm(
            "siblings",
            Text("Geschwister", "Siblings"),
            Text("Haben mehrere Kinder ein Schulticket, zahlen Sie für die jüngeren weniger.",
                 "If several children have a school ticket, you pay less for the younger ones."),
            (),
            _siblings,
            has_siblings=True,
            more_labels={
                f"sibling_{place}": Text("Geburtsdatum", "Birth date") for place in range(MOST_ROWS)
            } | {"siblings": Text("Geschwister", "Siblings")},
        ),
    )
}  # fmt: skip


def format_birth_date(birth_date: str) -> str:
    """As people write it: 05.11.2013, 06.2015 or 2015 for what is known in part."""
    return ".".join(part for part in reversed(birth_date.split("-")) if int(part))


def sibling_row(number: int, typed: Mapping[str, str]) -> str:
    """The field of the page in which the sibling of this number in the body was typed."""
    rows = [place for place in range(MOST_ROWS) if typed.get(f"sibling_{place}")]
    return f"sibling_{rows[number]}" if number < len(rows) else ""


def prefilled_fields(what: str, form: dict[str, Any], school: School | None) -> dict[str, str]:
    """What stands in the fields when the page is opened: what is known of what changes in part alone."""
    if what == "name":
        own = {
            f"{whose}_{name}": form[whose][name]
            for whose in ("pupil", "guardian")
            for name in ("first_name", "last_name")
        }
        return own | {
            "pupil_birth_date": format_birth_date(form["pupil"]["birth_date"]),
            "guardian_email": form["guardian"]["email"] or "",
        }
    if what == "siblings":
        rows = enumerate(form["siblings"])
        told = {True: "yes", False: "no", None: ""}
        return {
            key: value
            for place, each in rows
            for key, value in (
                (f"sibling_{place}", format_birth_date(each["birth_date"])),
                (f"funded_{place}", told[each["funded"]]),
            )
        }
    if what in ("class", "school"):
        known = {"grade": form["grade"]}
        return known | ({"school": everyday_name(school.name)} if school and what == "class" else {})
    return {}
