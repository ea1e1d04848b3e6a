"""What the service `wallet-pass` tells."""

from typing import ClassVar
from uuid import UUID

from shared.events.base import ApplicationEvent


class PassReady(ApplicationEvent):
    subject: ClassVar[str] = "pass.ready.v1"

    ticket_id: UUID
    pass_url: str
    """The page with both wallets and the ticket's picture; the path holds an unguessable token."""
