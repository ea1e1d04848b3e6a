"""A token counts only if this issuer made it for this audience, with a key that it publishes."""

import base64
import hmac
import json
import time
from collections.abc import Mapping

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from shared.errors import Forbidden
from shared.identity import Identity, Unauthenticated
from structlog.testing import capture_logs

ISSUER = "https://login.example"
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
OTHER = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
PUBLISHED = KeySet([ECKey.import_key(KEY.as_dict(private=False))])


def claims(**changes: object) -> dict[str, object]:
    now = int(time.time())
    result: dict[str, object] = {
        "iss": ISSUER,
        "aud": "schulticket",
        "sub": "p-1",
        "iat": now,
        "exp": now + 300,
        "roles": ["guardian"],
    }
    for name, value in changes.items():
        is_seconds = name in ("exp", "nbf") and value
        result[name] = now + value if is_seconds and type(value) is int else value
    return {name: value for name, value in result.items() if value is not None}


def token(
    changes: Mapping[str, object] | None = None, *, key: ECKey = KEY, header: Mapping[str, object] | None = None
) -> str:
    return jwt.encode({"alg": "ES256", "kid": "one", **(header or {})}, claims(**(changes or {})), key)


@pytest.fixture
def identity() -> Identity:
    return Identity(ISSUER, "schulticket", keys=PUBLISHED)


async def test_a_good_token_names_the_caller_with_tenant_and_roles(identity: Identity) -> None:
    caller = await identity.check(token({"authority_id": "99001", "roles": ["case_worker", "emperor"]}))
    assert (caller.subject, caller.authority_id, caller.roles) == ("p-1", "99001", frozenset({"case_worker"}))


@pytest.mark.parametrize(
    "changes",  # times are seconds from now
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"exp": -3600},
        {"exp": None},
        {"nbf": 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"roles": "guardian"},
        {"authority_id": ["99001"]},
        {"authority_id": "9" * 33},
        {"authority_id": "99001\n99002"},
        {"organisation_id": "70"},
        {"organisation_id": True},
        {"school_number": 168890},
        {"school_number": "16889"},
        {"school_number": "168890\n"},
        {"school_number": "١٦٨٨٩٠"},
        {"sub": "a\x00b"},
        {"sub": "a" * 256},
        {"exp": 25 * 3600},
        {"exp": 10**30},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": "now"},
        {"iat": 4102444800},
        {"nbf": [1]},
        {"at_hash": "an ID token"},
        {"c_hash": "an ID token"},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_does_not_count(
    identity: Identity,
    changes: dict[str, None]
    | dict[str, bool]
    | dict[str, int]
    | dict[str, list[int]]
    | dict[str, list[str]]
    | dict[str, str],
) -> None:
    with pytest.raises(Unauthenticated):
        await identity.check(token(changes))


async def test_a_token_of_another_key_with_the_same_id_does_not_count(identity: Identity) -> None:
    with pytest.raises(Unauthenticated):
        await identity.check(token(key=OTHER))


@pytest.mark.parametrize("header", [{"typ": "logout+jwt"}, {"typ": "dpop+jwt"}, {"kid": ""}])
async def test_a_token_of_another_kind_or_of_no_key_does_not_count(identity: Identity, header: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        await identity.check(token(header=header))


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "JWT"])
async def test_an_access_token_says_that_it_is_one_or_is_a_plain_token(identity: Identity, typ: str) -> None:
    assert (await identity.check(token(header={"typ": typ}))).subject == "p-1"


async def test_a_service_can_be_held_to_marked_access_tokens_alone() -> None:
    strict = Identity(ISSUER, "schulticket", keys=PUBLISHED, types=["at+jwt"])
    assert (await strict.check(token(header={"typ": "at+jwt"}))).subject == "p-1"
    for header in ({"typ": "JWT"}, {}):
        with pytest.raises(Unauthenticated):
            await strict.check(token(header=header))


async def test_a_sign_in_reads_its_id_token_all_the_same(identity: Identity) -> None:
    assert (await identity.claims(token({"at_hash": "x", "nonce": "n"})))["nonce"] == "n"


async def test_a_clock_that_is_wrong_is_said_once_and_not_for_strangers() -> None:
    behind = Identity(ISSUER, "schulticket", keys=PUBLISHED, clock=lambda: time.time() - 600)
    with capture_logs() as said:
        for made in (token(key=OTHER), token(), token(), token()):
            with pytest.raises(Unauthenticated):
                await behind.check(made)
    (one,) = said
    assert one["event"] == "clock_differs_from_identity_provider" and 590 < one["seconds"] < 610


async def test_the_public_key_does_not_serve_as_a_shared_secret(identity: Identity) -> None:
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "one"}, claims())
    )
    seal = hmac.digest(KEY.as_pem(private=False), head + b"." + body, "sha256")
    forged = b".".join([head, body, base64.urlsafe_b64encode(seal).rstrip(b"=")]).decode()
    with pytest.raises(Unauthenticated):
        await identity.check(forged)


async def test_no_algorithm_and_a_foreign_algorithm_do_not_count(identity: Identity) -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "one"})
    forged = jwt.encode({"alg": "RS256", "kid": "one"}, claims(), rsa)
    header, payload, _ = token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"one"}').rstrip(b"=").decode()
    for bad in (forged, f"{none}.{payload}.", f"{none}.{payload}.AA", f"{header}.{payload}.", "a.b.c", "", "....", "é"):
        with pytest.raises(Unauthenticated):
            await identity.check(bad)


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer ", "Bearer " + "a" * 9000])
async def test_without_a_usable_header_nobody_is_known(identity: Identity, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await identity.caller(header)


async def test_a_missing_role_is_forbidden(identity: Identity) -> None:
    caller = await identity.check(token())
    with pytest.raises(Forbidden):
        caller.require("case_worker")
    caller.require("guardian", "case_worker")
