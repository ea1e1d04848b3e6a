"""BundID through a broker: it fills in who applies, says how surely it knows the person, and nothing of it stays."""

import json
import logging
from datetime import datetime

import pytest
from application.domain.ids import Owner
from application.store import SqlStore
from application.workflow import Workflow
from shared.database import Database
from shared.events import ApplicationSubmitted, EligibilityFormPublished, SignIn
from shared.events.own_form import FormDemands, OwnForm
from shared.sign_in import BUNDID
from support.application.apply_pages import ANSWERS
from support.application.family_pages import FamilyPlace, family_place
from support.application.form_pages import Window
from support.bundid import ELIF, StrictBroker
from support.outbox import told
from support.pages import well_made

ODD = {"first_name": "x" * 300, "last_name": ["a", "b"], "email": {"a": 1}, "street_address": 7, "trust": None}


@pytest.fixture
def broker() -> StrictBroker:
    return StrictBroker()


@pytest.fixture
def place(workflow: Workflow, database: Database[SqlStore], now: datetime, broker: StrictBroker) -> FamilyPlace:
    return family_place(workflow, database, now, broker=broker)


async def demand(place: FamilyPlace, **asked: object) -> None:
    await place.hear(EligibilityFormPublished(
        occurred_at=place.clock[0], authority_id="10261", version=1, valid_from=place.clock[0].date(),
        content=OwnForm(demands=FormDemands.model_validate(asked)),
    ))  # fmt: skip


async def signed_in(place: FamilyPlace, query: str = "") -> Window:
    browser = place.browser()
    answer = await browser.sign_in("elif", f"/family/sign-in{query}")
    assert answer.status_code == 303, answer.text
    return Window(browser.http)


async def begin(window: Window) -> None:
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})


async def walk(window: Window, to: str) -> None:
    passed: list[str] = []
    while window.step != to:
        passed.append(window.step)
        given = {name: value for name, value in ANSWERS[window.step].items() if not window.form().fields.get(name)}
        await window.send(given)
        assert window.answer.status_code == 200 and window.step not in passed, (passed, window.text)


async def test_who_applies_is_filled_in_and_can_be_changed(place: FamilyPlace) -> None:
    window = await signed_in(place)
    await begin(window)
    await walk(window, "home")
    home = window.form().fields
    assert (home["home-street"], home["home-house_number"], home["home-city"]) == ("Am Markt", "5 a", "Bielefeld")
    await walk(window, "guardian")
    shown = window.form().fields
    assert (shown["guardian-first_name"], shown["guardian-last_name"]) == ("Elif", "Öztürk")
    assert shown["guardian-email"] == "elif@example.org"
    well_made(window.text, "de")
    await window.send({"guardian-first_name": "Elif Ada"})
    await walk(window, "summary")
    assert "Elif Ada" in window.text


async def test_a_sign_in_at_a_lower_level_is_told_so_and_the_family_may_raise_it_or_send_all_the_same(
    place: FamilyPlace, broker: StrictBroker
) -> None:
    await demand(place, trust="high")
    window = await signed_in(place)
    await begin(window)
    await walk(window, "summary")
    assert "bittet um eine sicherere Anmeldung" in window.text and "trust=high" in window.text
    assert "Antrag abschicken" in window.text
    for language in ("en", "de"):
        await window.open(f"{window.path}?language={language}")
        well_made(window.text, language)
    again = place.browser()
    again.http.cookies, again.http = window.http.cookies, window.http
    await again.sign_in("elif", f"/family/sign-in?trust=high&next={window.path.removeprefix('/family')}")
    assert broker.gate.asked[-1]["acr_values"].split()[0] == "STORK-QAA-Level-4"
    await window.open(window.path)
    assert "sicherere Anmeldung" not in window.text
    await window.send()
    (event,) = told(place.database, ApplicationSubmitted)
    assert event.sign_in is None


async def test_what_is_sent_below_the_level_is_taken_in_and_tells_eligibility(place: FamilyPlace) -> None:
    await demand(place, trust="substantial")
    window = await signed_in(place)
    await begin(window)
    await walk(window, "summary")
    await window.send()
    assert window.step == "sent"
    (event,) = told(place.database, ApplicationSubmitted)
    assert event.sign_in == SignIn(asked="substantial", trust="basic")


@pytest.mark.parametrize("asked", [{}, {"trust": "basic"}])
async def test_nothing_is_said_of_a_level_that_is_reached(place: FamilyPlace, asked: dict[str, object]) -> None:
    await demand(place, **asked)
    window = await signed_in(place)
    await begin(window)
    await walk(window, "summary")
    assert "sicherere Anmeldung" not in window.text
    await window.send()
    (event,) = told(place.database, ApplicationSubmitted)
    assert event.sign_in is None


@pytest.mark.parametrize("claims", [{}, {BUNDID[name]: value for name, value in ODD.items()}])  # type: ignore[index]
async def test_what_cannot_be_used_leaves_the_fields_empty_and_the_page_stands(
    workflow: Workflow, database: Database[SqlStore], now: datetime, claims: dict[str, object]
) -> None:
    place = family_place(workflow, database, now, broker=StrictBroker(claims, levels=()))
    window = await signed_in(place)
    await begin(window)
    await walk(window, "guardian")
    assert window.form().fields["guardian-last_name"] == ""


async def test_what_no_cookie_can_hold_is_left_out_and_the_sign_in_counts(
    workflow: Workflow, database: Database[SqlStore], now: datetime
) -> None:
    claims = dict.fromkeys(ELIF, "Ö" * 100)
    place = family_place(workflow, database, now, broker=StrictBroker(claims))
    window = await signed_in(place)
    await begin(window)
    assert window.step == "grade"


async def test_a_token_that_is_too_long_signs_nobody_in_and_the_page_says_so(
    workflow: Workflow, database: Database[SqlStore], now: datetime
) -> None:
    place = family_place(workflow, database, now, broker=StrictBroker({BUNDID["city"]: "x" * 9000}))
    answer = await place.browser().sign_in("elif", "/family/sign-in")
    assert answer.status_code == 401 and "hat nicht geklappt" in answer.text


@pytest.mark.parametrize("wrong", ["redirect_uri", "nonce", "state", "code_challenge", "acr_values", "scope"])
async def test_the_broker_of_these_tests_refuses_what_is_wrong(place: FamilyPlace, wrong: str) -> None:
    browser = place.browser()
    asked = await browser.leave("/family/sign-in?trust=high")
    answer = await browser.idp.get("/authorize", params=asked | {wrong: "https://elsewhere.example"[:9]})
    assert answer.status_code == 400 and wrong in answer.text


@pytest.mark.parametrize("odd", ["", "highest", "a" * 500, "%20", "none"])
async def test_a_level_that_is_none_asks_for_none(place: FamilyPlace, broker: StrictBroker, odd: str) -> None:
    await place.browser().sign_in("elif", f"/family/sign-in?trust={odd}")
    assert broker.gate.faults(broker.gate.asked[-1]) == []


async def test_what_the_account_tells_is_in_the_draft_and_the_encrypted_cookie_alone(
    place: FamilyPlace, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of the database is searched by the canary of all stores."""
    caplog.set_level(logging.DEBUG)
    window = await signed_in(place)
    assert await place.workflow.drafts.of_owner(Owner("elif"), place.clock[0]) == []
    await begin(window)
    (draft,) = await place.workflow.drafts.of_owner(Owner("elif"), place.clock[0])
    assert json.loads(draft.form)["guardian"]["email"] == "elif@example.org"
    assert "elif@example.org" not in caplog.text
    assert all("example.org" not in each for each in window.http.cookies.values())
    assert all("Elif" not in str(each.url) for each in window.answer.history)
