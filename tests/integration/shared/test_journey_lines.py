"""A station of a journey is in the log once its transaction has committed, and only then."""

from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path

import pytest
import structlog
from shared.bus import stations
from shared.database import Database
from shared.errors import Invalid, Text
from shared.events import ApplicationWithdrawn
from shared.events.wallet_pass import PassReady
from structlog.testing import capture_logs
from support.broker import Broker
from support.bus import Store, connected, consumer, eventually, has_noted, open_database, running, withdrawn


@pytest.fixture
def hearer(tmp_path: Path) -> Database[Store]:
    return open_database(tmp_path / "hearer.db")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[MutableMapping[str, object]]]:
    monkeypatch.setattr(structlog, "is_configured", lambda: True)
    with capture_logs() as captured:
        yield captured


def made(of: ApplicationWithdrawn) -> PassReady:
    return PassReady(
        occurred_at=of.occurred_at,
        authority_id="1",
        application_id=of.application_id,
        ticket_id=of.withdrawal_id,
        pass_url="https://pass.example/v1/passes/Erika",
    )


async def test_a_step_that_fails_leaves_no_line_and_takes_no_others(
    broker: Broker, hearer: Database[Store], lines: list[MutableMapping[str, object]]
) -> None:
    bad, good = withdrawn(), withdrawn()

    async def handler(event: ApplicationWithdrawn) -> Callable[[Store], None]:
        def step(store: Store) -> None:
            stations.note(store.session, made(event), event)
            store.note(event.withdrawal_id)
            if event == bad:
                raise Invalid(Text("So nicht.", "Not like this."))

        return step

    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        for event in (bad, good):
            identified = {"Nats-Msg-Id": str(event.event_id)}
            await out.jetstream.publish(event.subject, event.model_dump_json().encode(), headers=identified)
        async with running(consumer(heard, hearer, handler).run):
            await eventually(lambda: has_noted(hearer, 1))
    told = [line for line in lines if line["event"] == "made"]
    assert [line["application_id"] for line in told] == [str(good.application_id)]
    assert set(told[0]) == {"event", "log_level", "application_id", "ticket_id", "event_id"}, "ids alone"


async def test_a_write_that_is_rolled_back_leaves_no_line(
    hearer: Database[Store], lines: list[MutableMapping[str, object]]
) -> None:
    def fail(store: Store) -> None:
        stations.note(store.session, made(withdrawn()))
        raise LookupError

    with pytest.raises(LookupError):
        await hearer.write(fail)
    assert lines == []
