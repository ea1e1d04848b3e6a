"""One history of a case, in the order of happening: with all that the family did, whenever it was heard of."""

import random
import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from eligibility.workflow import MeasuredRoutes
from shared.events import (
    ApplicationDocumentAdded,
    ApplicationDocumentOpened,
    ApplicationDocumentRemoved,
    ApplicationLossReported,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Event,
    HomeAddress,
    Person,
)
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.world import World
from support.pages import well_made

ELSEWHERE = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")


def history(page: str) -> list[str]:
    found = re.findall(r"<li>(.*?)</li>", page.partition('id="trail"')[2], re.DOTALL)
    return [re.sub(r"<[^>]*>", "", each).strip() for each in found]


class Family:
    """What a family does after it has applied, a minute after the other; `said` what the history must say of it."""

    def __init__(self, event: ApplicationSubmitted, start: datetime) -> None:
        self.make, self.application, self.now = make, event, start
        self.told: list[Event] = [event]
        self.said: list[str] = []
        self.number = 0

    def head(self) -> dict[str, object]:
        self.now += timedelta(minutes=1)
        known = {"authority_id": "12345", "application_id": self.application.application_id}
        return {"occurred_at": self.now, **known}

    def writes(self) -> None:
        self._changes(answer="Wir haben eine Frage.")
        self.said.append("Familie hat ge")

    def announces(self) -> None:
        self._changes(home=ELSEWHERE, changed_from=date(2027, 2, 1))
        self.said.append("Familie hat Angaben geändert: angekündigt für die Zeit ab dem 01.02.2027")

    def _changes(self, **more: object) -> None:
        self.number += 1
        moment = self.head()["occurred_at"]
        changed = self.make.changed(self.application, change_number=self.number, occurred_at=moment, **more)
        self.told.append(changed)
        stays = {name: getattr(changed, name) for name in ("home", "circumstances")}
        self.application = self.application.model_copy(update=stays)

    def sends(self) -> None:
        document = uuid4()
        kept = {"kind": "medical_certificate", "media_type": "application/pdf", "size": 81_234}
        self.told.append(ApplicationDocumentAdded(**self.head(), document_id=document, **kept))
        self.said.append("Familie hat eine Unterlage eingereicht: Ärztliches Attest")
        self.document = document

    def removes(self) -> None:
        self.told.append(ApplicationDocumentRemoved(**self.head(), document_id=self.document))
        self.said.append("Familie hat eine Unterlage gelöscht: Ärztliches Attest")

    def loses(self) -> None:
        self.told.append(ApplicationLossReported(**self.head(), request_id=uuid4(), ticket_id=uuid4()))
        self.said.append("Familie hat den Verlust des Tickets gemeldet")

    def withdraws(self) -> None:
        self.told.append(ApplicationWithdrawn(**self.head(), withdrawal_id=uuid4()))
        self.said.append("Familie hat den Antrag zurückgenommen")


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_the_family_did_stands_in_the_history_once_in_the_order_of_happening(
    desk: Desk, world: World, seed: int
) -> None:
    drawn = random.Random(seed)
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    family = Family(make.submitted(), world.clock[0])
    acts = [family.writes, family.sends, family.announces, family.loses, family.sends]
    drawn.shuffle(acts)
    for act in acts:
        act()
    family.removes()
    family.withdraws()
    family.sends()
    others = [each for each in family.told if isinstance(each, ApplicationDocumentAdded)]
    early = drawn.sample(others, drawn.randrange(3))  # a document may come before its case
    rest = [each for each in family.told if all(each is not one for one in early)]
    for told in (*sorted(early, key=lambda each: each.occurred_at), *rest):
        world.clock[0] += timedelta(minutes=drawn.randrange(1, 90))
        await world.hear(told)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{world.case_of(family.application.application_id).id}")).text
    well_made(page)
    lines = [each for each in history(page) if "Familie hat" in each]
    assert [_without_moment(each)[: len(said)] for each, said in zip(lines, family.said, strict=True)] == family.said


def _without_moment(line: str) -> str:
    return line[line.index("Familie hat") :]


async def test_a_case_that_was_withdrawn_before_this_was_kept_says_so_too(desk: Desk, world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(event := make.submitted())
    case = world.case_of(event.application_id)
    world.database.write_now(lambda store: store.set_state(case.id, "withdrawn", world.clock[0]))
    await desk.sign_in("anna")
    assert any("zurückgenommen" in each for each in history((await desk.get(f"/desk/cases/{case.id}")).text))


async def test_documents_stand_apart_from_messages_by_kind_and_day_and_say_whether_anybody_has_opened_them(
    desk: Desk, world: World
) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    family = Family(make.submitted(), world.clock[0])
    family.writes()
    family.sends()
    first = family.document
    family.sends()
    for told in family.told:
        await world.hear(told)
    await desk.sign_in("anna")
    path = f"/desk/cases/{world.case_of(family.application.application_id).id}"
    listed = (await desk.get("/desk/?pile=messages")).text
    assert "1 Nachricht und 2 Unterlagen der Familie" in listed
    page = (await desk.get(path)).text
    well_made(page)
    texts, papers = _card(page, "messages"), _card(page, "documents")
    assert "Wir haben eine Frage." in texts and "Attest" not in texts
    assert "Ärztliches Attest (1 von 2)" in papers and "PDF, 81 kB, eingereicht 20.05.2026" in papers
    assert papers.count("noch nicht geöffnet") == 2 and "liegt vor" not in page
    for _ in range(2):
        await world.hear(ApplicationDocumentOpened(**family.head(), document_id=first))
    papers = _card((await desk.get(path)).text, "documents")
    assert papers.count("noch nicht geöffnet") == 1 and papers.count("zuerst geöffnet 20.05.2026") == 1
    assert papers.count("Als erledigt vermerken") == 2, "that it was opened says nothing of what follows"


def _card(page: str, name: str) -> str:
    return page[page.index(f'aria-labelledby="{name}"') :].partition("</section>")[0]


async def test_a_search_says_why_it_found_what_the_child_s_name_and_the_number_do_not_show(
    desk: Desk, world: World
) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    guardian, child = Person(first_name="Gül", last_name="Öztürk"), Person(first_name="Ana", last_name="Kaya")
    await world.hear(event := make.submitted(addressee=guardian, child=child))
    case, decision = world.case_of(event.application_id), world.decision_of(event.application_id)
    await desk.sign_in("anna")
    for searched, why in (
        ("oeztuerk", "gefunden über Gül Öztürk: hat den Antrag gestellt"),
        ("kaya", ""),
        (str(case.id)[:8], ""),
        (str(event.application_id)[:8], "gefunden über die Nummer des Antrags"),
        (str(decision.id)[:8], "gefunden über die Nummer einer Entscheidung"),
    ):
        page = await desk.send((await desk.get("/desk/")).text, "/desk/search", search=searched)
        well_made(page.text)
        assert "Ana Kaya" in page.text and (why in page.text if why else "gefunden über" not in page.text), searched
