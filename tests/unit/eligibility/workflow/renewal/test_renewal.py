"""The change of the school year: carried on by the next grade and the new year's rules, or told to apply anew."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from eligibility import presets
from eligibility.store import Store, StoredRecords
from eligibility.workflow import Decide, PersonsDecision, Ways
from eligibility.workflow.renewal.renewal import apply_until, next_grade
from shared.database import Database
from shared.database.migration import configuration, upgrade
from shared.errors import Forbidden, Invalid
from shared.events import (
    ApplicationWithdrawn,
    Circumstances,
    EligibilityApplicationDue,
    EligibilityGranted,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
    HomeAddress,
    Sibling,
)
from shared.identity import Caller
from support.eligibility.world import fill, renewals_on

JUNE = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
NEXT = "2027/28"
ANNA = Caller("anna", "12345", frozenset({"case_worker"}))
FORMS = presets.preset("nrw").rule_set.forms


@pytest.fixture
def renew(world: Any) -> Any:
    async def renew() -> dict[str, int]:
        world.clock[0] = JUNE
        done = await world.renewals(NEXT).renew("12345", NEXT, "bert", lambda _: None)
        return dict(done.outcomes)

    return renew


@pytest.fixture
def standing(world: Any) -> None:
    world.publish({"approval": "standing"})


def told(world: Any, event: Any, kind: type) -> list[Any]:
    return [each for each in world.told() if isinstance(each, kind) and each.application_id == event.application_id]


def years(world: Any, event: Any) -> list[Any]:
    return list(world.database.read_now(lambda store: store.cases_of(event.application_id)))


@pytest.mark.parametrize(
    ("form", "grade", "track", "following"),
    [
        ("G", "03", None, "04"), ("G", "04", None, "another_school"), ("S", "04", None, "05"), ("S", "10", None, "last_grade"),
        ("R", "09", None, "10"), ("R", "10", None, "last_grade"), ("GY", "08", "GY9", "09"), ("GY", "09", "GY9", "10"),
        ("GY", "10", "GY9", "EF"), ("GY", "09", "GY8", "EF"), ("GY", "09", None, "facts_missing"), ("GY", "EF", "GY9", "Q1"),
        ("GY", "Q1", "GY9", "Q2"), ("GY", "Q2", "GY9", "last_grade"), ("GY", "12", "GY9", "13"), ("GY", "12", "GY8", "last_grade"),
        ("GE", "09", None, "10"), ("GE", "10", None, "facts_missing"), ("BK", "11", None, "facts_missing"),
        (None, "03", None, "facts_missing"),
    ],
)  # fmt: skip
def test_the_next_grade_follows_from_form_and_track_or_is_no_guess(
    form: str | None, grade: str, track: str | None, following: str
) -> None:
    assert next_grade(grade, form, track, FORMS) == following


def test_a_family_may_apply_until_the_31_october_that_follows_the_school_year() -> None:
    assert apply_until(presets.preset("nrw").law(NEXT), NEXT) == date(2028, 10, 31)


async def test_a_standing_grant_is_carried_on_into_the_next_grade_beside_the_present_one(
    world: Any, make: Any, renew: Any, standing: None
) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    assert await renew() == {"carried_on": 1}
    old, new = years(world, event)
    assert (old.school_year, old.state, new.school_year, new.state) == ("2026/27", "granted", NEXT, "granted")
    first, second = told(world, event, EligibilityGranted)
    assert second.carries_on == first.decision_id
    assert (second.valid_from, second.valid_until) == (date(2027, 8, 1), date(2028, 7, 31))
    assert new.facts["grade"] == "03"
    assert not told(world, event, EligibilityWithdrawn)
    kept = world.database.read_now(lambda store: store.decisions_of(old.id))
    assert [each.withdrawn_at for each in kept] == [None]
    acts = world.database.read_now(lambda store: [each.act for each in store.acts_of(old.id)])
    assert "carried on" in acts


async def test_again_nothing_is_done_twice(world: Any, make: Any, renew: Any, standing: None) -> None:
    for _ in range(3):
        await world.hear(make.submitted(grade="02"))
    assert await renew() == {"carried_on": 3}
    before = len(world.told())
    assert await renew() == {}
    assert len(world.told()) == before


async def test_where_approval_is_yearly_the_family_is_told_until_when_to_apply_anew(
    world: Any, make: Any, renew: Any
) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    assert await renew() == {"yearly": 1}
    (due,) = told(world, event, EligibilityApplicationDue)
    assert (due.reason, due.grant_ends, due.apply_until) == ("yearly", date(2027, 7, 31), date(2028, 10, 31))
    assert len(years(world, event)) == 1
    assert await renew() == {}


async def test_after_grade_4_the_family_is_told_that_the_child_changes_school(
    world: Any, make: Any, renew: Any, standing: None
) -> None:
    event = make.submitted(grade="04")
    await world.hear(event)
    assert await renew() == {"another_school": 1}
    assert told(world, event, EligibilityApplicationDue)[0].reason == "another_school"


async def test_a_change_of_level_meets_the_other_limit_on_a_way_measured_anew(
    world: Any, make: Any, renew: Any, standing: None
) -> None:
    """Grade 10 at the G9 Gymnasium: more than 3,500 m; EF: more than 5,000 m (§ 5 Abs. 2 SchfkVO)."""
    world.walks.answer = Ways(make.measurement(4200.0))
    event = make.submitted(school_number="100004", grade="10", track="GY9", birth_date=date(2010, 11, 1))
    await world.hear(event)
    asked = len(world.walks.asked)
    world.walks.answer = Ways(make.measurement(4300.0))
    await renew()
    assert len(world.walks.asked) > asked
    new = years(world, event)[-1]
    decision = world.database.read_now(lambda store: store.decision_of(new.id))
    assert (decision.outcome, decision.limit_m, decision.distance_m, decision.released_at) == (
        "refused",
        5000,
        4300.0,
        None,
    )
    assert new.state == "prepared"
    assert years(world, event)[0].state == "granted"


async def test_a_grant_that_only_a_person_could_give_is_a_question_again(
    world: Any, make: Any, renew: Any, standing: None
) -> None:
    world.walks.answer = Ways(make.measurement(2010.0))
    event = make.submitted(grade="02")
    await world.hear(event)
    case = world.case_of(event.application_id)
    await world.desk.decide(ANNA, case.id, PersonsDecision("granted", "Nachgemessen.", "§ 7 SchfkVO", None, 1400))
    assert await renew() == {"review": 1}
    assert years(world, event)[-1].state == "review"
    assert len(told(world, event, EligibilityReviewOpened)) == 2


async def test_who_applied_anew_is_not_carried_on_beside_it(world: Any, make: Any, renew: Any, standing: None) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    await world.hear(
        make.submitted(
            grade="03", school_year=NEXT, wanted_from=date(2027, 8, 1), child=event.child, birth_date=event.birth_date
        )
    )
    assert await renew() == {"applied": 1}
    assert len(years(world, event)) == 1


async def test_a_sibling_that_leaves_school_makes_the_share_a_question(
    world: Any, make: Any, renew: Any, standing: None
) -> None:
    household, older, younger = uuid4(), date(2016, 1, 5), date(2018, 2, 7)

    def child(birth: date, other: date, grade: str) -> Any:
        siblings = (Sibling(birth_date=other, funded=True),)
        return make.submitted(
            birth_date=birth, grade=grade, household=household,
            circumstances=Circumstances(lives_in_nrw=True, siblings=siblings),
        )  # fmt: skip

    first, second = child(older, younger, "04"), child(younger, older, "02")
    await world.hear(first)
    await world.hear(second)
    assert await renew() == {"another_school": 1, "review": 1}
    new = years(world, second)[-1]
    assert new.state == "review"
    assert new.reasons[0]["rule"] == "family"


async def test_a_withdrawal_ends_the_grants_of_both_years(world: Any, make: Any, renew: Any, standing: None) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    await renew()
    await world.hear(
        ApplicationWithdrawn(
            occurred_at=JUNE, authority_id="12345", application_id=event.application_id, withdrawal_id=uuid4()
        )
    )
    assert [each.state for each in years(world, event)] == ["withdrawn", "withdrawn"]
    assert {each.decision_id for each in told(world, event, EligibilityWithdrawn)} == {
        each.decision_id for each in told(world, event, EligibilityGranted)
    }


@pytest.mark.parametrize("what", ["move", "school", "sibling", "year"])
async def test_a_case_is_opened_again_when_facts_change_and_the_earlier_decision_is_kept(
    world: Any, make: Any, renew: Any, standing: None, what: str
) -> None:
    """A move, another school, a sibling that leaves, and a change told after the grant was carried on."""
    event = make.submitted(grade="02", circumstances=Circumstances(
        lives_in_nrw=True, siblings=(Sibling(birth_date=date(2015, 1, 1), funded=True),)))  # fmt: skip
    await world.hear(event)
    if what == "year":
        await renew()
    elsewhere = HomeAddress(street="Unbekannte Straße", house_number="1", postal_code="33100", city="Eschenborn")
    left = Circumstances(lives_in_nrw=True, siblings=(Sibling(birth_date=date(2015, 1, 1), funded=False),))
    changes: dict[str, Any] = {
        "move": {"home": elsewhere}, "school": {"school_number": "100003"}, "sibling": {"circumstances": left},
        "year": {"home": elsewhere},
    }[what]  # fmt: skip
    await world.hear(make.changed(event, changed_from=date(2026, 10, 5), **changes))
    for case in years(world, event):
        decisions = world.database.read_now(lambda store, case=case: store.decisions_of(case.id))
        assert case.state in ("review", "prepared")
        assert decisions[0].released_at is not None
        assert decisions[0].withdrawn_at is None
    if what == "year":
        assert years(world, event)[-1].reasons[0]["rule"] == "renewal"
    if what == "sibling":
        assert decisions[-1].own_share_cents == 1400


async def test_a_move_in_the_new_year_concerns_that_year_alone(
    world: Any, make: Any, renew: Any, standing: None
) -> None:
    event = make.submitted(grade="02")
    await world.hear(event)
    await renew()
    world.clock[0] = datetime(2027, 10, 6, 9, 0, tzinfo=UTC)
    elsewhere = HomeAddress(street="Unbekannte Straße", house_number="1", postal_code="33100", city="Eschenborn")
    await world.hear(make.changed(event, changed_from=date(2027, 10, 5), home=elsewhere))
    assert [each.state for each in years(world, event)] == ["granted", "review"]


async def test_only_the_present_and_the_next_year_and_only_the_own_authority(world: Any) -> None:
    world.clock[0] = JUNE
    renewals = world.renewals(NEXT)
    for wrong in ("2025/26", "2028/29", "2027/29"):
        with pytest.raises(Invalid):
            await renewals.renew("12345", wrong, "bert", lambda _: None)
    renewals.may(Caller("bert", "12345", frozenset({"releaser"})), "12345", NEXT)
    for caller in (
        Caller("eve", "99999", frozenset({"releaser"})),
        Caller("anna", "12345", frozenset({"case_worker"})),
    ):
        with pytest.raises(Forbidden):
            renewals.may(caller, "12345", NEXT)


async def test_two_runs_at_once_on_postgresql_carry_each_grant_on_once(
    postgresql: Callable[[], str], world: Any, make: Any
) -> None:
    url = postgresql()
    upgrade(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    fill(database)
    records = StoredRecords(database, presets.preset)
    decide = Decide(records, world.walks, world.surroundings)
    events = [make.submitted(grade="02") for _ in range(8)]
    for event in events:
        await database.write(await decide.submitted(event))
    world.clock[0] = JUNE
    runs = [renewals_on(database, world, NEXT) for _ in range(3)]
    await asyncio.gather(*(each.renew("12345", NEXT, "bert", lambda _: None) for each in runs))
    count = sa.text("SELECT count(*) FROM outbox WHERE subject = 'eligibility.application_due.v1'")
    assert database.read_now(lambda store: store.session.execute(count).scalar()) == 8
    database.write_now(lambda store: store.session.execute(sa.text("DELETE FROM case_file")))
    for table in ("told", "renewal", "family_tie", "decision"):
        left = sa.text(f"SELECT count(*) FROM {table}")  # names of our own
        assert database.read_now(lambda store, left=left: store.session.execute(left).scalar()) == 0
    database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_decisions_kept_before_stay_when_a_case_becomes_one_for_each_year(
    kind: str, tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    url = postgresql() if kind == "postgresql" else f"sqlite:///{tmp_path / 'old.db'}"
    command.upgrade(configuration(url, "eligibility"), "0008")
    engine = sa.create_engine(url)
    case = {
        "id": "c", "application_id": "a", "authority_id": "1", "state": "granted", "school_number": "1",
        "school_year": "2026/27", "opened_at": "2026-05-01 10:00:00", "changed_at": "2026-05-01 10:00:00",
        "submission": "{}", "reasons": "[]", "facts": "{}", "ways": "{}",
    }  # fmt: skip
    decision = {
        "id": "d", "case_id": "c", "authority_id": "1", "outcome": "granted", "reasons": "[]", "rules_version": "v",
        "facts": "{}", "ways": "{}", "decided_by": "rules", "prepared_at": "2026-05-01 10:00:00",
    }  # fmt: skip

    def insert(connection: sa.Connection, table: str, row: dict[str, str]) -> None:
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)

    with engine.begin() as connection:
        insert(connection, "case_file", case)
        insert(connection, "decision", decision)
    upgrade(url, "eligibility")
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM decision")).scalar() == 1
        insert(connection, "case_file", case | {"id": "e", "school_year": "2027/28"})
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        insert(connection, "case_file", case | {"id": "f"})
    engine.dispose()


KILLED = """
import asyncio, os, sys
from datetime import UTC, date, datetime
from eligibility import presets
from eligibility.domain.ids import NoticeToken
from eligibility.store import Store, StoredRecords
from eligibility.workflow import Decide, Surroundings
from eligibility.workflow.renewal.renewals import Renewals
from shared.database import Database

database = Database(sys.argv[1], Store)
around = Surroundings(lambda: datetime(2027, 6, 1, tzinfo=UTC), lambda: NoticeToken("t"), "https://b.example")
records = StoredRecords(database, presets.preset, lambda: date(2027, 8, 1))
renewals = Renewals(database, records, Decide(records, None, around), around)

def progress(so_far):
    if so_far.done == 3:
        os.kill(os.getpid(), 9)

asyncio.run(renewals.renew("12345", "2027/28", "bert", progress))
"""


async def test_a_run_that_is_killed_goes_on_where_it_was(world: Any, make: Any, renew: Any) -> None:
    events = [make.submitted(grade="02") for _ in range(7)]
    for event in events:
        await world.hear(event)
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", KILLED, world.database.url], capture_output=True, check=False,
        env={**os.environ},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert await renew() == {"yearly": 4}
    assert [len(told(world, each, EligibilityApplicationDue)) for each in events] == [1] * 7


def test_what_is_printed_is_json_by_outcome() -> None:
    from eligibility.workflow.renewal.renewals import Renewed

    so_far = Renewed(of=3, done=2)
    so_far.outcomes["carried_on"] += 2
    assert json.loads(json.dumps(so_far.as_json())) == {"of": 3, "done": 2, "outcomes": {"carried_on": 2}}
