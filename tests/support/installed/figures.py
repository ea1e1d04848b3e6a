"""What alerts and dashboard ask for: names of metrics and the processes of which they are asked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from local.files import PROJECT
from support.installed.kubernetes import dictionary, dicts, string
from support.yaml_loader import Loader

GRAFANA = PROJECT / "deploy" / "grafana"
OF_PROMETHEUS = {"up", "ALERTS"}
WORDS = {
    "sum", "max", "min", "avg", "count", "by", "on", "and", "or", "unless", "without", "ignoring", "group_left", "bool",
    "rate", "increase", "changes", "time", "histogram_quantile", "absent", "max_over_time",
}  # fmt: skip
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
JOBS = re.compile(r'job=~?"([^"]+)"')
UNITS_OF_TIME = re.compile(r"\[\d+[smhd]\]")


@dataclass(frozen=True)
class Query:
    """An expression, and where it stands."""

    of: str
    expression: str

    @property
    def metrics(self) -> set[str]:
        """Its names of metrics: what is left without labels, ranges, groupings, words and numbers."""
        bare = re.sub(r"\{[^}]*\}", " ", self.expression)
        bare = re.sub(r"\b(by|on|without|ignoring) *\([^)]*\)", " ", bare)
        bare = re.sub(r"\b\d+(\.\d+)?\b", " ", UNITS_OF_TIME.sub(" ", bare))
        return {name for name in NAME.findall(bare) if name not in WORDS}

    @property
    def labels(self) -> set[str]:
        """Names of labels by which it chooses or groups."""
        chosen = re.findall(r"[{,] *([a-z_]+) *(?:=|!)", self.expression)
        grouped = re.findall(r"\bby *\(([^)]*)\)", self.expression)
        return {*chosen, *(each.strip() for group in grouped for each in group.split(","))}

    @property
    def jobs(self) -> set[str]:
        """The processes that it names; empty: all."""
        return {job for found in JOBS.findall(self.expression) for job in found.split("|")}


def alerts() -> Iterator[dict[str, str]]:
    """Name, expression, waiting time, severity, texts of each."""
    read = dictionary(yaml.load((GRAFANA / "alerts.yaml").read_text(encoding="utf-8"), Loader))
    for group in dicts(read["groups"]):
        for rule in dicts(group["rules"]):
            texts = {**dictionary(rule["labels"]), **dictionary(rule["annotations"])}
            yield {**{key: string(value) for key, value in texts.items()},
                   "alert": string(rule["alert"]), "expr": string(rule["expr"]), "for": string(rule["for"])}  # fmt: skip


def queries() -> Iterator[Query]:
    """Of all alerts and all panels."""
    yield from (Query(f"alert {each['alert']}", each["expr"]) for each in alerts())
    board = dictionary(json.loads((GRAFANA / "dashboard.json").read_text(encoding="utf-8")))
    for panel in dicts(board["panels"]):
        for target in dicts(panel["targets"]):
            yield Query(f"panel {panel['title']}", string(target["expr"]))
