"""What every page of a school's office passes through. They are made as the families' are, for another role."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Response
from shared.calendar import SchoolYear, day_in_berlin
from shared.errors import Language, NotFound, Text
from shared.school_names import everyday_name
from shared.sign_in import SignInFlow

from application.api.pages.visits import FamilyPages, Visit
from application.domain.ids import ApplicationId
from application.workflow import Workflow
from application.workflow.attendance.pupils import NO_PUPIL, ROLE

ROOT = "/school"
NOT_A_SCHOOL = Text(
    "Mit diesem Konto können Sie die Liste einer Schule nicht ansehen. Bitte melden Sie sich mit dem Konto Ihres "
    "Sekretariats an; fehlt darin die Schulnummer, wenden Sie sich an den Schulträger.",
    "With this account you cannot look at a school's list. Please sign in with the account of your school's office; if "
    "it lacks the school number, ask the school authority.",
)
NO_SIGN_IN = Text(
    "Die Anmeldung für Schulen ist hier nicht eingerichtet. Bitte wenden Sie sich an Ihren Schulträger.",
    "Signing in for schools is not set up here. Please ask your school authority.",
)


def pupil_id_of(text: str) -> ApplicationId:
    """What is no id is nobody's, and so not there either.

    Raises:
        NotFound.
    """
    try:
        return ApplicationId(UUID(text))
    except ValueError:
        raise NotFound(NO_PUPIL) from None


class SchoolPages(FamilyPages):
    """Shared by all routes of a school's office."""

    root, role, not_admitted, no_sign_in = ROOT, ROLE, NOT_A_SCHOOL, NO_SIGN_IN
    area: ClassVar[str] = "school"

    def __init__(self, workflow: Workflow, public_url: str, sign_in: SignInFlow | None = None) -> None:
        super().__init__(public_url, sign_in)
        self.workflow = workflow
        path = urlsplit(public_url).path
        self.base, self._files = f"{path}{ROOT}", f"{path}/family"

    def show(
        self, template: str, language: Language, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> Response:
        """A page, with the families' styles."""
        return super().show(template, language, status, headers, files=self._files, area=self.area, **values)

    def now(self) -> datetime:
        """This moment."""
        return self.flow().now() if self.sign_in is not None else datetime.now(UTC)

    def years(self) -> tuple[SchoolYear, SchoolYear]:
        """The school years that a school says something of: this one and the next."""
        present = SchoolYear.of(day_in_berlin(self.now()))
        return present, present.next

    def year_of(self, given: str) -> SchoolYear:
        """As the page was asked for; else the present one."""
        try:
            return SchoolYear.parse(given)
        except ValueError:
            return self.years()[0]

    async def school_name(self, visit: Visit) -> str:
        """Of who is signed in; the number where the register has dropped it."""
        number = visit.session.caller.school_number or ""
        found = await self.workflow.directory.find(number)
        return number if found is None else f"{everyday_name(found.name)} ({number})"
