"""A token that has run out is no guess: whoever sends it is told to sign in anew, however often an office does so."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient
from shared.http import problems
from shared.http.limits import Limit
from shared.identity import Caller
from support.tokens import TokenIssuer


def test_expired_tokens_of_one_address_are_answered_401_for_ever_and_forged_ones_are_not() -> None:
    issuer, stranger = TokenIssuer(), TokenIssuer()
    identity, routes, app = issuer.identity(), APIRouter(), FastAPI()

    @routes.get("/v1/things")
    async def things(caller: Annotated[Caller, Depends(identity.caller)]) -> str:
        return caller.subject

    app.include_router(routes)
    problems.install(app, Limit(60, 3))
    http = TestClient(app)
    expired, forged = issuer.bearer("anna", "guardian", seconds=-3600), stranger.bearer("anna", "guardian")
    assert {http.get("/v1/things", headers=expired).status_code for _ in range(20)} == {401}
    assert [http.get("/v1/things", headers=forged).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert http.get("/v1/things", headers=issuer.bearer("anna", "guardian")).status_code == 200
