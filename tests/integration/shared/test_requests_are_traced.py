"""A request is one span of a traced process: by its route, never by what a stranger wrote into it."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.broker import Broker
from support.collector import Collector, ToldSpan, running_collector
from support.processes import wait_for
from support.tiny_service import TinyService, answer_of

STRANGERS = f"00-{'ab' * 16}-{'cd' * 8}-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[TinyService]:
    tiny = TinyService(tmp_path)
    yield tiny
    tiny.kill_all()


def served(collector: Collector) -> list[ToldSpan]:
    return [span for span in collector.spans if span.kind == "SPAN_KIND_SERVER"]


def test_a_request_is_told_by_its_route_and_begins_a_trace(
    broker: Broker, tiny: TinyService, collector: Collector
) -> None:
    tiny.start(broker, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="20")
    answer_of(f"{tiny.url}/readyz")
    strange = {"traceparent": STRANGERS, "tracestate": "erika=1", "baggage": "name=Erika", "user-agent": "Erika/1"}
    with httpx.Client(base_url=tiny.url, headers=strange) as client:
        assert client.get("/break/Erika-Musterfrau?who=Erika").status_code == 500
        assert client.get("/Erika").status_code == 404
        assert client.request("PROPFIND", "/written").status_code == 405
        assert client.post("/written").status_code == 201
    wait_for(lambda: len(served(collector)) == 4)
    found = {span.name: span for span in served(collector)}
    assert found.keys() == {"GET /break/{name}", "GET none", "_OTHER none", "POST /written"} or found.keys() == {
        "GET /break/{name}", "GET none", "_OTHER /written", "POST /written",
    }  # fmt: skip
    broken = found["GET /break/{name}"]
    assert broken.failed and broken.get("error.type") == "RuntimeError"
    assert broken.get("http.response.status_code") == 500
    assert not found["GET none"].failed
    wait_for(lambda: any(span.parent == found["POST /written"].id for span in collector.spans))
    assert all(span.parent == "" and span.trace != "ab" * 16 for span in served(collector))
    assert b"rika" not in b"".join(collector.bodies)
    assert collector.faults == []
    told = answer_of(f"{tiny.operations}/metrics").text
    assert 'trace_spans_total{outcome="told"}' in told


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_a_process_ends_within_seconds_whatever_its_collector_does(
    broker: Broker, tiny: TinyService, collector: Collector, seconds: float
) -> None:
    collector.seconds, collector.status = seconds, 503
    process = tiny.start(broker, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="20")
    answer_of(f"{tiny.url}/readyz")
    assert httpx.post(f"{tiny.url}/written").status_code == 201
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert time.monotonic() - began < 15
    assert '"stopped"' in tiny.log
