"""A simulation on all cores: the cases in parts, each decided in a process of its own, added up as they come."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from math import inf
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from time import monotonic
from typing import Any

from shared.errors import Invalid, Text, Unavailable

from eligibility.rules import Rules, parse
from eligibility.rules.trials.simulation import SimulatedCase, Tally, simulate

PART = 2000
"""Cases of one part: long enough that handing it over costs nothing, short enough for progress."""
SMALL = 4000
"""Up to so many cases starting processes takes longer than deciding."""
MOST_COLUMNS, MOST_GROUPS, LONGEST_CELL = 500, 4, 16_384
"""FACTS have 90 names, at most two levels deep."""
TOO_LONG = Text(
    "Die Simulation hat zu lange gedauert und wurde beendet. Bitte nehmen Sie weniger Fälle auf einmal.",
    "The simulation took too long and was ended. Please take fewer cases at once.",
)
NOT_UTF8 = Text("Die Fälle sind nicht in UTF-8 geschrieben.", "The cases are not written in UTF-8.")
UNREADABLE = Text(
    "Die Tabelle ist so nicht lesbar. Bitte speichern Sie sie als CSV in UTF-8.",
    "The table cannot be read like this. Please save it as CSV in UTF-8.",
)


def run(
    cases: Iterable[SimulatedCase],
    before: Rules,
    after: Rules,
    progress: Callable[[int], None],
    workers: int | None = None,
    *,
    seconds: float = inf,
) -> Tally:
    """`progress` hears how many cases are done. The order of the examples is that of the cases.

    Args:
        seconds: how long it may take, looked at after each part.

    Raises:
        Unavailable.
    """
    progress = _in_time(progress, monotonic() + seconds)
    parts = _parts(cases)
    first = list(islice(parts, SMALL // PART))
    if sum(map(len, first)) < SMALL or workers == 1:
        return _here([first, parts], before, after, progress)
    total, done = Tally(), 0
    contents = tuple(json.dumps(each.rule_set.content()) for each in (before, after))
    count = workers or cpu_count() or 1
    with ProcessPoolExecutor(count, get_context("spawn"), _prepare, contents) as pool:
        waiting: dict[Future[Tally], int] = {}
        tallies: dict[int, Tally] = {}
        numbered = enumerate(_chain(first, parts))
        for number, part in numbered:
            waiting[pool.submit(_decide, part)] = number
            if len(waiting) >= 4 * count:
                done += _collect(waiting, tallies)
                progress(done)
        while waiting:
            done += _collect(waiting, tallies)
            progress(done)
    for number in sorted(tallies):
        total.add(tallies[number])
    return total


def _in_time(progress: Callable[[int], None], end: float) -> Callable[[int], None]:
    def told(done: int) -> None:
        if monotonic() > end:
            raise Unavailable(TOO_LONG)
        progress(done)

    return told


def from_jsonl(lines: Iterable[bytes]) -> Iterator[SimulatedCase]:
    """One FACTS a line; a line of the form {"label": …, "facts": {…}} names its case. Empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        label, facts = f"line {number}", line
        if b'"label"' in line and b'"facts"' in line:
            try:
                content = json.loads(line)
                label, facts = str(content["label"])[:100], json.dumps(content["facts"]).encode()
            except (ValueError, KeyError, TypeError, RecursionError):
                label = f"line {number}"  # what is wrong with it is said where it is read
        yield SimulatedCase(label, facts)


def from_csv(text: Iterable[str]) -> Iterator[SimulatedCase]:
    """A table with dotted names of facts as its head (`pupil.birth_date;grade;distance_m`), commas or semicolons.

    Empty cells are missing facts; true, false and numbers are read as such; lists and groups as JSON.
    """
    rows = iter(text)
    head = next(rows, "")
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        names = next(csv.reader(io.StringIO(head.lstrip("\ufeff")), delimiter=delimiter), [])
        if len(names) > MOST_COLUMNS or any(each.count(".") > MOST_GROUPS for each in names):
            raise Invalid(UNREADABLE, field="facts")
        for number, row in enumerate(csv.reader(rows, delimiter=delimiter), start=2):
            if row:
                yield _case(f"line {number}", names, row)
    except csv.Error as error:  # a cell without an end, a sign that no table has
        raise Invalid(UNREADABLE, field="facts") from error


def _case(label: str, names: list[str], row: list[str]) -> SimulatedCase:
    facts: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=False):
        if name == "label":
            label = cell[:100]
        elif cell != "":
            _put(facts, name.strip(), cell)
    return SimulatedCase(label, json.dumps(facts).encode())


def from_path(path: Path) -> Iterator[SimulatedCase]:
    """CSV by its ending, else JSONL."""
    if path.suffix.lower() == ".csv":
        try:
            with path.open(encoding="utf-8", newline="") as text:
                yield from from_csv(text)
        except UnicodeDecodeError as error:
            raise Invalid(NOT_UTF8) from error
    else:
        with path.open("rb") as lines:
            yield from from_jsonl(lines)


def from_body(body: bytes, most: int) -> list[SimulatedCase]:
    """Cases as they come by HTTP: JSONL begins with a brace, else it is CSV.

    Raises:
        Invalid: for what is no text, and for more than `most` cases, of which no more are read.
    """
    try:
        jsonl = body.lstrip()[:1] == b"{"
        lines = body.splitlines() if jsonl else body.decode("utf-8").splitlines(keepends=True)
        found = from_jsonl(lines) if jsonl else from_csv(lines)  # type: ignore[arg-type]
        cases = list(islice(found, most + 1))
    except UnicodeDecodeError as error:
        raise Invalid(NOT_UTF8) from error
    if len(cases) > most:
        raise Invalid(Text(f"Höchstens {most} Fälle auf einmal.", f"At most {most} cases at once."), field="facts")
    return cases


TEXTS = ("grade", "school_year", "transport.leaves_home_at")
"""Facts that look like numbers and are texts."""


def _put(facts: dict[str, Any], name: str, cell: str) -> None:
    *groups, last = name.split(".")
    for group in groups:
        facts = facts.setdefault(group, {})
        if not isinstance(facts, dict):
            raise Invalid(
                Text(f"{name}: Die Spalten widersprechen sich.", f"{name}: the columns contradict each other."),
                field=name,
            )
    value: Any = cell
    if name not in TEXTS:
        try:
            value = json.loads(cell) if len(cell) < LONGEST_CELL else cell
        except (ValueError, RecursionError):
            value = {"ja": True, "nein": False, "yes": True, "no": False}.get(cell.lower(), cell)
    elif name == "grade" and cell.isdigit():
        value = cell.zfill(2)  # spreadsheets drop the zero of 03
    facts[last] = value


_rules: list[Rules] = []
"""Of a process that decides: before and after, read once."""


def _prepare(*contents: str) -> None:
    _rules[:] = [parse(json.loads(each), None) for each in contents]


def _decide(part: list[SimulatedCase]) -> Tally:
    return simulate(part, *_rules)


def _collect(waiting: dict[Future[Tally], int], tallies: dict[int, Tally]) -> int:
    finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for each in finished:
        tallies[waiting.pop(each)] = each.result()
    return sum(each.result().cases for each in finished)


def _parts(cases: Iterable[SimulatedCase]) -> Iterator[list[SimulatedCase]]:
    waiting = iter(cases)
    while part := list(islice(waiting, PART)):
        yield part


def _chain(*parts: Iterable[list[SimulatedCase]]) -> Iterator[list[SimulatedCase]]:
    for each in parts:
        yield from each


def _here(
    parts: Iterable[Iterable[list[SimulatedCase]]], before: Rules, after: Rules, progress: Callable[[int], None]
) -> Tally:
    total = Tally()
    for part in _chain(*parts):
        total.add(simulate(part, before, after))
        progress(total.cases)
    return total
