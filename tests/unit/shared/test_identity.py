"""A token counts only if this issuer made it for this audience, with a key that it publishes."""

import base64
import hmac
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from shared.errors import Forbidden
from shared.identity import Identity, Unauthenticated

ISSUER = "https://login.example"
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
OTHER = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
PUBLISHED = KeySet([ECKey.import_key(KEY.as_dict(private=False))])


def claims(**changes) -> dict:
    now = int(time.time())
    result = {"iss": ISSUER, "aud": "schulticket", "sub": "p-1", "iat": now, "exp": now + 300, "roles": ["guardian"]}
    result.update({name: now + value if name in ("exp", "nbf") and value else value for name, value in changes.items()})
    return {name: value for name, value in result.items() if value is not None}


def token(changes: dict | None = None, *, key=KEY, header: dict | None = None) -> str:
    return jwt.encode({"alg": "ES256", "kid": "one", **(header or {})}, claims(**(changes or {})), key)


@pytest.fixture
def identity() -> Identity:
    made = Identity(ISSUER, "schulticket", keys=PUBLISHED)
    made._fetched_at = time.monotonic()  # no second look at an issuer that is not there
    return made


async def test_a_good_token_names_the_caller_with_tenant_and_roles(identity):
    caller = await identity.check(token({"authority_id": "99001", "roles": ["case_worker", "emperor"]}))
    assert (caller.subject, caller.authority_id, caller.roles) == ("p-1", "99001", {"case_worker"})


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
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_does_not_count(identity, changes):
    with pytest.raises(Unauthenticated):
        await identity.check(token(changes))


async def test_a_token_of_another_key_with_the_same_id_does_not_count(identity):
    with pytest.raises(Unauthenticated):
        await identity.check(token(key=OTHER))


async def test_the_public_key_does_not_serve_as_a_shared_secret(identity):
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "one"}, claims())
    )
    seal = hmac.digest(KEY.as_pem(private=False), head + b"." + body, "sha256")
    forged = b".".join([head, body, base64.urlsafe_b64encode(seal).rstrip(b"=")]).decode()
    with pytest.raises(Unauthenticated):
        await identity.check(forged)


async def test_no_algorithm_and_a_foreign_algorithm_do_not_count(identity):
    rsa = RSAKey.generate_key(2048, {"kid": "one"})
    forged = jwt.encode({"alg": "RS256", "kid": "one"}, claims(), rsa)
    header, payload, _ = token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"one"}').rstrip(b"=").decode()
    for bad in (forged, f"{none}.{payload}.", f"{none}.{payload}.AA", f"{header}.{payload}.", "a.b.c", "", "....", "é"):
        with pytest.raises(Unauthenticated):
            await identity.check(bad)


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer ", "Bearer " + "a" * 9000])
async def test_without_a_usable_header_nobody_is_known(identity, header):
    with pytest.raises(Unauthenticated):
        await identity.caller(header)


async def test_a_missing_role_is_forbidden(identity):
    caller = await identity.check(token())
    with pytest.raises(Forbidden):
        caller.require("case_worker")
    caller.require("guardian", "case_worker")
