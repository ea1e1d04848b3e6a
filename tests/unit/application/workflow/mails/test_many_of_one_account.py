"""An account that applies for many children, as a home does: the last application costs what the first did."""

from datetime import datetime, timedelta

import pytest
from application.checks import SchoolKeys
from application.domain.ids import Owner
from application.form import EXAMPLE
from application.store import SqlStore
from application.store.mails import OF_OWNER as OF_HOME
from application.workflow import workflow_on
from shared.database import Database
from shared.encryption import FamilyKeys
from shared.encryption.values import Cell
from support.application.family_pages import FamilyPlace, family_place
from support.application.mailing import OFFICE

MANY = 15
HOME = Owner("home-1")


@pytest.fixture
def place(database: Database[SqlStore], keys: SchoolKeys, now: datetime) -> FamilyPlace:
    return family_place(workflow_on(database, keys, office=OFFICE), database, now)


@pytest.fixture
def decrypted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables of all values that were decrypted."""
    found: list[str] = []
    whole = FamilyKeys.decrypt_text

    def noted(self: FamilyKeys, value: str, cell: Cell) -> str:
        found.append(cell.table)
        return whole(self, value, cell)

    monkeypatch.setattr(FamilyKeys, "decrypt_text", noted)
    return found


async def one_more(place: FamilyPlace, number: int, **changes: object) -> None:
    place.clock[0] += timedelta(minutes=1)
    name = f"Kind {chr(ord('A') + number)}"
    await place.applied(HOME, pupil=EXAMPLE["pupil"] | {"first_name": name}, **changes)


async def test_what_is_read_of_the_others_does_not_grow_with_them(place: FamilyPlace, decrypted: list[str]) -> None:
    counts = []
    for number in range(MANY):
        decrypted.clear()
        await one_more(place, number)
        counts.append((decrypted.count("contact"), decrypted.count("application")))
    assert counts[-1] == counts[2] and max(counts) <= (2, 2), counts


async def test_nor_where_the_address_is_confirmed_long_since(place: FamilyPlace, decrypted: list[str]) -> None:
    await one_more(place, 0)

    def confirm(store: SqlStore) -> None:
        contact = next(store._alike(OF_HOME, {"owner": HOME}, None))
        store.set_contact(contact.__class__(**(vars(contact) | {"confirmed_at": place.clock[0]})))

    await place.database.write(confirm)
    counts = []
    for number in range(1, MANY):
        decrypted.clear()
        await one_more(place, number)
        counts.append(decrypted.count("contact"))
    assert set(counts) == {1}
    states = await place.database.read(
        lambda store: [each.state for each in store._alike(OF_HOME, {"owner": HOME}, None)]
    )
    assert states == ["confirmed"] * MANY
