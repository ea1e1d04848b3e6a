"""What happens to a pass: made and sent where it is due, shown to its holder."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from shared.database import Transactions
from shared.errors import Invalid, NotFound, Text
from shared.runtime.backlog import Backlog, row_key

from wallet_pass import wording
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass, PassToken
from wallet_pass.workflow.callbacks import GoogleCallbacks
from wallet_pass.workflow.environment import Environment
from wallet_pass.workflow.erasure import Erasure
from wallet_pass.workflow.phones import PassReference, Phones
from wallet_pass.workflow.ports import (
    GOOGLE,
    PACKAGES,
    PUSHES,
    GooglePass,
    Parties,
    Step,
    StoredPass,
    Tables,
)
from wallet_pass.workflow.printouts import Printouts
from wallet_pass.workflow.sheets import Sheets
from wallet_pass.workflow.tickets import TicketLife

log = structlog.get_logger("workflow")
APPLE = "apple"
BATCH = 50
"""How many passes a worker takes up at once."""
NO_SUCH_PASS = Text(
    "Unter dieser Adresse gibt es kein Ticket. Bitte prüfen Sie den Link aus Ihrer Benachrichtigung.",
    "There is no ticket at this address. Please check the link in your message.",
)
REVOKED = Text(
    "Dieses Ticket ist gesperrt. Es gibt keinen Barcode mehr.",
    "This ticket is revoked. There is no barcode any more.",
)
SUSPENDED = Text(
    "Dieses Ticket ist ausgesetzt. Bis es wieder freigegeben ist, gibt es keinen Barcode.",
    "This ticket is suspended. There is no barcode until it is restored.",
)


@dataclass(frozen=True)
class Workflow:
    """What the edges call."""

    transactions: Transactions[Tables]
    parties: Parties
    environment: Environment
    package_backlog: Backlog
    google_backlog: Backlog
    push_backlog: Backlog

    @property
    def tickets(self) -> TicketLife:
        """What is heard of tickets."""
        return TicketLife(self.transactions, self.parties.apple, self.environment)

    @property
    def erasure(self) -> Erasure:
        """What is heard of families that were erased."""
        return Erasure(self.transactions, self.parties.google_account, self.environment)

    @property
    def phones(self) -> Phones:
        """What phones ask for, and how they are told."""
        parties, here = self.parties, self.environment
        return Phones(self.transactions, parties.apple, parties.push_service, here.clock, self.push_backlog, here.seal)

    @property
    def callbacks(self) -> GoogleCallbacks:
        """What Google says of passes in wallets."""
        return GoogleCallbacks(self.transactions, self.parties.google, self.environment.clock)

    @property
    def printouts(self) -> Printouts:
        """The ticket on paper."""
        return Printouts(self.transactions, self.parties.printer, self.environment.clock)

    @property
    def sheets(self) -> Sheets:
        """Cards for a class."""
        return Sheets(self.transactions, self.parties.printer, self.environment.clock)

    async def remake(self) -> int:
        """Make the packages that are due. Returns how many."""
        due = await self.transactions.read(lambda tables: tables.packages_due(BATCH, self.environment.clock()))
        if due:
            await self.package_backlog.together(due, _key, self._make_packages)
        return len(due)

    async def _make_packages(self, due: Sequence[StoredPass]) -> None:
        now = self.environment.clock()
        passes = [(kept.wallet_pass, kept.design) for kept in due]
        packages = await asyncio.to_thread(self.parties.apple.make_all, passes, now)
        made = [(kept.wallet_pass, package) for kept, package in zip(due, packages, strict=True)]
        await self.transactions.write(lambda tables: tables.keep_packages(made, now))

    async def spread_remakes(self, most: int) -> None:
        """Have the next passes made anew whose day has come or is over, and then of those that a change of all of them
        asks for; at most so many at each call."""
        with_google = self.parties.google_account is not None

        def step(tables: Tables) -> None:
            now = self.environment.clock()
            left = most - tables.take_turns(most, now, with_google=with_google)
            if left:
                tables.take_remakes(left, now, with_google=with_google)

        await self.transactions.write(step)

    async def note_certificates(self, in_use: Sequence[tuple[str, str, str]]) -> None:
        """With what passes are signed now; where that is another than before, all of them are signed anew. So they are
        where this database was put back to an older copy: what phones and Google have is of whichever time, and Google
        is told anew then.

        Args:
            in_use: name, fingerprint and whose it is.
        """

        def step(tables: Tables) -> None:
            now = self.environment.clock()
            changed = [name for name, digest, of in in_use if tables.keep_certificate(name, digest, of, now)]
            has_risen = tables.has_epoch_risen()
            if has_risen or APPLE in changed:
                tables.order_remakes(None, now, at_google=has_risen)

        await self.transactions.write(step)

    async def tell_google(self) -> int:
        """Send what Google does not know yet. Returns how many; raises Unavailable where Google does not answer."""
        account = self.parties.google_account
        if account is None:
            return 0

        async def send(kept: StoredPass) -> None:
            wallet_pass, accepted = kept.wallet_pass, True
            authority_id = wallet_pass.ticket.authority_id
            rotation = await self.transactions.read(lambda tables: tables.rotation(authority_id))
            try:
                await account.send(wallet_pass, kept.design, rotation)
                if kept.google_standing not in (None, wallet_pass.standing):
                    await account.notify(wallet_pass, wording.news_of(wallet_pass))
            except Invalid:
                accepted = False
                log.error("google_refused", authority=authority_id)
            await self.transactions.write(_told(wallet_pass, accepted))

        due = await self.transactions.read(lambda tables: tables.google_due(BATCH, self.environment.clock()))
        await self.google_backlog.each(due, _key, send)
        return len(due)

    async def find(self, token: PassToken) -> StoredPass:
        """By its link.

        Raises:
            NotFound: the same, after the same work, for a link that was guessed, ended, or has expired.
        """
        now = self.environment.clock()
        kept = await self.transactions.read(lambda tables: tables.by_link(token, now))
        if kept is None:
            raise NotFound(NO_SUCH_PASS)
        return kept

    async def find_all(self, tokens: Sequence[PassToken]) -> list[StoredPass]:
        """Those to which a link leads, in this order; the others are left out, as if they had never been."""
        now = self.environment.clock()

        def read(tables: Tables) -> list[StoredPass]:
            return [found for each in tokens if (found := tables.by_link(each, now)) is not None]

        return await self.transactions.read(read)

    async def design(self, authority_id: str, organisation_id: int | None = None) -> Design:
        """An authority's, for an operator; the usual one where it has none of its own."""
        return await self.transactions.read(lambda tables: tables.design(authority_id, organisation_id))

    async def package(self, token: PassToken) -> bytes:
        """The .pkpass as it must be now, never an older one.

        Raises:
            NotFound.
        """
        return await self._current_package(await self.find(token))

    async def package_for_phone(self, shown: PassReference, since: datetime | None) -> tuple[bytes | None, datetime]:
        """What a phone fetches by the pass's own token, and when it changed; None where it has that already.

        Raises:
            Forbidden: where there is no such pass or the token is another's: the answer is the same.
        """
        kept = await self.transactions.read(lambda tables: self.phones.own(tables, shown))
        changed_at = kept.wallet_pass.changed_at
        if since is not None and changed_at <= since:
            return None, changed_at
        return await self._current_package(kept), changed_at

    async def picture(self, token: PassToken, kind: str) -> bytes:
        """`aztec`, `qr` or `qr-paper` as PNG.

        Raises:
            NotFound: for a revoked or suspended ticket too: nobody should print it.
        """
        wallet_pass = (await self.find(token)).wallet_pass
        if not wallet_pass.bears_barcode:
            raise NotFound(SUSPENDED if wallet_pass.revoked_at is None else REVOKED)
        if kind == "aztec":
            return await asyncio.to_thread(self.parties.printer.aztec, wallet_pass.ticket.vdv)
        drawn = self.parties.printer.qr_on_paper if kind == "qr-paper" else self.parties.printer.qr
        return await asyncio.to_thread(drawn, wallet_pass.ticket.qr)

    async def google_pass(self, token: PassToken) -> GooglePass:
        """The two documents as they go to Google, for whoever holds the pass's link.

        Raises:
            NotFound.
        """
        kept = await self.find(token)
        google = self.parties.google
        return GooglePass(google.generic_class(kept.wallet_pass), google.generic_object(kept.wallet_pass, kept.design))

    def google_token(self, kept: StoredPass) -> str | None:
        """The token of the save link; None until Google knows the object, for until then the link would fail."""
        if not kept.wallet_pass.bears_barcode or (self.parties.google_account is not None and not kept.google_knows):
            return None
        return self.parties.google.save_token(kept.wallet_pass, self.environment.clock())

    async def _current_package(self, kept: StoredPass) -> bytes:
        if kept.package is not None:
            return kept.package
        now = self.environment.clock()
        package = await asyncio.to_thread(self.parties.apple.make, kept.wallet_pass, kept.design, now)
        await self.transactions.write(lambda tables: tables.keep_packages([(kept.wallet_pass, package)], now))
        await self.package_backlog.succeeded([_key(kept)])
        return package


def workflow_on(
    database: Transactions[Tables],
    parties: Parties,
    environment: Environment,
    backlog_of: Callable[[str], Backlog],
) -> Workflow:
    """All on one database.

    Args:
        backlog_of: the rows of a worker that fail.
    """
    return Workflow(database, parties, environment, backlog_of(PACKAGES), backlog_of(GOOGLE), backlog_of(PUSHES))


def _key(kept: StoredPass) -> str:
    """A pass keeps its serial number for life, and its token is what opens it."""
    return row_key(UUID(kept.wallet_pass.serial_number))


def _told(wallet_pass: Pass, accepted: bool) -> Step:
    return lambda tables: tables.google_told(wallet_pass, accepted=accepted)
