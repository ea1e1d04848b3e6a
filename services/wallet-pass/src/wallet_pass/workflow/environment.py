"""What comes from outside beside tables and parties."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wallet_pass.domain.carried import Seal
from wallet_pass.domain.links import LINK_LIFE
from wallet_pass.domain.passes import AuthenticationToken, PassToken


@dataclass(frozen=True)
class Tokens:
    """The unguessable words of a ticket's pass, the same whenever they are asked for; a test gives known ones."""

    pass_of: Callable[[UUID], PassToken]
    authentication_of: Callable[[UUID], AuthenticationToken]
    renewed: Callable[[UUID, int], PassToken]
    """By serial number and number of the link."""


@dataclass(frozen=True)
class Environment:
    """What comes from outside: the present moment, unguessable words, and where this service is reached."""

    clock: Callable[[], datetime]
    tokens: Tokens
    public_url: str
    link_life: timedelta = LINK_LIFE
    """How long a link leads to its pass, if nobody ends it."""
    seal: Seal | None = None
    """Of what phones carry; None: nothing."""

    def page_of(self, token: PassToken) -> str:
        """The address of a pass's page."""
        return f"{self.public_url}/v1/passes/{token}"
