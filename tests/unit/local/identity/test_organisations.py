"""Operators and inspectors are of an organisation, and their tokens say which."""

import time
from pathlib import Path

import pytest
from joserfc.jwk import KeySet
from local.identity.provider import Settings, access_token, load_key
from local.system.users import write_settings
from shared.identity import Identity, Unauthenticated


async def test_two_operators_are_of_two_organisations_and_a_family_is_of_none(tmp_path: Path) -> None:
    issuer, key_file = "http://127.0.0.1:9", tmp_path / "key.pem"
    users = write_settings(tmp_path / "settings.json", issuer=issuer, key_file=key_file, authority="10261")
    settings = Settings.model_validate({"issuer": issuer, "key_file": key_file, "users": users})
    key = load_key(key_file)
    identity = Identity(issuer, settings.audience, keys=KeySet([key]))
    found = {}
    for name, user in settings.users.items():
        caller = await identity.check(access_token(settings, key, name, user, int(time.time())))
        found[name] = caller.organisation_id
    assert found["operator"] == found["inspector"] == 32838
    assert found["operator-2"] == 32839 and found["parent-1"] is found["case-worker"] is None


async def test_an_organisation_of_a_wrong_type_is_no_sign_in(tmp_path: Path) -> None:
    issuer, key_file = "http://127.0.0.1:9", tmp_path / "key.pem"
    write_settings(tmp_path / "settings.json", issuer=issuer, key_file=key_file, authority="10261")
    user = {"password": "x" * 16, "roles": ["operator"], "organisation_id": 5}
    settings = Settings.model_validate({"issuer": issuer, "key_file": key_file, "users": {"one": user}})
    key = load_key(key_file)
    wrong = settings.users["one"].model_copy(update={"organisation_id": "5"})
    with pytest.raises(Unauthenticated):
        await Identity(issuer, settings.audience, keys=KeySet([key])).check(
            access_token(settings, key, "one", wrong, int(time.time()))
        )
