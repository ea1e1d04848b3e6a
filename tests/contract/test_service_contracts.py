"""The contract in each service's `__init__.py` (hears, says, owns, never) is what its code does.

`hears` is held against the service's table of handlers and against its consumers at the broker, `says` against the
events that its sources make and that the broker permits it to publish.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from shared.bus.topology import DURABLES, sender_of

from shared import events

SERVICES = Path(__file__).resolve().parents[2] / "services"
KIND = {event.__name__: event.subject.rsplit(".", 1)[0] for event in events.ALL}
"""`application.submitted` of each event's class: a contract leaves the version open, as a consumer does."""
SENDER = {event.__name__: sender_of(event.subject) for event in events.ALL}
LINE = re.compile(r"^(hears|says|owns|never)  (.+(?:\n       .+)*)$", re.MULTILINE)


@dataclass(frozen=True)
class Process:
    """One process: its name at the broker, its package, its contract's heading, and its table of handlers."""

    name: str
    package: str
    heading: str = ""
    handlers: str = "handlers"

    @property
    def folder(self) -> Path:
        return next(SERVICES.glob(f"*/src/{self.package}"))

    @property
    def contract(self) -> dict[str, str]:
        """The four lines, by their first word."""
        text = importlib.import_module(self.package).__doc__ or ""
        part = text.partition(self.heading)[2].lstrip("\n").partition("\n\n")[0] if self.heading else text
        return {name: " ".join(said.split()) for name, said in LINE.findall(part)}


PROCESSES = (
    Process("application", "application"),
    Process("eligibility", "eligibility"),
    Process("signer", "issuance", "The signer, which holds the keys:", "signer_handlers"),
    Process("issuance", "issuance", "The API, which answers the public network:", "inspection_handlers"),
    Process("wallet-pass", "wallet_pass"),
)
each_process = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)


def kinds(line: str) -> set[str]:
    """`ticket.issued, renewed; pass.ready` as full kinds: a stream is named once and holds until the next one."""
    found, stream = set(), ""
    for word in re.findall(r"[a-z_]+(?:\.[a-z_]+)?", line):
        stream, _, name = word.rpartition(".") if "." in word else (stream, "", word)
        found.add(f"{stream}.{name}")
    return found


def handled(process: Process) -> Iterator[str]:
    """The events in the table of this process, read from the source: nothing has to be wired for that."""
    tree = ast.parse((process.folder / "consumer.py").read_text(encoding="utf-8"))
    [table] = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name == process.handlers]
    for each in ast.walk(table):
        if isinstance(each, ast.Dict):
            yield from (key.id for key in each.keys if isinstance(key, ast.Name))


def made(process: Process) -> Iterator[str]:
    """The events that the package makes and this process alone may publish: `Event(…)`, `Event.model_validate(…)`, or
    the class handed to the worker that tells of it."""
    for file in process.folder.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or (isinstance(call.func, ast.Name) and call.func.id == "isinstance"):
                continue
            for each in (call.func, *call.args):
                name = each.value if isinstance(each, ast.Attribute) else each
                if isinstance(name, ast.Name) and SENDER.get(name.id) == process.name:
                    yield name.id


@each_process
def test_the_contract_has_its_four_lines(process: Process) -> None:
    assert list(process.contract) == ["hears", "says", "owns", "never"]


@each_process
def test_what_it_hears_is_what_its_handlers_handle(process: Process) -> None:
    assert kinds(process.contract["hears"]) == {KIND[name] for name in handled(process)}


@each_process
def test_what_it_hears_is_what_the_broker_brings_it(process: Process) -> None:
    brought = {kind for durable in DURABLES if durable.service == process.name for kind in durable.kinds}
    assert kinds(process.contract["hears"]) == brought


@each_process
def test_what_it_says_is_what_its_sources_make(process: Process) -> None:
    assert kinds(process.contract["says"]) == {KIND[name] for name in made(process)}


def test_every_event_is_made_by_one_process_and_heard_by_another_or_itself() -> None:
    assert {name for process in PROCESSES for name in made(process)} == set(KIND)
    heard = {name for process in PROCESSES for name in handled(process)}
    assert set(KIND) - heard == set(), "an event that nobody hears is told to nobody"
