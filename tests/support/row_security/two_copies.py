"""A service twice, with the same rows: one copy behind the wall, and one whose requests work as the service itself does,
who sees all. Whoever asks hears the same of both, whatever was done before.

Both draw the same ids, so that only moments differ. Addresses that an answer names are asked for later, by anybody.
"""

import asyncio
import json
import os
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from shared.http import gate
from shared.http.gate import COMMON, operations
from shared.row_security.asking import request_begins
from starlette.routing import compile_path
from support.databases import copy_database
from support.json import Json
from support.matrix.actors import ACTORS, Actor
from support.matrix.asking import Answer
from support.matrix.matrix import NOT_ASKED, PARAMETER, Matrix, Target, targets
from support.matrix.on_postgresql import Rows
from support.matrix.places import FILL
from support.matrix.services import ELSEWHERE, AnyService, built

MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|\d{1,2}:\d\d(?::\d\d)?|[0-9a-f]{64}")
"""And what is made of one: the links of the audit trail."""
ADDRESS = re.compile(r"/[\w/.~-]+")
INVITED = re.compile(r"/invitations/([\w-]{30,})")
"""The other family is asked in."""
PACKED = ("application/pdf", "application/zip", "image/")
LEFT_OUT = {*COMMON, *NOT_ASKED}
NEWS = 0.15
"""So many of all steps are a worker's."""
OFTEN = 0.8
"""So many of the requests are by somebody who may, and so many for what is their own."""


class SameDraws:
    """What both copies draw by chance, each the same in the same step."""

    def __init__(self) -> None:
        self._random = random.Random(0)

    def begin(self, step: str) -> None:
        self._random.seed(step)

    def urandom(self, size: int) -> bytes:
        return self._random.randbytes(size)


@dataclass(frozen=True)
class Copy:
    matrix: Matrix
    service: AnyService
    rows: Rows


Hear = Callable[[Copy, random.Random], Awaitable[None]]
"""Does with a copy what a worker does, the same where its chance is the same."""


@dataclass
class TwoCopies:
    walled: Copy
    open: Copy
    draws: SameDraws
    faults: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    """Requests that were not refused, by operation."""
    named: dict[tuple[str, int], list[Mapping[str, str]]] = field(default_factory=dict)
    """Addresses in answers, by operation and by tenant."""

    def __post_init__(self) -> None:
        all_of_it = operations(self.walled.matrix.app)
        self.operations = [each for each in all_of_it if each not in LEFT_OUT and ":path}" not in each]
        self._paths = [(each, compile_path(each.partition(" ")[2])[0]) for each in self.operations]

    async def sequence(self, seed: int, steps: int, hear: Hear) -> None:
        """From the same rows each time. `hear`: what comes between two requests."""
        chance = random.Random(seed)
        self.named.clear()
        for each in (self.walled, self.open):
            each.rows.put_back()
        for step in range(steps):
            if chance.random() < NEWS:
                await self._hear(f"{seed} {step}", hear, chance.getrandbits(32))
            else:
                await self._request(f"{seed} {step}", *self._drawn(chance))

    def _drawn(self, chance: random.Random) -> tuple[str, Actor, Target]:
        operation = chance.choice(self.operations)
        if self.named and chance.random() < 0.5:
            operation, _ = chance.choice(sorted(self.named))
        roles = self.walled.matrix.policy[operation].roles
        may = [each for each in ACTORS if each.caller is not None and each.caller.counting & (roles or {"guardian"})]
        actor = chance.choice(may if chance.random() < OFTEN else ACTORS)
        tenant = actor.tenant if chance.random() < OFTEN else 1 - actor.tenant
        if chance.random() < 0.5 and (named := self.named.get((operation, tenant))):
            return operation, actor, Target("named", chance.choice(named))
        own, *others = targets(operation, self.walled.matrix.places, actor)
        return operation, actor, own if not others or chance.random() < OFTEN else chance.choice(others)

    async def _request(self, step: str, operation: str, actor: Actor, target: Target) -> None:
        for each in (self.walled, self.open):
            each.matrix.attempt = step
        self.draws.begin(step)
        walled = await self.walled.matrix._ask(operation, actor, target)
        self.draws.begin(step)
        with patch.object(gate, "request_begins", lambda worker: request_begins(worker or "test")):
            open_to_all = await self.open.matrix._ask(operation, actor, target)
        self.reached[operation] += walled.status < 400
        place = f"{step}: {operation} by {actor.name} for {dict(target.ids)}"
        if difference := _difference(walled, open_to_all):
            self.faults.append(f"{place}: {difference}")
        self._look_at_names(place, actor, target, walled)
        self._keep_addresses(operation, actor, target, walled)

    async def _hear(self, step: str, hear: Hear, seed: int) -> None:
        for each in (self.walled, self.open):
            self.draws.begin(step)
            await hear(each, random.Random(seed))

    def _look_at_names(self, place: str, actor: Actor, target: Target, answer: Answer) -> None:
        """Of staff: a family may have been asked in by the other one."""
        if actor.caller is None or "guardian" in actor.caller.counting or answer.status >= 400:
            return
        others = self.walled.matrix.places.of[1 - actor.tenant]
        for name, value in others.items():
            if name in OF_PEOPLE and value not in target.ids.values() and value.encode() in answer.body:
                self.faults.append(f"{place}: names what is another's: {name}")

    def _keep_addresses(self, operation: str, actor: Actor, target: Target, answer: Answer) -> None:
        if not answer.headers.get("content-type", "").startswith(("application/json", "text/html")):
            return
        text = answer.body.decode() + " " + answer.headers.get("location", "")
        found = set(ADDRESS.findall(text))
        asked = PARAMETER.sub(lambda each: target.ids[each[1]], operation.partition(" ")[2])
        if answer.body.startswith(b"{"):
            found |= {f"{asked}/{each}" for each in _ids(json.loads(answer.body))}
        if invited := INVITED.search(text):
            self.named["POST /v1/invitations/{invitation_token}", 1 - actor.tenant] = [{"invitation_token": invited[1]}]
        for address in sorted(found):
            for each, path in self._paths:
                match, known = path.match(address), self.named.get((each, actor.tenant), [])
                if match and match.groupdict() and match.groupdict() not in known:
                    self.named[each, actor.tenant] = [*known, match.groupdict()]


OF_PEOPLE = {
    "application_id",
    "case_id",
    "decision_id",
    "letter_id",
    "document_id",
    "hazard_id",
    "request_id",
    "batch_id",
}


def _ids(value: Json | object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)


def _difference(walled: Answer, other: Answer) -> str:
    if walled.status != other.status:
        return f"{walled.status} behind the wall, else {other.status}: {walled.body[:300]!r}, {other.body[:300]!r}"
    if walled.headers.get("content-type", "").startswith(PACKED):
        return ""
    one, two = (MOMENT.sub(b"MOMENT", _settled(each)) for each in (walled, other))
    if one == two:
        return ""
    place = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    begin = max(place - 100, 0)
    return f"{one[begin : place + 100]!r} behind the wall, else {two[begin : place + 100]!r}"


def _settled(answer: Answer) -> bytes:
    """Of an answer that says how far it is meanwhile, the last line: how many there are is the machine's."""
    is_progress = answer.headers.get("content-type", "").startswith("application/x-ndjson")
    return answer.body.splitlines()[-1] if is_progress and answer.body else answer.body


@contextmanager
def _same_draws() -> Iterator[SameDraws]:
    draws = SameDraws()
    with patch.object(os, "urandom", draws.urandom), patch.object(random, "_urandom", draws.urandom):
        yield draws


@asynccontextmanager
async def two_copies(name: str, folder: Path, new_database: Callable[[], str]) -> AsyncIterator[TwoCopies]:
    """Of a service that is built and filled as for the matrix of rights."""
    folders, urls = [folder / each for each in ("walled", "open")], [new_database(), new_database()]
    for place, url in zip(folders, urls, strict=True):
        place.mkdir()
        ELSEWHERE[place, name] = url
    try:
        places = await asyncio.to_thread(FILL[name], folders[0])
        copy_database(*urls)
        with _same_draws() as draws, built(folders[0], name) as one, built(folders[1], name) as two:
            copies = []
            for place, url, service in zip(folders, urls, (one[name], two[name]), strict=True):
                copies.append(Copy(await Matrix.of(service, places, place), service, Rows(url)))
            made = TwoCopies(copies[0], copies[1], draws)
            yield made
            for each in copies:
                each.rows.close()
    finally:
        for place in folders:
            del ELSEWHERE[place, name]
