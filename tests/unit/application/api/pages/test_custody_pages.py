"""Who may act for a child: asked only where the authority asks, and told only then."""

import pytest
from shared.events import ApplicationSubmitted, Custody, EligibilityFormPublished
from shared.events.own_form import FormDemands, OwnForm
from support.application.apply_pages import ANSWERS, begin, go_to, sign_in
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window
from support.outbox import told
from support.pages import well_made

SECOND = {
    "custody-second_guardian-first_name": "Ada",
    "custody-second_guardian-last_name": "Öztürk",
    "custody-second_guardian-address": "yes",
}
SECOND_HOME = {
    f"custody-second_guardian-address-{name}": value
    for name, value in {"street": "Bahnhofstraße", "house_number": "7", "postal_code": "33602", "city": "Bielefeld"}.items()
}  # fmt: skip
CUSTODY = ANSWERS | {
    "custody": {"custody-kind": "joint"},
    "second-guardian": SECOND,
    "second-guardian-home": SECOND_HOME,
    "documents": {},
}


async def demand(place: FamilyPlace, **asked: object) -> None:
    await place.hear(EligibilityFormPublished(
        occurred_at=place.clock[0], authority_id="10261", version=1, valid_from=place.clock[0].date(),
        content=OwnForm(demands=FormDemands.model_validate(asked)),
    ))  # fmt: skip


async def sent(place: FamilyPlace, window: Window) -> ApplicationSubmitted:
    await sign_in(place, window)
    await window.open(f"{window.path.rpartition('/')[0]}/summary")
    await window.send()
    assert window.step == "sent", window.text
    (event,) = told(place.database, ApplicationSubmitted)
    return event


@pytest.mark.parametrize("asked", [{}, {"trust": "high"}])
async def test_nobody_is_asked_where_the_authority_does_not_ask(place: FamilyPlace, asked: dict[str, object]) -> None:
    await demand(place, **asked)
    window = await begin(place)
    assert "custody" not in await go_to(window, "summary")
    assert (await sent(place, window)).custody is None


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["sole", "joint", "everyday", "authorised", "open"])
async def test_each_declaration_is_taken_and_told(place: FamilyPlace, language: str, kind: str) -> None:
    await demand(place, custody="declaration")
    window = await begin(place, language)
    answers = CUSTODY | {"custody": {"custody-kind": kind}}
    await go_to(window, "custody", answers)
    well_made(window.text, language)
    passed = await go_to(window, "summary", answers)
    assert "second-guardian" not in passed and "documents" not in passed
    assert (await sent(place, window)).custody == Custody(asked="declaration", declared=kind)


async def test_the_page_wants_one_of_its_answers(place: FamilyPlace) -> None:
    await demand(place, custody="declaration")
    window = await begin(place)
    await go_to(window, "custody")
    await window.send({})
    assert window.answer.status_code == 422 and window.step == "custody"
    well_made(window.text, "de")


async def test_the_other_guardian_is_asked_for_where_the_notice_goes_to_both(place: FamilyPlace) -> None:
    await demand(place, custody="document", both_guardians=True)
    window = await begin(place)
    passed = await go_to(window, "summary", CUSTODY)
    assert passed[passed.index("custody") :][:3] == ["custody", "second-guardian", "second-guardian-home"]
    assert "documents" in passed and "Bahnhofstraße 7, 33602 Bielefeld" in window.text
    custody = (await sent(place, window)).custody
    assert custody is not None and custody.asked == "document" and custody.second_guardian is not None
    assert custody.second_guardian.last_name == "Öztürk"
    assert custody.second_address is not None and custody.second_address.house_number == "7"


async def test_who_has_custody_alone_is_not_asked_for_another(place: FamilyPlace) -> None:
    await demand(place, custody="declaration", both_guardians=True)
    window = await begin(place)
    passed = await go_to(window, "summary", CUSTODY | {"custody": {"custody-kind": "sole"}})
    assert "second-guardian" not in passed
    custody = (await sent(place, window)).custody
    assert custody == Custody(asked="declaration", declared="sole")


async def test_a_program_that_declares_nothing_is_taken_in_and_nothing_is_told_for_it(place: FamilyPlace) -> None:
    await demand(place, custody="declaration")
    await place.applied()
    (event,) = told(place.database, ApplicationSubmitted)
    assert event.custody == Custody(asked="declaration", declared=None)


async def test_a_pupil_of_age_who_applies_is_not_asked_who_has_custody(place: FamilyPlace) -> None:
    await demand(place, custody="declaration")
    pupil = {"first_name": "Ada", "last_name": "Öz", "birth_date": "2008-01-01"}
    await place.applied(applicant="pupil", grade="Q2", guardian={"first_name": "Ada", "last_name": "Öz"}, pupil=pupil)
    (event,) = told(place.database, ApplicationSubmitted)
    assert event.custody is None


async def test_what_was_demanded_is_told_again_as_it_was(place: FamilyPlace) -> None:
    """What an authority asks later changes nothing of what was handed in."""
    await demand(place, custody="declaration")
    number = await place.applied()
    await place.hear(EligibilityFormPublished(
        occurred_at=place.clock[0], authority_id="10261", version=2, valid_from=place.clock[0].date(), content=OwnForm()
    ))  # fmt: skip
    from application.workflow.announce import announce

    again = [each for page in place.database.read_now(lambda store: list(announce(store))) for each in page]
    (event,) = [each for each in again if isinstance(each, ApplicationSubmitted)]
    assert event.application_id == number and event.custody == Custody(asked="declaration")
