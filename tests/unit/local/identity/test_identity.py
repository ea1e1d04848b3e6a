"""The demo identity provider gives tokens that the services accept, and stays on loopback."""

import asyncio
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import KeySet
from local.identity.provider import Settings, User, access_token, app, load_key
from pydantic import ValidationError
from shared.identity import Identity, Unauthenticated

ISSUER = "http://127.0.0.1:4711"
PASSWORD = "a-long-demo-password"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    users = {
        "parent-1": User(password=PASSWORD, roles=["guardian"]),
        "case-worker": User(password=PASSWORD, roles=["case_worker"], authority_id="19900"),
    }
    return Settings(issuer=ISSUER, key_file=tmp_path / "key.pem", users=users)


@pytest.fixture
def client(settings: Settings) -> TestClient:
    return TestClient(app(settings, load_key(settings.key_file)), base_url=ISSUER)


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> str:
    answer = client.post("/token", data={"grant_type": "password", "username": name, "password": password})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.json()["access_token"])


def check(client: TestClient, token: str) -> tuple[str, str | None, frozenset[str]]:
    keys = KeySet.import_key_set(client.get("/jwks").json())
    caller = asyncio.run(Identity(ISSUER, "schulticket", keys=keys).check(token))
    return caller.subject, caller.authority_id, caller.roles


def test_a_service_accepts_the_token_and_knows_who_it_is(client: TestClient) -> None:
    assert check(client, sign_in(client, "parent-1")) == ("parent-1", None, frozenset({"guardian"}))
    assert check(client, sign_in(client, "case-worker")) == ("case-worker", "19900", frozenset({"case_worker"}))


def test_client_credentials_work_too(client: TestClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "case-worker", "client_secret": PASSWORD}
    assert check(client, client.post("/token", data=form).json()["access_token"])[0] == "case-worker"


@pytest.mark.parametrize(
    ("name", "password"), [("parent-1", "wrong"), ("nobody", PASSWORD), ("", ""), ("parent-1", "")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client: TestClient, name: str, password: str) -> None:
    answer = client.post("/token", data={"grant_type": "password", "username": name, "password": password})
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_other_grants_are_not_known(client: TestClient) -> None:
    assert client.post("/token", data={"grant_type": "implicit"}).json() == {"error": "unsupported_grant_type"}


def test_a_token_lasts_an_hour(settings: Settings, client: TestClient) -> None:
    token = access_token(settings, load_key(settings.key_file), "parent-1", settings.users["parent-1"], now=1_000_000)
    with pytest.raises(Unauthenticated):
        check(client, token)


def test_the_key_is_kept_and_nobody_else_can_read_it(settings: Settings) -> None:
    first, second = load_key(settings.key_file), load_key(settings.key_file)
    assert first.kid == second.kid
    assert settings.key_file.stat().st_mode & 0o777 == 0o600


def test_no_private_key_is_published(client: TestClient) -> None:
    assert "d" not in client.get("/jwks").json()["keys"][0]


@pytest.mark.parametrize(
    "issuer", ["http://0.0.0.0:80", "http://192.168.1.5:80", "http://login.example:80", "http:///x"]
)
def test_it_refuses_to_run_outside_loopback(settings: Settings, issuer: str) -> None:
    with pytest.raises(ValidationError, match="loopback"):
        Settings(issuer=issuer, key_file=settings.key_file, users={})


def test_it_refuses_to_be_spoken_to_by_a_foreign_name(client: TestClient) -> None:
    assert client.get("/jwks", headers={"Host": "evil.example"}).status_code == 400


@pytest.fixture
def with_desk(settings: Settings) -> TestClient:
    settings.clients["desk"] = ["http://127.0.0.1:4712/desk/sign-in/back"]
    return TestClient(app(settings, load_key(settings.key_file)), base_url=ISSUER, follow_redirects=False)


ASKED = {"client_id": "desk", "redirect_uri": "http://127.0.0.1:4712/desk/sign-in/back", "code_challenge": "c" * 43,
         "state": "s", "nonce": "n"}  # fmt: skip


def test_the_sign_in_page_sends_back_only_to_a_known_address(with_desk: TestClient) -> None:
    assert with_desk.get("/authorize", params=ASKED).status_code == 200
    for foreign in ({"redirect_uri": "http://evil.example/"}, {"client_id": "other"}):
        assert with_desk.get("/authorize", params=ASKED | foreign).status_code == 400
        form = ASKED | foreign | {"username": "case-worker", "password": PASSWORD}
        assert with_desk.post("/authorize", data=form).status_code == 400
    plain = with_desk.get("/authorize", params=ASKED | {"code_challenge_method": "plain"})
    assert "error=invalid_request" in plain.headers["location"]


def test_a_wrong_password_stays_on_the_page_and_escapes_what_was_typed(with_desk: TestClient) -> None:
    form = ASKED | {"username": '"><script>', "password": "wrong"}
    answer = with_desk.post("/authorize", data=form)
    assert answer.status_code == 401
    assert "<script" not in answer.text and "stimmen nicht" in answer.text


def test_a_browser_in_which_somebody_has_signed_in_is_asked_for_no_second_password(with_desk: TestClient) -> None:
    assert "Weiter als" not in with_desk.get("/authorize", params=ASKED).text
    assert with_desk.post("/authorize", data=ASKED).status_code == 401
    form = ASKED | {"username": "case-worker", "password": PASSWORD}
    assert with_desk.post("/authorize", data=form).status_code == 303
    assert "Weiter als case-worker" in with_desk.get("/authorize", params=ASKED).text
    again = with_desk.post("/authorize", data=ASKED)
    assert again.status_code == 303 and "code=" in again.headers["location"]
    # another name needs its password
    assert with_desk.post("/authorize", data=ASKED | {"username": "parent-1"}).status_code == 401
