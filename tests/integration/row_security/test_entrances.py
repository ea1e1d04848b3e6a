"""Case workers draw the entrances of a school that their authority bears, as the register says: the first time in place
of OpenStreetMap's, and also where another authority bore it before."""

from collections.abc import Callable
from datetime import UTC, datetime

from eligibility.store import Store
from eligibility.store.places.importer import PlaceImporter
from geography.model import Entrance, Point
from shared.database import Database
from shared.identity import Caller
from shared.row_security.asking import asks, request_begins, request_ends
from support.databases import make_tables

SCHOOL = "100001"


def test_entrances_are_drawn_the_first_time_and_after_another_authority(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    PlaceImporter(database).replace_entrances([(SCHOOL, Entrance(Point(51.6, 8.7), "openstreetmap"))], "openstreetmap")
    for number, authority in enumerate(("12345", "67890")):
        drawn = [Entrance(Point(51.7, 8.7 + number / 1000), "set_by_person", "Tor")]

        def draw(store: Store, drawn: list[Entrance] = drawn, of: str = authority) -> None:
            store.draw_entrances(SCHOOL, drawn, authority_id=of, by=f"anna of {of}", now=datetime.now(UTC))

        token = request_begins()
        try:
            asks(Caller("anna", authority, frozenset({"case_worker"})))
            database.write_now(draw)
            assert database.read_now(lambda store: store.drawn_entrances(SCHOOL)) == drawn
        finally:
            request_ends(token)
    assert (database.read_now(lambda store: store.entrances_drawn(SCHOOL)) or ("",))[0] == "anna of 67890"
    database.close()
