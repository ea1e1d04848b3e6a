"""The way through the pages of an application, as one window takes it."""

from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window

ANSWERS: dict[str, dict[str, str]] = {
    "school": {},
    "grade": {"grade": "03"},
    "child": {"pupil-first_name": "Jana", "pupil-last_name": "Öztürk", "pupil-birth_date": "28.2.2018"},
    "home": {
        "home-street": "Am Markt", "home-house_number": "5", "home-postal_code": "33602", "home-city": "Bielefeld",
        "meant": "typed",
    },
    "guardian": {"guardian-first_name": "Elif", "guardian-last_name": "Öztürk"},
    "from": {},
    "circumstances": {},
    "medium": {},
    "consents": {"consent-privacy-notice": "yes"},
}  # fmt: skip


async def begin(place: FamilyPlace, language: str = "de") -> Window:
    """At the second page."""
    window = Window(place.browser().http, language)
    await window.open("/family/apply")
    await window.send({"school": "Grundschule Süd"})
    return window


async def go_to(window: Window, step: str, answers: dict[str, dict[str, str]] = ANSWERS) -> list[str]:
    """With these answers; the pages that were passed."""
    passed = []
    while window.step != step:
        passed.append(window.step)
        await window.send(answers[window.step])
        assert window.answer.status_code == 200 and window.step not in passed, (passed, window.text)
    return passed


async def sign_in(place: FamilyPlace, window: Window, name: str = "parent-1") -> None:
    """In the window's own browser."""
    browser = place.browser()
    browser.http.cookies = window.http.cookies
    browser.http = window.http
    await browser.sign_in(name, "/family/sign-in")
