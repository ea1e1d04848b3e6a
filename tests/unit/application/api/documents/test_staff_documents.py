"""A case worker opens a document with the browser: real tokens of the demo's identity provider, both databases."""

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from application import api
from application.domain.document import Document
from application.domain.ids import Owner
from application.form import ApplicationForm
from application.settings import Settings
from application.store import SqlStore
from application.workflow import Upload, Workflow
from fastapi import FastAPI
from pydantic import ValidationError
from shared.database import Database
from shared.http import problems
from shared.sign_in import Sessions
from shared.sign_in.flow import SignInFlow
from support.application.documents import PDF
from support.application.keys import key_settings
from support.databases import on_both
from support.sign_in import ISSUER, PASSWORD, DemoIdentity, People, StaffBrowser
from support.standing_app import AppOfWorld, StandingApp, behind_gate

URL = "http://antrag.test"
PEOPLE: People = {
    "anna": (["case_worker"], "10261"),
    "bert": (["releaser"], "10261"),
    "ada": (["administrator"], "10261"),
    "fremd": (["case_worker"], "10999"),
    "eltern": (["guardian"], None),
    "beides": (["guardian", "case_worker"], "10999"),
}
BOTH = on_both("store")


class Browser(StaffBrowser):
    async def open(self, path: str, name: str) -> httpx.Response:
        """Sign in, and follow the page that sends the browser on."""
        answer = await self.sign_in(name, path)
        assert answer.status_code == 200, answer.text
        refresh = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
        assert refresh is not None
        return await self.http.get(html.unescape(refresh[1]))


@dataclass
class Place:
    app: AppOfWorld
    identity: DemoIdentity
    workflow: Workflow
    body: dict[str, object]
    clock: list[datetime]

    def browser(self) -> Browser:
        return Browser(self.app, URL, self.identity)

    async def document(self, owner: str = "eltern", key: str = "upload-0001") -> Document:
        form = ApplicationForm.model_validate_json(json.dumps(self.body))
        application = await self.workflow.applications.submit(Owner(owner), f"of-{owner}-1", form, self.clock[0])
        upload = Upload(key, "medical_certificate", "Attest Ana.pdf", None, PDF)
        return await self.workflow.documents.add(Owner(owner), application.id, upload, self.clock[0])


@dataclass
class Parts:
    """What both surfaces ask for, of one world."""

    workflow: Workflow
    sign_in: SignInFlow


def _build(world: Parts) -> FastAPI:
    app = FastAPI(openapi_url=None)
    problems.install(app)
    identity = DemoIdentity(PEOPLE, "documents", f"{URL}{api.BACK}").identity()
    app.include_router(api.documents(world.workflow, identity, URL))
    app.include_router(api.staff_documents(world.workflow, world.sign_in, URL))
    return behind_gate(app, {**api.INTERFACE, **api.DOCUMENT_PAGES}, identity)


STAFF = StandingApp(_build)


@pytest.fixture
def place(workflow: Workflow, body: dict[str, object]) -> Place:
    identity = DemoIdentity(PEOPLE, "documents", f"{URL}{api.BACK}")
    clock = [datetime.now(UTC)]
    sign_in = identity.sign_in(lambda: clock[0], minutes=10)
    app = STAFF.serving(Parts(workflow, sign_in))
    return Place(app, identity, workflow, body, clock)


def path_of(document: Document) -> str:
    return f"/documents/{document.application_id}/{document.id}"


def openings(store: Database[SqlStore], document: Document) -> list[tuple[str, UUID]]:
    found = store.read_now(lambda s: s.openings_of(document.application_id))
    return [(each.subject, each.document_id) for each in found]


@BOTH
async def test_without_a_session_a_case_worker_signs_in_and_gets_the_file_as_the_api_sends_it(
    place: Place, store: Database[SqlStore]
) -> None:
    document = await place.document()
    anna = place.browser()
    asked = await anna.leave(path_of(document))
    assert asked["code_challenge_method"] == "S256" and len(asked["state"]) > 40 and len(asked["nonce"]) > 40
    assert openings(store, document) == []
    file = await anna.open(path_of(document), "anna")
    assert (file.status_code, file.content) == (200, PDF)
    token = await anna.idp.post("/token", data={"grant_type": "password", "username": "bert", "password": PASSWORD})
    bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
    same = await anna.http.get(f"/v1/applications{path_of(document)[10:47]}/documents/{document.id}", headers=bearer)
    assert same.content == PDF
    assert dict(file.headers) == dict(same.headers)
    assert file.headers["content-disposition"].startswith("attachment; ")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert file.headers["cache-control"] == "no-store"
    # the next one needs no sign-in, and every opening by the authority's people is noted, by whichever way
    assert (await anna.http.get(path_of(document))).status_code == 200
    assert openings(store, document) == [("anna", document.id), ("bert", document.id), ("anna", document.id)]


@BOTH
async def test_what_is_noted_is_erased_with_the_application_or_when_its_time_is_over(
    place: Place, store: Database[SqlStore]
) -> None:
    document = await place.document()
    await place.browser().open(path_of(document), "anna")
    (noted,) = place.workflow.openings.of(document.application_id)
    assert noted.at == place.clock[0]
    for days, left in ((729, 1), (731, 0)):
        later = noted.at + timedelta(days=days)
        await place.workflow.openings.forget(later, timedelta(days=730))
        assert len(openings(store, document)) == left
    await place.browser().open(path_of(document), "anna")
    assert len(openings(store, document)) == 1
    store.write_now(lambda one: one.erase(document.application_id, noted.at))
    assert openings(store, document) == []


async def test_another_authority_hears_that_there_is_nothing(place: Place, store: Database[SqlStore]) -> None:
    document = await place.document()
    foreign = place.browser()
    answer = await foreign.open(path_of(document), "fremd")
    assert (answer.status_code, "Das gibt es hier nicht." in answer.text) == (404, True)
    assert answer.headers["content-type"].startswith("text/html")
    unknown = await foreign.http.get(f"/documents/{document.application_id}/{uuid4()}")
    assert unknown.status_code == 404 and unknown.text == answer.text
    # also to somebody who is not signed in, what is no id is no address
    for path in ("/documents/x/y", f"/documents/{document.application_id}/z"):
        assert (await place.browser().http.get(path)).status_code == 404
    assert openings(store, document) == []


async def test_a_document_is_found_only_under_its_own_application(place: Place, store: Database[SqlStore]) -> None:
    document, other = await place.document(), await place.document("nachbarn")
    anna = place.browser()
    assert (await anna.open(path_of(document), "anna")).content == PDF
    assert (await anna.http.get(f"/documents/{other.application_id}/{document.id}")).status_code == 404
    assert openings(store, other) == []


@pytest.mark.parametrize("name", ["eltern", "ada"])
async def test_families_and_other_roles_do_not_come_in_this_way(
    place: Place, store: Database[SqlStore], name: str
) -> None:
    document = await place.document()
    browser = place.browser()
    answer = await browser.http.get(await browser.password(await browser.leave(path_of(document)), name))
    assert (answer.status_code, "nicht freigeschaltet" in answer.text) == (403, True)
    assert "documents" not in browser.http.cookies
    assert (await browser.http.get(path_of(document))).status_code == 303
    assert openings(store, document) == []


async def test_a_case_worker_elsewhere_does_not_open_the_own_familys_document_this_way(
    place: Place, store: Database[SqlStore]
) -> None:
    document = await place.document("beides")
    assert (await place.browser().open(path_of(document), "beides")).status_code == 404
    assert openings(store, document) == []


@pytest.mark.parametrize("wrong", ["state", "iss", "code"])
async def test_an_answer_that_is_not_ours_signs_nobody_in(place: Place, wrong: str) -> None:
    document = await place.document()
    browser = place.browser()
    back = await browser.password(await browser.leave(path_of(document)), "anna")
    answer = await browser.http.get(back.replace(f"{wrong}=", f"{wrong}=x"))
    assert (answer.status_code, "hat nicht geklappt" in answer.text) == (401, True)
    assert (await place.browser().http.get(back)).status_code == 401  # another browser has not begun it
    assert (await browser.http.get(path_of(document))).status_code == 303
    english = await place.browser().http.get(back, headers={"Accept-Language": "en"})
    assert "Signing in did not work" in english.text


async def test_a_cookie_of_another_service_or_one_that_was_changed_counts_for_nothing(place: Place) -> None:
    document = await place.document()
    browser = place.browser()
    answer = await browser.http.get(await browser.password(await browser.leave(path_of(document)), "anna"))
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("documents="))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "anna" not in cookie
    value = browser.http.cookies["documents"]
    assert (await browser.http.get(path_of(document))).status_code == 200
    for forged in (value[:-6] + "AAAAAA", Sessions("k" * 40, "desk", https=False)._value("documents", {"sub": "a"})):
        stranger = place.browser()
        stranger.http.cookies.set("documents", forged)
        assert (await stranger.http.get(path_of(document))).status_code == 303


async def test_a_session_is_short_and_then_the_rights_are_asked_for_anew(place: Place) -> None:
    document = await place.document()
    anna = place.browser()
    assert (await anna.open(path_of(document), "anna")).status_code == 200
    place.clock[0] += timedelta(minutes=10)
    assert (await anna.http.get(path_of(document))).status_code == 303


async def test_the_page_between_tells_nothing_and_may_do_nothing(place: Place) -> None:
    document = await place.document()
    browser = place.browser()
    page = await browser.http.get(await browser.password(await browser.leave(path_of(document)), "anna"))
    assert "Attest" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script" not in policy and "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"


def test_half_a_sign_in_is_refused_at_the_start_and_none_means_no_route(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from application.main import build

    values = {"PORT": "4712", "PUBLIC_URL": URL, "DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}", "ISSUER": ISSUER,
              "NATS_URL": "nats://x", "NATS_MONITOR_URL": "http://x", "NATS_SEED_FILE": "x"}  # fmt: skip
    for name, value in key_settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    for name, value in values.items():
        monkeypatch.setenv(f"APPLICATION_{name}", value)

    def has_route() -> bool:
        service = build()
        service.database.close()
        return any(getattr(each, "path", "") == api.BACK for router in service.routers for each in router.routes)

    assert not has_route()
    monkeypatch.setenv("APPLICATION_DESK_CLIENT_ID", "documents")
    with pytest.raises(ValidationError, match="desk_authorize_url, desk_token_url, desk_session_key_file"):
        Settings()
    key = tmp_path / "documents.key"
    for name, value in {"AUTHORIZE_URL": "http://x/a", "TOKEN_URL": "http://x/t", "SESSION_KEY_FILE": str(key)}.items():
        monkeypatch.setenv(f"APPLICATION_DESK_{name}", value)
    key.write_text("short")
    with pytest.raises(SystemExit, match=r"APPLICATION_DESK_SESSION_KEY_FILE: .*at least 32"):
        build()
    key.write_text("k" * 40)
    assert has_route()


async def test_a_command_tells_who_opened_what(
    place: Place, store: Database[SqlStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    from application.commands import app
    from typer.testing import CliRunner

    document = await place.document()
    await place.browser().open(path_of(document), "anna")
    monkeypatch.setattr("application.main.open_workflow", lambda: place.workflow)
    told = CliRunner().invoke(app, ["document", "openings", str(document.application_id)])
    assert told.exit_code == 0, told.output
    assert told.output == f"{place.clock[0].isoformat(timespec='seconds')}  {document.id}  anna\n"
    assert "no opening" in CliRunner().invoke(app, ["document", "openings", str(uuid4())]).output
