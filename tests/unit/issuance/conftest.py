"""A test PKI and tickets."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
import structlog
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.signer import ceremony
from issuance.verification.trust import Trust, assemble
from issuance.verification.verifier import Verifier
from support.issuance.example import NOW, example_ticket, make_pki
from support.issuance.example import node as find_node


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
    return make_pki()


@pytest.fixture(scope="session")
def trust(pki: ceremony.Pki) -> Trust:
    return assemble(pki.certificates.values(), pki.trust_list, ())


@pytest.fixture(scope="session")
def verifier(trust: Trust) -> Verifier:
    return Verifier(trust, status_optional=True)


@pytest.fixture(scope="session")
def ticket() -> Ticket:
    return example_ticket()


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
    return find_node()
