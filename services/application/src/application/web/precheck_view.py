"""What the pre-check's pages show: the fields as they were typed, what is still to be chosen, and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup
from shared.calendar import SchoolYear
from shared.errors import Language, Text
from shared.school_names import everyday_name

from application.checks import SchoolKeys
from application.checks.uploads import KIND_TEXTS
from application.domain.school import School
from application.workflow.prechecks import Precheck

SIBLINGS = 3
GRADES = (*(f"{year:02}" for year in range(1, 11)), "EF", "Q1", "Q2", "11", "12", "13")
BENEFITS: dict[str, Text] = {
    "SGB II": Text("Bürgergeld", "Bürgergeld (citizen's benefit)"),
    "SGB XII": Text("Sozialhilfe (Hilfe zum Lebensunterhalt)", "Social assistance"),
    "AsylbLG": Text("Leistungen für Asylsuchende", "Benefits for asylum seekers"),
    "KiZ": Text("Kinderzuschlag", "Child supplement"),
    "WoGG": Text("Wohngeld", "Housing benefit"),
}
LABELS: dict[str, Text] = {
    "address": Text("Adresse", "Address"),
    "street": Text("Straße", "Street"),
    "house_number": Text("Nummer", "Number"),
    "postal_code": Text("Postleitzahl", "Postal code"),
    "city": Text("Ort", "Town"),
    "school": Text("Schule", "School"),
    "grade": Text("Klasse", "Grade"),
    "school_year": Text("Schuljahr", "School year"),
    "track": Text("Bildungsgang", "Course"),
    "annex": Text("Bildungsgang (Anlage)", "Course (annex)"),
    "birth_date": Text("Geburtsdatum des Kindes", "The child's birth date"),
    **{f"sibling_{place}": Text("Geschwisterkind", "Sibling") for place in range(SIBLINGS)},
}
MONTHS_BEFORE_NEXT_YEAR = range(3, 8)
"""From March to July a family asks for the school year to come; else for the one that runs."""
LEFT_OUT = frozenset({"deadline"})
"""Reasons that say nothing before anybody applies: that an application of today would be in time."""
OUTLOOKS: dict[str, tuple[str, Text, Text]] = {
    "granted": (
        "success",
        Text("Voraussichtlich bekommt das Kind ein Ticket.", "The child will probably get a ticket."),
        Text(
            "So entscheidet der Schulträger, wenn alles so ist, wie Sie es angegeben haben.",
            "So the school authority decides if everything is as you told us.",
        ),
    ),
    "refused": (
        "info",
        Text("Voraussichtlich bekommt das Kind kein Ticket.", "The child will probably not get a ticket."),
        Text(
            "Sie können trotzdem einen Antrag stellen: Dann bekommen Sie einen Bescheid, gegen den Sie sich wehren "
            "können. Gibt es Gründe, nach denen hier nicht gefragt wurde (Krankheit, Behinderung, gefährlicher Weg, "
            "zwei Wohnungen), stellen Sie bitte auf jeden Fall einen Antrag.",
            "You can apply all the same: then you get a formal decision against which you can appeal. If there are "
            "reasons that were not asked for here (illness, disability, a dangerous way, two homes), please apply in "
            "any case.",
        ),
    ),
    "person": (
        "warning",
        Text("Das muss sich ein Mensch ansehen.", "A person has to look at this."),
        Text(
            "Ob das Kind ein Ticket bekommt, lässt sich vorab nicht sicher sagen. Stellen Sie bitte einen Antrag: Der "
            "Schulträger prüft ihn und fragt nach, wenn etwas fehlt.",
            "Whether the child gets a ticket cannot be told for sure beforehand. Please apply: the school authority "
            "looks at it and asks if something is missing.",
        ),
    ),
}
"""Colour, heading and what it means."""


@dataclass(frozen=True)
class SchoolChoice:
    number: str
    name: str
    place: str


@dataclass
class PrecheckPage:
    """`typed`: by field. `errors`: by the field's name on the page."""

    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    schools: Sequence[SchoolChoice] = ()
    """To choose from."""
    school: School | None = None
    candidates: Sequence[Mapping[str, str]] = ()
    """Addresses that may be meant."""
    notice: Text | None = None
    """Why there is no answer at present."""


@dataclass(frozen=True)
class AnswerPage:
    """The answer in one language."""

    colour: str
    heading: str
    meaning: str
    school: str
    authority: str
    """Who decides; empty where the directory does not say."""
    questions: Sequence[str]
    documents: Sequence[str]
    reasons: Sequence[tuple[str, str]]
    """What, and by which law."""
    picture: Markup | None


def school_choices(schools: Sequence[School]) -> list[SchoolChoice]:
    """With what tells two of one name apart."""
    return [
        SchoolChoice(each.number, everyday_name(each.name), f"{each.street}, {each.postal_code} {each.city}")
        for each in schools
    ]


def chosen_school(school: School) -> dict[str, str]:
    """The fields of the page by which a school is known again, and shown by its name."""
    name = f"{everyday_name(school.name)}, {school.city}"
    return {"school": name, "searched": name, "school_number": school.number}


Choice = tuple[str, str]
"""What is sent, and what is read."""
PLEASE_CHOOSE = Text("bitte wählen", "please choose")
NOT_KNOWN = Text("weiß ich nicht", "I do not know")


@dataclass(frozen=True)
class Choices:
    """What can be chosen in the form; empty where there is no question."""

    grades: Sequence[Choice]
    years: Sequence[Choice]
    tracks: Sequence[Choice]
    annexes: Sequence[Choice]
    benefits: Sequence[Choice]


def choices(school: School | None, keys: SchoolKeys, today: date, language: Language) -> Choices:
    """Of the school that was chosen; before, of all schools together."""
    form = keys.forms[school.form] if school else None
    please, unknown = ("", PLEASE_CHOOSE.in_language(language)), ("", NOT_KNOWN.in_language(language))
    tracks = [unknown, *((each, each.replace("GY", "G")) for each in form.tracks)] if form and form.tracks else []
    return Choices(
        grades=[please, *((each, each.lstrip("0")) for each in (form.grades if form else GRADES))],
        years=[(each, each) for each in school_years(today)],
        tracks=tracks,
        annexes=[please, *((each, each) for each in form.courses)] if form and form.courses else [],
        benefits=[(field_of(key), text.in_language(language)) for key, text in BENEFITS.items()],
    )


def not_asked_at(school: School, keys: SchoolKeys) -> frozenset[str]:
    """Fields that the page does not have for this school: what stands in them was told of another, chosen before."""
    form = keys.forms[school.form]
    return frozenset((*(() if form.tracks else ("track",)), *(() if form.courses else ("annex", "full_time"))))


def field_of(benefit: str) -> str:
    """The name of its field on the page."""
    return f"benefit_{benefit.replace(' ', '_')}"


def labels(language: Language) -> dict[str, str]:
    """How fields are called above the form, where something is wrong with them."""
    return {name: text.in_language(language) for name, text in LABELS.items()}


def answer_page(found: Precheck, language: Language) -> AnswerPage:
    """The picture escapes what is written on it and has neither style nor script: it may stand in the page."""
    colour, heading, meaning = OUTLOOKS[found.reply.outlook]
    reply = found.reply

    def said(german: str, english: str) -> str:
        return german if language == "de" or not english else english

    return AnswerPage(
        colour=colour,
        heading=heading.in_language(language),
        meaning=meaning.in_language(language),
        school=everyday_name(found.school.name),
        authority=found.school.authority.name,
        questions=[said(each.text, each.text_en) for each in reply.questions],
        documents=[KIND_TEXTS[each].in_language(language) for each in found.documents],
        reasons=[
            (said(each.text, each.text_en), each.legal_basis) for each in reply.reasons if each.rule not in LEFT_OUT
        ],
        picture=Markup(reply.picture) if reply.picture else None,  # noqa: S704  # see above
    )


def school_years(today: date) -> tuple[str, ...]:
    """The one that is mostly meant, and the other."""
    running = SchoolYear.of(today)
    years = str(running), str(running.next)
    return years[::-1] if today.month in MONTHS_BEFORE_NEXT_YEAR else years
