"""What happens to a pass: made when a ticket is issued, voided when it is revoked, shown to its holder."""

import asyncio
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import structlog
from shared.errors import Forbidden, Invalid, NotFound, Text
from shared.events import Event, PassReady, TicketIssued, TicketRenewed, TicketRevoked

from wallet_pass.domain import AuthenticationToken, Design, Pass, PassToken, Ticket, next_change

log = structlog.get_logger("workflow")
Result = TypeVar("Result")
Document = dict[str, Any]

BATCH = 50
"""How many passes a worker takes up at once."""
NO_SUCH_PASS = Text(
    "Unter dieser Adresse gibt es kein Ticket. Bitte prüfen Sie den Link aus Ihrer Benachrichtigung.",
    "There is no ticket at this address. Please check the link in your message.",
)
WITHDRAWN = Text(
    "Dieses Ticket wurde zurückgenommen. Es gibt keinen Barcode mehr.",
    "This ticket has been withdrawn. There is no barcode any more.",
)
NOT_YOURS = Text("Dieser Pass gehört nicht zu diesem Schlüssel.", "This pass does not belong to this token.")


@dataclass(frozen=True)
class Kept:
    """A pass as the tables have it."""

    wallet_pass: Pass
    design: Design
    package: bytes | None
    """The signed .pkpass; None where the pass has changed since and must be made anew."""
    google_knows: bool
    """Google has the object as it is now."""


class Passes(Protocol):
    """The table of passes, inside one transaction."""

    def by_ticket(self, ticket_id: UUID) -> Kept | None: ...
    def by_token(self, token: PassToken) -> Kept | None: ...
    def token_of(self, ticket_id: UUID) -> PassToken | None: ...
    def add(self, wallet_pass: Pass, package: bytes | None) -> None: ...
    def change(self, wallet_pass: Pass) -> None:
        """Keep the new content; its package is due, and Google must be told."""

    def keep_package(self, wallet_pass: Pass, package: bytes) -> None:
        """Unless the pass has changed again since `wallet_pass` was read."""


class WorkLists(Protocol):
    def packages_due(self, limit: int) -> Sequence[Kept]: ...
    def google_due(self, limit: int) -> Sequence[Kept]: ...
    def google_told(self, wallet_pass: Pass, *, accepted: bool) -> None: ...


class Notes(Protocol):
    """Designs of authorities, revocations that came before their ticket, and the news."""

    def design(self, authority_id: str) -> Design: ...
    def remember_revocation(self, ticket_id: UUID, at: datetime) -> None: ...
    def revocation(self, ticket_id: UUID) -> datetime | None: ...
    def emit(self, event: Event) -> None: ...


class Tables(Passes, WorkLists, Notes, Protocol): ...


Step = Callable[[Tables], None]


class Transactions(Protocol):
    async def write(self, step: Callable[[Tables], Result]) -> Result: ...
    async def read(self, query: Callable[[Tables], Result]) -> Result: ...


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


@dataclass(frozen=True)
class Tokens:
    """Where unguessable words come from; a test gives known ones."""

    new_pass: Callable[[], PassToken]
    new_authentication: Callable[[], AuthenticationToken]


@dataclass(frozen=True)
class Workflow:
    transactions: Transactions
    apple: Packer
    google: GoogleDocuments
    google_account: GoogleAccount | None
    printer: Printer
    tokens: Tokens
    public_url: str
    clock: Callable[[], datetime]

    async def issue(self, event: TicketIssued) -> Step:
        """A ticket was issued.

        1. know the authority's design
        2. lay down the pass
        3. make it, sign it, check it as a reader would (outside the transaction)
        4. keep it, unless another message was faster, and tell that it is ready
        """
        # 1.
        design = await self.transactions.read(lambda tables: tables.design(event.authority_id))
        # 2.
        now = self.clock()
        wallet_pass = Pass(
            self.tokens.new_pass(), self.tokens.new_authentication(), _ticket(event), next_change(None, now)
        )
        # 3.
        package = await asyncio.to_thread(self.apple.make, wallet_pass, design, now)

        # 4.
        def step(tables: Tables) -> None:
            token = tables.token_of(event.ticket_id)
            if token is None:
                token, revoked_at = wallet_pass.token, tables.revocation(event.ticket_id)
                if revoked_at is None:
                    tables.add(wallet_pass, package)
                else:
                    tables.add(wallet_pass.revoked(revoked_at), None)
            tables.emit(self._ready(token, event))

        return step

    async def revoke(self, event: TicketRevoked) -> Step:
        """A ticket was revoked: the page says so with this step, `remake` signs the void pass right after it.

        The message may overtake the ticket's own, or be handled with it in one batch: both orders end alike.
        """

        def step(tables: Tables) -> None:
            kept = tables.by_ticket(event.ticket_id)
            if kept is None:
                tables.remember_revocation(event.ticket_id, event.occurred_at)
            elif kept.wallet_pass.revoked_at is None:
                tables.change(kept.wallet_pass.revoked(self.clock()))

        return step

    async def renew(self, event: TicketRenewed) -> Step:
        """The ticket was signed anew (a key was stolen): the pass takes over the codes, and phones fetch it."""

        def step(tables: Tables) -> None:
            kept = tables.by_ticket(event.ticket_id)
            if kept is not None and kept.wallet_pass.revoked_at is None:
                tables.change(kept.wallet_pass.renewed(event.vdv, event.qr, self.clock()))

        return step

    async def remake(self) -> int:
        """Make the packages that are due. Returns how many; raises what `Packer.make` raises."""
        due = await self.transactions.read(lambda tables: tables.packages_due(BATCH))
        for kept in due:
            await self._current_package(kept)
        return len(due)

    async def tell_google(self) -> int:
        """Send what Google does not know yet. Returns how many; raises Unavailable where Google does not answer."""
        if self.google_account is None:
            return 0
        due = await self.transactions.read(lambda tables: tables.google_due(BATCH))
        for kept in due:
            wallet_pass, accepted = kept.wallet_pass, True
            try:
                await self.google_account.send(wallet_pass, kept.design)
            except Invalid:
                accepted = False
                log.error("google_refused", authority=wallet_pass.ticket.authority_id)
            await self.transactions.write(_told(wallet_pass, accepted))
        return len(due)

    async def find(self, token: PassToken) -> Kept:
        """Raises NotFound."""
        kept = await self.transactions.read(lambda tables: tables.by_token(token))
        if kept is None:
            raise NotFound(NO_SUCH_PASS)
        return kept

    async def design(self, authority_id: str) -> Design:
        return await self.transactions.read(lambda tables: tables.design(authority_id))

    async def package(self, token: PassToken) -> bytes:
        """The .pkpass as it must be now, never an older one. Raises NotFound."""
        return await self._current_package(await self.find(token))

    async def package_for_phone(
        self, pass_type: str, ticket_id: UUID, shown: str, since: datetime | None
    ) -> tuple[bytes | None, datetime]:
        """What a phone fetches by the pass's own token, and when it changed; None where it has that already.

        Raises Forbidden where there is no such pass or the token is another's: the answer is the same.
        """
        kept = await self.transactions.read(lambda tables: tables.by_ticket(ticket_id))
        right = "" if kept is None else kept.wallet_pass.authentication_token
        if kept is None or not hmac.compare_digest(right.encode(), shown.encode()) or not self.apple.accepts(pass_type):
            raise Forbidden(NOT_YOURS)
        changed_at = kept.wallet_pass.changed_at
        if since is not None and changed_at <= since:
            return None, changed_at
        return await self._current_package(kept), changed_at

    async def picture(self, token: PassToken, kind: str) -> bytes:
        """`aztec` or `qr` as PNG. Raises NotFound for a revoked ticket too: nobody should print it."""
        wallet_pass = (await self.find(token)).wallet_pass
        if wallet_pass.revoked_at is not None:
            raise NotFound(WITHDRAWN)
        if kind == "aztec":
            return await asyncio.to_thread(self.printer.aztec, wallet_pass.ticket.vdv)
        return await asyncio.to_thread(self.printer.qr, wallet_pass.ticket.qr)

    async def google_documents(self, token: PassToken) -> Document:
        kept = await self.find(token)
        return {
            "class": self.google.generic_class(kept.wallet_pass),
            "object": self.google.generic_object(kept.wallet_pass, kept.design),
        }

    def google_token(self, kept: Kept) -> str | None:
        """The token of the save link; None until Google knows the object, for until then the link would fail."""
        if kept.wallet_pass.revoked_at is not None or (self.google_account is not None and not kept.google_knows):
            return None
        return self.google.save_token(kept.wallet_pass, self.clock())

    async def _current_package(self, kept: Kept) -> bytes:
        if kept.package is not None:
            return kept.package
        package = await asyncio.to_thread(self.apple.make, kept.wallet_pass, kept.design, self.clock())
        await self.transactions.write(lambda tables: tables.keep_package(kept.wallet_pass, package))
        return package

    def _ready(self, token: PassToken, event: TicketIssued) -> PassReady:
        return PassReady(
            occurred_at=self.clock(),
            authority_id=event.authority_id,
            application_id=event.application_id,
            ticket_id=event.ticket_id,
            pass_url=f"{self.public_url}/v1/passes/{token}",
        )


def _ticket(event: TicketIssued) -> Ticket:
    return Ticket(
        ticket_id=event.ticket_id,
        application_id=event.application_id,
        authority_id=event.authority_id,
        number=event.number,
        organisation_id=event.organisation_id,
        product=event.product,
        first_name=event.holder.first_name,
        last_name=event.holder.last_name,
        birth_date=event.holder.birth_date,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        vdv=event.vdv,
        qr=event.qr,
    )


def _told(wallet_pass: Pass, accepted: bool) -> Step:
    return lambda tables: tables.google_told(wallet_pass, accepted=accepted)
