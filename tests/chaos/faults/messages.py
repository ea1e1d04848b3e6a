"""Messages that nobody can read, that come again, or that stand where another stood."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from random import Random
from uuid import uuid4

import nats
import nats.errors
from chaos.world import World
from local.system.plan import SERVICES
from shared.bus.places import headers_of
from shared.bus.topology import DURABLES, PUBLISHES, inbox_prefix

Message = tuple[str, bytes, dict[str, str]]
SAID = {
    "application": "application.submitted",
    "eligibility": "eligibility.granted",
    "signer": "ticket.state_changed",
    "wallet-pass": "pass.ready",
}
"""By sender, a kind that somebody hears."""
POISON_ID, POISON_VERSION = "poison-", ".v99"
"""What is put aside must bear one of them."""
PUT_ASIDE_SECONDS = 30.0
ALARM_SECONDS = 15.0
MOST_AGAIN = 60


def poison(world: World, luck: Random) -> None:
    """Each is put aside with a reason, and the queue goes on."""
    sender = luck.choice(list(SAID))
    messages = list(_unreadable(SAID[sender]))
    luck.shuffle(messages)
    marked = {headers["Nats-Msg-Id"] for headers in _publish(world, sender, messages) if headers}
    hearers = [each.service for each in DURABLES if SAID[sender] in each.kinds and each.service not in world.down]
    for name in hearers:
        waited = 0.0
        while missing := marked - _put_aside(world, name):
            if waited > PUT_ASIDE_SECONDS:
                world.journal.violated(f"{name} has no row for {len(missing)} messages that nobody can read")
                break
            world.sleep(0.5)
            waited += 0.5


def _put_aside(world: World, name: str) -> set[str]:
    return {row[0] for row in world.rows(name, "SELECT message_id FROM dead_letter")}


def _unreadable(kind: str) -> Iterator[Message]:
    first = f"{kind}.v1"
    yield first, b"\x00\xff not json", _mark()
    yield first, b"{}", _mark()
    yield first, b"[" * 20_000 + b"]" * 20_000, _mark()
    yield first, json.dumps({"event_id": str(uuid4()), "text": "x" * 400_000}).encode(), _mark()
    yield f"{kind}.v99", json.dumps({"event_id": str(uuid4())}).encode(), _mark()
    yield f"{kind}.v99", b"without an id", {}
    yield first, b"", _mark()


def _mark() -> dict[str, str]:
    return {"Nats-Msg-Id": f"{POISON_ID}{uuid4()}"}


def replay(world: World, luck: Random) -> None:
    """Old events once more, in any order: with and without their id, so that the broker does not hold them back."""
    sender = luck.choice(list(SAID))
    old = world.rows(sender, "SELECT event_id, subject, payload, epoch, position FROM outbox WHERE payload IS NOT NULL")
    messages: list[Message] = []
    for row in luck.sample(old, min(MOST_AGAIN, len(old))):
        headers = headers_of(row["epoch"], row["position"]) | {
            "Nats-Msg-Id": f"{row['event_id']}.{luck.randint(10**6, 10**8)}"
        }
        messages.append((row["subject"], row["payload"], headers))
    _publish(world, sender, messages)


def redrive(world: World, luck: Random) -> None:
    """By the commands: all that was told is told again, and the present state too."""
    name = luck.choice(list(SERVICES))
    words = ("signer",) if name == "signer" else ()
    world.system.command(name, *words, "outbox", "redrive", "--since", "2026-01-01", check=False)
    if name != "issuance":
        world.system.command(name, *words, "outbox", "announce", check=False)


def twin(world: World, luck: Random) -> None:
    """Two events stand at one place of `application`, as after a copy that was put back by hand. Its hearers must take
    nothing more of it until its operator has raised the epoch."""
    query = "SELECT subject, payload, epoch, position, event_id FROM outbox WHERE subject = 'application.submitted.v1' AND published_at IS NOT NULL ORDER BY position DESC LIMIT 5"
    told = [row for row in world.rows("application", query) if _is_heard(world, row["event_id"])]
    if not told or any(name in world.down for name in ("nats", "eligibility", "application")):
        return
    old, other = told[-1], str(uuid4())
    content: dict[str, object] = json.loads(old["payload"]) | {"event_id": other}
    place = headers_of(old["epoch"], old["position"]) | {"Nats-Msg-Id": other}
    _publish(world, "application", [(old["subject"], json.dumps(content).encode(), place)])
    refused = "SELECT count(*) FROM sender_state WHERE sender = 'application' AND refused_at IS NOT NULL"
    waited = 0.0
    while not world.rows("eligibility", refused)[0][0]:
        if waited > ALARM_SECONDS:
            world.journal.violated("a place that was used twice stopped nobody")
            return
        world.sleep(0.5)
        waited += 0.5
    world.kill("application")
    done = world.system.command("application", "database", "raise-epoch", check=False)
    if done.returncode:
        world.journal.violated(f"raise-epoch: exit {done.returncode}: {done.stderr[-300:]}")
    world.start("application")


def _is_heard(world: World, event_id: str) -> bool:
    return bool(
        world.rows("eligibility", "SELECT 1 FROM inbox WHERE message_id = ? AND position IS NOT NULL", event_id)
    )


def _publish(world: World, sender: str, messages: list[Message]) -> list[dict[str, str]]:
    """As the sender: nobody else has the right. A broker that is not back yet takes what it takes: the headers of that."""
    assert sender in PUBLISHES
    taken: list[dict[str, str]] = []

    async def run() -> None:
        broker = world.system.plan.broker
        client = await nats.connect(
            broker.url.split(","),
            nkeys_seed=str(broker.seed_file(sender)),
            inbox_prefix=inbox_prefix(sender).encode(),
            max_reconnect_attempts=3,
        )
        jetstream = client.jetstream(timeout=5)
        try:
            for subject, payload, headers in messages:
                with contextlib.suppress(nats.errors.Error):
                    await jetstream.publish(subject, payload, headers=headers or None)
                    taken.append(headers)
        finally:
            await client.close()

    with contextlib.suppress(nats.errors.Error, OSError, TimeoutError):
        asyncio.run(asyncio.wait_for(run(), 30))
    return taken
