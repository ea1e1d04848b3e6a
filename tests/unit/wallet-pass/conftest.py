"""Certificates, passes, and the service that makes them (support/wallet_pass)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from shared.events import TicketIssued, TicketRevoked
from support.wallet_pass import tickets
from support.wallet_pass.push_line import Line, push_line
from support.wallet_pass.service import WalletService, open_service
from support.wallet_pass.tickets import NOW
from wallet_pass import certificates, credentials
from wallet_pass.apple.package import AppleWallet
from wallet_pass.domain.passes import Pass
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount


@pytest.fixture(scope="session")
def google_public_key(ceremony: Path) -> bytes:
    return (ceremony / certificates.GOOGLE_PUBLIC).read_bytes()


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def ceremony(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    certificates.hold_ceremony(folder, NOW - timedelta(days=1))
    return folder


@pytest.fixture(scope="session")
def apple(ceremony: Path) -> AppleWallet:
    return AppleWallet(credentials.load_signer(ceremony), "https://pass.example", "https://pass.example/apple")


@pytest.fixture(scope="session")
def google(ceremony: Path) -> GoogleWallet:
    account = ServiceAccount.load(ceremony / certificates.GOOGLE_ACCOUNT)
    return GoogleWallet("3388000000012345678", account, "https://pass.example", lambda: NOW)


@pytest.fixture(scope="session")
def make_pass() -> Callable[..., Pass]:
    return tickets.make_pass


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of an empty database; of PostgreSQL's where a test asks for it by this fixture's parameter."""
    if getattr(request, "param", "sqlite") == "postgresql":
        with request.getfixturevalue("walled").empty() as empty:
            yield empty
        return
    yield f"sqlite:///{tmp_path / 'wallet-pass.db'}"


@pytest.fixture
def running(url: str, apple: AppleWallet, google: GoogleWallet) -> Iterator[WalletService]:
    with open_service(url, apple, google) as service:
        yield service


@pytest.fixture(scope="session")
def issued() -> Callable[..., TicketIssued]:
    return tickets.issued


@pytest.fixture(scope="session")
def revoked() -> Callable[..., TicketRevoked]:
    return tickets.revoked


@pytest.fixture
def line(url: str, apple: AppleWallet, google: GoogleWallet) -> Iterator[Line]:
    with push_line(url, apple, google) as opened:
        yield opened
