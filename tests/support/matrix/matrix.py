"""The matrix: each operation of a service, its pages too, asked by each actor for what is its own, another's, not there
and no id. What must come follows from the operation's line in the policy table and from nothing else.

1. Who may not, or says not who it is, hears the same whatever it asks for. 2. Who may, hears of what is another's and of
what is none just what it hears of what is not there. 3. What needs no sign-in answers everybody alike. 4. None of these
writes anything. 5. Who may, reaches its own, and no list, count or page of it names what is another's.
"""

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from fastapi import FastAPI, Response
from shared.http.gate import COMMON, operations
from shared.identity import Line
from shared.runtime.service import api_of
from shared.sign_in import Sessions
from support.json import Json
from support.matrix.actors import ACTORS, FIRST, Actor
from support.matrix.asking import Answer, Body, ask
from support.matrix.bodies import QUERY, body_of, form_of
from support.matrix.places import FILL, NONSENSE, Places
from support.matrix.services import AnyService

PARAMETER = re.compile(r"{(\w+)(?::path)?}")
COOKIES = {
    "/school": "school",
    "/desk": "desk",
    "/documents": "documents",
    "/codes": "documents",
    "/family": "family",
}
"""Of whose pages lie there."""
PUBLIC_NUMBERS = ("authority_id", "school_number")
"""Of registers that everybody reads."""
DIFFER = {
    "POST /v1/verifications",
    "GET /desk/sign-in",
    "GET /family/sign-in",
    "GET /school/sign-in",
    "POST /v1/drafts",
    "GET /family/code",
    "GET /family/letter",
    "GET /family/pick-up",
}
"""Open to all; but an inspector hears besides whether the ticket looks copied, each sign-in has a state of its own, each
draft a link, and each form of a code a mark."""
BY_ACCOUNT_TOO = "/v1/drafts/{draft_id}"
"""What lies there is opened by a link, and by the account that began it."""
NOT_ASKED = {
    "GET /readyz": "asks for a broker",
    "GET /v1/passes/design/{authority_id}/logo.png": "draws a picture",
    "POST /v1/distances": "measures a way",
}
NONSENSE_FIRST = {"GET /documents/{application_id}/{document_id}": (404,)}
"""What is no id leads to no sign-in."""
_TICKET = "/v1/applications/{application_id}/tickets/{ticket_id}"
OF_TICKETS = (f"POST {_TICKET}/loss", f"POST {_TICKET}/link", f"DELETE {_TICKET}/link", f"POST {_TICKET}/pick-up-codes")
CONFLICTS = dict.fromkeys(OF_TICKETS, (404, 409))
"""Of a ticket that is not the family's (any more, or yet) the own application says so."""
OWN_IS_MISSING = {
    **dict.fromkeys(OF_TICKETS, "no ticket was issued"),
    "POST /v1/invitations/{invitation_token}": "nobody was invited by this link",
    "GET /family/invitation": "no link was opened",
    "POST /family/invitation": "no link was opened",
    "GET /family/apply/{draft_id}/sent": "the draft is still one",
    "GET /family/apply/{draft_id}/copy.pdf": "the draft is still one",
    "GET /family/apply/{draft_id}/copy.json": "the draft is still one",
    "POST /v1/cases/{case_id}/messages/read": "the family has written nothing",
    "POST /v1/cases/{case_id}/ticket-requests": "no ticket was issued",
    "POST /desk/cases/{case_id}/ticket": "no ticket was issued",
    "POST /v1/applications/{application_id}/notices/{decision_id}/retrieval": "nothing is decided",
    "POST /family/applications/{application_id}/notices/{decision_id}/retrieval": "nothing is decided",
    "POST /v1/letters/prints": "the example's letter is nobody's",
    "POST /v1/letters/postings": "the example's letter is nobody's",
    "GET /desk/entrances/{number}": "nobody has applied for this school, or its entrances are known",
    "POST /desk/entrances/{number}": "nobody has applied for this school, or its entrances are known",
    "POST /v1/passes/sheets": "the example's application has no ticket",
    "POST /v1/authorities/{authority_id}/rule-sets/take-over": "the example's rule set was never published",
}
"""A right of the caller's that leads to nothing here: answered as what is not there, in words of its own."""


@dataclass(frozen=True)
class Target:
    """An address. Those of one `group` that are not own must be answered alike."""

    group: str
    ids: Mapping[str, str]
    is_own: bool = False
    is_none: bool = False
    """Not there, or no id."""


@dataclass
class Matrix:
    name: str
    app: FastAPI
    document: Mapping[str, Json]
    policy: Mapping[str, Line]
    places: Places
    database: Path
    sessions: Mapping[str, Sessions]
    """By cookie."""
    attempt: str = ""
    """Sent with what is done once: another one is done once more."""
    signed_in: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    statements: int = 0
    cells: int = 0
    faults: list[str] = field(default_factory=list)

    @classmethod
    async def of(cls, service: AnyService, places: Places, folder: Path) -> "Matrix":
        app = api_of(service)
        document = await ask(app, "GET", "/openapi.json", {}, Body())
        sessions = {each: Sessions("k" * 40, each, https=False) for each in COOKIES.values()}
        policy = {**COMMON, **service.policy}
        database = folder / f"{service.name}.db"
        return cls(service.name, app, json.loads(document.body), policy, places, database, sessions)

    async def run(self, *ways: str) -> None:
        """All that must not reach anything; then, from the same state each time, what must. `ways`: only of operations
        that are used so (Line.way); none: of all."""
        asked = [each for each in operations(self.app) if each not in NOT_ASKED]
        asked = [each for each in asked if not ways or self.policy[each].way in ways]
        guarded = [each for each in asked if self.policy[each].way in ("token", "session")]
        by_account = [each for each in asked if BY_ACCOUNT_TOO in each and each not in guarded]
        before = content_of(self.database)
        for operation in guarded:
            await self._outside(operation)
        for operation in by_account:
            await self._closed(operation)
        if content_of(self.database) != before:
            self.faults.append("something was written by who may not, or into what is another's")
        for operation in (each for each in asked if each not in guarded and each not in by_account):
            await self._alike(operation)
        kept = self.database.with_suffix(".kept")
        _copy(self.database, kept)
        for operation in sorted(guarded, key=lambda each: not each.startswith("GET")):
            await self._inside(operation, lambda: _copy(kept, self.database))
        for operation in by_account:
            await self._opens(operation, lambda: _copy(kept, self.database))

    async def _outside(self, operation: str) -> None:
        line = self.policy[operation]
        for actor in ACTORS:
            groups: dict[str, list[tuple[Target, Answer]]] = {}
            may = actor.caller is not None and bool(actor.caller.counting & line.roles)
            for target in targets(operation, self.places, actor):
                if may and target.is_own:
                    continue
                group = target.group if may else "all"
                groups.setdefault(group, []).append((target, await self._ask(operation, actor, target)))
            for answers in groups.values():
                self._judge(operation, actor, answers, may=may)

    def _judge(self, operation: str, actor: Actor, answers: list[tuple[Target, Answer]], *, may: bool) -> None:
        wanted = self._wanted(operation, actor, may=may)
        statuses = [each.status for _, each in answers]
        if any(each not in wanted for each in statuses):
            self._fault(operation, actor, f"wanted {wanted}", statuses)
        if 303 in statuses:
            return  # on the way to the sign-in it is kept what was asked for
        seen = {each.without(*target.ids.values()) for target, each in answers}
        if len(seen) > 1:
            self._fault(operation, actor, "tells apart", statuses)
        work = {each.statements for target, each in answers if NONSENSE not in target.ids.values()}
        if may and len(work) > 1:
            self._fault(operation, actor, "takes more work for one than for the other", sorted(work))

    @staticmethod
    def _wanted(operation: str, actor: Actor, *, may: bool) -> tuple[int, ...]:
        if may:
            return CONFLICTS.get(operation, (404,))
        return (403,) if actor.caller is not None else (401, 303, *NONSENSE_FIRST.get(operation, ()))

    async def _alike(self, operation: str) -> None:
        """Needs no sign-in: everybody hears the same, of what is not there and of what is none too."""
        line = self.policy[operation]
        for target in targets(operation, self.places, ACTORS[0]):
            if target.is_own and line.way == "link" and not operation.startswith("GET /apple"):
                continue  # a notice that is fetched is noted
            answers = [await self._ask(operation, actor, target) for actor in ACTORS]
            if len({each.without() for each in answers}) > 1 and operation not in DIFFER:
                self._fault(operation, ACTORS[0], "not everybody alike", [each.status for each in answers])
            if any(each.status in (403, 500) for each in answers):
                self._fault(operation, ACTORS[0], "open to all", [each.status for each in answers])
        away = [each for each in targets(operation, self.places, ACTORS[0]) if each.is_none]
        told = {(await self._ask(operation, ACTORS[0], each)).without(*each.ids.values()) for each in away}
        if len(told) > 1:
            self._fault(operation, ACTORS[0], "tells nonsense from what is not there", [each[0] for each in told])

    async def _closed(self, operation: str) -> None:
        """Nobody but the account that began it can tell it from what is not there, nor by the work that it takes."""
        seen, work = set(), set()
        for actor in ACTORS:
            for target in targets(operation, self.places, ACTORS[FIRST]):
                if self._began(actor, target):
                    continue
                answer = await self._ask(operation, actor, target)
                seen.add(answer.without(*target.ids.values()))
                if NONSENSE not in target.ids.values():
                    work.add(answer.statements)
                if answer.status != 404:
                    self._fault(operation, actor, "wanted 404", [answer.status])
        if len(seen) > 1 or len(work) > 1:
            self._fault(operation, ACTORS[FIRST], "tells apart", [sorted(each[0] for each in seen), sorted(work)])

    async def _opens(self, operation: str, restore: Callable[[], None]) -> None:
        for actor in ACTORS:
            for target in targets(operation, self.places, actor):
                if target.is_own and self._began(actor, target):
                    restore()
                    self._reached(operation, actor, await self._ask(operation, actor, target))

    def _began(self, actor: Actor, target: Target) -> bool:
        is_family = actor.caller is not None and "guardian" in actor.caller.counting
        return is_family and target.ids["draft_id"] == self.places.of[actor.tenant]["draft_id"]

    async def _inside(self, operation: str, restore: Callable[[], None]) -> None:
        line = self.policy[operation]
        for actor in ACTORS:
            if actor.caller is None or not actor.caller.counting & line.roles:
                continue
            for target in targets(operation, self.places, actor):
                if target.is_own:
                    if not operation.startswith("GET"):
                        restore()
                    self._reached(operation, actor, await self._ask(operation, actor, target))

    def _reached(self, operation: str, actor: Actor, answer: Answer) -> None:
        if operation in OWN_IS_MISSING and answer.status == 404:
            return
        if answer.status in (401, 403, 404) or answer.status >= 500:
            self._fault(operation, actor, "does not reach its own", [answer.status])
        others = [value for name, value in self.places.of[1 - actor.tenant].items() if name not in PUBLIC_NUMBERS]
        if named := [each for each in others if _names(answer.body, each)]:
            self._fault(operation, actor, "names what is another's", named)

    def _fault(self, operation: str, actor: Actor, what: str, told: object) -> None:
        self.faults.append(f"{operation} by {actor.name}: {what}: {told}")

    async def _ask(self, operation: str, actor: Actor, target: Target) -> Answer:
        self.cells += 1
        method, _, pattern = operation.partition(" ")
        line, query = self.policy[operation], QUERY.get(operation, "")
        address = PARAMETER.sub(lambda found: target.ids[found[1]], pattern)
        if query:
            ids = {**self.places.of[actor.tenant], **target.ids} if "{" in query else {}
            address += "?" + query.format(**ids)
        headers, body = {"idempotency-key": f"key-of-{actor.name}{self.attempt}"}, body_of(operation, self.document)
        if line.way == "session" and actor.caller is not None:
            pages = next(cookie for place, cookie in COOKIES.items() if pattern.startswith(place))
            cookie, token = self._session(actor, pages, is_new=operation.endswith("/sign-out"))
            headers["cookie"] = cookie
            body = form_of(token) if method == "POST" else body
        elif line.way == "session":
            body = form_of("") if method == "POST" else body
        elif actor.caller is not None:
            headers["authorization"] = f"Bearer {actor.name}"
        before = self.statements
        answer = await ask(self.app, method, address, headers, body)
        return replace(answer, statements=self.statements - before)

    def _count(self, *_: object) -> None:
        self.statements += 1

    def _session(self, actor: Actor, pages: str, *, is_new: bool) -> tuple[str, str]:
        """As if this person had come through the sign-in, whoever it lets in. `is_new`: it will be over then."""
        assert actor.caller is not None
        sessions, known = self.sessions[pages], (actor.name, pages)
        if known not in self.signed_in or is_new:
            session = sessions.begin(actor.caller, "Eine Person", "Stadt", datetime.now(UTC), None)
            answer = Response()
            sessions.write(answer, session)
            made = answer.headers["set-cookie"].partition(";")[0], sessions.form_token(session)
            if is_new:
                return made
            self.signed_in[known] = made
        return self.signed_in[known]


async def matrix_of(service: AnyService, folder: Path, *ways: str) -> Matrix:
    """Of a service that is built in this folder (support.matrix.services), filled and run."""
    matrix = await Matrix.of(service, await asyncio.to_thread(FILL[service.name], folder), folder)
    sa.event.listen(sa.Engine, "before_cursor_execute", matrix._count)
    try:
        await matrix.run(*ways)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", matrix._count)
    return matrix


def targets(operation: str, places: Places, actor: Actor) -> Iterator[Target]:
    """Own; then, at the place of each id in turn, another's, one that is not there, and nonsense."""
    names = PARAMETER.findall(operation)
    own, other = places.of[actor.tenant], places.of[1 - actor.tenant]
    base = {name: own.get(name) or places.there.get(name) or places.absent.get(name, "") for name in names}
    yield Target("own", base, is_own=True)
    for place, name in enumerate(names):
        if name in other:
            yield Target(name, {**base, name: other[name]})
        if name in other and place == 0 and len(names) > 1:  # what lies below belongs to the other too
            yield Target(name, {each: other.get(each, base[each]) for each in names})
        if name in places.absent:
            for each in (places.absent[name], NONSENSE):
                yield Target(name, {**base, name: each}, is_none=True)


def content_of(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        return list(connection.iterdump())


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)


def _names(body: bytes, value: str) -> bool:
    """As a word: four digits in the middle of a drawn id are nobody's number."""
    return re.search(rb"(?<![0-9A-Za-z])" + re.escape(value.encode()) + rb"(?![0-9A-Za-z])", body) is not None
