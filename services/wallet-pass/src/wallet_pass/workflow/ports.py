"""What the workflow needs of tables and parties, in narrow ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.events import Event

from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import AuthenticationToken, Pass, PassToken
from wallet_pass.domain.tickets import TicketState

PACKAGES, GOOGLE = "packages", "google"
"""The workers' names."""
Document = dict[str, Any]


@dataclass(frozen=True)
class StoredPass:
    """A pass as the tables have it."""

    wallet_pass: Pass
    design: Design
    package: bytes | None
    """The signed .pkpass; None where the pass has changed since and must be made anew."""
    google_knows: bool
    """Google has the object as it is now."""


class Passes(Protocol):
    """The table of passes, inside one transaction."""

    def by_ticket(self, ticket_id: UUID) -> StoredPass | None: ...
    def by_serial(self, serial_number: UUID) -> StoredPass | None: ...
    def by_token(self, token: PassToken) -> StoredPass | None: ...
    def token_of(self, ticket_id: UUID) -> PassToken | None: ...
    def add(self, wallet_pass: Pass, package: bytes | None) -> None: ...
    def change(self, wallet_pass: Pass) -> None:
        """Keep the new content, of whichever ticket it is now; its package is due, and Google must be told, also where
        the content before could not be made or told."""

    def keep_package(self, wallet_pass: Pass, package: bytes) -> None:
        """Unless the pass has changed again since `wallet_pass` was read."""


class WorkLists(Protocol):
    def packages_due(self, limit: int, now: datetime) -> Sequence[StoredPass]: ...
    def google_due(self, limit: int, now: datetime) -> Sequence[StoredPass]: ...
    def google_told(self, wallet_pass: Pass, *, accepted: bool) -> None: ...


class Notes(Protocol):
    """Designs of authorities, what was told of tickets beside their issue, and the news."""

    def design(self, authority_id: str) -> Design: ...
    def told(self, ticket_id: UUID) -> TicketState: ...
    def keep_told(self, told: TicketState) -> None: ...
    def emit(self, event: Event) -> None: ...


class Tables(Passes, WorkLists, Notes, Protocol): ...


Step = Callable[[Tables], None]


class Packer(Protocol):
    """Makes, signs and checks the .pkpass."""

    def make(self, wallet_pass: Pass, design: Design, now: datetime) -> bytes: ...
    def accepts(self, pass_type: str) -> bool: ...


class GoogleDocuments(Protocol):
    def generic_class(self, wallet_pass: Pass) -> Document: ...
    def generic_object(self, wallet_pass: Pass, design: Design) -> Document: ...
    def save_token(self, wallet_pass: Pass, now: datetime) -> str: ...


class GoogleAccount(Protocol):
    """Google's REST interface, where one is configured."""

    async def send(self, wallet_pass: Pass, design: Design) -> None: ...


class Printer(Protocol):
    def aztec(self, vdv: bytes) -> bytes: ...
    def qr(self, text: str) -> bytes: ...
    def qr_on_paper(self, text: str) -> bytes: ...


@dataclass(frozen=True)
class Tokens:
    """The unguessable words of a ticket's pass, the same whenever they are asked for; a test gives known ones."""

    pass_of: Callable[[UUID], PassToken]
    authentication_of: Callable[[UUID], AuthenticationToken]


@dataclass(frozen=True)
class Parties:
    """Who makes what a family carries: Apple's package, Google's object, the pictures."""

    apple: Packer
    google: GoogleDocuments
    google_account: GoogleAccount | None
    """None: nothing is sent to Google."""
    printer: Printer


@dataclass(frozen=True)
class Environment:
    """What comes from outside: the present moment, unguessable words, and where this service is reached."""

    clock: Callable[[], datetime]
    tokens: Tokens
    public_url: str
