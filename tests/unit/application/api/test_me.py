"""GET /v1/me/export and DELETE /v1/me: all of the own account, and nothing of another one."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from application.api.own_data.limits import export_limit
from application.domain.ids import ApplicationId
from application.domain.timeline import EntryKind, TimelineEntry
from application.store import Row, SqlStore
from application.store.erasure import NO_FAMILYS
from application.store.own_data import FILES, NOT_TOLD
from shared.database import Database
from shared.errors import Problem
from shared.events import ApplicationFamilyErased
from shared.mail import Mail
from starlette.requests import Request
from support.application.documents import PHOTO
from support.json import Json, walked
from support.outbox import told

Header = Callable[..., dict[str, str]]


async def applied(http: httpx.AsyncClient, bearer: Header, body: dict[str, object], who: str = "parent-1") -> str:
    headers = bearer(who) | {"Idempotency-Key": f"key-of-{who}"}
    answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    path = str(answer.json()["links"]["self"])
    sent = await http.post(
        f"{path}/documents", headers=bearer(who) | {"Idempotency-Key": f"document-of-{who}"},
        data={"kind": "medical_certificate"}, files={"file": ("Attest.png", PHOTO)},
    )  # fmt: skip
    assert sent.status_code == 201, sent.text
    return path


async def begun(http: httpx.AsyncClient, bearer: Header, who: str = "parent-1") -> None:
    answer = await http.post("/v1/drafts", json={"pupil": {"first_name": "Mila"}}, headers=bearer(who))
    assert answer.status_code == 201, answer.text


async def exported(
    http: httpx.AsyncClient, bearer: Header, who: str = "parent-1", language: str = "de"
) -> zipfile.ZipFile:
    answer = await http.get("/v1/me/export", headers=bearer(who) | {"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip" and answer.headers["cache-control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


def data_of(archive: zipfile.ZipFile) -> Json:
    return walked(json.loads(archive.read("data.json")))


async def test_the_archive_has_a_page_data_for_programs_and_each_document_as_it_was_sent(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object]
) -> None:
    path = await applied(http, bearer, body)
    await begun(http, bearer)
    archive = await exported(http, bearer)
    names = archive.namelist()
    assert names[:2] == ["Meine-Daten.html", "data.json"] and len(names) == 3
    assert archive.read(names[2]) == PHOTO
    data = data_of(archive)
    (one,) = data["applications"]
    assert one["id"] == path.rpartition("/")[2] and one["form"]["pupil"] == body["pupil"]
    assert one["told"]["status"] == "submitted" and list(data["files"].values()) == names[2:]
    assert data["drafts"][0]["form"]["pupil"]["first_name"] == "Mila"
    assert set(data["kept"]) == {"application", "eligibility", "signer", "issuance", "wallet-pass"}
    page = archive.read("Meine-Daten.html").decode()
    pupil = body["pupil"]
    assert isinstance(pupil, dict) and pupil["last_name"] in page and "Mila" in page and names[2] in page
    english = (await exported(http, bearer, language="en")).read("My-data.html").decode()
    assert "What has happened" in english and "Was geschehen ist" not in english


async def test_every_table_of_a_family_is_in_it_and_no_secret_and_no_account_of_others(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object]
) -> None:
    path = await applied(http, bearer, body)
    link = (await http.post(f"{path}/invitations", json={"kind": "helper"}, headers=bearer())).json()["link"]
    token = link.rpartition("/")[2]
    await http.post(f"/v1/invitations/{token}", json={"name": "Oma Inge"}, headers=bearer("grandmother"))
    data = data_of(await exported(http, bearer))
    assert set(data["rows"]) == set(Row.metadata.tables) - NO_FAMILYS - FILES
    assert data["applications"][0]["people"][0]["name"] == "Oma Inge"
    assert "grandmother" not in json.dumps(data)
    assert not any(set(row) & NOT_TOLD for rows in data["rows"].values() for row in rows)
    helper = data_of(await exported(http, bearer, "grandmother"))
    assert helper["applications"] == [] and len(helper["rows"]["person"]) == 1
    pupil = body["pupil"]
    assert isinstance(pupil, dict) and pupil["last_name"] not in json.dumps(helper)


def test_no_column_is_told_that_opens_something_or_names_an_account() -> None:
    """The link of a mail that waits confirms an address: who gives a stranger's must not read it in an export."""
    tables = [each for each in Row.metadata.sorted_tables if each.name not in NO_FAMILYS]
    names = {column.name for table in tables for column in table.columns}
    hidden = {each for each in names if re.search(r"(digest|link|account|account_id|subject|owner|_by)$", each)}
    assert {"link", "account", "said_by"} <= hidden <= NOT_TOLD


async def test_a_link_that_confirms_an_address_is_in_the_mail_alone(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[SqlStore]
) -> None:
    path = await applied(http, bearer, body)
    mail = Mail(uuid4(), "confirm", "de", "fremde@amt.example", "http://antrag.test/emails/secret", datetime.now(UTC))
    about = path.rpartition("/")[2]
    database.write_now(lambda store: store.mails.queue(mail, application_id=about))
    text = (await exported(http, bearer)).read("data.json").decode()
    assert "fremde@amt.example" in text
    assert "emails/secret" not in text, "whoever types a stranger's address could confirm it"


async def test_an_account_sees_and_erases_nothing_of_another(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[SqlStore]
) -> None:
    mine, others = await applied(http, bearer, body), await applied(http, bearer, body, "parent-2")
    assert others.rpartition("/")[2] not in (await exported(http, bearer)).read("data.json").decode()
    await begun(http, bearer)
    gone = await http.delete("/v1/me", headers=bearer())
    assert gone.status_code == 200 and gone.json()["kept"] == []
    assert (gone.json()["tables"]["application"], gone.json()["tables"]["draft"]) == (1, 1)
    assert (await http.get(mine, headers=bearer())).status_code == 404
    assert (await http.get(others, headers=bearer("parent-2"))).status_code == 200
    assert [str(each.application_id) for each in told(database, ApplicationFamilyErased)] == [mine.rpartition("/")[2]]
    again = await http.delete("/v1/me", headers=bearer())
    assert again.status_code == 200 and again.json() == {"tables": {}, "kept": []}
    assert data_of(await exported(http, bearer))["applications"] == []


async def test_what_must_stay_is_named_with_reason_and_day_and_nothing_goes_unless_the_rest_is_asked_for(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[SqlStore]
) -> None:
    held = await applied(http, bearer, body)
    await begun(http, bearer)
    number, refused_at = ApplicationId(UUID(held.rpartition("/")[2])), datetime.now(UTC) - timedelta(days=5)
    database.write_now(lambda store: store.note(number, TimelineEntry(EntryKind.REFUSED, refused_at, str(uuid4()))))
    answer = await http.delete("/v1/me", headers=bearer())
    assert answer.status_code == 409, answer.text
    (hold,) = answer.json()["holds"]
    assert (hold["application_id"], hold["kind"]) == (str(number), "period")
    assert hold["until"] == (refused_at + timedelta(days=395)).date().isoformat() or hold["until"]
    assert "geklagt" in hold["why"]["de"] and hold["why"]["en"] and hold["legal_basis"]
    assert len(data_of(await exported(http, bearer))["drafts"]) == 1, "nothing is gone"
    rest = await http.delete("/v1/me?keep_held=true", headers=bearer())
    assert rest.status_code == 200 and rest.json()["kept"] == [str(number)] and rest.json()["tables"] == {"draft": 1}
    assert (await http.get(held, headers=bearer())).status_code == 200


async def test_without_an_account_or_as_somebody_else_nothing_is_given_out(
    http: httpx.AsyncClient, bearer: Header
) -> None:
    for method, path in (("GET", "/v1/me/export"), ("DELETE", "/v1/me")):
        assert (await http.request(method, path)).status_code == 401
        assert (await http.request(method, path, headers=bearer("anna", "case_worker"))).status_code == 403


def test_an_account_can_have_its_data_put_together_only_so_often_a_day() -> None:
    limit, request = export_limit(2), Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    for _ in range(2):
        limit.spend("parent-1", request)
    with pytest.raises(Problem) as refused:
        limit.spend("parent-1", request)
    assert refused.value.status == 429
    limit.spend("parent-2", request)
