"""What a school's page sends back of a class list that was looked at: JSON in a field of its form."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.config import JsonDict
from shared.birth_dates import parse_birth_date
from shared.errors import Invalid, Text
from shared.events import AttendanceDifference, PupilPart

from application.checks.class_list import MOST_ROWS
from application.domain.attendance import LONGEST_CLASS_NAME, LONGEST_NAME, AttendanceState
from application.domain.ids import ApplicationId
from application.domain.pupil_names import GRADES
from application.workflow.attendance.statements import SchoolAnswer

NOT_ANSWERS = Text(
    "Die Angaben sind nicht lesbar. Bitte laden Sie die Klassenliste noch einmal hoch.",
    "The data cannot be read. Please upload the class list again.",
)
ClassName = Annotated[str, Field(max_length=LONGEST_CLASS_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")]


EXAMPLE: JsonDict = {"of": "00000000-0000-0000-0000-000000000001", "c": "5b", "d": {"grade": "06"}}


class _Answer(BaseModel):
    """Short names: there may be some thousand."""

    model_config = ConfigDict(strict=True, extra="forbid", json_schema_extra={"example": EXAMPLE})
    of: Annotated[UUID, Field(strict=False)]
    c: ClassName = ""
    d: dict[PupilPart, Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]] = {}


_ANSWERS = TypeAdapter(Annotated[tuple[_Answer, ...], Field(max_length=MOST_ROWS)])


def write_answers(answers: tuple[SchoolAnswer, ...]) -> str:
    """As a form carries them."""
    found = tuple(
        _Answer(of=each.application_id, c=each.class_name, d={one.part: one.says for one in each.differences})
        for each in answers
    )
    return _ANSWERS.dump_json(found, exclude_defaults=True).decode()


def read_answers(text: str) -> list[SchoolAnswer]:
    """Raises Invalid for what no page of ours has written."""
    try:
        found = _ANSWERS.validate_json(text)
    except ValidationError:
        raise Invalid(NOT_ANSWERS) from None
    return [_answer(each) for each in found]


def _answer(read: _Answer) -> SchoolAnswer:
    differences = tuple(AttendanceDifference(part=part, says=says) for part, says in read.d.items())
    for each in differences:
        check_difference(each)
    state = AttendanceState.DIFFERS if differences else AttendanceState.CONFIRMED
    return SchoolAnswer(ApplicationId(read.of), state, read.c, differences=differences)


def check_difference(difference: AttendanceDifference) -> None:
    """Raises Invalid for a birth date that is none, a grade that is none, and signs that cannot be written."""
    says = difference.says
    if not says.isprintable() or (difference.part == "grade" and says not in GRADES):
        raise Invalid(NOT_ANSWERS, field=difference.part)
    if difference.part != "birth_date":
        return
    try:
        parse_birth_date(says)
    except ValueError:
        raise Invalid(NOT_ANSWERS, field=difference.part) from None
