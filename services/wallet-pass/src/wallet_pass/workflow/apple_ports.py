"""What the workflow needs of what belongs to Apple: packages, and the service that pushes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from wallet_pass.domain.designs import Design
from wallet_pass.domain.devices import PushToken
from wallet_pass.domain.passes import Pass


class Packer(Protocol):
    """Makes, signs and checks the .pkpass."""

    def make(self, wallet_pass: Pass, design: Design, now: datetime) -> bytes:
        """The signed .pkpass, read again as a phone would.

        Raises:
            Unavailable: where the certificate has run out.
        """

    def make_all(self, passes: Sequence[tuple[Pass, Design]], now: datetime) -> list[bytes]:
        """The same for several; where one cannot be made, none is."""

    def accepts(self, pass_type: str) -> bool:
        """Whether passes of this type are made here."""


class DeadPushToken(Exception):
    """The push service does not know this token any more, and since when, where it says so."""

    def __init__(self, since: datetime | None = None) -> None:
        super().__init__("dead push token")
        self.since = since


class PushService(Protocol):
    """Apple's, where phones are pushed to."""

    async def push(self, push_token: PushToken) -> None:
        """Tell a device that there is news.

        Raises:
            DeadPushToken: where it is not known any more.
            Unavailable: where the service does not answer.
        """
