"""An administrator chooses how passes look: over HTTP, for all operators or one, and nothing changes for nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from shared.events import TicketIssued
from shared.http import problems
from shared.http.limits import Limit
from support.databases import on_both
from support.json import Json, text
from support.matrix.actors import NamesAsTokens
from support.standing_app import behind_gate
from support.wallet_pass import uploads
from support.wallet_pass.service import WalletService, pass_json
from support.wallet_pass.tickets import NOW
from wallet_pass import api
from wallet_pass.apple.pictures_of_pass import google_logo
from wallet_pass.domain.passes import PassToken
from wallet_pass.pictures.making import UploadedPictures
from wallet_pass.store.tables import PASSES, PICTURE
from wallet_pass.workflow.designs import Designs

AUTHORITY, ONE_OPERATOR, OTHER_OPERATOR = "12345", 5001, 5002
BODY: dict[str, object] = {
    "issuer": {"de": "Stadt Musterstadt", "en": "City of Musterstadt"},
    "background": "#005028",
    "foreground": "#ffffff",
    "label": "#cde8d9",
    "document": {"de": "Schülerausweis", "en": "Pupil's card"},
}


@dataclass
class Office:
    """An administrator of the authority, at the service's interface."""

    service: WalletService
    http: TestClient

    def put(self, path: str, who: str = "administrator-0", **sent: object) -> httpx.Response:
        answer: httpx.Response = self.http.put(f"/v1/designs/{path}", headers=_as(who), **sent)
        return answer

    def get(self, path: str = "all", who: str = "administrator-0") -> httpx.Response:
        answer: httpx.Response = self.http.get(f"/v1/designs/{path}", headers=_as(who))
        return answer

    def delete(self, path: str, who: str = "administrator-0") -> httpx.Response:
        answer: httpx.Response = self.http.delete(f"/v1/designs/{path}", headers=_as(who))
        return answer

    def due(self) -> list[int]:
        """Numbers of the tickets whose passes are made again, once all orders are worked off."""
        for _ in range(3):
            self.service.do(self.service.workflow.spread_remakes(1000))
        query = PASSES.select().where(PASSES.c.package_due)
        rows = self.service.database.read_now(lambda store: store.session.execute(query).all())
        while self.service.do(self.service.workflow.remake()):
            pass
        return sorted(row.number for row in rows)

    def document(self, number: int) -> Json:
        """pass.json of a ticket."""
        token = self.service.database.read_now(lambda store: store.token_of(UUID(int=number)))
        return pass_json(self.service.do(self.service.workflow.package(PassToken(str(token)))))


def _as(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


@pytest.fixture
def office(running: WalletService, issued: Callable[..., TicketIssued]) -> Iterator[Office]:
    for number, operator in ((1, ONE_OPERATOR), (2, OTHER_OPERATOR)):
        ids = {"ticket_id": UUID(int=number), "application_id": UUID(int=100 + number), "number": number}
        running.hear(issued(**ids, authority_id=AUTHORITY, organisation_id=operator))
    app, identity = FastAPI(openapi_url=None), NamesAsTokens()
    problems.install(app)
    designs = Designs(running.database, UploadedPictures(), lambda: NOW)
    staff = api.DesignStaff(identity, designs, Limit(60, 5, monotonic=lambda: 0.0))
    app.include_router(
        api.router(running.workflow, clock=lambda: NOW, draw_logo=google_logo, is_test=True, design_staff=staff)
    )
    with TestClient(behind_gate(app, api.INTERFACE, identity)) as http:
        yield Office(running, http)


@on_both("url")
def test_a_chosen_design_is_on_every_pass_and_the_same_again_changes_nothing(office: Office) -> None:
    before = office.get().json()
    assert (before["own"], before["issuer"]["de"]) == (False, "Schulticket")
    answer = office.put("all", json=BODY)
    assert (answer.status_code, answer.json()["own"], answer.json()["passes"]) == (200, True, 2)
    assert office.due() == [1, 2]
    shown = office.document(1)
    assert shown["organizationName"] == "Stadt Musterstadt"
    assert shown["backgroundColor"] == "rgb(0, 80, 40)"
    assert "Schülerausweis" in str(shown["generic"])
    again = office.put("all", json=BODY)
    assert again.json()["passes"] == 0
    assert office.due() == []


@on_both("url")
def test_an_operators_design_counts_for_its_tickets_and_the_general_one_for_the_others(office: Office) -> None:
    office.put("all", json=BODY)
    office.due()
    assert office.put(str(ONE_OPERATOR), json=BODY | {"background": "#7a0019"}).json()["passes"] == 1
    assert office.due() == [1]
    assert office.document(1)["backgroundColor"] == "rgb(122, 0, 25)"
    assert office.document(2)["backgroundColor"] == "rgb(0, 80, 40)"
    assert office.get().json()["operators"] == [ONE_OPERATOR]
    office.put("all", json=BODY | {"background": "#00305a"})
    assert office.due() == [2], "the other's passes stay as they are"
    sheet = "/v1/passes/design/12345/colours.css"
    assert "#7a0019" in office.http.get(f"{sheet}?organisation_id={ONE_OPERATOR}").text
    assert "#00305a" in office.http.get(sheet).text
    assert office.delete(str(ONE_OPERATOR)).json()["own"] is False
    assert office.due() == [1]
    assert office.document(1)["backgroundColor"] == "rgb(0, 48, 90)"
    assert office.delete(str(ONE_OPERATOR)).json()["passes"] == 0, "once more changes nothing"


@on_both("url")
def test_pictures_are_sent_shown_kept_over_other_changes_and_taken_out_again(office: Office) -> None:
    office.put("all", json=BODY)
    logo = uploads.saved(uploads.logo())
    sent = office.put("all/pictures/logo", content=logo)
    assert sent.status_code == 200, sent.text
    assert sent.json()["pictures"]["logo"]["width"] == 450
    assert office.due() == [1, 2]
    assert "logoText" not in office.document(1), "a wide logo says the name already"
    assert office.put("all/pictures/logo", content=logo).json()["passes"] == 0
    assert office.put("all", json=BODY | {"label": "#ffffff"}).json()["pictures"].keys() == {"logo"}
    dropped = office.delete("all/pictures/logo")
    assert dropped.json()["pictures"] == {}
    rows = office.service.database.read_now(lambda store: store.session.execute(PICTURE.select()).all())
    assert rows == [], "what no design names goes"
    assert office.delete("all/pictures/logo").json()["passes"] == 0


def test_what_is_wrong_with_a_picture_is_said_with_what_to_do(office: Office) -> None:
    office.put("all", json=BODY)
    refused = office.put("all/pictures/logo", content=b"<svg/>")
    assert refused.status_code == 422
    assert refused.json()["reason"] == "drawing"
    assert "PNG" in refused.text
    dark = office.put("all/pictures/logo", content=uploads.saved(uploads.logo(colour=(0, 70, 45))))
    assert dark.json()["reason"] == "invisible"
    office.put("all/pictures/logo", content=uploads.saved(uploads.logo()))
    pale = office.put("all", json=BODY | {"background": "#fff2cc", "foreground": "#111111", "label": "#222222"})
    assert pale.json()["reason"] == "invisible", "another background would hide the logo that is there"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"foreground": "#104a2a"}, "foreground"),
        ({"label": "#104a2a"}, "label"),
        ({"background": "green"}, None),
        ({"background": "#4d5257"}, "background"),
        ({"background": "#e8ebee", "foreground": "#000000", "label": "#000000"}, "background"),
        ({"front": ["ticket", "birth_date"]}, "front"),
        ({"front": ["birth_date", "validity", "validity"]}, "front"),
        ({"document": {"de": "x" * 25, "en": "x"}}, "document"),
        ({"document": {"de": " ", "en": "x"}}, "document"),
        ({"issuer": {"de": "x" * 101, "en": "x"}}, "issuer"),
        ({"help": [{"label": {"de": "a", "en": "b"}, "answer": {"de": "", "en": "b"}}]}, "help"),
        ({"help": [{"label": {"de": "a", "en": "b"}, "answer": {"de": "c", "en": "d"}}] * 2}, "help"),
    ],
)
def test_a_design_that_would_deceive_or_cannot_be_read_is_refused(
    office: Office, change: dict[str, object], field: str | None
) -> None:
    refused = office.put("all", json=BODY | change)
    assert refused.status_code == 422
    if field is not None:
        assert [each["field"] for each in refused.json()["problems"]] == [field]
    assert office.get().json()["own"] is False


def test_help_stands_on_the_back_in_both_languages(office: Office) -> None:
    words = {"label": {"de": "Fragen?", "en": "Questions?"}, "answer": {"de": "Telefon 0241 0000", "en": "Phone"}}
    office.put("all", json=BODY | {"help": [words]})
    office.due()
    back = {text(field["label"]): text(field["value"]) for field in office.document(1)["generic"]["backFields"]}
    assert back["Fragen?"] == "Telefon 0241 0000"
    assert "Bildschirmfoto" not in back, "the authority's own take the place of the usual ones"


def test_an_authority_sees_and_changes_its_own_design_alone(office: Office) -> None:
    office.put("all", json=BODY)
    assert office.get(who="administrator-1").json()["own"] is False


def test_so_many_pictures_a_minute_are_read(office: Office) -> None:
    answers = [office.put("all/pictures/logo", content=b"x").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
