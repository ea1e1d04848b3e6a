"""`local status`: how the running system is, on one page. Asks what each process tells of itself, and the broker."""

import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from rich.markup import escape

from local.report import Report

SECONDS = 5.0
SAMPLE = re.compile(r'^(\w+)(?:{\w+="([^"]*)"})? (\S+)$', re.MULTILINE)
"""A line of Prometheus' text format with one label at most, as ours have."""
FIGURES = ("outbox_waiting", "outbox_oldest_seconds", "dead_letters")
BY_STREAM = ("consumer_lag", "consumer_heard_seconds")
BY_KIND = ("work_waiting", "work_oldest_seconds", "list_age_seconds", "work_put_aside")
AWAY: Mapping[str, Any] = {"ready": False, "checks": {}, "figures": {}, "answers": False}
READY, NOT_READY, NOT_RUNNING = 0, 1, 3


def show_status(services: Path, report: Report, *, as_json: bool) -> int:
    """The exit code: 0 where everything is ready, 1 where something is not, 3 where nothing runs."""
    try:
        running = json.loads(services.read_text(encoding="utf-8"))
    except FileNotFoundError:
        report.line(f"Nothing runs here: {services} is not there. Start it by `make run`.")
        return NOT_RUNNING
    status = status_of(running)
    if as_json:
        report.console.out(json.dumps(status, indent=1, ensure_ascii=False), highlight=False)
    else:
        for line in _page(status):
            report.line(line)
    return READY if status["ready"] else NOT_READY


def status_of(running: Mapping[str, Any]) -> dict[str, Any]:
    """`{"ready", "broker", "processes": {NAME: {"ready", "answers", "checks", "figures"}}}`, from services.json."""
    operations: Mapping[str, Mapping[str, str]] = running["operations"]
    with ThreadPoolExecutor(len(operations) + 1) as pool:
        broker = pool.submit(_ask, running["broker"]["health"])
        found = dict(zip(operations, pool.map(_process, operations.values()), strict=True))
    answer = broker.result()
    told = {"ok": answer is not None and answer.status_code == 200, "detail": _error(answer)}
    ready = bool(told["ok"]) and all(each["ready"] for each in found.values())
    return {"ready": ready, "broker": told, "processes": found}


def waits_for_recovery(running: Mapping[str, Any]) -> bool:
    """Whether the signer was put back and signs nothing until a person has run `issuance recover`."""
    epoch = _process(running["operations"]["signer"])["checks"].get("epoch", {})
    return not epoch.get("ok", True) and "issuance recover" in epoch.get("detail", "")


def _process(addresses: Mapping[str, str]) -> Mapping[str, Any]:
    answer, metrics = _ask(addresses["ready"]), _ask(addresses["metrics"])
    if answer is None:
        return AWAY
    figures = _figures(metrics.text) if metrics is not None else {}
    return {**answer.json(), "figures": figures, "answers": True}


def _ask(url: str) -> httpx.Response | None:
    try:
        return httpx.get(url, timeout=SECONDS)
    except httpx.HTTPError:
        return None


def _error(answer: httpx.Response | None) -> str:
    if answer is None:
        return "does not answer"
    return "" if answer.status_code == 200 else str(answer.json().get("error", answer.status_code))


def _figures(metrics: str) -> dict[str, Any]:
    """The figures that an operator looks at: numbers, or numbers by stream or kind."""
    found: dict[str, Any] = {}
    for name, label, value in SAMPLE.findall(metrics):
        if name in FIGURES:
            found[name] = float(value)
        elif name in BY_STREAM + BY_KIND:
            found.setdefault(name, {})[label] = round(float(value), 1)
    return found


def _page(status: Mapping[str, Any]) -> Iterator[str]:
    doubts = any(not told["ok"] for each in status["processes"].values() for told in each["checks"].values())
    ready = (
        "[bold yellow]Ready, but look at ✗[/bold yellow]" if doubts else "[bold green]Everything is ready[/bold green]"
    )
    yield ready if status["ready"] else "[bold red]Not ready[/bold red]"
    broker = status["broker"]
    yield f"  {_mark(broker['ok'])} {'broker':<12} {escape(broker['detail'])}"
    for name, process in status["processes"].items():
        yield f"  {_mark(process['ready'])} {name:<12} {_work(process['figures']) if process['answers'] else 'away'}"
        for check, told in process["checks"].items():
            if not told["ok"] or told.get("detail", "").startswith("good until"):
                age = f" ({_time(told['age_seconds'])})" if "age_seconds" in told else ""
                yield f"      {_mark(told['ok'])} {check}{age}: {escape(told.get('detail', ''))}"


def _work(figures: Mapping[str, Any]) -> str:
    """What waits, and since when; nothing where nothing does."""
    told = []
    if figures.get("outbox_waiting"):
        oldest = _time(figures.get("outbox_oldest_seconds", 0))
        told.append(f"{figures['outbox_waiting']:.0f} events not sent, the oldest for {oldest}")
    told += [f"{count:.0f} behind in {stream}" for stream, count in figures.get("consumer_lag", {}).items() if count]
    oldest_of = figures.get("work_oldest_seconds", {})
    for kind, count in figures.get("work_waiting", {}).items():
        if count:
            told.append(f"{count:.0f} wait for {kind}, the oldest for {_time(oldest_of.get(kind, 0))}")
    told += [f"{count:.0f} of {worker} put aside" for worker, count in figures.get("work_put_aside", {}).items()]
    told += [f"{kind} lists {_time(age)} old" for kind, age in figures.get("list_age_seconds", {}).items() if age]
    if figures.get("dead_letters"):
        told.append(f"{figures['dead_letters']:.0f} dead letters: `dead-letters list`")
    return ", ".join(told) or "nothing waits"


def _time(seconds: float) -> str:
    """In the two largest units that it has: 45 s, 3 min 20 s, 5 h 2 min, 2 d 4 h."""
    rest, parts = int(seconds), []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        whole, rest = divmod(rest, size)
        if whole:
            parts.append(f"{whole} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _mark(ok: object) -> str:
    return "[green]✓[/green]" if ok else "[red]✗[/red]"
