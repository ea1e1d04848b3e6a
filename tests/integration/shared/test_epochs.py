"""A sender whose database was put back to an older copy is noticed by who hears it, and nothing of it is taken until
its epoch rises. Real broker, real databases."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from shared.bus import epochs, outbox
from shared.bus.epochs import Senders
from shared.bus.places import Place, place_in
from shared.bus.relay import Relay
from shared.bus.topology import PUBLISHES, sender_of
from shared.database import Database
from support.broker import Broker
from support.bus import Store, connected, consumer, eventually, has_noted, open_database, running, withdrawn

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def tell(database: Database[Store], count: int = 1) -> list[UUID]:
    events = [withdrawn() for _ in range(count)]

    def step(store: Store) -> None:
        for each in events:
            store.emit(each)

    database.write_now(step)
    return [each.withdrawal_id for each in events]


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def put_back(copied: Path, target: Path) -> Database[Store]:
    for name in ("-wal", "-shm"):
        target.with_name(target.name + name).unlink(missing_ok=True)
    shutil.copyfile(copied, target)
    return Database(f"sqlite:///{target}", Store)


def rise(database: Database[Store], copied_at: datetime | None = None) -> tuple[int, int]:
    return database.write_now(
        lambda store: epochs.raise_epoch(store.session, "application", datetime.now(UTC), copied_at)
    )


async def is_refused(hearer: Database[Store]) -> bool:
    return bool(await hearer.read(lambda store: epochs.refused_senders(store.session)))


async def holds(hearer: Database[Store], told: list[UUID]) -> bool:
    noted = await hearer.read(lambda store: store.noted())
    return sorted(noted) == sorted(map(str, told))


async def test_a_sender_that_went_back_is_refused_until_its_epoch_rises(broker: Broker, tmp_path: Path) -> None:
    place, hearer = tmp_path / "sender.db", open_database(tmp_path / "hearer.db")
    sender = open_database(place)
    async with (
        connected(broker, "application") as told,
        connected(broker, "eligibility") as heard,
        running(consumer(heard, hearer).run),
    ):
        # 1. Three are told; a copy; three more are told, and heard.
        first = tell(sender, 3)
        copy(place, tmp_path / "copy.db")
        first += tell(sender, 3)
        async with running(Relay(told, sender).run):
            await eventually(partial(has_noted, hearer, 6))
        sender.close()
        # 2. The copy is put back, and the service goes on as if nothing had been.
        sender = put_back(tmp_path / "copy.db", place)
        later = tell(sender, 2)
        async with running(Relay(told, sender).run):
            await eventually(partial(is_refused, hearer))
            later += tell(sender)
            await eventually(partial(_is_told, sender))
            assert await holds(hearer, first)
            fault = await hearer.read(lambda store: epochs.fault_of(store.session))
            assert fault is not None and "application" in fault and "raise-epoch --above 1`" in fault
        # 3. Its epoch rises: what was refused is told again, and taken.
        assert rise(sender)[0] > 1
        async with running(Relay(told, sender).run):
            await eventually(partial(holds, hearer, first + later))
            assert not await is_refused(hearer)
    sender.close()
    hearer.close()


async def _is_told(sender: Database[Store]) -> bool:
    return not await sender.read(lambda store: outbox.count_waiting(store.session))


async def test_what_is_told_again_late_and_out_of_order_is_no_sign(broker: Broker, tmp_path: Path) -> None:
    sender, hearer = open_database(tmp_path / "sender.db"), open_database(tmp_path / "hearer.db")
    async with (
        connected(broker, "application") as told,
        connected(broker, "eligibility") as heard,
        running(consumer(heard, hearer).run, Relay(told, sender).run),
    ):
        first = tell(sender, 5)
        await eventually(partial(has_noted, hearer, 5))
        for _ in range(2):
            sender.write_now(lambda store: sum(outbox.redrive_since(store.session, NOW - timedelta(days=30))))
            first += tell(sender)
        await eventually(partial(holds, hearer, first))
        assert not await is_refused(hearer)
    sender.close()
    hearer.close()


async def test_a_copy_that_is_restored_with_its_time_tells_again_only_what_may_be_missing(tmp_path: Path) -> None:
    sender = open_database(tmp_path / "sender.db")
    tell(sender, 3)
    sender.write_now(lambda store: outbox.mark_published(store.session, {1: 1, 2: 2}, datetime.now(UTC)))
    later = datetime.now(UTC) + timedelta(hours=2)
    assert rise(sender, copied_at=later)[1] == 1
    epoch, count = rise(sender, copied_at=datetime.now(UTC))
    assert count == 3
    tell(sender)
    assert {each.epoch for each in sender.read_now(lambda store: outbox.waiting_events(store.session, 10))} == {epoch}
    sender.close()


def test_a_place_is_used_once_by_each_sender_in_each_epoch(tmp_path: Path) -> None:
    hearer = open_database(tmp_path / "hearer.db")

    def refused(**places: Place) -> set[str]:
        return hearer.write_now(lambda store: Senders(store.session, NOW).refuse(places))

    assert not refused(a=Place("signer", 1, 5), b=Place("signer", 1, 4), c=Place("application", 1, 5))
    # within one batch as well as later; others go on
    assert refused(d=Place("signer", 1, 9), e=Place("signer", 1, 9), f=Place("application", 1, 9)) == {"e"}
    assert refused(g=Place("signer", 1, 10), h=Place("application", 1, 10)) == {"g"}
    # the epoch rises, and what comes late of the one before is taken too
    assert not refused(i=Place("signer", 2, 9), j=Place("signer", 1, 10))
    assert refused(k=Place("signer", 2, 11), l=Place("signer", 2, 11)) == {"l"}
    # a slower writer that still saw an earlier epoch takes nothing back
    assert not refused(m=Place("signer", 3, 1))
    hearer.write_now(lambda store: Senders(store.session, NOW)._keep({"signer": (2, NOW)}))
    assert not refused(n=Place("signer", 3, 2))
    hearer.close()


def test_every_subject_has_one_sender_and_a_header_that_is_none_says_nothing() -> None:
    for process, patterns in PUBLISHES.items():
        for pattern in patterns:
            assert sender_of(pattern.replace("*", "v1")) == process
    assert place_in("ticket.issued.v1", {}) is None
    for epoch, position in (("1", "x"), ("-1", "1"), ("1", "²"), ("1", "9" * 19)):
        assert place_in("ticket.issued.v1", {"Schulticket-Epoch": epoch, "Schulticket-Position": position}) is None


def test_one_copy_that_is_put_back_twice_by_hand_rises_to_another_epoch_each_time(tmp_path: Path) -> None:
    """It knows nothing of the first time: the clock does, and where that stands still the database itself."""
    place, risen = tmp_path / "sender.db", []
    open_database(place).close()
    copy(place, tmp_path / "copy.db")
    for minute in (0, 1):
        database = put_back(tmp_path / "copy.db", place)
        now = NOW + timedelta(minutes=minute)
        risen += [
            database.write_now(lambda store: epochs.raise_epoch(store.session, "application", now))[0]  # noqa: B023
            for _ in range(2)
        ]
        database.close()
    assert len(set(risen)) == 4 and risen == sorted(risen)


def test_a_copy_put_back_after_the_clock_had_been_far_ahead_rises_above_what_others_have_heard(tmp_path: Path) -> None:
    """By its own clock it would not for years, and nobody would take its lists."""
    place, hearer = tmp_path / "sender.db", open_database(tmp_path / "hearer.db")
    open_database(place).close()
    copy(place, tmp_path / "copy.db")
    ahead = put_back(tmp_path / "copy.db", place)
    far, _ = ahead.write_now(
        lambda store: epochs.raise_epoch(store.session, "application", NOW + timedelta(days=9 * 365))
    )
    ahead.close()
    heard = {"event": Place("application", far, 1)}
    hearer.write_now(lambda store: epochs.Senders(store.session, NOW).refuse(heard))
    again = put_back(tmp_path / "copy.db", place)
    assert again.write_now(lambda store: epochs.raise_epoch(store.session, "application", NOW))[0] < far
    # what others say of it is what the command is given
    hearer.write_now(lambda store: epochs.refuse_from_now(store.session, "application", NOW))
    fault = hearer.read_now(lambda store: epochs.fault_of(store.session))
    assert fault is not None and f"raise-epoch --above {far}`" in fault
    risen, _ = again.write_now(lambda store: epochs.raise_epoch(store.session, "application", NOW, above=far))
    hearer.write_now(lambda store: epochs.Senders(store.session, NOW).refuse({"later": Place("application", risen, 1)}))
    assert not hearer.read_now(lambda store: epochs.refused_senders(store.session))
    for each in (again, hearer):
        each.close()
