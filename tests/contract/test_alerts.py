"""Each alert asks for figures that a process has, has a test that makes it fire, and a place in the manual that says what to do."""

import json
import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import issuance.signer.keys.token_sessions
import issuance.signer.live_signer
import pytest
import wallet_pass.main
import yaml
from prometheus_client import REGISTRY
from shared.runtime.operations import Figures, work_waiting
from support.databases import make_tables
from support.installed.figures import GRAFANA, OF_PROMETHEUS, Query, alerts, queries
from support.installed.forms import MANUAL, all_forms
from support.installed.kubernetes import dictionary, dicts, string, strings
from support.installed.services import SETTINGS
from support.matrix.services import BUILD, built, url_of
from support.schemas import SCHEMAS
from support.yaml_loader import Loader

ALERTS = [each["alert"] for each in alerts()]
ALL = pytest.mark.parametrize("query", list(queries()), ids=lambda query: query.of)
OF_PEOPLE, LEFT_BY_A_SERVER = {"person"}, {"mails"}
"""Mails are written where a server is named alone. If it is named no more, those that wait are somebody's loss."""
EVER = 'count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[2900m]))'
"""Of the quiet day: not only at its end."""
HEADING = re.compile(r"^### ([A-Z][A-Za-z]+)$", re.MULTILINE)
OF_TARGETS = {"job", "instance", "le", "alertname", "alertstate"}
"""Labels that Prometheus adds."""


def exposed() -> dict[str, set[str]]:
    """Names of metrics as this program would tell them, with their labels: every process's modules are
    imported here."""
    assert SETTINGS, (issuance.signer.live_signer, wallet_pass.main)
    found: dict[str, set[str]] = {}
    for metric in REGISTRY.collect():
        labels = set(getattr(_declared(metric.name), "_labelnames", ()))
        names = {metric.name, f"{metric.name}_total", *(f"{metric.name}_{each}" for each in ("bucket", "count", "sum"))}
        found |= dict.fromkeys(names, labels)
    return found


def _declared(name: str) -> object:
    return REGISTRY._names_to_collectors.get(name) or REGISTRY._names_to_collectors.get(f"{name}_total")


@ALL
def test_every_figure_that_is_asked_for_is_one_of_ours(query: Query) -> None:
    assert sorted(query.metrics - exposed().keys() - OF_PROMETHEUS) == []
    assert query.metrics
    assert query.jobs <= SETTINGS.keys()


@ALL
def test_every_label_that_is_asked_for_is_one_of_the_figure(query: Query) -> None:
    known = set[str]().union(*(exposed().get(each, set()) for each in query.metrics))
    assert sorted(query.labels - known - OF_TARGETS) == []


def test_every_alert_has_its_section_in_the_manual_and_every_section_its_alert() -> None:
    sections = HEADING.findall(MANUAL.read_text(encoding="utf-8"))
    assert sorted(sections) == sorted(ALERTS)
    for each in alerts():
        assert each["manual"] == f"docs/operations.md#{each['alert'].lower()}"
        assert each["severity"] in ("page", "ticket")


def test_every_section_says_what_it_means_and_what_to_do() -> None:
    parts = re.split(r"^### ", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for part in (part for part in parts if part.split("\n")[0] in ALERTS):
        text = part.split("\n## ")[0]
        means, _, do = text.partition("*What to do:*")
        assert len(means) > 40, text
        assert len(do) > 40, text


def test_no_text_of_an_alert_names_a_label_that_may_hold_more_than_our_own_names() -> None:
    allowed = {"job", "instance", "stream", "subject", "sender", "worker", "kind", "service", "limit"}
    for each in alerts():
        assert set(re.findall(r"\$labels\.(\w+)", each["summary"])) <= allowed


def test_every_alert_is_made_to_fire_by_promtools_test_and_none_fires_on_a_quiet_day() -> None:
    read = dictionary(yaml.load((GRAFANA / "alerts-test.yaml").read_text(encoding="utf-8"), Loader))
    fired, quiet = [], 0
    for test in dicts(read["tests"]):
        for each in dicts(test["promql_expr_test"]):
            named = re.search(r'alertname="(\w+)"', string(each["expr"]))
            if named and each["exp_samples"]:
                fired.append(named[1])
            quiet += each["expr"] in {"count(ALERTS)", EVER} and each["exp_samples"] == []
    assert sorted(fired) == sorted(ALERTS)
    assert quiet == 2


def test_prometheus_asks_each_process_at_its_operations_port_by_its_name() -> None:
    read = dictionary(yaml.load((GRAFANA / "prometheus.yaml").read_text(encoding="utf-8"), Loader))
    asked = {
        string(job["job_name"]): strings(dicts(job["static_configs"])[0]["targets"])
        for job in dicts(read["scrape_configs"])
    }
    assert asked == {each.service: [f"127.0.0.1:{each.health_port}"] for each in all_forms() if each.form == "systemd"}
    assert read["rule_files"] == ["alerts.yaml"]


def test_the_dashboard_has_one_place_for_each_panel() -> None:
    board = dictionary(json.loads((GRAFANA / "dashboard.json").read_text(encoding="utf-8")))
    places = [tuple(dictionary(each["gridPos"]).items()) for each in dicts(board["panels"])]
    assert len(set(places)) == len(places)
    assert len({each["title"] for each in dicts(board["panels"])}) == len(places)


@pytest.mark.parametrize("name", BUILD)
def test_what_waits_is_the_work_of_somebody_who_is_here(name: str, tmp_path: Path) -> None:
    schema = SCHEMAS[name]
    make_tables(url_of(tmp_path, name), schema.package, schema.folder)
    with built(tmp_path, name) as services:
        service = services[name]
        work_waiting.clear()
        if service.figures is not None:
            service.database.read_now(partial(_look, service.figures))
        kinds = {sample.labels["kind"] for metric in work_waiting.collect() for sample in metric.samples}
        assert kinds <= {each.name for each in service.workers} | OF_PEOPLE | LEFT_BY_A_SERVER


def _look(figures: Figures, store: object) -> None:
    figures(store, datetime.now(UTC))
