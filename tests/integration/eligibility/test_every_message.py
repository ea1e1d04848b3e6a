"""What a family writes or sends reaches a person, and the family hears of it: through HTTP at application, as events
into eligibility, and back; whatever comes twice, late or at the same time."""

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from application.workflow.announce import announce
from eligibility.domain.ending import Ending
from eligibility.domain.ids import ApplicationId
from eligibility.store import Store
from eligibility.store.places.sink import Sink
from eligibility.workflow import Asked, PersonsDecision, Surroundings, Ways
from eligibility.workflow.decision.announce import announce as announce_decisions
from shared.database import Database
from shared.database.migration import upgrade
from shared.errors import Problem
from shared.events import ApplicationChanged, ApplicationSubmitted
from support.application.files import pdf
from support.both_services import TO_ELIGIBILITY, BothServices, both_services
from support.databases import on_both
from support.eligibility import small_place
from support.eligibility.office import ANNA
from support.eligibility.world import KEYS, WalksAsTold, World, fill
from support.outbox import told

PDF = pdf()
HOME = {"street": "Kirchstraße", "house_number": "5a", "postal_code": "33100", "city": "Eschenborn"}
BODY = {
    "guardian": {"first_name": "Zoë", "last_name": "Müller"},
    "pupil": {"first_name": "Jānis", "last_name": "Muller", "birth_date": "2013-02-28"},
    "home": HOME, "school_number": "100004", "grade": "07", "track": "GY9", "school_year": "2026/27",
    "wanted_from": "2026-08-01", "lives_in_nrw": True,
}  # fmt: skip
LOST = "Ich habe mein Handy verloren, bitte sperren Sie das Ticket!"
BOTH = on_both("world")


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    on_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    url = request.getfixturevalue("postgresql")() if on_postgresql else f"sqlite:///{tmp_path / 'eligibility.db'}"
    upgrade(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    fill(database)
    another = small_place.school("100007", form="GY", form_number="20", kind=None)
    Sink(database).replace_schools(iter((*small_place.SCHOOLS, another)))
    clock, tokens = [datetime.now(UTC)], iter(range(1_000_000))
    around = Surroundings(lambda: clock[0], lambda: f"token-{next(tokens)}", KEYS, "https://bescheid.example")  # type: ignore[arg-type, return-value]
    made = World(database, WalksAsTold(), around, clock)
    made.set_authority(release_by_person="nothing")
    yield made
    database.close()


@pytest.fixture
async def both(world: World, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BothServices]:
    on_postgresql = (
        request.node.callspec.params.get("world") == "postgresql" if hasattr(request.node, "callspec") else False
    )
    url = request.getfixturevalue("postgresql")() if on_postgresql else f"sqlite:///{tmp_path / 'application.db'}"
    async with both_services(world, url) as made:
        yield made


def number_of(both: BothServices) -> Any:
    return told(both.database, ApplicationSubmitted)[0].application_id


def messages(both: BothServices) -> Any:
    return both.world.database.read_now(lambda store: store.messages_of(ApplicationId(number_of(both))))


async def pile(both: BothServices) -> int:
    return (await both.world.desk.counts(ANNA))["messages"]


async def granted(both: BothServices) -> str:
    path = await both.applies(BODY)
    await both.deliver_all()
    return path


@BOTH
async def test_a_text_of_its_own_accord_after_the_grant_lies_on_the_pile_and_the_family_is_told(
    both: BothServices,
) -> None:
    path = await granted(both)
    answer = (await both.writes(path, text=LOST)).json()
    now = answer["timeline"][-1]["text"]["de"]
    assert "Stadt Bielefeld" in now and "bis zum" in now
    await both.deliver_all()
    (message,) = messages(both)
    assert (message.text, message.read_at, await pile(both)) == (LOST, None, 1)
    case = both.world.case_of(number_of(both))
    assert case.state == "granted"
    shown = await both.shown(path)
    assert (shown["messages"][0]["text"], shown["messages"][0]["look_by"]) == (LOST, message.look_by.isoformat())
    assert shown["timeline"][-1]["text"]["de"] == now
    await both.world.workflow.messages.mark_read(ANNA, case.id, [message.id])
    await both.world.workflow.messages.mark_read(ANNA, case.id, [message.id])  # again changes nothing
    assert await pile(both) == 0
    acts = [each.act for each in (await both.world.desk.file(ANNA, case.id)).acts]
    assert acts.count("message read") == 1
    await both.deliver_all()
    shown = await both.shown(path)
    assert shown["messages"][0]["read_at"] and "angesehen" in shown["timeline"][-1]["text"]["de"]


async def test_where_nobody_answers_the_day_follows_with_the_event(both: BothServices) -> None:
    path = await granted(both)
    both.asks.there = False
    answer = (await both.writes(path, text=LOST)).json()
    assert "Stadt Bielefeld" in answer["timeline"][-1]["text"]["de"] and answer["messages"][0]["look_by"] is None
    await both.deliver_all()
    shown = await both.shown(path)
    assert "bis zum" in shown["timeline"][-1]["text"]["de"] and shown["messages"][0]["look_by"]


async def test_a_text_beside_a_change_is_a_message_too(both: BothServices) -> None:
    path = await granted(both)
    await both.writes(path, text="Wir sind umgezogen, weil …", changes={"grade": "08"})
    await both.deliver_all()
    assert [(each.text, each.with_change) for each in messages(both)] == [("Wir sind umgezogen, weil …", True)]
    assert await pile(both) == 1


async def test_a_document_after_the_decision_lies_on_the_pile_until_the_family_deletes_it_or_somebody_looks(
    both: BothServices,
) -> None:
    path = await granted(both)
    sent = (await both.sends(path, "key-of-document", PDF)).json()
    assert "Stadt Bielefeld" in sent["received"]["de"] and sent["look_by"] in str(sent)
    await both.deliver_all()
    assert await pile(both) == 1 and messages(both)[0].is_document
    shown = (await both.shown(path))["documents"]
    assert (shown[0]["id"], shown[0]["name"]) == (sent["id"], "Attest.pdf") and shown[0]["look_by"]


async def test_what_was_written_before_a_withdrawal_is_read_though_it_is_heard_after_it(both: BothServices) -> None:
    path = await granted(both)
    await both.writes(path, text=LOST)
    await both.http.post(f"{path}/withdrawal", headers=both.headers)
    text, gone = both.on_the_way()
    await both.deliver(gone)
    await both.deliver(text)
    assert both.world.case_of(number_of(both)).state == "withdrawn"
    assert [each.text for each in messages(both)] == [LOST] and await pile(both) == 1
    await both.deliver_all()
    assert (await both.shown(path))["decision"] is None


async def test_an_older_change_that_comes_late_leaves_what_was_written_with_it(both: BothServices) -> None:
    path = await granted(both)
    await both.writes(path, text="Erstens", changes={"grade": "08"})
    await both.writes(path, text="Zweitens", changes={"grade": "09"})
    first, second = both.on_the_way()
    for event in (second, first, second, first):
        await both.deliver(event)
    assert {each.text for each in messages(both)} == {"Erstens", "Zweitens"}
    assert both.world.case_of(number_of(both)).change_number == 2


async def test_a_change_under_review_shows_with_what_and_from_when_until_it_is_decided(both: BothServices) -> None:
    path = await granted(both)
    both.world.walks.answer = Ways(small_place.measurement(500.0))
    await both.writes(path, changes={"school_number": "100007"}, changed_from="2027-01-15")
    said = (await both.shown(path))["status_text"]["de"]
    assert "Schule; ab dem 15.01.2027" in said and "Bis dahin" in said
    await both.deliver_all()
    assert (await both.shown(path))["status_text"]["de"] == said
    await both.writes(path, text="Noch etwas")  # a text alone settles nothing
    await both.deliver_all()
    assert (await both.shown(path))["status_text"]["de"] == said
    case = both.world.case_of(number_of(both))
    ending = Ending(date(2027, 1, 14), "3", "Eigene Angaben")
    await both.world.desk.release(ANNA, case.id, ending)
    await both.deliver_all()
    assert "Änderung" not in (await both.shown(path))["status_text"]["de"]


async def test_a_change_from_which_nothing_follows_is_not_under_review_for_ever(both: BothServices) -> None:
    path = await granted(both)
    guardian = BODY["guardian"] | {"email": "zoe@example.org"}  # type: ignore[operator]
    for changes in ({"guardian": guardian}, {"siblings": [{"birth_date": "2010-01-01", "funded": True}]}):
        await both.writes(path, changes=changes)
        await both.deliver_all()
        while await both.world.families().settle():
            pass
        await both.deliver_all()
        assert "Änderung" not in (await both.shown(path))["status_text"]["de"], changes


async def test_a_decision_that_was_let_out_while_the_change_was_on_its_way_does_not_hide_it(both: BothServices) -> None:
    both.world.set_authority(release_by_person="everything")
    path = await granted(both)
    await both.writes(path, changes={"grade": "08"})
    await both.world.desk.release(ANNA, both.world.case_of(number_of(both)).id)
    (change,) = [each for each in both.on_the_way() if isinstance(each, ApplicationChanged)]
    for event in both.on_the_way():
        if event is not change and event.event_id != change.event_id:
            await both.deliver(event)
    assert "Klasse" in (await both.shown(path))["status_text"]["de"]


async def test_every_part_can_be_sent_back_as_it_is_read_and_earlier_forms_are_kept(both: BothServices) -> None:
    path = await granted(both)
    form = (await both.shown(path))["form"]
    for part in form:
        answer = await both.writes(path, changes={part: form[part]})
        assert (answer.status_code == 422 and "geändert hat" in answer.text) or part in (
            "school_year", "medium", "language", "consents",
        ), (part, answer.text)  # fmt: skip
    await both.writes(path, changes={"guardian": form["guardian"] | {"email": "zoe@example.org"}})
    shown = await both.shown(path)
    assert shown["form"]["guardian"]["email"] == "zoe@example.org"
    assert [each["form"] for each in shown["earlier_forms"]] == [form]


async def test_what_is_told_again_out_of_the_tables_loses_no_text_and_hides_no_change(both: BothServices) -> None:
    both.world.set_authority(release_by_person="everything")
    path = await granted(both)
    await both.world.desk.release(ANNA, both.world.case_of(number_of(both)).id)
    await both.deliver_all()
    both.world.walks.answer = Ways(small_place.measurement(500.0))
    await both.writes(path, changes={"school_number": "100007"})
    await both.deliver_all()
    before = await both.shown(path)
    assert "Schule" in before["status_text"]["de"]
    again = both.world.database.read_now(lambda store: list(announce_decisions(store, "https://bescheid.example")))
    for event in again:
        await both.deliver(event)
    assert (await both.shown(path))["status_text"] == before["status_text"]


async def test_every_text_of_an_undecided_application_is_told_again(both: BothServices) -> None:
    path = await both.applies(BODY)
    for number in range(3):
        await both.writes(path, text=f"Nachricht {number}", changes={"grade": f"0{7 + number}"})
    again = both.database.read_now(lambda store: list(announce(store)))
    for event in again:
        if isinstance(event, TO_ELIGIBILITY):
            await both.world.hear(event)
    assert [each.text for each in messages(both)] == ["Nachricht 0", "Nachricht 1", "Nachricht 2"]
    assert both.world.case_of(number_of(both)).change_number == 3


class Model:
    """A family and a desk at random. `texts`, `papers`: what was sent and not deleted; `read`: what somebody read."""

    def __init__(self, both: BothServices, path: str, seed: int) -> None:
        self.both, self.path, self.random = both, path, random.Random(seed)
        self.texts: list[str] = []
        self.papers: set[str] = set()
        self.read: set[str] = set()
        self.delivered: list[Any] = []
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

    async def writes(self, **more: Any) -> None:
        text = f"Nachricht {self.steps}"
        answer = await self.both.writes(self.path, text=text, **more)
        if answer.status_code == 200:
            self.texts.append(text)

    async def changes(self) -> None:
        what: Any = self.random.choice(
            ({"grade": self.random.choice(("07", "08", "09"))}, {"school_number": self.random.choice(("100004", "100007"))},
             {"benefits": self.random.choice(([], ["SGB XII"]))}, {"lives_in_nrw": self.random.choice((True, False))})
        )  # fmt: skip
        self.both.world.walks.answer = Ways(small_place.measurement(self.random.choice((500.0, 3490.0, 6000.0))))
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

    def case(self) -> Any:
        application = ApplicationId(number_of(self.both))
        return self.both.world.database.read_now(lambda store: store.case_of(application))

    async def asks(self) -> None:
        if case := self.case():
            due = self.both.world.clock[0].date() + timedelta(days=5)
            asked = Asked("Bitte das Attest.", "", due, hearing=case.state == "granted")
            await self.both.world.handling.ask(ANNA, case.id, asked)

    async def decides(self) -> None:
        case, day = self.case(), self.both.world.clock[0].date() + timedelta(days=30)
        if case is not None and case.state == "prepared":
            await self.both.world.desk.release(ANNA, case.id, Ending(day, "3"))
        elif case is not None and case.state == "review":
            outcome: Any = self.random.choice(("granted", "refused"))
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
    file = await both.world.desk.file(ANNA, model.case().id)
    assert {str(each.id) for each in file.messages} == {str(each.id) for each in kept}
    if shown["status"] == "withdrawn":
        assert (shown["decision"] or {}).get("outcome") != "granted"
