"""What the workflow needs of tables and parties, in narrow ports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from shared.errors import Text
from shared.events import Event
from shared.events.base import OfApplication

from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass, PassToken
from wallet_pass.domain.rotation import Rotation
from wallet_pass.domain.tickets import TicketState
from wallet_pass.workflow.apple_ports import Packer, PushService
from wallet_pass.workflow.design_ports import DesignWriter, Remakes
from wallet_pass.workflow.wallet_ports import Callbacks, Devices

PaperKind = Literal["ticket", "card"]
ReasonLeftOut = Literal["revoked", "suspended", "expired", "none"]
PACKAGES, GOOGLE, PUSHES, REMAKES = "packages", "google", "pushes", "remakes"
"""The workers' names."""
Document = Mapping[str, object]
"""A JSON object as Google's REST interface takes it; nothing here looks into it."""


@dataclass(frozen=True)
class GooglePass:
    """One pass as Google Wallet knows it."""

    generic_class: Document
    generic_object: Document


@dataclass(frozen=True)
class StoredPass:
    """A pass as the tables have it."""

    wallet_pass: Pass
    design: Design
    package: bytes | None
    """The signed .pkpass; None where the pass has changed since and must be made anew."""
    google_knows: bool
    """Google has the object as it is now."""
    google_standing: str | None = None
    """`Pass.standing` of what Google has; None where it has none."""


@dataclass(frozen=True)
class HandOut:
    """Cards that are handed out together, in the order in which they are handed out."""

    passes: Sequence[StoredPass]
    left_out: Sequence[tuple[UUID, ReasonLeftOut]]
    """Applications that were asked for, and why they have no card."""
    at: datetime
    first_place: int = 1
    """Of the first in the list."""
    part: int = 1
    parts: int = 1


class Passes(Protocol):
    """The table of passes, inside one transaction."""

    def by_ticket(self, ticket_id: UUID) -> StoredPass | None:
        """The pass that bears this ticket now, without its package."""

    def by_serial(self, serial_number: UUID) -> StoredPass | None:
        """By the number that a phone knows."""

    def by_token(self, token: PassToken) -> StoredPass | None:
        """By its address."""

    def token_of(self, ticket_id: UUID) -> PassToken | None:
        """The address of the pass that bears this ticket now."""

    def passes_of_all(self, application_ids: Sequence[UUID], authority_id: str | None) -> Sequence[StoredPass]:
        """Of these applications, without packages; `authority_id` None: of whichever authority."""

    def note_printed(self, passes: Sequence[Pass], by: str, now: datetime) -> None:
        """They were printed to be handed out, by whom."""

    def add(self, wallet_pass: Pass, package: bytes | None) -> None:
        """A new pass.

        Args:
            package: None where it must still be made.
        """

    def change(self, wallet_pass: Pass) -> None:
        """Keep the new content, of whichever ticket it is now; its package is due, and Google must be told, also where
        the content before could not be made or told."""

    def keep_packages(self, made: Sequence[tuple[Pass, bytes]], now: datetime) -> None:
        """Each unless its pass has changed again since it was read. The devices that have it are to be told."""


class LinksOfPasses(Protocol):
    """By which a pass is found."""

    def by_link(self, token: PassToken, now: datetime) -> StoredPass | None:
        """None, after the same work, for one that was guessed, ended, or has expired."""

    def link_number(self, token: PassToken) -> int:
        """Of a pass that is there."""
        ...

    def begin_link(self, token: PassToken, until: datetime) -> None:
        """The first link of a pass."""

    def set_link(self, before: Pass, after: Pass, until: datetime, now: datetime, *, ended: bool) -> None:
        """The token of `before` leads nowhere any more; `ended`: that of `after` neither."""


class WorkLists(Protocol):
    def packages_due(self, limit: int, now: datetime) -> Sequence[StoredPass]:
        """Passes whose package must be made anew, but those that failed and wait for their next try."""

    def google_due(self, limit: int, now: datetime) -> Sequence[StoredPass]:
        """Passes that Google does not know as they are now, but those that failed and wait for their next try."""

    def google_told(self, wallet_pass: Pass, *, accepted: bool) -> None:
        """Google has this content, or has refused it for good; nothing where the pass has changed since."""


class Notes(Protocol):
    """Designs of authorities, what was told of tickets beside their issue, and the news."""

    def design(self, authority_id: str, organisation_id: int | None = None) -> Design:
        """What counts for an operator; the usual one where the authority has none of its own."""

    def rotation(self, authority_id: str) -> Rotation | None:
        """How its codes change; None: they stand still."""

    def ticket_state(self, ticket_id: UUID) -> TicketState:
        """Empty where nothing was told."""

    def keep_ticket_state(self, state: TicketState) -> None:
        """In place of what was kept of the ticket before."""

    def emit(self, event: Event) -> None:
        """Tell it if, and only if, this transaction commits."""


class ErasureStore(Protocol):
    def passes_of(self, application_id: UUID) -> Sequence[StoredPass]:
        """All that its tickets have, void ones too."""
        ...

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""

    def erase(self, application_id: UUID, now: datetime) -> int:
        """Its passes, and what was told of their tickets."""
        ...


class Tables(
    Passes, LinksOfPasses, WorkLists, Notes, Devices, Callbacks, Remakes, ErasureStore, DesignWriter, Protocol
): ...


Step = Callable[[Tables], None]


class GoogleDocuments(Protocol):
    def class_id(self, wallet_pass: Pass) -> str:
        """By which Google knows what its passes share."""

    def object_id(self, wallet_pass: Pass) -> str:
        """By which Google knows the pass."""

    def generic_class(self, wallet_pass: Pass) -> Document:
        """What all passes of an authority and product share."""

    def generic_object(self, wallet_pass: Pass, design: Design) -> Document:
        """One ticket, as Google Wallet shows it."""

    def save_token(self, wallet_pass: Pass, now: datetime) -> str:
        """The signed token of the link by which a family puts the pass into its wallet."""


class GoogleAccount(Protocol):
    """Google's REST interface, where one is configured."""

    async def send(self, wallet_pass: Pass, design: Design, rotation: Rotation | None = None) -> None:
        """Class and object.

        Args:
            rotation: how its code changes; None: it stands still.

        Raises:
            Invalid: where Google refuses the content.
            Unavailable: where it does not answer.
        """

    async def notify(self, wallet_pass: Pass, text: Text) -> None:
        """Have the phone tell its owner of a change.

        Raises:
            Unavailable: where Google does not answer.
        """


class Printer(Protocol):
    def aztec(self, vdv: bytes) -> bytes:
        """PNG of the VDV-KA barcode."""

    def qr(self, text: str) -> bytes:
        """PNG for a screen."""

    def qr_on_paper(self, text: str) -> bytes:
        """PNG that is read with a tenth of it covered."""

    def ticket(self, wallet_pass: Pass, design: Design) -> bytes:
        """PDF of a sheet of A4."""

    def card(self, wallet_pass: Pass, design: Design) -> bytes:
        """PDF of a card of ID-1."""

    def sheet(self, hand_out: HandOut) -> bytes:
        """PDF of cards for a class, and of the list to sign."""


@dataclass(frozen=True)
class Parties:
    """Who makes what a family carries: Apple's package, Google's object, the pictures."""

    apple: Packer
    google: GoogleDocuments
    google_account: GoogleAccount | None
    """None: nothing is sent to Google."""
    printer: Printer
    push_service: PushService | None = None
    """None: no phone is pushed to."""
