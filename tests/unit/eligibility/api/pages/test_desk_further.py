"""Further answers of a family on the page of its case: each with its question as it was asked, as text."""

from shared.events.own_form import FurtherAnswer, FurtherAnswers, Words
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.world import World
from support.pages import well_made

MARKUP = "<script>alert(1)</script>"
TOLD = FurtherAnswers(
    form_version=3,
    answers=(
        FurtherAnswer(
            key="bus_line", title=Words(de="Welche Linie?", en="Which line?"), value=MARKUP,
            said=Words(de=MARKUP, en=MARKUP),
        ),
        FurtherAnswer(
            key="day_care", title=Words(de="Ganztag?", en="Day care?"), value=True, said=Words(de="ja", en="yes")
        ),
    ),
)  # fmt: skip


async def test_further_answers_stand_in_the_case_with_their_questions_in_both_languages(
    desk: Desk, world: World
) -> None:
    event = make.submitted(further=TOLD)
    await world.hear(event)
    case = world.case_of(event.application_id)
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    well_made(page)
    for said in ("Weitere Angaben", "Welche Linie?", "&lt;script&gt;", "Ganztag?", "<bdi>ja</bdi>"):
        assert said in page, said
    assert MARKUP not in page
    english = (await desk.get(f"/desk/cases/{case.id}?language=en")).text
    assert "Further answers" in english and "Which line?" in english and "<bdi>yes</bdi>" in english


async def test_a_case_without_further_answers_says_nothing_of_them(desk: Desk, world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    await desk.sign_in("anna")
    assert "Weitere Angaben" not in (await desk.get(f"/desk/cases/{world.case_of(event.application_id).id}")).text


async def test_further_answers_go_with_the_family_s_other_data(world: World) -> None:
    event = make.submitted(further=TOLD)
    await world.hear(event)
    case = world.case_of(event.application_id)
    assert case.submission["further"]["form_version"] == 3
    assert "further" not in case.facts, "nothing is decided by them"
