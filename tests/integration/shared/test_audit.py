"""The audit trail on both databases: what is tampered with is found, what is erased is not missed, and writers meet."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from shared.audit import chain, trail
from shared.audit.tables import ACT, CONTENT, HEAD
from shared.database import Database
from support.json import text
from support.things_on_record import NOW, THING, Store, checked, head, of, open_things, run, signed_now, told


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database[Store]]:
    is_embedded = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'service.db'}" if is_embedded else request.getfixturevalue("postgresql")()
    made = open_things(url)
    yield made
    made.close()


def swap(store: Store) -> None:
    for before, after in ((2, 9), (3, 2), (9, 3)):
        for table in (ACT, CONTENT):
            store.session.connection().execute(table.update().where(of(table, before)).values(number=after))


def cut_with_head(store: Store) -> None:
    """The tail goes, and the head is set back to what is left."""
    connection = store.session.connection()
    last = connection.execute(sa.select(ACT).where(of(ACT, 3))).one()
    run(ACT.delete().where(ACT.c.number > 3), CONTENT.delete().where(CONTENT.c.number > 3))(store)
    run(THING.delete().where(THING.c.id == "t3"), HEAD.update().values(number=3, hash=last.hash))(store)


def rewritten(store: Store, change: Callable[[list[dict[str, object]]], list[dict[str, object]]]) -> None:
    """By who knows how everything is computed, salts and digests too."""
    connection = store.session.connection()
    chosen = sa.select(ACT, CONTENT.c.salt, CONTENT.c.content).join(
        CONTENT, (CONTENT.c.chain == ACT.c.chain) & (CONTENT.c.number == ACT.c.number)
    )
    acts = change([dict(row) for row in connection.execute(chosen.order_by(ACT.c.number)).mappings()])
    run(ACT.delete(), CONTENT.delete())(store)
    last = chain.Head()
    for each in acts:
        digest = chain.digest_of(text(each["salt"]), text(each["content"]))
        at, by, what, about = (text(each[name]) for name in ("at", "by", "act", "about"))
        act = chain.link_act(last, "19900", (at, by, what, about, digest))
        last = chain.Head(act.number, act.hash)
        place = {"chain": "19900", "number": act.number, "about": act.about}
        run(ACT.insert().values(act._asdict()))(store)
        run(CONTENT.insert().values({**place, "salt": each["salt"], "content": each["content"]}))(store)
    run(HEAD.update().values(number=last.number, hash=last.hash))(store)


def renamed(store: Store) -> None:
    rewritten(store, lambda acts: [each | ({"act": "said"} if each["number"] == 2 else {}) for each in acts])


def removed(store: Store) -> None:
    rewritten(store, lambda acts: [each for each in acts if each["number"] != 2])
    run(THING.delete().where(THING.c.id == "t1"))(store)


def put_in(store: Store) -> None:
    act = store.session.connection().execute(sa.select(ACT).where(of(ACT, 4))).mappings().one()
    run(ACT.insert().values({**act, "number": 5, "previous": act["hash"]}))(store)


def content_of_another(store: Store) -> None:
    other = store.session.connection().execute(sa.select(CONTENT).where(of(CONTENT, 3))).mappings().one()
    values = {"salt": other["salt"], "content": other["content"]}
    run(CONTENT.update().where(of(CONTENT, 1)).values(values))(store)


PLAIN: dict[str, tuple[Callable[[Store], None], str]] = {
    "an act is renamed": (run(ACT.update().where(of(ACT, 2)).values(act="x")), "act 2 was changed"),
    "another person did it": (run(ACT.update().where(of(ACT, 2)).values(by="x")), "act 2 was changed"),
    "it was at another time": (run(ACT.update().where(of(ACT, 2)).values(at="x")), "act 2 was changed"),
    "it was about another": (run(ACT.update().where(of(ACT, 2)).values(about="x")), "act 2 was changed"),
    "its digest is another": (run(ACT.update().where(of(ACT, 2)).values(digest="x")), "act 2 was changed"),
    "its hash is another": (run(ACT.update().where(of(ACT, 2)).values(hash="x")), "act 2 was changed"),
    "it follows another": (run(ACT.update().where(of(ACT, 2)).values(previous="x")), "act 2 does not follow act 1"),
    "an act is deleted": (run(ACT.delete().where(of(ACT, 2))), "act 2 is missing"),
    "the first act is deleted": (run(ACT.delete().where(of(ACT, 1))), "act 1 is missing"),
    "two acts are swapped": (swap, "act 2 does not follow act 1"),
    "the end is cut off": (run(ACT.delete().where(of(ACT, 4))), "ends with act 3, but act 4 was written"),
    "an act is put in behind": (put_in, "act 5 was changed"),
    "the head is taken away": (run(HEAD.delete()), "its head was taken away"),
    "all acts are taken away": (run(ACT.delete()), "ends with act 0, but act 4 was written"),
    "a detail is changed": (
        run(CONTENT.update().where(of(CONTENT, 2)).values(content="{}")),
        "what act 2 holds was changed",
    ),
    "a salt is changed": (run(CONTENT.update().where(of(CONTENT, 2)).values(salt="x")), "what act 2 holds was changed"),
    "a detail is another's": (content_of_another, "what act 1 holds was changed"),
    "a detail is about another": (
        run(CONTENT.update().where(of(CONTENT, 2)).values(about="x")),
        "what act 2 holds was changed",
    ),
    "a detail is deleted": (run(CONTENT.delete().where(of(CONTENT, 2))), "what act 2 holds is missing"),
    "a row is changed": (run(THING.update().where(THING.c.id == "t2").values(cents=0)), "thing t2 is not as"),
    "a row's time is changed": (
        run(THING.update().where(THING.c.id == "t2").values(at=datetime(2020, 1, 1, tzinfo=UTC))),
        "thing t2 is not as",
    ),
    "a row is deleted": (run(THING.delete().where(THING.c.id == "t2")), "thing t2 is missing"),
    "a row is put in": (
        run(THING.insert().values(id="t9", family="f1", cents=5, moved=1.0, at=NOW)),
        "thing t9 is not on record",
    ),
}
SIGNED: dict[str, tuple[Callable[[Store], None], str]] = {
    "the end is cut off and the head set back": (cut_with_head, "the head of act 4 was signed"),
    "an act is renamed and the chain written anew": (renamed, "act 4 is not the one whose head was signed"),
    "an act is removed and the chain written anew": (removed, "the head of act 4 was signed"),
    "acts, head and rows are all gone": (
        run(ACT.delete(), CONTENT.delete(), HEAD.delete(), THING.delete()),
        "its head was taken away",
    ),
}
"""Found by heads alone that were signed and kept elsewhere."""


def test_what_nobody_touched_holds(database: Database[Store]) -> None:
    report = checked(database, signed=signed_now(database))
    assert report.ok and [(each.name, each.acts) for each in report.chains] == [("19900", 4)] and report.rows == 4


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_tampered_with_is_found(database: Database[Store], name: str) -> None:
    tamper, fault = PLAIN[name]
    database.write_now(tamper)
    assert any(fault in each for each in told(checked(database))), told(checked(database))


@pytest.mark.parametrize("name", SIGNED)
def test_whoever_computes_all_anew_is_found_by_the_head_that_was_signed(database: Database[Store], name: str) -> None:
    tamper, fault = SIGNED[name]
    signed = signed_now(database)
    database.write_now(lambda store: store.write("t7", 7))  # after it was signed: that is no fault
    assert checked(database, signed=signed).ok
    database.write_now(run(ACT.delete().where(of(ACT, 5)), CONTENT.delete().where(of(CONTENT, 5))))
    database.write_now(
        run(THING.delete().where(THING.c.id == "t7"), HEAD.update().values(signed["19900"][0]._asdict()))
    )
    database.write_now(tamper)
    assert checked(database).ok, "without signed heads it cannot be found"
    assert any(fault in each for each in told(checked(database, signed=signed)))


def test_what_was_cut_off_and_grown_over_is_found_by_an_earlier_head_though_the_newest_is_right(
    database: Database[Store],
) -> None:
    signed = signed_now(database)
    database.write_now(lambda store: store.write("t7", 7))
    signed["19900"] += signed_now(database)["19900"]
    assert checked(database, signed=signed).ok
    last = chain.Head(3, database.read_now(lambda store: store.session.connection().execute(
        sa.select(ACT.c.hash).where(ACT.c.number == 3)).scalar_one()))  # fmt: skip
    after = ACT.c.number > 3, CONTENT.c.number > 3
    database.write_now(run(ACT.delete().where(after[0]), CONTENT.delete().where(after[1])))
    gone = THING.delete().where(THING.c.id.in_(["t3", "t7"]))
    database.write_now(run(gone, HEAD.update().values(number=3, hash=last.hash)))
    for number in range(4):
        database.write_now(lambda store, number=number: store.write(f"n{number}", 1))  # type: ignore[misc]
    newest = signed_now(database)
    assert checked(database, signed=newest).ok, "it is longer than the signer knows, and was signed again"
    both = {"19900": [*newest["19900"], *signed["19900"]]}
    assert told(checked(database, signed=both)) == [
        "act 4 is not the one whose head was signed: the chain was written anew"
    ]


def test_a_chain_of_which_nothing_is_left_is_missed_where_its_head_was_signed(database: Database[Store]) -> None:
    signed = signed_now(database) | {"29900": [chain.Head(3, "a" * 64)]}
    found = {each.name: each.fault for each in checked(database, signed=signed).chains}
    assert found == {"19900": None, "29900": "the chain ends with act 0, but its head was taken away"}


def test_what_is_erased_leaves_the_chain_whole_and_nothing_to_guess_by(database: Database[Store]) -> None:
    def erase(store: Store) -> None:
        store.write("t9", 900)  # in the same transaction: it goes too
        store.session.connection().execute(THING.delete().where(THING.c.family == "f1"))
        trail.erase(store.session, chain="19900", about="f1", by="eraser", at=NOW)

    database.write_now(erase)
    assert checked(database).ok
    left = database.read_now(lambda store: store.session.connection().execute(sa.select(CONTENT)).all())
    assert {row.about for row in left} == {"f0"}, "salts and details of the family are gone"
    # what is put in afterwards under the erased family's key is on no record
    database.write_now(run(THING.insert().values(id="t1", family="f1", cents=1, moved=1.0, at=NOW)))
    assert told(checked(database)) == ["thing t1 is not on record"]


def test_an_erasure_that_is_rolled_back_to_a_savepoint_empties_nothing(database: Database[Store]) -> None:
    def step(store: Store) -> None:
        with pytest.raises(ValueError, match="not after all"), store.session.begin_nested():
            trail.erase(store.session, chain="19900", about="f1", by="eraser", at=NOW)
            raise ValueError("not after all")
        store.write("a", 1)

    before = head(database)["19900"].number
    database.write_now(step)
    assert checked(database).ok and head(database)["19900"].number == before + 1
    left = database.read_now(lambda store: store.session.connection().execute(sa.select(CONTENT)).all())
    assert len(left) == 5
