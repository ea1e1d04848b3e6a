"""What the service `wallet-pass` tells."""

from typing import ClassVar
from uuid import UUID

from shared.events.base import ApplicationEvent, later_field


class PassReady(ApplicationEvent):
    subject: ClassVar[str] = "pass.ready.v1"

    ticket_id: UUID
    pass_url: str
    """The page with both wallets and the ticket's picture; the path holds an unguessable token."""
    link: int = later_field(0)
    """The number of the family's act that gave it this address; 0: the address with which the pass began."""
