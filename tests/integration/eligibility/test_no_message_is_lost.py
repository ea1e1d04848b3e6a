"""Whatever a family writes or sends, in whatever order it is heard, and whatever is decided meanwhile: nothing is lost."""

import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Literal

import pytest
from eligibility.domain.case import Case
from eligibility.domain.ending import Ending
from eligibility.domain.ids import ApplicationId
from eligibility.workflow import MeasuredRoutes, PersonsDecision, QuestionDraft
from shared.errors import Problem
from shared.events import Event
from support.both_services import BothServices
from support.eligibility import small_place
from support.eligibility.office import ANNA
from support.family_messages import BODY, BOTH, PDF, messages, number_of, pile
from support.json import mapping


class Model:
    """A family and a desk at random. `texts`, `papers`: what was sent and not deleted; `read`: what somebody read."""

    def __init__(self, both: BothServices, path: str, seed: int) -> None:
        self.both, self.path, self.random = both, path, random.Random(seed)
        self.texts: list[str] = []
        self.papers: set[str] = set()
        self.read: set[str] = set()
        self.delivered: list[Event] = []
        self.steps = 0

    async def step(self) -> None:
        self.steps += 1
        self.both.world.clock[0] += timedelta(minutes=self.random.choice((1, 60, 60 * 24)))
        acts = (self.writes, self.writes, self.changes, self.answers, self.sends, self.deletes, self.asks, self.decides,
                self.reads, self.delivers, self.delivers, self.delivers)  # fmt: skip
        if self.random.random() < 0.02:
            acts = (self.withdraws,)  # type: ignore[assignment]
        with suppress(Problem):  # the desk says why not, and nothing has happened
            await self.random.choice(acts)()

    async def writes(self, **more: object) -> None:
        text = f"Nachricht {self.steps}"
        answer = await self.both.writes(self.path, text=text, **more)
        if answer.status_code == 200:
            self.texts.append(text)

    async def changes(self) -> None:
        what: Mapping[str, object] = self.random.choice(
            ({"grade": self.random.choice(("07", "08", "09"))}, {"school_number": self.random.choice(("100004", "100007"))},
             {"benefits": self.random.choice(([], ["SGB XII"]))}, {"lives_in_nrw": self.random.choice((True, False))})
        )  # fmt: skip
        self.both.world.measurer.answer = MeasuredRoutes(
            small_place.measurement(self.random.choice((500.0, 3490.0, 6000.0)))
        )
        if self.random.random() < 0.5:
            await self.writes(changes=what)
        else:
            await self.both.writes(self.path, changes=what)

    async def answers(self) -> None:
        open_ = [each for each in (await self.both.shown(self.path))["questions"] if not each["answered"]]
        if open_:
            await self.writes(question_id=self.random.choice(open_)["id"])

    async def sends(self) -> None:
        answer = await self.both.sends(self.path, f"document-{self.steps}", PDF + str(self.steps).encode() * 3)
        if answer.status_code == 201:
            self.papers.add(answer.json()["id"])

    async def deletes(self) -> None:
        if self.papers:
            paper = self.random.choice(sorted(self.papers))
            answer = await self.both.http.delete(f"{self.path}/documents/{paper}", headers=self.both.headers)
            self.papers -= {paper} if answer.status_code == 204 else set()

    async def withdraws(self) -> None:
        await self.both.http.post(f"{self.path}/withdrawal", headers=self.both.headers)

    def case(self) -> Case | None:
        application = ApplicationId(number_of(self.both))
        return self.both.world.database.read_now(lambda store: store.case_of(application))

    async def asks(self) -> None:
        if case := self.case():
            due = self.both.world.clock[0].date() + timedelta(days=5)
            asked = QuestionDraft("Bitte das Attest.", "", due, hearing=case.state == "granted")
            await self.both.world.handling.ask(ANNA, case.id, asked)

    async def decides(self) -> None:
        case, day = self.case(), self.both.world.clock[0].date() + timedelta(days=30)
        if case is not None and case.state == "prepared":
            await self.both.world.desk.release(ANNA, case.id, Ending(day, "3"))
        elif case is not None and case.state == "review":
            outcome: Literal["granted", "refused"] = self.random.choice(("granted", "refused"))
            decided = PersonsDecision(outcome, "Nach Aktenlage.", "§ 97 SchulG NRW", ends_on=day, hearing_exception="3")
            await self.both.world.desk.decide(ANNA, case.id, decided)

    async def reads(self) -> None:
        unread = [each for each in messages(self.both) if each.read_at is None]
        if unread and (case := self.case()):
            some = self.random.sample(unread, self.random.randint(1, len(unread)))
            await self.both.world.workflow.messages.mark_read(ANNA, case.id, [each.id for each in some])
            self.read |= {str(each.id) for each in some}

    async def delivers(self) -> None:
        """Some of what is on its way, in any order, some of it again."""
        waiting = self.both.on_the_way()
        some = self.random.sample(waiting, self.random.randint(0, len(waiting)))
        some += self.random.sample(self.delivered, min(len(self.delivered), 2))
        for each in some:
            await self.both.deliver(each)
        self.delivered += some


@BOTH
@pytest.mark.parametrize("seed", range(6))
async def test_nothing_that_a_family_wrote_or_sent_is_lost(both: BothServices, seed: int) -> None:
    """Whatever is written, sent, deleted, decided and read, and however the events arrive."""
    if seed % 2:
        both.world.set_authority(release_by_person="everything")
    model = Model(both, await both.applies(BODY), seed)
    for _ in range(40):
        await model.step()
    await both.deliver_all()
    kept = messages(both)
    assert sorted(each.text for each in kept if not each.is_document) == sorted(model.texts)
    assert {str(each.id) for each in kept if each.is_document} == model.papers
    unread = {str(each.id) for each in kept if each.read_at is None}
    assert unread == {str(each.id) for each in kept} - model.read
    assert await pile(both) == (1 if unread else 0)
    shown = await both.shown(model.path)
    assert [each["text"] for each in shown["messages"]] == model.texts
    assert {each["id"] for each in shown["documents"]} == model.papers
    for each in (*shown["messages"], *shown["documents"]):
        assert each["look_by"], each
        assert (each["read_at"] is None) == (each["id"] in unread)
    case = model.case()
    assert case is not None
    file = await both.world.desk.file(ANNA, case.id)
    assert {str(each.id) for each in file.messages} == {str(each.id) for each in kept}
    if shown["status"] == "withdrawn":
        assert mapping(shown["decision"]).get("outcome") != "granted"
