"""What a school's office reads: its pupils by class, and what a class list would say. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from shared.birth_dates import PartlyKnownDate, parse_birth_date
from shared.errors import Text
from shared.events import AttendanceDifference, PupilPart

from application.domain.attendance import AttendanceState, AttendingPupil
from application.web.templates import Formatter
from application.workflow.attendance.class_lists import ListReport

STATES: dict[AttendanceState, tuple[str, Text]] = {
    AttendanceState.OPEN: ("info", Text("offen", "open")),
    AttendanceState.CONFIRMED: ("success", Text("bestätigt", "confirmed")),
    AttendanceState.DIFFERS: ("warning", Text("andere Angaben", "other data")),
    AttendanceState.LEFT: ("warning", Text("nicht (mehr) an dieser Schule", "not at this school (any more)")),
}
PARTS: dict[PupilPart, Text] = {
    "last_name": Text("Nachname", "Last name"),
    "first_name": Text("Vorname", "First name"),
    "birth_date": Text("Geburtsdatum", "Birth date"),
    "grade": Text("Jahrgang", "Grade"),
}
SHOWN_AT_MOST = 300
"""Lines of one kind in what a class list would say."""


@dataclass(frozen=True)
class PupilLine:
    """A pupil as the list shows it."""

    id: str
    name: str
    born: str
    grade: str
    state: str
    colour: str
    words: str
    more: str = ""
    """Until when, or what is different."""
    is_open: bool = False


@dataclass(frozen=True)
class ClassSection:
    """One class of the list."""

    key: str
    name: str
    lines: list[PupilLine] = field(default_factory=list)

    @property
    def open_ids(self) -> str:
        """Of all who can be confirmed at once."""
        return ",".join(each.id for each in self.lines if each.is_open)

    @property
    def open_count(self) -> int:
        """How many these are."""
        return sum(each.is_open for each in self.lines)


def sections(pupils: Sequence[AttendingPupil], wanted: str, say: Formatter) -> list[ClassSection]:
    """By class, where the school has said it, else by grade; `wanted`: one state, empty for all."""
    found: dict[str, ClassSection] = {}
    shown = [each for each in pupils if not wanted or each.state == wanted]
    for each in sorted(shown, key=lambda one: _class_order(class_words(one, say))):
        name = class_words(each, say)
        found.setdefault(name, ClassSection(f"class-{len(found)}", name)).lines.append(line_of(each, say))
    return list(found.values())


def class_words(pupil: AttendingPupil, say: Formatter) -> str:
    """The class, or the grade as the family said it."""
    if pupil.class_name:
        return say.t(f"Klasse {pupil.class_name}", f"Class {pupil.class_name}")
    grade = pupil.pupil.grade.lstrip("0")
    if not grade:
        return say.t("Klasse noch nicht bekannt", "Class not known yet")
    return say.t(f"Jahrgang {grade}, Klasse noch nicht bekannt", f"Grade {grade}, class not known yet")


def _class_order(name: str) -> tuple[str, int, str]:
    words = name.split()
    digits = "".join(each for each in words[1] if each.isdigit()) if len(words) > 1 else ""
    return words[0], int(digits or 99), name


def line_of(pupil: AttendingPupil, say: Formatter) -> PupilLine:
    """One line of the list."""
    colour, words = STATES[pupil.state]
    return PupilLine(
        id=str(pupil.application_id),
        name=f"{pupil.pupil.last_name}, {pupil.pupil.first_name}".rstrip(", "),
        born=birth_words(pupil.pupil.birth_date, say),
        grade=pupil.pupil.grade.lstrip("0"),
        state=str(pupil.state),
        colour=colour,
        words=words.in_language(say.language),
        more=_more(pupil, say),
        is_open=pupil.state is AttendanceState.OPEN,
    )


def birth_words(born: date | PartlyKnownDate, say: Formatter) -> str:
    """A birth date, as far as it is known."""
    return str(born) if isinstance(born, PartlyKnownDate) else say.day(born)


def _more(pupil: AttendingPupil, say: Formatter) -> str:
    said = pupil.statement
    if said is None or pupil.state is AttendanceState.OPEN:
        return ""
    if pupil.state is AttendanceState.LEFT and said.last_day is not None:
        day = say.day(said.last_day)
        return say.t(f"letzter Tag: {day}", f"last day: {day}")
    return "; ".join(difference_words(each, say) for each in said.differences)


def difference_words(difference: AttendanceDifference, say: Formatter) -> str:
    """What the school has instead."""
    value = difference.says.lstrip("0") if difference.part == "grade" else difference.says
    if difference.part == "birth_date":
        value = birth_words(parse_birth_date(value), say)
    part = PARTS[difference.part].in_language(say.language)
    return say.t(f"{part} laut Schule: {value}", f"{part} by the school: {value}")


def counts(pupils: Sequence[AttendingPupil]) -> dict[str, int]:
    """How many stand how, and all together."""
    found = {str(state): sum(each.state is state for each in pupils) for state in AttendanceState}
    return found | {"": len(pupils)}


@dataclass(frozen=True)
class ListPreview:
    """What a class list would say, before it is taken over."""

    matches: int
    known: int
    """Of the matches and differences: said already."""
    new: int
    differing: list[tuple[str, str]]
    """Who, and what is different."""
    unsure: list[str]
    unknown: int
    not_listed: list[tuple[str, str]]
    """Id and name."""
    faults: list[str]
    repeated: int
    left_out: int


def preview(report: ListReport, say: Formatter) -> ListPreview:
    """In words. Of those who have not applied, only how many they are."""
    found = report.found
    return ListPreview(
        matches=len(found.matches),
        known=sum(each.is_known for each in (*found.matches, *found.differing)),
        new=len(report.answers),
        differing=[
            (line_of(each.pupil, say).name, "; ".join(difference_words(one, say) for one in each.differences))
            for each in found.differing[:SHOWN_AT_MOST]
        ],
        unsure=[line_of(each, say).name for each in found.unsure_pupils[:SHOWN_AT_MOST]],
        unknown=found.unknown,
        not_listed=[(str(each.application_id), line_of(each, say).name) for each in found.not_listed[:SHOWN_AT_MOST]],
        faults=[
            say.t(f"Zeile {each.line}: {each.text.de}", f"Line {each.line}: {each.text.en}")
            for each in report.read.faults
        ],
        repeated=found.repeated,
        left_out=report.read.left_out,
    )
