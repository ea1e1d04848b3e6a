"""Who may, asked before anything of a request is read: before its body, its parameters, and any write.

So whoever may not learns nothing else, neither from an error in the body nor from what is there. What a caller owns is
asked afterwards, in the query.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import Problem
from shared.http.limits import TooMany
from shared.identity import CHECKED, Identity, Line, Policy, Unauthenticated, open_to_all
from shared.identity.who_may import SCOPE
from shared.row_security.asking import asks, request_begins, request_ends

COMMON: Policy = {
    "GET /": open_to_all(),
    "GET /healthz": open_to_all(),
    "GET /readyz": open_to_all(),
    "GET /openapi.json": open_to_all(),
    "GET /.well-known/security.txt": open_to_all(),
}
"""What every service has."""


class NoLine(Exception):
    """An operation of which the policy table does not say who may."""


class _Rule(NamedTuple):
    method: str
    path: re.Pattern[str]
    line: Line


def operations(app: FastAPI) -> Iterator[str]:
    """All of them, with those that no document describes: `GET /v1/cases/{case_id}`, in the order of the routes."""
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, APIRoute):
            raise NoLine(f"a route that no table can name: {route.path}")
        for method in sorted(route.methods or ()):
            yield f"{method} {route.path}"


def rules_of(app: FastAPI, policy: Policy) -> list[_Rule]:
    """Raises NoLine for an operation without a line, and for a line without an operation."""
    known, table = list(operations(app)), {**COMMON, **policy}
    without = sorted(set(known) - table.keys())
    gone = sorted(policy.keys() - set(known))
    if without or gone:
        raise NoLine(f"operations without a line: {without}; lines without an operation: {gone}")
    return [_Rule(*_split(each), table[each]) for each in known]


def _split(operation: str) -> tuple[str, re.Pattern[str]]:
    method, _, path = operation.partition(" ")
    return method, compile_path(path)[0]


class Gate:
    """ASGI middleware. `rules`: in the order of the routes, of which the first that fits is taken, as there."""

    def __init__(self, app: ASGIApp, rules: list[_Rule], identity: Identity) -> None:
        self._app, self._identity = app, identity
        self._rules: dict[str, list[_Rule]] = {}
        for each in rules:
            self._rules.setdefault(each.method, []).append(each)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        rules = self._rules.get(scope["method"], ())
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        line = next((each.line for each in rules if each.path.match(path)), None)
        token = request_begins("" if line is None else line.works_as)
        try:
            await self._admit(line, scope, receive, send)
        finally:
            request_ends(token)

    async def _admit(self, line: Line | None, scope: Scope, receive: Receive, send: Send) -> None:
        if line is None:  # the router has nothing there either
            await self._app(scope, receive, send)
            return
        scope[SCOPE] = line
        if line.way != "token":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        header = request.headers.get("authorization")
        try:
            caller = await self._identity.caller(header)
            line.admit(caller)
            asks(caller)
        except (Problem, Unauthenticated, TooMany) as error:
            await (await _answer(request, error))(scope, receive, send)
            return
        before = CHECKED.set((header or "", caller))
        try:
            await self._app(scope, receive, send)
        finally:
            CHECKED.reset(before)


async def _answer(request: Request, error: Exception) -> Any:
    """As the application answers it everywhere."""
    handlers = request.app.exception_handlers
    handler = next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)
    return await handler(request, error)


__all__ = ["COMMON", "Gate", "NoLine", "operations", "rules_of"]
