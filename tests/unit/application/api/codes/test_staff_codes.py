"""An authority's people make codes and print letters: on the page and over HTTP, each for its own schools alone."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import httpx
import pikepdf
import pytest
from application import api
from application.domain.code_text import read_code
from application.domain.ids import ApplicationId, Owner
from application.form import EXAMPLE, ApplicationForm
from application.workflow import Workflow
from fastapi import FastAPI
from shared.http import problems
from shared.sign_in.flow import SignInFlow
from support import needs
from support.application.codes import AUTHORITY, SCHOOL
from support.identity import PlainTokens, bearer
from support.pages import well_made
from support.pdf_text import text_of_pdf, words_on_first_page
from support.sign_in import DemoIdentity, People, StaffBrowser
from support.standing_app import AppOfWorld, StandingApp, behind_gate

URL = "http://antrag.test"
PEOPLE: People = {
    "anna": (["case_worker"], AUTHORITY),
    "ada": (["administrator"], AUTHORITY),
    "bert": (["releaser"], AUTHORITY),
    "fremd": (["case_worker"], "10999"),
    "eltern": (["guardian"], None),
}


@dataclass
class Parts:
    """What both surfaces ask for, of one world."""

    workflow: Workflow
    sign_in: SignInFlow


def _build(world: Parts) -> FastAPI:
    app, identity = FastAPI(openapi_url=None), PlainTokens()
    problems.install(app)
    app.include_router(api.codes(world.workflow, identity, api.PrintedCodes(world.workflow, URL)))
    app.include_router(api.staff_documents(world.workflow, world.sign_in, URL))
    app.include_router(api.staff_codes(world.workflow, world.sign_in, URL))
    return behind_gate(app, {**api.INTERFACE, **api.DOCUMENT_PAGES}, identity)


STAFF = StandingApp(_build)


@dataclass
class Place:
    app: AppOfWorld
    identity: DemoIdentity
    workflow: Workflow
    now: datetime

    async def desk(self, name: str = "anna") -> StaffBrowser:
        """Signed in, by the page itself."""
        browser = StaffBrowser(self.app, URL, self.identity, "/codes")
        answer = await browser.sign_in(name)
        assert answer.status_code == 303 and answer.headers["location"] == "/codes", answer.text
        return browser

    @property
    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=URL)

    async def applied(self) -> ApplicationId:
        form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
        return (await self.workflow.applications.submit(Owner("parent-1"), "key-0001", form, self.now)).id


@pytest.fixture
def place(workflow: Workflow) -> Place:
    now = datetime.now(UTC)
    identity = DemoIdentity(PEOPLE, "documents", f"{URL}{api.BACK}")
    return Place(STAFF.serving(Parts(workflow, identity.sign_in(lambda: now))), identity, workflow, now)


pytestmark = needs.program("pdftotext", package="poppler-utils")


def codes_in(pdf: bytes) -> list[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked and document.Root.Lang == "de-DE"
    return re.findall(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b", text_of_pdf(pdf))


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_page_stands_in_both_languages(place: Place, language: str) -> None:
    browser = await place.desk()
    await place.workflow.letters.ask_as_staff(AUTHORITY, await place.applied(), place.now)
    page = await browser.get(f"/codes?language={language}")
    well_made(page.text, language)
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("count", ["9" * 5000, "41", "²", ""])
async def test_a_number_that_cannot_be_is_an_answer_on_the_page(place: Place, count: str) -> None:
    """Python refuses to read some thousands of digits."""
    browser = await place.desk()
    answer = await browser.send((await browser.get("/codes")).text, "/codes", school_number=SCHOOL, count=count)
    assert answer.status_code == 422 and "1 bis 40" in answer.text


async def test_codes_of_a_class_are_printed_once_and_each_opens(place: Place) -> None:
    browser = await place.desk()
    page = (await browser.get("/codes")).text
    answer = await browser.send(page, "/codes", school_number=SCHOOL, label="5a", count="5")
    assert answer.status_code == 201 and answer.headers["content-type"] == "application/pdf"
    found = codes_in(answer.content)
    assert len(set(found)) == 5 and all(read_code(each) for each in found)
    said = text_of_pdf(answer.content)
    assert "Gymnasium am Alten Markt, 5a" in said and "antrag.test/family/code" in said
    inside = [top for word, _, top in words_on_first_page(answer.content) if word == "until"]
    assert len({round(top) for top in inside}) == 3, "three rows of slips, each with its end"
    for each in found:
        assert (await place.workflow.codes.use(each, "address a", place.now)).school_number == SCHOOL
    again = (await browser.get("/codes")).text
    assert not any(each in again for each in found) and "5 von 5 benutzt" in again


async def test_codes_are_revoked_on_the_page_and_nothing_opens_any_more(place: Place) -> None:
    browser = await place.desk()
    answer = await browser.send((await browser.get("/codes")).text, "/codes", school_number=SCHOOL, count="2")
    (batch,) = await place.workflow.codes.batches(AUTHORITY)
    page = (await browser.get("/codes")).text
    done = await browser.send(page, f"/codes/{batch.id}/revocation")
    assert done.headers["location"] == "/codes?done=revoked"
    assert "gesperrt" in (await browser.get("/codes?done=revoked")).text
    made = await place.http.post("/v1/codes", json={}, headers=bearer("anna", authority_id=AUTHORITY))
    assert made.status_code == 422
    assert len(codes_in(answer.content)) == 2


async def test_letters_are_asked_for_printed_and_gone(place: Place) -> None:
    browser, number = await place.desk("ada"), await place.applied()
    done = await browser.send((await browser.get("/codes")).text, "/codes/letter-order", number=str(number))
    assert done.headers["location"] == "/codes?done=ordered"
    page = (await browser.get("/codes")).text
    assert str(number) in page
    answer = await browser.send(page, "/codes/letters")
    said = text_of_pdf(answer.content)
    (code,) = codes_in(answer.content)
    window = [word for word, left, top in words_on_first_page(answer.content) if 45 < top < 90 and 24 < left < 105]
    assert {"O’Neill-Łukasiewicz", "Bielefeld"} <= {each.rstrip(",") for each in window}, "where the envelope shows it"
    assert "Stadt Bielefeld" in said and "Łukasiewicz" in said and "gilt einmal" in said
    assert "geben Sie ihn nicht weiter" in said and "zerreißen Sie den Brief" in said
    assert (await place.workflow.codes.use(code, "address a", place.now)).application_id == number
    assert "Es wartet keiner." in (await browser.get("/codes")).text


@pytest.mark.parametrize(
    ("action", "typed", "status"),
    [
        ("/codes", {"school_number": "100003", "count": "2"}, 422),
        ("/codes", {"school_number": SCHOOL, "count": "41"}, 422),
        ("/codes", {"school_number": SCHOOL, "count": "²"}, 422),
        ("/codes", {"school_number": "", "count": ""}, 422),
        ("/codes/letter-order", {"number": "4711"}, 422),
        ("/codes/letter-order", {"number": "00000000-0000-0000-0000-000000000000"}, 404),
    ],
)
async def test_what_does_not_fit_is_told_at_its_field_and_what_was_typed_stays(
    place: Place, action: str, typed: dict[str, str | list[str]], status: int
) -> None:
    browser = await place.desk()
    answer = await browser.send((await browser.get("/codes")).text, action, **typed)
    assert answer.status_code == status and answer.headers["content-type"].startswith("text/html")
    well_made(answer.text, "de")
    wrong = next(each for each in ("number", "count", "school_number") if f'id="{each}-error"' in answer.text)
    assert f'href="#{wrong}"' in answer.text and "<title>Fehler: " in answer.text
    assert (
        all(f'value="{each}"' in answer.text for each in typed.values())
        and 'action="/codes/letter-order"' in answer.text
    )


async def test_a_form_without_its_token_does_nothing(place: Place) -> None:
    browser = await place.desk()
    answer = await browser.http.post("/codes", data={"school_number": SCHOOL, "count": "2", "form_token": "x"})
    assert answer.status_code == 403 and await place.workflow.codes.batches(AUTHORITY) == []


@pytest.mark.parametrize("name", ["bert", "eltern"])
async def test_others_are_not_let_in(place: Place, name: str) -> None:
    browser = StaffBrowser(place.app, URL, place.identity, "/codes")
    await browser.sign_in(name)
    assert (await browser.get("/codes")).status_code in (303, 403)


async def test_the_interface_does_the_same(place: Place) -> None:
    mine, others = bearer("anna", authority_id=AUTHORITY), bearer("fremd", authority_id="10999")
    order = {"school_number": SCHOOL, "label": "5a", "count": 3}
    made = await place.http.post("/v1/codes", json=order, headers=mine)
    assert made.status_code == 201 and len(codes_in(made.content)) == 3
    (batch,) = (await place.http.get("/v1/codes", headers=mine)).json()["items"]
    assert (batch["made"], batch["used"], batch["label"], batch["revoked_at"]) == (3, 0, "5a", None)
    assert (await place.http.get("/v1/codes", headers=others)).json() == {"items": []}
    for headers, status in ((others, 404), (mine, 204), (mine, 204)):
        answer = await place.http.post(f"/v1/codes/{batch['id']}/revocation", headers=headers)
        assert answer.status_code == status
    number = await place.applied()
    for headers, status in ((others, 404), (mine, 202)):
        answer = await place.http.post(f"/v1/applications/{number}/code-letter", headers=headers)
        assert answer.status_code == status
    (letter,) = (await place.http.get("/v1/code-letters", headers=mine)).json()["items"]
    assert letter["application_id"] == str(number) and letter["by_staff"]
    assert (await place.http.post("/v1/code-letters", headers=others)).status_code == 409
    assert len(codes_in((await place.http.post("/v1/code-letters", headers=mine)).content)) == 1
    assert (await place.http.post("/v1/code-letters", headers=mine)).status_code == 409
