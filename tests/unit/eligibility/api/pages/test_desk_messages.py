"""What a family wrote or sent at the desk: on its pile until a person has dealt with it; and the work that comes back."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from eligibility.domain.case import Case
from eligibility.domain.message import Message
from eligibility.workflow import MeasuredRoutes
from shared.events import ApplicationDocumentAdded, Circumstances, Person
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.desk import CaseMaker, Desk
from support.eligibility.world import World
from support.pages import ATTACK, well_made

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))


def messages(world: World, case: Case) -> Sequence[Message]:
    return world.database.read_now(lambda store: store.messages_of(case.application_id))


def document(world: World, case: Case, **more: object) -> ApplicationDocumentAdded:
    told = {"occurred_at": world.clock[0], "authority_id": "12345", "application_id": case.application_id}
    kept = {"document_id": uuid4(), "kind": "other", "media_type": "application/pdf", "size": 81_234}
    return ApplicationDocumentAdded(**told, **kept | more)


Granted = Callable[[], Awaitable[Case]]


@pytest.fixture
def granted(world: World) -> Granted:
    """A case that is decided, whose family then writes and sends something."""

    async def one() -> Case:
        world.set_authority(release_by_person="nothing")
        world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
        event = make.submitted(child=Person(first_name="Mia", last_name="Erste"))
        await world.hear(event)
        case = world.case_of(event.application_id)
        assert case.state == "granted"
        await world.hear(make.changed(event, answer=f"Handy verloren {ATTACK}", occurred_at=world.clock[0]))
        await world.hear(document(world, case))
        return case

    return one


async def test_a_message_lies_on_its_pile_until_a_person_has_dealt_with_it(
    desk: Desk, world: World, granted: Granted
) -> None:
    case = await granted()
    await desk.sign_in("anna")
    listed = (await desk.get("/desk/?pile=messages")).text
    assert "Mia Erste" in listed and "1 Nachricht und 1 Unterlage der Familie, ansehen bis 28.05.2026" in listed
    page = (await desk.get(f"/desk/cases/{case.id}?pile=messages")).text
    well_made(page)
    assert "Handy verloren &lt;script&gt;" in page and "PDF, 81 kB" in page
    first, second = messages(world, case)
    done = await desk.send(page, f"/desk/cases/{case.id}/read", message=str(first.id), pile="messages")
    assert done.headers["location"].endswith(f"/desk/cases/{case.id}?done=read&pile=messages")
    assert [each.read_by for each in messages(world, case)] == ["anna", None]
    page = (await desk.get(f"/desk/cases/{case.id}?done=read")).text
    assert "Als erledigt vermerkt." in page and "erledigt" in page
    again = await desk.send(page, f"/desk/cases/{case.id}/read", message=str(first.id))
    assert again.status_code == 303
    await desk.send(page, f"/desk/cases/{case.id}/read", message=str(second.id))
    assert "Keine Nachricht oder Unterlage" in (await desk.get("/desk/?pile=messages")).text
    acts = [each.act for each in (await world.desk.file(ANNA, case.id)).acts]
    assert acts.count("message read") == 2


async def test_a_message_of_another_case_is_not_marked_with_this_one(
    desk: Desk, world: World, granted: Granted, in_review: CaseMaker
) -> None:
    case, other = await granted(), await in_review(child=Person(first_name="Noah", last_name="Zweite"))
    await world.hear(document(world, other))
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{other.id}")).text
    answer = await desk.send(page, f"/desk/cases/{other.id}/read", message=str(messages(world, case)[0].id))
    assert answer.status_code == 404
    assert all(each.read_at is None for each in messages(world, case))


async def test_a_message_that_nobody_looked_at_in_time_is_marked(desk: Desk, world: World, granted: Granted) -> None:
    case = await granted()
    world.clock[0] += timedelta(days=20)
    await desk.sign_in("anna")
    listed = (await desk.get("/desk/?pile=messages")).text
    assert 'overdue">1 Nachricht und 1 Unterlage' in listed
    assert re.findall(r'data-label="Wartet">([^<]*)', listed) == ["seit 20 Tagen"]
    assert re.search(r'class="overdue">ansehen bis', (await desk.get(f"/desk/cases/{case.id}")).text)


@pytest.mark.parametrize("prepare", ["in_review", "prepared"])
async def test_a_question_whose_day_has_passed_comes_back_to_review_and_is_marked(
    desk: Desk, world: World, request: pytest.FixtureRequest, prepare: str
) -> None:
    case = await request.getfixturevalue(prepare)(child=Person(first_name="Mia", last_name="Erste"))
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    await desk.send(page, f"/desk/cases/{case.id}/ask", text="Bitte das Attest.", due="2026-06-01")
    assert "Mia Erste" in (await desk.get("/desk/?pile=waiting")).text
    assert "Mia Erste" not in (await desk.get("/desk/")).text
    world.clock[0] = world.clock[0].replace(month=6, day=2)
    assert "Mia Erste" not in (await desk.get("/desk/?pile=waiting")).text
    assert "Frist 01.06.2026 vorbei" in (await desk.get("/desk/")).text


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Yıldırım", "yildirim"), ("Yıldırım", "YILDIRIM"), ("Müller", "MULLER"), ("Müller", "Mueller"), ("Muller", "müller"),
     ("Groß", "gross"), ("Đặng", "dang"), ("Müller-Lüdenscheidt", "ludensch")],
)  # fmt: skip
async def test_a_name_is_found_however_it_is_typed(desk: Desk, in_review: CaseMaker, name: str, typed: str) -> None:
    await in_review(child=Person(first_name="Ana", last_name=name))
    await desk.sign_in("anna")
    answer = await desk.send((await desk.get("/desk/")).text, "/desk/search", search=typed)
    assert name in answer.text


async def test_names_of_cases_from_before_are_written_when_the_service_starts(
    desk: Desk, world: World, in_review: CaseMaker
) -> None:
    from eligibility.store.tables import CASE
    from eligibility.tables_of_before import write_names

    await in_review(child=Person(first_name="Ana", last_name="Yıldırım"))
    world.database.write_now(lambda store: store.run(CASE.update().values(search_names=None)))
    write_names(world.database)
    await desk.sign_in("anna")
    answer = await desk.send((await desk.get("/desk/")).text, "/desk/search", search="yildirim")
    assert "Yıldırım" in answer.text


async def test_the_list_says_the_ground_of_a_refusal_and_not_how_long_the_way_is(desk: Desk, world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(5339.0))
    event = make.submitted(occurred_at=world.clock[0].replace(year=2027, month=11, day=20))
    world.clock[0] = world.clock[0].replace(year=2027, month=11, day=21)
    await world.hear(event)
    case = world.case_of(event.application_id)
    assert case.state == "prepared", case.reasons
    await desk.sign_in("anna")
    text = (await desk.get("/desk/?pile=prepared")).text
    assert "Abgelehnt, zu spät beantragt" in text and "5.339" not in text


async def test_the_next_case_is_of_the_same_pile_and_free_for_this_person(
    desk: Desk, world: World, in_review: CaseMaker, prepared: CaseMaker
) -> None:
    cases = [await in_review(child=Person(first_name="Ana", last_name=name)) for name in ("Barkel", "Montis", "Vuglop")]
    ready = await prepared(child=Person(first_name="Ana", last_name="Fedznax"))
    await world.handling.take(Caller("carl", "12345", frozenset({"case_worker"})), cases[1].id)
    await desk.sign_in("anna")
    assert "Nächster Fall" in (await desk.get(f"/desk/cases/{cases[0].id}?pile=review")).text
    seen = [(await desk.get(f"/desk/next?after={each.id}")).headers["location"] for each in cases]
    order = {str(cases[0].id), str(cases[2].id)}
    assert {re.findall(r"cases/([0-9a-f-]+)", each)[0] for each in seen} <= order
    assert str(ready.id) in (await desk.get(f"/desk/next?pile=prepared&after={cases[0].id}")).headers["location"]
    assert (await desk.get("/desk/next?pile=nothing")).status_code == 404


async def test_a_finished_case_is_not_offered_to_be_taken(desk: Desk, granted: Granted) -> None:
    case = await granted()
    await desk.sign_in("anna")
    assert "Fall übernehmen" not in (await desk.get(f"/desk/cases/{case.id}")).text


async def test_somebody_who_only_lives_elsewhere_is_no_matter_of_metres(desk: Desk, world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(5339.0))
    await world.hear(make.submitted(circumstances=Circumstances(lives_in_nrw=False)))
    await desk.sign_in("anna")
    assert "Abgelehnt, 5.339" not in (await desk.get("/desk/?pile=all")).text
