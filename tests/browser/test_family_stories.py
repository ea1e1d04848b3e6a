"""What happens to families, from their first page to their last, in a real browser: on a phone without JavaScript in
German, and on a screen in English, where axe looks at each page. Each story counts its questions and its time."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from application.domain.ids import Owner
from playwright.sync_api import Browser
from support.application.address_book import AddressBook
from support.application.documents import PDF, PHOTO
from support.application.family_in_browser import ServedPlace, served_place, settle
from support.application.parents import Parent
from support.application.served_family import SCHOOLS

OWNER = Owner("parent-1")
APPLIED_AT = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
READERS = [(390, "de", "light", False), (1280, "en", "dark", True)]
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "child": {"pupil-first_name": "Jana", "pupil-last_name": "Öztürk", "pupil-birth_date": "28.2.2018"},
    "home": {"home-street": "Am Markt", "home-house_number": "5", "home-postal_code": "33602", "home-city": "Bielefeld"},
    "guardian": {"guardian-first_name": "Elif", "guardian-last_name": "Öztürk"},
    "second-home": {
        "second_home-street": "Neuer Weg", "second_home-house_number": "1", "second_home-postal_code": "33602",
        "second_home-city": "Bielefeld",
    },
    "health": {"claims-health-weeks": "12"},
}  # fmt: skip
CHECKS = {"consents": "consent-privacy-notice", "health": "claims-health-certificate-yes"}
MINUTES = 4.0
"""Of a story with more than the plain application asks: 11 questions and three minutes."""


@pytest.fixture
def family(tmp_path: Path) -> Iterator[ServedPlace]:
    with served_place(tmp_path, datetime.now(UTC), SCHOOLS, AddressBook()) as served:
        yield served


@pytest.fixture(params=READERS, ids=["phone", "screen"])
def parent(request: pytest.FixtureRequest, browser: Browser, family: ServedPlace) -> Iterator[Parent]:
    width, language, scheme, script = request.param
    one = Parent(browser, family.url, width, language, scheme, script=script)
    yield one
    one.end()


def apply(parent: Parent, *circumstances: str) -> UUID:
    """From the first page to the number of the application. `circumstances`: the boxes that are ticked."""
    parent.open("/family/apply")
    parent.see("start", asks=True)
    parent.type({"school": "Grundschule Süd"})
    parent.go_on()
    while parent.step != "summary":
        step = parent.step
        parent.see(step, asks=True)
        answer(parent, step, circumstances)
        assert parent.step != step, parent.page.locator("main").inner_text()
    parent.see("summary", asks=True)
    parent.page.locator("main a[href*='sign-in']").click()
    parent.sign_in()
    parent.press("Antrag abschicken", "Send the application")
    parent.see("sent")
    address = parent.page.locator("main a[href*='/family/applications/']").first.get_attribute("href") or ""
    return UUID(address.rpartition("/")[2])


def answer(parent: Parent, step: str, circumstances: tuple[str, ...]) -> None:
    page = parent.page
    parent.type(ANSWERS.get(step, {}))
    if step == "grade":
        page.locator("#grade").select_option("03")
    if step in CHECKS:
        page.locator(f"[id='{CHECKS[step]}']").check()
    if step == "circumstances":
        for each in circumstances:
            page.locator(f"[id='{each}']").check()
    if step == "documents":
        page.locator("#file").set_input_files({"name": "attest.png", "mimeType": "image/png", "buffer": PHOTO})
        page.locator("form[enctype] button").click()
        page.locator("bdi", has_text="attest.png").wait_for()
    parent.go_on()


def child(parent: Parent, one: UUID, what: str) -> None:
    """The page of the child, as who is signed in opens it."""
    parent.open(f"/family/applications/{one}")
    if "/authorize" in parent.page.url:
        parent.sign_in()
    parent.see(what)


def granted(family: ServedPlace) -> UUID:
    """A child with a ticket, applied for before the summer."""
    place = family.place
    place.clock[0] = APPLIED_AT
    one = settle(place.applied())
    settle(place.granted(one))
    return one


def tell(parent: Parent, story: str, most: int, minutes: float = MINUTES) -> None:
    """The count, for who wants to read it, and its bound."""
    effort = parent.effort
    print(story, parent.name, len(effort.pages), "questions", effort.words, "words", round(effort.seconds), "s")
    assert len(effort.pages) <= most and effort.seconds < minutes * 60, (effort.pages, effort.seconds)


def test_a_refusal_ends_in_a_ticket_that_the_family_pays_for(family: ServedPlace, parent: Parent) -> None:
    one = apply(parent)
    settle(family.place.refused(one))
    child(parent, one, "refused")
    parent.follow("Ticket selbst bezahlen", "Pay for the ticket yourself")
    parent.see("self-payer", asks=True)
    parent.press("Zahlungspflichtig bestellen", "Order with obligation to pay")
    parent.finds("Ihre Bestellung ist angekommen.", "Your order has arrived.")
    parent.see("ordered")
    tell(parent, "refusal", 13)


def test_an_illness_is_told_with_its_certificate_and_a_question_is_answered(
    family: ServedPlace, parent: Parent
) -> None:
    one = apply(parent, "claims-health")
    settle(family.place.asked(one, (family.place.clock[0] + timedelta(days=14)).date()))
    child(parent, one, "asked")
    parent.page.locator("details summary").first.click()
    parent.page.locator("#file-1").set_input_files({"name": "Attest.pdf", "mimeType": "application/pdf", "buffer": PDF})
    parent.press("Unterlage senden", "Send the document")
    parent.finds("Die Unterlage ist angekommen.", "The document has arrived.")
    parent.see("answered")
    assert parent.page.locator("#question-1").count() == 0
    tell(parent, "health", 14)


def test_a_child_with_two_homes_names_both(family: ServedPlace, parent: Parent) -> None:
    one = apply(parent, "claims-second_home")
    view = settle(family.place.workflow.applications.newest(OWNER))
    assert view is not None and view.id == one and '"Neuer Weg"' in view.form
    tell(parent, "two homes", 13)


def test_a_move_in_mid_year_is_told_on_one_page(family: ServedPlace, parent: Parent) -> None:
    one = granted(family)
    family.place.clock[0] = APPLIED_AT + timedelta(days=200)
    child(parent, one, "held")
    parent.follow("Umzug", "A move")
    parent.see("move", asks=True)
    parent.type({
        "street": "Neuer Weg", "house_number": "3", "postal_code": "33602", "city": "Bielefeld",
        "changed_from": "15.01.2027",
    })  # fmt: skip
    parent.press("Änderung senden", "Send the change")
    parent.finds("Ihre Änderung ist angekommen.", "Your change has arrived.")
    parent.see("moved")
    tell(parent, "move", 1, 3.0)


def test_a_lost_phone_is_reported_and_another_ticket_comes(family: ServedPlace, parent: Parent) -> None:
    one = granted(family)
    child(parent, one, "held")
    parent.follow("Ticket verloren oder gestohlen?", "Ticket lost or stolen?")
    parent.see("loss", asks=True)
    parent.press("Ja, sperren und neu ausstellen", "Yes, revoke it and make another one")
    parent.finds("Das verlorene Ticket wird gesperrt", "The lost ticket is being revoked")
    parent.see("lost")
    tell(parent, "lost phone", 1, 3.0)


def test_the_next_school_year_is_one_tap(family: ServedPlace, parent: Parent) -> None:
    one = granted(family)
    family.place.clock[0] = datetime(2027, 3, 1, 10, tzinfo=UTC)
    child(parent, one, "spring")
    parent.follow("Nächstes Schuljahr", "Next school year")
    parent.see("next-year", asks=True)
    parent.page.locator("main form button[type=submit]").last.click()
    parent.finds("Der Antrag für das neue Schuljahr ist gestellt.", "The application for the new school year has been")
    parent.see("next-year-sent")
    tell(parent, "next year", 1, 3.0)
