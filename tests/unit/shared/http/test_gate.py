"""Who may is asked before anything of a request is read, and answered as everywhere."""

from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from shared.errors import NotFound, Text
from shared.http import problems
from shared.http.gate import Gate, NoLine, rules_of
from shared.http.json_bodies import JsonBodies
from shared.http.limits import Limit
from shared.identity import Caller, Policy, open_to_all, with_token
from shared.identity.who_may import Line
from support.tokens import issuer

MISSING = Text("Dieses Ding gibt es hier nicht.", "There is no such thing here.")
POLICY: Policy = {
    "POST /things/{thing}": with_token("case_worker", missing=MISSING),
    "GET /things/{thing}": open_to_all(missing=MISSING),
}
ID = UUID(int=7)


class Body(BaseModel):
    count: int


def app_of(policy: Policy = POLICY) -> FastAPI:
    app, identity = FastAPI(openapi_url=None), issuer().identity()
    problems.install(app, Limit(1, 2))
    checked: list[str] = []
    check = identity.check

    async def counting(token: str) -> Caller:
        checked.append(token)
        return await check(token)

    identity.check = counting  # type: ignore[method-assign]
    app.state.checked = checked

    @app.post("/things/{thing}")
    async def write(thing: UUID, body: Body, who: Annotated[Caller, Depends(identity.caller)]) -> str:
        if thing != ID:
            raise NotFound(MISSING)
        return who.subject

    @app.get("/things/{thing}")
    async def read(thing: UUID) -> str:
        raise NotFound(MISSING)

    rules = rules_of(app, policy)
    app.add_middleware(JsonBodies)
    app.add_middleware(Gate, rules=rules, identity=identity)
    return app


async def ask(app: FastAPI, path: str, headers: dict[str, str], content: str = '{"count": 1}') -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        return await http.post(path, content=content, headers={"Content-Type": "application/json", **headers})


def bearer(*roles: str, authority_id: str | None = "12345") -> dict[str, str]:
    return issuer().bearer("anna", *roles, authority_id=authority_id)


BODIES = ('{"count": 1}', '{"count": "x"}', "{", '{"a": 1, "a": 2}', "[" * 3000, "")


@pytest.mark.parametrize("path", [f"/things/{ID}", f"/things/{UUID(int=8)}", "/things/none"])
@pytest.mark.parametrize("content", BODIES)
async def test_who_may_not_hears_the_same_whatever_the_body_and_the_address(path: str, content: str) -> None:
    for headers, status in (({}, 401), (bearer("guardian"), 403), (bearer("case_worker", authority_id=None), 403)):
        answer = await ask(app_of(), path, headers, content)
        assert answer.status_code == status
        assert answer.json() == (await ask(app_of(), f"/things/{ID}", headers)).json()


async def test_what_is_no_id_is_not_there_and_own_things_are_reached_with_one_look_at_the_token() -> None:
    app = app_of()
    told = [
        await ask(app, f"/things/{each}", bearer("case_worker")) for each in (UUID(int=8), "none", "%00", "x" * 900)
    ]
    assert {each.status_code for each in told} == {404}
    assert told[0].json() == told[1].json() == told[3].json()
    app.state.checked.clear()
    assert (await ask(app, f"/things/{ID}", bearer("case_worker"))).json() == "anna"
    assert len(app.state.checked) == 1


async def test_wrong_tokens_are_counted_at_the_gate_too() -> None:
    app, wrong = app_of(), {"Authorization": "Bearer none"}
    assert [(await ask(app, f"/things/{ID}", wrong)).status_code for _ in range(4)] == [401, 401, 429, 429]


def test_an_operation_without_a_line_and_a_line_without_an_operation_are_refused() -> None:
    with pytest.raises(NoLine, match=r"operations without a line: ..GET /things"):
        app_of({"POST /things/{thing}": open_to_all()})
    with pytest.raises(NoLine, match=r"lines without an operation: ..GET /gone"):
        app_of({**POLICY, "GET /gone": open_to_all()})


@pytest.mark.parametrize("wrong", [("token", ()), ("open", ("guardian",)), ("token", ("king",)), ("link", ("school",))])
def test_a_line_names_roles_that_there_are_just_where_somebody_shows_one(
    wrong: tuple[Literal["open", "token", "link"], tuple[str, ...]],
) -> None:
    with pytest.raises(ValueError, match="roles"):
        Line(wrong[0], frozenset(wrong[1]))
