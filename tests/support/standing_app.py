"""An application that is built once and serves the world of each test: building its routes takes longer than most tests.

CASES = StandingApp(lambda world: FastAPI with routers on world.desk, world.handling, …)
httpx.ASGITransport(CASES.serving(world))
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import cached_property, reduce
from typing import Generic, TypeVar

from fastapi import FastAPI
from shared.http.gate import Gate, operations, rules_of
from shared.identity import Identity, Policy
from starlette.types import Receive, Scope, Send
from support.json import Json

World = TypeVar("World")


class Later:
    """Stands, while the application is built, for what the world of a request will have under this name."""

    def __init__(self, world: ContextVar[object], path: tuple[str, ...] = ()) -> None:
        self._world, self._path = world, path

    def __getattr__(self, name: str) -> object:
        world = self._world.get(None)
        return Later(self._world, (*self._path, name)) if world is None else getattr(self._real(world), name)

    def __call__(self, *values: object, **named: object) -> object:
        real = self._real(self._world.get())
        assert callable(real)
        return real(*values, **named)

    def _real(self, world: object) -> object:
        return reduce(getattr, self._path, world)


class StandingApp(Generic[World]):
    """`build`: makes it from what stands for a world. It asks the world for parts that have a name, and calls none."""

    def __init__(self, build: Callable[[World], FastAPI]) -> None:
        self._build = build
        self._world: ContextVar[object] = ContextVar("world")

    @cached_property
    def app(self) -> FastAPI:
        return self._build(Later(self._world))  # type: ignore[arg-type]  # it stands for a world

    def serving(self, world: World) -> "AppOfWorld":
        """For this world, also beside other ones."""
        return AppOfWorld(self.app, self._world, world)


def behind_gate(app: FastAPI, policy: Policy, identity: Identity) -> FastAPI:
    """As a service has it: each request is that of its caller, who is asked for before anything is read of it.

    Args:
        policy: of the whole service, of which this application may have a part.
    """
    here = set(operations(app))
    rules = rules_of(app, {operation: line for operation, line in policy.items() if operation in here})
    app.add_middleware(Gate, rules=rules, identity=identity)
    return app


class AppOfWorld:
    """An ASGI application; all that it has is the standing one's."""

    def __init__(self, app: FastAPI, current: ContextVar[object], world: object) -> None:
        self.app, self._current, self._world = app, current, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        before = self._current.set(self._world)
        try:
            await self.app(scope, receive, send)
        finally:
            self._current.reset(before)

    def openapi(self) -> dict[str, Json]:
        return self.app.openapi()
