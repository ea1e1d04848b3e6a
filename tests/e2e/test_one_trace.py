"""One application is one trace through the five processes, each span beneath what caused it, and none says who it was."""

import re
from datetime import UTC, datetime

import pytest
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import Body, bodies
from local.region import read_region
from local.system import System
from local.system.plan import SERVICES
from shared.calendar import day_in_berlin
from shared.tracing.spans import Attribute
from support.canary import Canaries
from support.collector import Collector, ToldSpan, traces_in_log
from support.processes import wait_for
from support.whole_system import Sent, apply, look

pytestmark = pytest.mark.timeout(300)

SUBMITTED, GRANTED = "application.submitted.v1", "eligibility.granted.v1"
ISSUED, STATE, READY = "ticket.issued.v1", "ticket.state_changed.v1", "pass.ready.v1"
ACCEPTED = ("application", "POST /v1/applications")
PARENTS = {
    ("application", f"create {SUBMITTED}"): ACCEPTED,
    ("application", f"send {SUBMITTED}"): ("application", f"create {SUBMITTED}"),
    ("eligibility", f"process {SUBMITTED}"): ("application", f"send {SUBMITTED}"),
    ("eligibility", f"create {GRANTED}"): ("eligibility", f"process {SUBMITTED}"),
    ("eligibility", f"send {GRANTED}"): ("eligibility", f"create {GRANTED}"),
    ("application", f"process {GRANTED}"): ("eligibility", f"send {GRANTED}"),
    ("signer", f"process {GRANTED}"): ("eligibility", f"send {GRANTED}"),
    ("signer", f"send {ISSUED}"): ("signer", f"create {ISSUED}"),
    ("wallet-pass", f"process {ISSUED}"): ("signer", f"send {ISSUED}"),
    ("issuance", f"process {STATE}"): ("signer", f"send {STATE}"),
    ("wallet-pass", f"send {READY}"): ("wallet-pass", f"create {READY}"),
    ("application", f"process {READY}"): ("wallet-pass", f"send {READY}"),
}
HEARD = {f"process {GRANTED}", "process application.holder_given.v1"}
"""The signer signs when it has both, whichever came last; what its worker does belongs to what it heard last."""
NAME = re.compile(
    r"(create|send|process) [a-z]+\.[a-z_]+\.v\d+"
    r"|work [a-z_]+"
    r"|(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|_OTHER) (none|(/[a-z0-9._-]*|/\{[a-z_:]+\})+(\.[a-z]+)?)"
)
A_LONG_NUMBER = re.compile(r"[0-9a-f]{8}-|\d{6}")


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture(scope="module")
def sent(system: System, canaries: Canaries) -> Sent:
    """Up to the pass, from a family whose names nobody else has."""
    region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
    form: Body = bodies(pick(region, Desk(system).measure, seed=5), day_in_berlin(datetime.now(UTC)))["granted"]
    names = {"first_name": canaries.word("first name"), "last_name": canaries.word("last name")}
    body = form | {"pupil": form["pupil"] | names}
    header = system.sign_in("parent-1") | {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
    sent = apply(system, header, "granted", body)
    wait_for(lambda: look(system, header, sent)["status"] == "pass_ready")
    return sent


def spans_of(system: System, collector: Collector, sent: Sent) -> list[ToldSpan]:
    """Found as an operator finds them: by the application's id in the log."""
    [trace] = traces_in_log(system.plan.log("application").read_text().splitlines(), sent.id)
    wait_for(lambda: PARENTS.keys() <= {(span.service, span.name) for span in collector.of_trace(trace)})
    return collector.of_trace(trace)


def test_one_application_is_one_trace_through_the_five_processes(
    system: System, collector: Collector, sent: Sent
) -> None:
    spans = spans_of(system, collector, sent)
    assert {span.service for span in spans} == set(SERVICES)
    assert [(span.service, span.name) for span in spans if not span.parent] == [ACCEPTED]
    for name in SERVICES:
        found = traces_in_log(system.plan.log(name).read_text().splitlines(), sent.id)
        assert found <= {spans[0].trace}


def test_each_span_is_beneath_what_caused_it(system: System, collector: Collector, sent: Sent) -> None:
    spans = spans_of(system, collector, sent)
    by_id = {span.id: (span.service, span.name) for span in spans}
    found = {(span.service, span.name): by_id.get(span.parent) for span in spans}
    assert {each: found.get(each) for each in PARENTS} == PARENTS
    assert found["signer", f"create {ISSUED}"] in {("signer", name) for name in HEARD}
    assert not any(span.failed for span in spans)
    assert {span.get(Attribute.OUTCOME.value) for span in spans if span.name.startswith("process ")} == {"done"}


def test_what_a_worker_writes_is_linked_to_its_round(system: System, collector: Collector, sent: Sent) -> None:
    spans = spans_of(system, collector, sent)
    [issued] = [span for span in spans if span.name == f"create {ISSUED}"]
    wait_for(lambda: bool(set(issued.links) & {span.id for span in collector.spans}))
    [linked] = [span for span in collector.spans if span.id in issued.links]
    assert (linked.service, linked.name, linked.parent) == ("signer", "work signing", "")
    assert linked.trace != issued.trace


def test_what_a_stranger_names_as_parent_is_not_taken(system: System, collector: Collector, sent: Sent) -> None:
    assert spans_of(system, collector, sent)
    assert collector.of_trace("ab" * 16) == []


def test_no_span_says_who_it_was(system: System, collector: Collector, sent: Sent, canaries: Canaries) -> None:
    """Of all that was told meanwhile, by these tests and those before them."""
    assert spans_of(system, collector, sent)
    told = b"".join(collector.bodies)
    assert canaries.found_in(told) == set()
    assert sent.id.encode() not in told and sent.id.replace("-", "").encode() not in told
    allowed = {attribute.value for attribute in Attribute}
    for span in collector.spans:
        assert NAME.fullmatch(span.name), span.name
        assert dict(span.attributes).keys() <= allowed, span
        assert not A_LONG_NUMBER.search(" ".join(str(value) for _, value in span.attributes)), span


def test_all_that_was_told_is_read_strictly(collector: Collector, sent: Sent) -> None:
    assert collector.spans and sent
    assert collector.faults == []
