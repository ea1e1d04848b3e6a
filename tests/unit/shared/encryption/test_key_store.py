"""The key store: keys are wrapped by a wrapping key that can be changed, and a destroyed one never comes back."""

import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from shared.encryption import Cell, FamilyKeys, KeyDestroyed, KeysUnusable, is_encrypted, open_family_keys, values
from shared.encryption.errors import WrongPlace
from shared.encryption.key_store import KeyStore
from shared.encryption.wrapping_keys import add_wrapping_key, keep_newest, read_wrapping_keys
from support.databases import on_both
from support.postgresql import owner_url

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PLACE = Cell("application", "form", ("1",))
BOTH = on_both("url")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    add_wrapping_key(tmp_path / "wrapping.key")
    return tmp_path / "wrapping.key"


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if getattr(request, "param", "sqlite") == "postgresql":
        return owner_url(request.getfixturevalue("postgresql")())  # a key store makes its tables itself
    return f"sqlite:///{tmp_path / 'keys.sqlite'}"


@pytest.fixture
def keys(url: str, file: Path) -> Iterator[FamilyKeys]:
    opened = open_family_keys(url, file)
    yield opened
    opened.store.close()


@BOTH
def test_a_key_is_on_the_disk_before_it_is_used_and_read_by_whoever_comes_later(
    keys: FamilyKeys, url: str, file: Path
) -> None:
    made = [keys.new() for _ in range(40)]
    assert len(set(made)) == 40
    kept = [keys.encrypt(each, b"content", PLACE) for each in made]
    later = open_family_keys(url, file)
    assert {later.decrypt(each, PLACE) for each in kept} == {b"content"}
    later.store.close()


@BOTH
def test_what_is_destroyed_is_unreadable_at_once_and_stays_on_record_once(
    keys: FamilyKeys, url: str, file: Path
) -> None:
    one, other = keys.new(), keys.new()
    kept = keys.encrypt(one, b"content", PLACE)
    for _ in range(2):
        assert keys.destroy([one], NOW)
    for each in (keys, open_family_keys(url, file)):
        with pytest.raises(KeyDestroyed):
            each.decrypt(kept, PLACE)
    assert list(keys.pages_of_destroyed()) == [[one]]
    assert keys.still_there([one, other]) == {other}
    assert keys.has_heard_of(one) and keys.has_heard_of(other) and not keys.has_heard_of(UUID(int=1))


@BOTH
def test_a_new_wrapping_key_wraps_all_anew_though_it_is_cut_off_and_the_earlier_one_is_not_needed_then(
    keys: FamilyKeys, url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.encryption.key_store.PAGE", 10)
    one = keys.new()
    kept = keys.encrypt(one, b"content", PLACE)
    add_wrapping_key(file)
    newer = open_family_keys(url, file)
    steps = newer.store.rewrap()
    assert next(steps) == (10, 32)
    del steps
    # between the two, both are needed
    with pytest.raises(KeysUnusable, match="put that line back"):
        KeyStore.open(url, read_wrapping_keys(file)[:1])
    assert list(newer.store.rewrap())[-1] == (22, 22)
    assert keep_newest(file) == 1
    assert open_family_keys(url, file).decrypt(kept, PLACE) == b"content"


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"", "keys wrapping-key"), (b"ab" * 31, "64 hexadecimal"), (b"no key", "64 hexadecimal")],
)
def test_a_file_that_is_none_is_said_with_what_to_do(file: Path, content: bytes | None, said: str) -> None:
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KeysUnusable, match=said) as error:
        read_wrapping_keys(file)
    assert not content or content.decode() not in str(error.value)


def test_another_wrapping_key_does_not_open_the_key_store(keys: FamilyKeys, url: str, file: Path) -> None:
    keys.new()
    file.unlink()
    add_wrapping_key(file)
    with pytest.raises(KeysUnusable, match="wrapping key that the file does not have"):
        open_family_keys(url, file)


def test_the_file_is_for_its_owner_alone_and_no_key_lies_in_the_store_as_it_is(
    keys: FamilyKeys, file: Path, tmp_path: Path
) -> None:
    one = keys.new()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    raw = b"".join(each.read_bytes() for each in tmp_path.glob("keys.sqlite*"))
    assert keys.store.get(one) not in raw and read_wrapping_keys(file)[0].key not in raw


def test_a_row_that_was_swapped_for_another_familys_is_refused(keys: FamilyKeys, url: str, file: Path) -> None:
    one, other = keys.new(), keys.new()
    with keys.store._engine.begin() as connection:
        wrapped = sa.text("UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE id = :of) WHERE id = :to")
        connection.execute(wrapped, {"of": str(one), "to": str(other)})
    with pytest.raises(KeysUnusable, match=str(other)):
        open_family_keys(url, file).encrypt(other, b"", PLACE)


def test_keys_in_memory_are_bounded(url: str, file: Path) -> None:
    keys = FamilyKeys(KeyStore.open(url, read_wrapping_keys(file)), in_memory=4)
    made = [keys.new() for _ in range(64)]
    for each in made:
        keys.encrypt(each, b"", PLACE)
    assert len(keys._known) <= 64
    again = FamilyKeys(KeyStore.open(url, read_wrapping_keys(file)), in_memory=4)
    for each in made:
        again.encrypt(each, b"", PLACE)
    assert len(again._known) == 4


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, st.tuples(TEXTS, TEXTS, TEXTS), st.tuples(TEXTS, TEXTS, TEXTS))
def test_a_text_comes_back_in_its_own_place_alone(text: str, place: tuple[str, ...], other: tuple[str, ...]) -> None:
    key, key_id = bytes(32), UUID(int=7)
    here, there = (Cell(each[0], each[1], each[2:]) for each in (place, other))
    kept = values.as_text(values.encrypt(key_id, key, text.encode(), here))
    value = values.as_bytes(kept)
    assert is_encrypted(kept) and values.key_id_in(value) == key_id
    assert len(value) == len(text.encode()) + values.OVERHEAD
    assert values.decrypt(key, value, here).decode() == text
    if here.associated_data != there.associated_data:
        with pytest.raises(WrongPlace):
            values.decrypt(key, value, there)


@given(st.binary(min_size=1), st.integers(min_value=0))
def test_whatever_is_changed_in_it_is_noticed(content: bytes, at: int) -> None:
    key = bytes(32)
    value = bytearray(values.encrypt(UUID(int=7), key, content, PLACE))
    changed = len(values.MAGIC) + values.ID_BYTES + at % (len(value) - len(values.MAGIC) - values.ID_BYTES)
    value[changed] ^= 1
    with pytest.raises(WrongPlace):
        values.decrypt(key, bytes(value), PLACE)


def test_copies_of_a_service_that_begin_at_one_moment_make_its_tables_once(
    postgresql: Callable[[], str], file: Path
) -> None:
    url, together = owner_url(postgresql()), threading.Barrier(4)

    def begin(_: int) -> KeyStore:
        together.wait(10)
        return KeyStore.open(url, read_wrapping_keys(file))

    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(begin, range(4)))
    [(key_id, key)] = stores[0].make(1)
    assert all(each.get(key_id) == key for each in stores)
