"""Rule sets on PostgreSQL: draft, tried, published by a second person, in force from a day; strangers are refused and kept;
what decides then; the table of children; decisions read page by page."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from uuid import uuid4

import pytest
from eligibility import presets
from eligibility.domain.authority import Authority, Contact, Court
from eligibility.domain.ids import NoticeToken
from eligibility.store import Store, StoredRecords
from eligibility.workflow.ports import Environment
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion
from eligibility.workflow.rule_sets.simulation_desk import SimulationDesk
from shared.database import Database
from shared.errors import Conflict, Forbidden, NotFound
from shared.events import AuthorityId
from shared.identity import Caller
from support.databases import make_tables
from support.eligibility.rule_set_document import ESCHENBORN
from support.eligibility.world import KEYS, publish_version
from support.record import acts_of_people

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
OWN, OTHER = AuthorityId("12345"), AuthorityId("99999")
AUTHORITY = Authority(
    id=OWN,
    name="Stadt Eschenborn",
    letterhead=("Stadt Eschenborn",),
    place="Eschenborn",
    contact=Contact(office="Schülerbeförderung", phone="0521 1"),
    court=Court(name="Verwaltungsgericht Minden", address="Königswall 8, 32423 Minden"),
    data_protection_url="https://eschenborn.example",
)


def person(subject: str, authority_id: AuthorityId = OWN) -> Caller:
    return Caller(subject, authority_id, frozenset({"administrator"}))


async def test_from_draft_to_force_with_strangers_refused(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    seconds = count()
    environment = Environment(
        lambda: NOW + timedelta(seconds=next(seconds)), lambda: NoticeToken(""), KEYS, "https://bescheid.example"
    )
    desk = RuleSetDesk(database, environment, presets)
    records = StoredRecords(database, presets.preset, NOW.date)

    made = await desk.draft(person("anna"), OWN, ESCHENBORN)
    with pytest.raises(Conflict):
        await desk.publish(person("bert"), OWN, made.id, NOW.date())
    assert (await desk.try_out(person("anna"), OWN, made.id)).failed == []
    with pytest.raises(Forbidden):
        await desk.publish(person("anna"), OWN, made.id, NOW.date())
    with pytest.raises(NotFound):
        await desk.draft(person("mallory", OTHER), OWN, ESCHENBORN, made.id)
    with pytest.raises(NotFound):
        await desk.show(person("mallory", OTHER), OWN, made.id)
    published = await desk.publish(person("bert"), OWN, made.id, date(2026, 5, 21))
    assert (published.state, published.in_force_from) == ("published", date(2026, 5, 21))
    with pytest.raises(Conflict):
        await desk.draft(person("anna"), OWN, ESCHENBORN, made.id)
    from_its_day(database, published)
    assert (await desk.origin_difference(person("anna"), OWN, made.id))[1] == []
    taken = await desk.take_over(person("zoe", OTHER), OTHER, made.id, "nachbar")
    assert taken.origin == published.rules_version
    database.write_now(lambda store: store.set_authority(AUTHORITY))
    trial = await SimulationDesk(database, records).past(person("anna"), OWN, made.id)
    assert (trial.cases, trial.after.version) == ([], published.rules_version)
    acts = acts_of_people(database)
    assert not any(by == "mallory" for by, _ in acts), "a stranger's attempt is no act of the authority"
    assert {act for _, act in acts} >= {"rule set: drafted", "rule set: tried", "rule set: published"}
    assert database.read_now(lambda store: store.kept_decisions("", 10)) == []


def from_its_day(database: Database[Store], published: RuleSetVersion) -> None:
    """It is in force from its day, not before, and kept word for word."""
    assert database.read_now(lambda store: store.in_force(OWN, NOW.date())) is None
    found = database.read_now(lambda store: store.in_force(OWN, date(2026, 5, 21)))
    assert found is not None
    assert found[0] == published.rules_version
    kept = database.read_now(lambda store: presets.kept_rules(store.archived, published.rules_version))
    assert kept.version == published.rules_version


def test_of_two_versions_that_begin_on_one_day_the_last_published_decides(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    for number, hours in (("1", 0), ("2", 2), ("3", 1)):
        rules = presets.from_text(ESCHENBORN.replace('version: "1"', f'version: "{number}"')).rules
        at = NOW + timedelta(hours=hours)
        version = RuleSetVersion(
            RuleSetId(uuid4()), OWN, "eschenborn", "published", rules.version, ESCHENBORN, rules.rule_set.content(), None,
            ("anna",), at, at, "bert", at, date(2026, 8, 1),
        )  # fmt: skip
        database.write_now(partial(publish_version, version))
    decides = database.read_now(lambda store: store.in_force(OWN, date(2026, 8, 1)))
    assert decides is not None
    assert decides[0].startswith("eschenborn 2 ")
    listed = database.read_now(lambda store: [each.rules_version[:12] for each in store.rule_sets(None)])
    assert listed == ["eschenborn 2", "eschenborn 3", "eschenborn 1"]


def test_a_draft_that_is_saved_while_it_is_published_does_not_replace_what_was_published(
    postgresql: Callable[[], str],
) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    first, second = Database(url, Store), Database(url, Store)
    rules = presets.from_text(ESCHENBORN).rules
    draft = RuleSetVersion(
        RuleSetId(uuid4()), OWN, "eschenborn", "draft", rules.version, ESCHENBORN, rules.rule_set.content(), None,
        ("anna",), NOW, NOW,
    )  # fmt: skip
    first.write_now(lambda store: store.put_rule_set(draft))
    first.write_now(lambda store: store.put_rule_set(replace(draft, state="tried")))
    published = replace(draft, state="published", published_by="bert", published_at=NOW, in_force_from=NOW.date())
    with ThreadPoolExecutor(1) as other:

        def publish(store: Store) -> Future[None]:
            store.put_rule_set(published)
            saving = other.submit(copy_context().run, second.write_now, lambda store: store.put_rule_set(draft))
            wait([saving], timeout=0.5)  # it looks before this transaction ends
            return saving

        saving = first.write_now(publish)
        with pytest.raises(Conflict):
            saving.result()
    kept = first.read_now(lambda store: store.rule_set(draft.id))
    assert kept is not None and kept.state == "published"


def test_two_copies_that_start_for_the_first_time_keep_the_same_presets(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    first, second = Database(url, Store), Database(url, Store)
    rules = presets.preset(next(iter(presets.PRESETS)))

    def archive(store: Store) -> None:
        store.archive(rules.version, rules.rule_set.content(), NOW)

    with ThreadPoolExecutor(1) as other:

        def archive_while_another_does(store: Store) -> Future[None]:
            archive(store)
            archiving = other.submit(copy_context().run, second.write_now, archive)
            wait([archiving], timeout=0.5)  # it looks before this transaction ends
            return archiving

        first.write_now(archive_while_another_does).result()
    assert first.read_now(lambda store: store.archived(rules.version)) is not None
