"""What a family writes is kept encrypted under a key of its own, bound to its place, and gone with the key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from application.domain.application import Application
from application.domain.attendance import AttendanceState, Statement
from application.domain.contact import Contact, ContactId
from application.domain.document import Document
from application.domain.draft import Draft, DraftDocument
from application.domain.ids import ApplicationId, DocumentId, DraftId, Owner, PersonId
from application.domain.people import Person, PersonKind
from application.domain.timeline import EntryKind, TimelineEntry
from application.main import open_database
from application.store import Row, SqlStore
from application.store.applications import APPLICATION
from application.store.encrypted_columns import OF_APPLICATION, OF_DRAFT, PLAIN
from application.store.erasure import NO_FAMILYS
from application.workflow.family_keys import EndedKeys
from shared.database import Database, UtcDateTime
from shared.encryption import FamilyKeys, KeyDestroyed, KeysUnusable
from shared.encryption.errors import WrongPlace
from shared.events import AttendanceDifference
from support.application.keys import keys_in
from support.databases import make_tables, on_both

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WORDS = "Jānis wohnt bei seiner Oma"
CONTENT = WORDS.encode() * 40_000
"""More than one part."""
BOTH = on_both("house")
MOMENTS_AND_NUMBERS = (sa.Integer, sa.Boolean, sa.Date, UtcDateTime)


@dataclass
class House:
    """A database, its key store, and what is to be opened once more after a start."""

    url: str
    folder: Path
    keys: FamilyKeys
    database: Database[SqlStore]

    def again(self, keys: FamilyKeys | None = None) -> Database[SqlStore]:
        return open_database(self.url, keys or keys_in(self.folder))

    def raw(self) -> bytes:
        """All encrypted columns as they are kept."""
        found = b""
        with self.database._engine.connect() as connection:
            for each in (*OF_APPLICATION, *OF_DRAFT):
                for value in connection.execute(sa.select(each.column)).scalars():
                    found += value if isinstance(value, bytes) else str(value).encode()
        return found


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    on_server = getattr(request, "param", "sqlite") == "postgresql"
    url = request.getfixturevalue("postgresql")() if on_server else f"sqlite:///{tmp_path / 'a.db'}"
    make_tables(url, "application")
    keys = keys_in(tmp_path)
    database = open_database(url, keys)
    yield House(url, tmp_path, keys, database)
    database.close()


def application(number: UUID | None = None) -> Application:
    return Application(
        id=ApplicationId(number or uuid4()),
        authority_id="19900",
        owner=Owner("parent-1"),
        idempotency_key=str(uuid4()),
        fingerprint=b"f",
        submitted_at=NOW,
        school_number="168890",
        school_year="2026/27",
        form=WORDS,
        further=WORDS,
    )


def document(of: Application) -> Document:
    return Document(
        DocumentId(uuid4()), of.id, "other", "application/pdf", len(CONTENT), "0" * 64, f"{WORDS}.pdf", None, NOW
    )


def fill(store: SqlStore) -> tuple[Application, Document]:
    one = application()
    store.add_application(one)
    paper = document(one)
    store.add_document(paper, CONTENT)
    store.note(one.id, TimelineEntry(EntryKind.ANSWERED, NOW, str(uuid4()), detail=WORDS))
    store.add_person(Person(PersonId(uuid4()), one.id, PersonKind.HELPER, Owner("parent-2"), WORDS, NOW))
    return one, paper


def begin(store: SqlStore) -> tuple[Draft, DraftDocument]:
    draft = Draft(DraftId(uuid4()), Owner("parent-1"), b"digest", NOW, NOW, 1, WORDS, {})
    store.add_draft(draft)
    paper = DraftDocument(
        DocumentId(uuid4()), draft.id, "other", "application/pdf", len(CONTENT), "0" * 64, f"{WORDS}.pdf", NOW
    )
    store.add_draft_document(paper, CONTENT)
    return draft, paper


def whole(store: SqlStore, one: Application, paper: Document) -> bool:
    """All is read as it was written."""
    parts = [store.document_part(paper.id, number) for number in range(3)]
    return (
        store.find_application(one.id) == one
        and store.documents_of([one.id]) == [paper]
        and store.whole_documents([paper.id]) == {paper.id}
        and b"".join(part or b"" for part in parts) == CONTENT
        and [each.detail for each in store.news_of([one.id])[one.id]] == [WORDS]
        and [each.name for each in store.people_of(one.id)] == [WORDS]
    )


@BOTH
def test_nothing_that_a_family_writes_lies_there_as_it_is_and_it_is_read_as_it_was(house: House) -> None:
    one, paper = house.database.write_now(fill)
    draft, _ = house.database.write_now(begin)
    assert b"seiner Oma" not in house.raw() and len(house.raw()) > 2 * len(CONTENT)
    assert house.database.read_now(lambda store: whole(store, one, paper))
    assert house.database.read_now(lambda store: store.find_draft(draft.id)) == draft


@BOTH
def test_an_address_and_a_schools_words_are_kept_encrypted_and_found_again(house: House) -> None:
    one, _ = house.database.write_now(fill)
    draft, _ = house.database.write_now(begin)
    address, says = "oma@beispiel.example", (AttendanceDifference(part="birth_date", says="2015-03-01"),)
    said = Statement(
        one.id, one.school_year, one.school_number, 1, AttendanceState.DIFFERS, NOW, "office", "5b",
        differences=says, about=("2016-03-01",), reason=WORDS,
    )  # fmt: skip
    mine = Contact(
        ContactId(uuid4()), address, "de", NOW, one.owner, one.id, token_digest=b"t", token_until=NOW + timedelta(1)
    )
    begun = replace(mine, id=ContactId(uuid4()), application_id=None, draft_id=draft.id, token_digest=None)

    def write(store: SqlStore) -> None:
        store.put_statement(said)
        store.add_contact(mine)
        store.add_contact(begun)

    house.database.write_now(write)
    raw = house.raw()
    assert raw and not any(each in raw for each in (b"beispiel", b"2015-03-01", b"2016-03-01", b"seiner Oma"))

    def read(store: SqlStore) -> None:
        assert (store.statements_of([one.id]), store.contact_of(draft=draft.id)) == ([said], begun)
        assert store.is_asked(one.owner, address, NOW) and not store.is_asked(one.owner, "b@beispiel.example", NOW)
        assert store.confirmed_contact(one.owner) is None

    house.database.read_now(read)
    house.database.write_now(lambda store: store.set_alike(replace(mine, confirmed_at=NOW)))
    found = house.database.read_now(lambda store: [store.contact_of(one.id), store.contact_of(draft=draft.id)])
    assert found == [replace(each, confirmed_at=NOW) for each in (mine, begun)]
    again = house.database.read_now(lambda store: store.confirmed_contact(one.owner, address))
    assert again is not None and again.confirmed_at == NOW
    rows = house.database.read_now(lambda store: store.rows_of_account(one.owner))
    assert {row["address"] for row in rows["contact"]} == {address}
    assert [row["reason"] for row in rows["school_statement"]] == [WORDS]


@BOTH
def test_a_draft_that_is_handed_in_takes_its_documents_along_as_they_are(house: House) -> None:
    draft, paper = house.database.write_now(begin)
    one = application()

    def hand_in(store: SqlStore) -> Document:
        store.add_application(one)
        moved = Document(**{**vars(document(one)), "id": paper.id})
        store.hand_over(draft, one.id, [moved])
        return moved

    moved = house.database.write_now(hand_in)
    # with keys that are read anew, after its draft has gone
    again = house.again()
    assert EndedKeys(again, keys_in(house.folder)).destroy(NOW) == 0
    part = again.read_now(lambda store: store.document_part(moved.id, 0))
    assert part is not None and CONTENT.startswith(part)
    # both keys go with the application
    again.write_now(lambda store: store.erase(one.id, NOW))
    assert EndedKeys(again, keys_in(house.folder)).destroy(NOW) == 2
    again.close()


def test_a_value_is_read_in_its_own_place_alone(house: House) -> None:
    """Whoever can write into the database, but has no key, cannot give one family what another wrote."""
    one, other = application(), application()
    house.database.write_now(lambda store: (store.add_application(one), store.add_application(other)))

    def swap(store: SqlStore) -> None:
        form = store.session.execute(sa.select(APPLICATION.c.form).where(APPLICATION.c.id == str(one.id))).scalar_one()
        for column, row in ((APPLICATION.c.form, other), (APPLICATION.c.further, one)):
            store.session.execute(
                APPLICATION.update().where(APPLICATION.c.id == str(row.id)).values({column.name: form})
            )

    house.database.write_now(swap)
    for each in (one, other):
        with pytest.raises(WrongPlace):
            house.database.read_now(lambda store, of=each: store.find_application(of.id))  # type: ignore[misc]  # bound


@BOTH
def test_an_erasure_destroys_the_key_and_what_was_copied_before_stays_unreadable(house: House) -> None:
    one, _ = house.database.write_now(fill)
    kept = house.raw()
    [row] = house.database.read_now(
        lambda store: store.session.execute(
            sa.select(APPLICATION).where(APPLICATION.c.id == str(one.id))
        ).mappings().all()
    )  # fmt: skip
    house.database.write_now(lambda store: store.erase(one.id, NOW))
    assert EndedKeys(house.database, house.keys).destroy(NOW) == 1
    again = house.again()
    again.write_now(lambda store: store.session.execute(APPLICATION.insert(), dict(row)))
    with pytest.raises(KeyDestroyed):
        again.read_now(lambda store: store.find_application(one.id))
    # a start erases it once more, and tells the others
    assert EndedKeys(again, keys_in(house.folder)).play_again(NOW) == 1
    assert again.read_now(lambda store: store.find_application(one.id)) is None
    told = again.read_now(lambda store: store.session.execute(sa.text("SELECT subject FROM outbox")).scalars().all())
    assert told == ["application.family_erased.v1"]
    assert row["key_id"].encode() not in kept
    again.close()


WAYS_OF_A_DRAFT: dict[str, Callable[[SqlStore, DraftId], object]] = {
    "its family deletes it": lambda store, draft_id: store.drop_draft(draft_id),
    "the hourly worker": lambda store, _: store.drop_old_drafts(NOW, 5),
    "the retention job": lambda store, draft_id: store.drop_old_draft(draft_id, NOW),
    "the account is erased": lambda store, _: store.erase_account(Owner("parent-1")),
}


@BOTH
@pytest.mark.parametrize("way", WAYS_OF_A_DRAFT)
def test_a_drafts_key_goes_with_it_whoever_deletes_it(house: House, way: str) -> None:
    """Else an older copy of the database is read for ever."""
    draft, _ = house.database.write_now(begin)
    [key_id] = house.database.read_now(lambda store: store.keys_in_use(2))
    house.database.write_now(lambda store: WAYS_OF_A_DRAFT[way](store, draft.id))
    assert EndedKeys(house.database, house.keys).destroy(NOW) == 1
    assert house.keys.still_there([key_id]) == set()


@pytest.mark.parametrize("forgets", ["the key store", "the database"])
def test_what_is_cut_off_between_the_two_is_done_at_the_next_start(house: House, forgets: str) -> None:
    one, _ = house.database.write_now(fill)
    house.database.write_now(begin)
    assert house.keys.store.drop_remains()
    copy = (house.folder / "keys.sqlite").read_bytes()
    house.database.write_now(lambda store: store.erase(one.id, NOW))
    house.database.write_now(lambda store: store.erase_account(Owner("parent-1")))
    ended = house.database.read_now(lambda store: store.keys_to_destroy(9))
    assert len(ended) == 2
    if forgets == "the key store":
        EndedKeys(house.database, house.keys).destroy(NOW)
        house.keys.store.close()
        (house.folder / "keys.sqlite").write_bytes(copy)
        for suffix in ("-wal", "-shm"):
            (house.folder / f"keys.sqlite{suffix}").unlink(missing_ok=True)
    keys = keys_in(house.folder)
    assert keys.still_there(ended) == set(ended)
    EndedKeys(house.database, keys).play_again(NOW)
    EndedKeys(house.database, keys).destroy(NOW)
    assert keys.still_there(ended) == set()
    assert house.database.read_now(lambda store: store.keys_to_destroy(9)) == []


def test_the_bytes_of_a_destroyed_key_are_in_no_page_of_the_key_store(house: House) -> None:
    one, _ = house.database.write_now(fill)
    [key_id] = house.database.read_now(lambda store: store.keys_in_use(1))
    with house.keys.store._engine.connect() as connection:
        query = sa.text("SELECT wrapped FROM data_key WHERE id = :id")
        wrapped = connection.execute(query, {"id": str(key_id)}).scalar_one()
    files = [house.folder / f"keys.sqlite{suffix}" for suffix in ("", "-wal")]
    assert any(wrapped in each.read_bytes() for each in files if each.exists())
    house.database.write_now(lambda store: store.erase(one.id, NOW))
    EndedKeys(house.database, house.keys).destroy(NOW)
    assert not any(wrapped in each.read_bytes() for each in files if each.exists())


@BOTH
def test_rows_of_before_are_read_as_they_are_and_encrypted_while_it_runs(house: House) -> None:
    before = open_database(house.url)
    one, paper = before.write_now(fill)
    draft, _ = before.write_now(begin)
    before.close()
    assert b"seiner Oma" in house.raw()
    assert house.database.read_now(lambda store: whole(store, one, paper))
    # cut off after the first
    first = house.database.write_in_steps(lambda store: store.encrypt_rows())
    assert next(first) == 9
    del first
    assert list(house.database.write_in_steps(lambda store: store.encrypt_rows())) == [0, 5]
    assert b"seiner Oma" not in house.raw()
    assert house.database.read_now(lambda store: whole(store, one, paper))
    # what comes afterwards is under the same key
    house.database.write_now(lambda store: store.set_form(one.id, "{}", "168890"))
    assert len(set(house.database.read_now(lambda store: store.keys_in_use(9)))) == 2
    # and back, for the program of before
    assert sum(house.database.write_in_steps(lambda store: store.decrypt_rows())) == 14
    assert b"seiner Oma" in house.raw()
    assert house.database.read_now(lambda store: (store.find_draft(draft.id), store.keys_in_use(9))) == (draft, [])


def test_a_key_store_of_another_database_does_not_start(house: House, tmp_path: Path) -> None:
    house.database.write_now(fill)
    (tmp_path / "other").mkdir()
    with pytest.raises(KeysUnusable, match="APPLICATION_KEYS_URL"):
        EndedKeys(house.database, keys_in(tmp_path / "other")).play_again(NOW)


@pytest.mark.parametrize("read", [lambda store, of: store.find_application(of), lambda store, of: store.news_of([of])])
def test_without_keys_nothing_encrypted_is_taken_for_what_was_written(
    house: House, read: Callable[[SqlStore, ApplicationId], object]
) -> None:
    one, _ = house.database.write_now(fill)
    bare = open_database(house.url)
    with pytest.raises(KeysUnusable, match="APPLICATION_KEYS_FILE"):
        bare.read_now(lambda store: read(store, one.id))
    bare.close()


def test_every_text_that_is_kept_of_a_family_is_encrypted_or_named_with_a_reason() -> None:
    encrypted = {(each.column.table.name, each.column.name) for each in (*OF_APPLICATION, *OF_DRAFT)}
    texts = {
        (table.name, column.name)
        for table in Row.metadata.sorted_tables
        if table.name not in NO_FAMILYS
        for column in table.columns
        if not isinstance(column.type, MOMENTS_AND_NUMBERS) and column.name != "id" and not _names_a_row(column)
    }
    plain = {(table, name) for table, names in PLAIN.items() for name in names}
    assert texts - encrypted == plain


def _names_a_row(column: sa.Column[object]) -> bool:
    """An id that was drawn or derived here."""
    given = ("authority_id", "account_id")
    return column.name.endswith("_id") and column.name not in given
