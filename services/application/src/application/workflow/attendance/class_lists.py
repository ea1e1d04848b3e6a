"""A class list is held against those who have applied: first looked at, then taken over. Of pupils who have not applied
nothing is kept, not even for the look."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.calendar import SchoolYear
from shared.database import Transactions
from shared.identity import Caller

from application.checks.class_list import ClassList, read_class_list
from application.domain.attendance import AttendingPupil
from application.workflow.attendance.comparison import ListComparison, compare_list
from application.workflow.attendance.pupils import own_school, pupils_of_school
from application.workflow.attendance.statements import AnswerCount, Attendance, SchoolAnswer, StatementStore
from application.workflow.schools import Directory

COMMAND = "command"
"""In whose name an operator brings a list in."""


@dataclass(frozen=True)
class ListReport:
    """What a class list says, and what was taken over of it."""

    read: ClassList
    found: ListComparison
    count: AnswerCount | None = None
    """None where it was only looked at."""

    @property
    def answers(self) -> Sequence[SchoolAnswer]:
        """What the school would say by it, without what it has said already."""
        return [each.answer for each in (*self.found.matches, *self.found.differing) if not each.is_known]


class ClassLists:
    def __init__(self, database: Transactions[StatementStore], directory: Directory) -> None:
        self._database, self._directory = database, directory
        self._attendance = Attendance(database)

    async def of_caller(  # who brings what in, and when
        self, caller: Caller, school_number: str, year: SchoolYear, content: bytes, now: datetime, *, apply: bool
    ) -> ListReport:
        """Look at a list, and take it over where `apply` says so. The same list again changes nothing.

        Raises:
            Forbidden.
            NotFound: for another school than the caller's.
            Invalid: for a list that cannot be used as a whole; nothing is taken over then.
        """
        own_school(caller, school_number)
        return await self._report(school_number, caller.subject, year, content, now, apply=apply)

    async def of_command(
        self, school_number: str, year: SchoolYear, content: bytes, now: datetime, *, apply: bool
    ) -> ListReport:
        """The same for an operator.

        Raises:
            NotFound: where there is no such school.
            Invalid.
        """
        await self._directory.school(school_number)
        return await self._report(school_number, COMMAND, year, content, now, apply=apply)

    async def _report(  # who brings what in, and when
        self, school: str, by: str, year: SchoolYear, content: bytes, now: datetime, *, apply: bool
    ) -> ListReport:
        read = await asyncio.to_thread(read_class_list, content, school)

        def look(store: StatementStore) -> list[AttendingPupil]:
            return pupils_of_school(store, school, year)

        pupils = await self._database.read(look)
        report = ListReport(read, await asyncio.to_thread(compare_list, read.pupils, pupils))
        if not apply:
            return report
        count = await self._attendance.answer_as(school, by, year, report.answers, now)
        return ListReport(read, report.found, count)
