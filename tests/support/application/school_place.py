"""Schools that confirm: families that have applied, and the people of two schools' offices."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from application.domain.ids import ApplicationId, Owner
from application.form import EXAMPLE, ApplicationForm
from application.workflow import Workflow
from shared.calendar import SchoolYear
from shared.identity import Caller

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
YEAR = SchoolYear(2026)
FIRST, SECOND = "168890", "100001"
OFFICE = Caller("office-1", None, frozenset({"school"}), school_number=FIRST)
OTHER_OFFICE = Caller("office-2", None, frozenset({"school"}), school_number=SECOND)


@dataclass(frozen=True)
class Child:
    """A pupil, as a family tells of it."""

    last_name: str = "Müller"
    first_name: str = "Jörg"
    birth_date: date | str = date(2016, 3, 1)
    grade: str = "05"

    def row(self, class_name: str = "5b", school: str = FIRST, separator: str = ";") -> str:
        """The same as a line of a class list."""
        assert isinstance(self.birth_date, date)
        cells = school, self.last_name, self.first_name, self.birth_date.strftime("%d.%m.%Y"), class_name
        return separator.join(cells)


HEAD = "Schulnummer;Nachname;Vorname;Geburtsdatum;Klasse"


def listed(*children: Child) -> bytes:
    """A class list of the first school."""
    return "\r\n".join([HEAD, *(each.row() for each in children), ""]).encode()


async def apply_for(workflow: Workflow, child: Child, owner: str = "parent", school: str = FIRST) -> ApplicationId:
    """An application of this child."""
    born = child.birth_date.isoformat() if isinstance(child.birth_date, date) else child.birth_date
    pupil = {"first_name": child.first_name, "last_name": child.last_name, "birth_date": born}
    parts: dict[str, object] = {"pupil": pupil, "school_number": school, "grade": child.grade}
    if school != FIRST:
        parts |= {"track": None, "grade": "03"}
    form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE | parts))
    key = f"{owner} {child.last_name} {child.first_name} {born} {school}"
    made = await workflow.applications.submit(Owner(owner), key, form, NOW)
    return ApplicationId(UUID(str(made.id)))
