"""Alerts and dashboard ask the running processes for what these tell: name by name, process by process."""

import re

import httpx
from issuance.signer.keys import token_sessions
from local.system import System
from local.system.plan import SERVICES
from support.installed.figures import OF_PROMETHEUS, alerts, queries

FROM_ITS_FIRST_ON = re.compile(r"increase\((\w+)\[\w+\]\) > 0\b")
"""An alert that one step of a counter is enough for."""
TOLD = re.compile(r"^# TYPE (?P<name>\S+) (?P<kind>\S+)$", re.MULTILINE)


def names(text: str) -> set[str]:
    """As Prometheus calls what a page tells."""
    found = set[str]()
    for each in TOLD.finditer(text):
        parts = ("_bucket", "_count", "_sum") if each["kind"] == "histogram" else ("",)
        found |= {f"{each['name']}{part}" for part in parts}
    return found


def labels(text: str, metric: str) -> set[str]:
    """Values of its one label."""
    return set(re.findall(rf'^{metric}{{\w+="([^"]*)"}}', text, re.MULTILINE))


def of_a_token() -> set[str]:
    """Told by a signer whose keys lie in a token; in this run they lie in files."""
    counts, states = (next(iter(each.describe())).name for each in (token_sessions.reconnects, token_sessions.is_there))
    return {f"{counts}_total", states}


def test_every_counter_whose_first_step_is_an_alert_is_told_before_it(system: System) -> None:
    """Of a figure that begins with 1, Prometheus sees no increase."""
    asked = {metric for each in alerts() for metric in FROM_ITS_FIRST_ON.findall(each["expr"])}
    assert {"event_conflicts_total", "audit_heads_refused_total", "outbox_driven_again_total"} <= asked
    pages = {name: httpx.get(system.plan.operations_of(name)["metrics"], timeout=10).text for name in SERVICES}
    for metric in asked:
        having = {name for name, page in pages.items() if metric in names(page)}
        showing = {name for name, page in pages.items() if re.search(rf"^{metric}[ {{]", page, re.MULTILINE)}
        assert showing and having == showing, metric
    assert labels(pages["signer"], "audit_heads_refused_total") == set(SERVICES), "of each whose chain is looked at"
    news = {"eligibility.granted.v1", "eligibility.refused.v1", "eligibility.withdrawn.v1"}
    assert labels(pages["signer"], "event_conflicts_total") == news
    assert labels(pages["application"], "event_conflicts_total") > news, "and what a share has become"


def test_every_figure_of_alerts_and_dashboard_is_told_by_the_processes_that_it_is_asked_of(system: System) -> None:
    pages = {name: httpx.get(system.plan.operations_of(name)["metrics"], timeout=10).text for name in SERVICES}
    told = {name: names(page) for name, page in pages.items()}
    missing = []
    for query in queries():
        for metric in query.metrics - OF_PROMETHEUS - of_a_token():
            having = {name for name in SERVICES if metric in told[name]}
            if not having or (query.jobs and not query.jobs <= having):
                missing.append(f"{query.of}: {metric} is told by {sorted(having) or 'nobody'}")
    assert missing == []
