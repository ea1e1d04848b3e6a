"""Holds the world against what was promised: by SQL on all five databases, and over HTTP as families and inspectors do."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from subprocess import CompletedProcess
from uuid import UUID

import httpx
from chaos.invariants import INVARIANTS, expected_status
from chaos.picture import Picture, picture_of
from chaos.world import World

LOOKED_AT = 40
"""Passes that are fetched and scanned, besides all that are revoked."""
AUDITED = {"application": (), "eligibility": (), "issuance": (), "signer": ("signer",)}
"""By process: what stands before `audit verify`."""


def check(world: World) -> list[str]:
    """What is wrong: nothing, or a line each."""
    end = time.monotonic() + world.settled_seconds
    while True:
        found = [*_by_sql(world), *_over_http(world)]
        if not found or time.monotonic() > end:
            break
        time.sleep(1)
    found = [*world.journal.violations, *found]
    return found or list(_audit(world))  # four commands more


def _by_sql(world: World) -> Iterator[str]:
    now = picture_of(world)
    for each in INVARIANTS:
        for fault in each(world, now):
            yield f"{each.__name__}: {fault}"


def _over_http(world: World) -> Iterator[str]:
    now = picture_of(world)
    with httpx.Client(timeout=10) as http:
        yield from (f"what_a_family_reads: {fault}" for fault in _read(world, now, http))
        yield from (f"what_an_inspector_sees: {fault}" for fault in _scan(world, now, http))


def _read(world: World, now: Picture, http: httpx.Client) -> Iterator[str]:
    header, url = world.system.sign_in("parent-1"), f"{world.system.urls['application']}/v1/applications"
    for promise in world.journal.promises:
        for application in promise.ids - world.journal.lost:
            answer = http.get(f"{url}/{application}", headers=header)
            if not answer.is_success:
                yield f"application {application} answers {answer.status_code}"
                continue
            for case in now.cases.get(application, []):
                expected = expected_status(promise, case, now.tickets.get(application, []))
                if (status := answer.json()["status"]) not in expected:
                    yield f"application {application} is {status}, not {expected[0]}"


def _scan(world: World, now: Picture, http: httpx.Client) -> Iterator[str]:
    """A living pass can be fetched and is valid; one that is revoked is, whatever is shown."""
    urls, states = (
        world.system.urls,
        {each["ticket_id"]: each["state"] for some in now.tickets.values() for each in some},
    )
    passes = [each for some in now.passes.values() for each in some]
    dead = [each for each in passes if states.get(each["ticket_id"]) == "revoked"]
    living = [each for each in passes if states.get(each["ticket_id"]) == "issued"][-LOOKED_AT:]
    for each in (*dead, *living):
        expected = "revoked" if each in dead else "valid"
        verdict = http.post(f"{urls['issuance']}/v1/verifications", json={"qr": each["qr"]}).json().get("verdict")
        if verdict != expected:
            yield f"ticket {each['ticket_id']} is {verdict}, not {expected}"
        page = f"{urls['wallet-pass']}/v1/passes/{each['token']}"
        for path in ("", "/pass.pkpass", "/ticket-qr.png") if each in living else ("",):
            if (answer := http.get(page + path)).status_code != httpx.codes.OK:
                yield f"pass of ticket {each['ticket_id']}: {path or 'its page'} answers {answer.status_code}"


def _audit(world: World) -> Iterator[str]:
    def verify(process: str) -> CompletedProcess[str]:
        return world.system.command(process, *AUDITED[process], "audit", "verify", "--json", check=False)

    with ThreadPoolExecutor(len(AUDITED)) as together:
        verified = dict(zip(AUDITED, together.map(verify, AUDITED), strict=True))
    for process, done in verified.items():
        try:
            report = json.loads(done.stdout)
        except ValueError:
            yield f"audit verify of {process}: exit {done.returncode}: {done.stderr[-300:]}"
            continue
        if not report["ok"]:
            faults = [each["fault"] for each in report["chains"] if each["fault"]]
            yield f"audit verify of {process}: {faults or report}"
        if process == "eligibility" and not any(each["acts"] for each in report["chains"]):
            yield "audit verify of eligibility proves nothing: no acts"


def counts(world: World) -> dict[str, int]:
    """So that a run that tried nothing shows."""
    now, promises = picture_of(world), world.journal.promises
    accepted = {each for promise in promises for each in promise.ids}
    return {
        "accepted": len(accepted),
        "tickets": sum(map(len, now.tickets.values())),
        "withdrawn": sum(each.withdrawn for each in promises),
        "revoked": sum(len(each.revoked) for each in promises),
        "acts": sum(len(each.acts) for each in promises),
        "lost_and_listed": len(_lost(world, accepted)),
    }


def _lost(world: World, accepted: set[UUID]) -> set[UUID]:
    return world.journal.lost & accepted
