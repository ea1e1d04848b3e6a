"""What was put aside: kept through the loss of a stream, listed without what it says, handled after all, or closed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import nats
import pytest
import sqlalchemy as sa
from shared.bus import admin, epochs, inbox
from shared.bus.dead_letters import DeadLetter, DeadLetters, forget_about, open_letters
from shared.bus.tables import dead_letter
from shared.database import Database
from shared.errors import NotFound, Text, Unavailable
from shared.events import ApplicationWithdrawn
from support.application.keys import key_settings
from support.broker import Broker
from support.bus import Store, connected, consumer, eventually, has_noted, note, open_database, running, withdrawn
from support.commands import run_here
from support.databases import make_tables

NOW = datetime.now(UTC)


@pytest.fixture
def hearer(tmp_path: Path) -> Database[Store]:
    return open_database(tmp_path / "hearer.db")


async def letters(hearer: Database[Store]) -> list[DeadLetter]:
    return await hearer.read(lambda store: open_letters(store.session))


def put_aside(
    hearer: Database[Store], event: ApplicationWithdrawn, content: bytes | None = None, sequence: int = 1
) -> None:
    hearer.write_now(
        lambda store: inbox.quarantine(
            store.session,
            stream="APPLICATION",
            sequence=sequence,
            stored_at=NOW,
            subject=event.subject,
            message_id=str(event.event_id),
            reason="cannot be read",
            content=event.model_dump_json().encode() if content is None else content,
            now=NOW,
        )
    )


async def test_none_is_lost_where_a_stream_was_made_anew(broker: Broker, hearer: Database[Store]) -> None:
    client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
    for _ in range(2):
        for _ in range(3):
            await client.jetstream().publish("application.submitted.v99", b"{}", headers={"Nats-Msg-Id": str(uuid4())})
        known = len(await letters(hearer))
        async with connected(broker, "eligibility") as heard, running(consumer(heard, hearer).run):
            await eventually(partial(_has, hearer, known + 3))
        for stream in ("APPLICATION", "ELIGIBILITY", "TICKET", "PASS", "ISSUANCE"):
            await client.jetstream().delete_stream(stream)
        await admin.create(broker.url, str(broker.seed_file))
    await client.close()
    assert [each.sequence for each in await letters(hearer)] == [1, 2, 3, 1, 2, 3]


async def _has(hearer: Database[Store], count: int) -> bool:
    return len(await letters(hearer)) == count


async def test_what_is_told_again_and_handled_closes_its_letter(broker: Broker, hearer: Database[Store]) -> None:
    event, other = withdrawn(), withdrawn()
    put_aside(hearer, event)
    put_aside(hearer, other, sequence=2)
    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        again = {"Nats-Msg-Id": f"{event.event_id}.1"}
        await out.jetstream.publish(event.subject, event.model_dump_json().encode(), headers=again)
        async with running(consumer(heard, hearer).run):
            await eventually(lambda: has_noted(hearer, 1))
    assert [each.message_id for each in await letters(hearer)] == [str(other.event_id)]
    assert await hearer.read(lambda store: inbox.count_quarantined(store.session)) == 1, "the gauge falls"


async def test_a_letter_is_handled_once_when_it_can_be(hearer: Database[Store]) -> None:
    event = withdrawn()
    put_aside(hearer, event)
    (letter,) = await letters(hearer)
    away = True

    async def handler(heard: ApplicationWithdrawn) -> Callable[[Store], None]:
        if away:
            raise Unavailable(Text("Weg.", "Away."))
        return await note(heard)

    driving = DeadLetters(hearer, {ApplicationWithdrawn: handler})
    await hearer.write(lambda store: epochs.raise_epoch(store.session, "signer", datetime.now(UTC)))
    assert "not caught up" in str(await driving.drive_again(letter.id))
    await hearer.write(lambda store: epochs.has_caught_up(store.session))
    assert await driving.drive_again(letter.id) == "Unavailable: Away."
    assert len(await letters(hearer)) == 1
    away = False
    assert await driving.drive_again(letter.id) is None
    assert await letters(hearer) == []
    assert await hearer.read(lambda store: store.noted()) == [str(event.withdrawal_id)]
    with pytest.raises(NotFound):
        await driving.drive_again(letter.id)
    put_aside(hearer, event, sequence=9)  # its inbox knows it: nothing happens twice
    (second,) = await letters(hearer)
    assert await driving.drive_again(second.id) is None
    assert await hearer.read(lambda store: store.noted()) == [str(event.withdrawal_id)]


async def test_a_handler_that_breaks_is_told_without_what_the_letter_says(hearer: Database[Store]) -> None:
    put_aside(hearer, withdrawn())
    (letter,) = await letters(hearer)

    async def handler(_: ApplicationWithdrawn) -> Callable[[Store], None]:
        raise LookupError("Erika Musterfrau")

    why = await DeadLetters(hearer, {ApplicationWithdrawn: handler}).drive_again(letter.id)
    assert why is not None and why.startswith("LookupError at ") and "Erika" not in why


async def test_what_a_letter_says_goes_with_the_streams_own_and_with_its_closing(hearer: Database[Store]) -> None:
    event = withdrawn()
    put_aside(hearer, event)
    await hearer.write(lambda store: inbox.purge(store.session, NOW + timedelta(seconds=1), 10))
    (letter,) = await letters(hearer)
    why = await DeadLetters(hearer, {ApplicationWithdrawn: note}).drive_again(letter.id)
    assert why == f"it is not kept here any more; at its sender: `outbox redrive --event {event.event_id}`"


async def test_what_letters_say_of_an_erased_family_goes(hearer: Database[Store]) -> None:
    erased, stays = withdrawn(), withdrawn()
    put_aside(hearer, erased)
    put_aside(hearer, stays, sequence=2)
    assert await hearer.write(lambda store: forget_about(store.session, [erased.application_id])) == 1
    first, second = await letters(hearer)
    assert (first.content, second.content is None) == (None, False)


def test_the_commands_list_drive_again_and_close(tmp_path: Path, free_port: Callable[[], int]) -> None:
    url, port = f"sqlite:///{tmp_path / 'application.db'}", free_port()
    make_tables(url, "application")
    own = {
        "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "DATABASE_URL": url, "ISSUER": "http://127.0.0.1:9",
        "NATS_URL": "nats://127.0.0.1:9", "NATS_MONITOR_URL": "http://127.0.0.1:9", "NATS_SEED_FILE": "/dev/null",
    }  # fmt: skip
    environment = {f"APPLICATION_{key}": value for key, value in own.items()} | key_settings(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        done = run_here("application", "dead-letters", *arguments, environment=environment, folder=tmp_path)
        return done.returncode, done.stdout, done.stderr

    database = Database(url, Store)
    unreadable = withdrawn()
    put_aside(database, unreadable, b'{"first_name": "Erika"}')
    code, out, _ = run("list", "--json")
    (told,) = json.loads(out)
    assert code == 0
    assert list(told) == ["id", "stream", "sequence", "subject", "reason", "received_at"]
    assert (told["stream"], told["sequence"], told["subject"]) == ("APPLICATION", 1, unreadable.subject)
    assert "Erika" not in out
    code, _, err = run("redrive", str(told["id"]))
    assert (code, "it stays: this version is not known here" in err) == (1, True)
    assert run("close", str(told["id"]), "--json")[0] == 0
    assert run("list")[1].strip() == "none"
    assert run("close", str(told["id"]))[0] == 1
    assert run("redrive", "77")[0] == 1
    assert database.read_now(lambda store: store.session.execute(sa.select(dead_letter.c.content)).scalars().all()) == [
        None
    ]
