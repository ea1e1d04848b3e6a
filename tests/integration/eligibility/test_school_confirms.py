"""Two schools, a family and an authority at random: no ticket goes on its way before the school of the child has
confirmed, whatever is said, changed, imported twice, withdrawn or erased, and however late it is heard."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest
from application.domain.attendance import AttendanceState
from application.domain.ids import ApplicationId, Owner
from application.workflow.attendance.statements import SchoolAnswer
from eligibility.domain.attendance import AwaitsSchool
from eligibility.domain.ids import ApplicationId as CaseApplicationId
from shared.calendar import SchoolYear
from shared.errors import Problem
from shared.events import AttendanceDifference, EligibilityGranted, EligibilityWithdrawn
from shared.identity import Caller
from support.both_services import BothServices
from support.eligibility import small_place
from support.family_messages import BODY
from support.outbox import told

SCHOOLS = "100004", "100007"
WORKER = Caller("anna", "12345", frozenset({"case_worker"}))


def office(school: str) -> Caller:
    return Caller(f"office of {school}", None, frozenset({"school"}), school_number=school)


class Model:
    """`confirmed`: schools for which it was said, by themselves or on paper, that the child attends them."""

    def __init__(self, both: BothServices, path: str, seed: int) -> None:
        self.both, self.path, self.random = both, path, random.Random(seed)
        self.id = ApplicationId(UUID(path.rpartition("/")[2]))
        self.year = SchoolYear.parse(str(BODY["school_year"]))
        self.confirmed: set[str] = set()
        self.seen: set[UUID] = set()
        self.is_over = False

    async def step(self) -> None:
        self.both.world.clock[0] += timedelta(minutes=self.random.choice((1, 60, 60 * 24)))
        acts: tuple[Callable[[], Awaitable[None]], ...] = (
            self.confirms, self.confirms, self.leaves, self.differs, self.reopens, self.imports, self.changes_school,
            self.proves, self.delivers, self.delivers,
        )  # fmt: skip
        with suppress(Problem):  # it is said why not, and nothing has happened
            await self.random.choice(acts)()
        self.look()

    async def _says(self, state: AttendanceState, **more: object) -> str:
        school, year, now = self.random.choice(SCHOOLS), self.year, self.both.world.clock[0]
        answer = SchoolAnswer(self.id, state, **more)  # type: ignore[arg-type]
        await self.both.workflow.attendance.answer(office(school), year, [answer], now)
        return school

    async def confirms(self) -> None:
        self.confirmed.add(await self._says(AttendanceState.CONFIRMED))

    async def leaves(self) -> None:
        await self._says(AttendanceState.LEFT, last_day=self.year.first_day + timedelta(days=200))

    async def differs(self) -> None:
        await self._says(AttendanceState.DIFFERS, differences=(AttendanceDifference(part="grade", says="13"),))

    async def reopens(self) -> None:
        await self._says(AttendanceState.OPEN, reason="falsche Zeile")

    async def imports(self) -> None:
        """The same list twice: the second time changes nothing."""
        school, now = self.random.choice(SCHOOLS), self.both.world.clock[0]
        pupil = BODY["pupil"]
        assert isinstance(pupil, dict)
        born = date.fromisoformat(str(pupil["birth_date"])).strftime("%d.%m.%Y")
        row = f"{pupil['last_name']};{pupil['first_name']};{born};"
        content = f"Nachname;Vorname;Geburtsdatum;Klasse\n{row}\n".encode()
        lists = self.both.workflow.class_lists
        reports = [await lists.of_caller(office(school), school, self.year, content, now, apply=True) for _ in range(2)]
        if reports[0].found.matches:
            self.confirmed.add(school)
        assert reports[1].count is not None and reports[1].count.kept == 0

    async def changes_school(self) -> None:
        await self.both.writes(self.path, changes={"school_number": self.random.choice(SCHOOLS)})

    async def proves(self) -> None:
        case = self.both.world.case_of(self.id)
        await self.both.world.workflow.attendance_desk.prove(WORKER, case.id, "Bescheinigung der Schule auf Papier")
        self.confirmed.add(case.school_number)

    async def delivers(self) -> None:
        """Some, in the order in which they were told."""
        for each in self.both.on_the_way()[: self.random.randint(1, 4)]:
            await self.both.deliver(each)

    def look(self) -> None:
        for each in told(self.both.world.database, EligibilityGranted):
            if each.event_id not in self.seen:
                self.seen.add(each.event_id)
                school = self.both.world.case_of(self.id).school_number
                assert each.awaits_school or school in self.confirmed, "a ticket before the school has confirmed"

    async def rests(self) -> None:
        """All is heard: both know the same of the school's newest statement, and each school sees its own."""
        await self.both.deliver_all()
        self.look()
        case = self.both.world.case_of(self.id)
        said = self.both.database.read_now(lambda store: store.statements_of([self.id]))
        known = self.both.world.database.read_now(
            lambda store: store.attendance_of(case.application_id, case.school_year)
        )
        if said:
            assert known is not None and known.number == said[0].number
        lists = [await self.both.workflow.attendance.pupils(office(each), self.year) for each in SCHOOLS]
        assert sum(map(len, lists)) == (0 if self.is_over else 1)


@pytest.mark.parametrize("awaits", ["release", "ticket"])
@pytest.mark.parametrize("seed", range(6))
async def test_no_ticket_goes_on_its_way_before_the_school_has_confirmed(
    both: BothServices, awaits: AwaitsSchool, seed: int
) -> None:
    both.world.set_authority(release_by_person="nothing", awaits_school=awaits)
    model = Model(both, await both.applies(BODY), seed)
    await both.deliver_all()
    for _ in range(40):
        await model.step()
    await model.rests()
    withdrawn = model.random.random() < 0.5
    if withdrawn:
        model.is_over = True
        await both.workflow.applications.withdraw(Owner("parent-1"), model.id, small_place.NOW)
        await model.rests()
    before = len(told(both.world.database, EligibilityGranted))
    await both.workflow.erasure.of_application(model.id, both.world.clock[0], "a test")
    await both.deliver_all()
    known = CaseApplicationId(model.id)
    left = both.world.database.read_now(lambda store: store.attendance_of(known, str(model.year)))
    assert left is None
    assert len(told(both.world.database, EligibilityGranted, EligibilityWithdrawn)) <= before
