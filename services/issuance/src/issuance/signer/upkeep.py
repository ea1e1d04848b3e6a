"""What the signer does besides signing: it looks for new keys, tells of them, expires, and signs anew after a theft."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from issuance.workflow.signer.issue import TicketIssuer
from issuance.workflow.signer.life import TicketRenewal
from issuance.workflow.signer.publish import ListPublisher
from issuance.workflow.signer.publish_issued import IssuedListPublisher


class Public(Protocol):
    @property
    def trust_list(self) -> bytes:
        """As it is published, signed."""

    @property
    def certificates(self) -> Mapping[str, bytes]:
        """Root and sub-CAs, by name."""


class Keys(Protocol):
    """The keys and lists that are in use now."""

    def refresh(self) -> bool:
        """Take what is new. True where something was."""

    def warn(self) -> None:
        """Say in time what only persons can renew."""

    @property
    def public(self) -> tuple[int, Public]:
        """Version and contents of what the ceremony has published."""

    @property
    def lists_from(self) -> datetime | None:
        """Lists from before are published anew, because something was stolen."""

    @property
    def stolen(self) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """Keys and modules whose tickets can be signed anew now; none while what signs was stolen itself."""


@dataclass(frozen=True)
class Upkeep:
    keys: Keys
    issuing: TicketIssuer
    publishing: ListPublisher
    renewing: TicketRenewal
    filters: IssuedListPublisher
    is_waiting: Callable[[], bool] = lambda: False
    """Whether another copy of the signer works in its place."""
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    _news: list[str] = field(default_factory=lambda: ["start"])
    """Not empty: keys have changed, and what follows from it is not done yet."""

    async def look_at_keys(self) -> int:
        """New keys or lists in the folder are taken while the signer runs, and all that follows is done. A copy that
        waits takes them too: its first signature is of today's key, and what it tells of their end is so."""
        if await asyncio.to_thread(self.keys.refresh):
            self._news.append("keys")
        return await self.hourly() if self._news and not self.is_waiting() else 0

    async def hourly(self) -> int:
        """What an hour, new keys or a theft ask for, in numbered steps; one run at a time. Returns 0."""
        async with self._alone:
            news = len(self._news)
            # 1. What was held for its keys may be signed now.
            if news:
                await self.issuing.release_held()
            # 2. Scanners hear of the trust list, and after a theft of what was issued honestly.
            self.keys.warn()
            await self.publishing.announce_trust(*self.keys.public)
            await self.filters.publish(self.keys.lists_from)
            # 3. Honest tickets of a stolen key are signed anew.
            await self.renewing.renew_codes(*self.keys.stolen)
            # 4. What time ends.
            await self.publishing.forget_old()
            await self.renewing.expire()
            del self._news[:news]
        return 0
