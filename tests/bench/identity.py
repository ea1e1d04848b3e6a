"""One child, one ticket: how many made-up pupils are taken for another, how many errors are seen, and what a look costs.

    .venv/bin/python tests/bench/identity.py [--pupils 100000] [--errors 20000] [--seed 1] [--postgresql URL]

All pupils belong to one authority and apply for one school year; each is looked up among those before, as the service
does, in a real database. Names are drawn as often as children bear them (support/eligibility/pupils.py: families, twins,
houses with many flats). The floor is to keep a case without looking; times are the processor's, of this process alone.
Errors: one drawn at random, in given name, family name or birth date, of a child that applies again from its household.
What is not seen turns one given name into another: it cannot be told from twins.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from shared.birth_dates import BirthDate
from shared.row_security.asking import work_as

sys.path.insert(0, str(Path(__file__).parents[1]))

from dataclasses import replace

from eligibility.domain.case import Case
from eligibility.domain.child import Applicant, Marks, likeness, marks_of
from eligibility.domain.ids import ApplicationId, case_id_of
from eligibility.domain.keys import Key, Keys
from eligibility.store import Store
from eligibility.workflow.decision.duplicates import doubles
from shared.database import Database
from shared.database.migration import upgrade
from support.eligibility.pupils import Town, misspelt

AUTHORITY, YEAR = "12345", "2026/27"
NOW = datetime(2026, 5, 1, tzinfo=UTC)
KEYS = Keys(Key(b"a key of digests for the bench..."))
AT_ONCE = 64


def case_of(number: int, pupil: Applicant) -> Case:
    application_id = ApplicationId(UUID(int=number))
    child = {"first_name": pupil.child.first_name, "last_name": pupil.child.last_name}
    submission = {"child": child, "birth_date": pupil.child.birth_date.isoformat()}
    facts = {"siblings": [{"birth_date": each.isoformat(), "funded": False} for each in pupil.siblings]}
    place = AUTHORITY, "prepared", pupil.school_number, YEAR, NOW
    return Case(case_id_of(application_id, YEAR), application_id, *place, submission, (), facts, {})  # type: ignore[arg-type]


class Run:
    """Keeps the pupils one after another, a transaction for AT_ONCE of them, as the consumer does."""

    def __init__(self, database: Database[Store]) -> None:
        self.database = database
        self.seconds: dict[str, float] = defaultdict(float)
        self.taken: list[tuple[str, Applicant]] = []
        self.rows = 0

    def _timed(self, what: str, since: float) -> float:
        now = time.thread_time()
        self.seconds[what] += now - since
        return now

    def keep(self, numbered: list[tuple[int, Applicant]]) -> None:
        def step(store: Store) -> None:
            for number, pupil in numbered:
                since = time.thread_time()
                case = case_of(number, pupil)
                store.add_case(case)
                store.put_ties(case.id, pupil.ties)
                since = self._timed("floor", since)
                marks = marks_of(pupil.child, AUTHORITY, YEAR, KEYS)
                since = self._timed("digests", since)
                found = doubles(store, pupil, case, marks, NOW)
                since = self._timed("look", since)
                self._put(store, case, marks)
                self._timed("keep", since)
                self.taken += [(each.likeness, pupil) for each in found[:1]]

        self.database.write_now(step)

    def _put(self, store: Store, case: Case, marks: Marks) -> None:
        store.add_marks(case.id, marks)
        self.rows += len(marks.newest)


def with_error(pupil: Applicant, drawn: random.Random) -> tuple[str, Applicant]:
    child, kind = pupil.child, drawn.choice(["given name", "family name", "birth date"])
    if kind == "given name":
        first, *more = child.first_name.split(" ")
        child = replace(child, first_name=" ".join([misspelt(first, drawn), *more]))
    elif kind == "family name":
        child = replace(child, last_name=misspelt(child.last_name, drawn))
    else:
        while child == pupil.child:
            digits = list(f"{child.birth_date:%Y%m%d}")
            digits[drawn.randrange(2, 8)] = str(drawn.randrange(10))
            try:
                child = replace(child, birth_date=datetime.strptime("".join(digits), "%Y%m%d").date())
            except ValueError:
                continue
    return kind, replace(pupil, child=child)


def errors_seen(pupils: list[Applicant], number: int, drawn: random.Random) -> dict[str, float]:
    made, seen = Counter[str](), Counter[str]()
    for pupil in drawn.choices(pupils, k=number):
        kind, again = with_error(pupil, drawn)
        made[kind] += 1
        seen[kind] += likeness(replace(pupil, siblings=()), replace(again, siblings=())) is not None
    return {kind: seen[kind] / made[kind] for kind in sorted(made)}


def measure(url: str, pupils: list[Applicant]) -> Run:
    upgrade(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    run = Run(database)
    numbered = list(enumerate(pupils, 1))
    for start in range(0, len(numbered), AT_ONCE):
        run.keep(numbered[start : start + AT_ONCE])
    database.close()
    return run


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--pupils", type=int, default=100_000)
    options.add_argument("--errors", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--postgresql", default="", help="an empty database to use in place of SQLite")
    chosen = options.parse_args()
    pupils = Town(chosen.seed, chosen.pupils).pupils(chosen.pupils)
    twins = sum(each.child.birth_date in _births(pupils, each) for each in pupils[:5000]) / 5000
    with TemporaryDirectory() as folder:
        run = measure(chosen.postgresql or f"sqlite:///{folder}/bench.db", pupils)
    seen = errors_seen(pupils, chosen.errors, random.Random(chosen.seed))
    by_likeness = Counter(how for how, _ in run.taken)
    micro = {what: 1e6 * seconds / len(pupils) for what, seconds in run.seconds.items()}
    print(
        f"{len(pupils)} pupils, {100 * twins:.1f} % of them twins: {len(run.taken)} taken for another {dict(by_likeness)}"
    )
    print("errors seen: " + ", ".join(f"{kind} {100 * share:.1f} %" for kind, share in seen.items()))
    print("microseconds an application: " + ", ".join(f"{what} {value:.0f}" for what, value in micro.items()))
    figures = {
        "pupils": len(pupils),
        "taken_for_another": len(run.taken),
        "per_thousand": 1000 * len(run.taken) / len(pupils),
        **{f"seen_{kind.replace(' ', '_')}": share for kind, share in seen.items()},
        "seen": statistics.mean(seen.values()),
        **{f"{what}_microseconds": value for what, value in micro.items()},
        "digests_each": run.rows / len(pupils),
    }
    print(json.dumps(figures))


def _births(pupils: list[Applicant], pupil: Applicant) -> set[BirthDate]:
    """Of the others of its household; families stand together."""
    place = pupils.index(pupil)
    around = pupils[max(0, place - 8) : place + 8]
    return {each.child.birth_date for each in around if each.ties == pupil.ties and each is not pupil}


if __name__ == "__main__":
    with work_as("bench"):
        main()
