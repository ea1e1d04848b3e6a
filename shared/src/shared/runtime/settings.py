"""What every service must be told. No default for a secret; secrets come as file paths."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from shared.bus.connection import BusSettings
from shared.http.limits import Limit
from shared.identity import TOKEN_TYPES, Identity


class ServiceSettings(BaseSettings):
    """Read from the environment; a subclass names its prefix (`ELIGIBILITY_`) and its own settings."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    public_url: str = Field(pattern=r"^https?://[^/]+(/.*[^/])?$")
    """Where this service is reached from outside, without a slash at the end."""
    database_url: str
    nats_url: str
    nats_monitor_url: str | None = None
    """The broker's monitoring page, where it is on this machine; without it the broker is asked over its connection."""
    nats_seed_file: Path
    nats_ca_file: Path | None = None
    """At tls://…: whose certificates the broker may show; without it those that this machine trusts."""
    nats_in_clear: bool = False
    """Whether nats://… may lead to another machine: only where something else encrypts what goes there."""
    issuer: str
    """The OIDC issuer whose tokens count."""
    audience: str = "schulticket"
    token_types: str = " ".join(TOKEN_TYPES)
    """Of access tokens, as their header says it (typ), with spaces between. Hold a provider that marks them (RFC 9068)
    to at+jwt alone: then no other of its tokens counts here."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    maximum_body_bytes: int = Field(default=262_144, ge=1024)
    open_requests_per_minute: float = Field(default=300, ge=0)
    """Of one client at the addresses that need no sign-in and cost work; 0: no limit. Our own choice: a school's office
    or a bus depot behind one address, and far below what one core answers."""
    open_requests_burst: int = Field(default=100, ge=1)
    account_requests_per_minute: float = Field(default=300, ge=0)
    """Of one account at what it may poll; 0: no limit. Our own choice: five a second, where one a minute is enough."""
    account_requests_burst: int = Field(default=100, ge=1)
    wrong_sign_ins_per_minute: float = Field(default=30, ge=0)
    """Tokens of one client that do not count; 0: no limit. Our own choice: an expired one is met a few times."""
    wrong_sign_ins_burst: int = Field(default=30, ge=1)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    """How many proxies of our own stand before this process; 0: X-Forwarded-For is not believed."""

    @property
    def identity(self) -> Identity:
        """Checks access tokens."""
        return Identity(self.issuer, self.audience, types=self.token_types.split())

    @property
    def open_limit(self) -> Limit:
        return Limit(self.open_requests_per_minute, self.open_requests_burst, self.trusted_proxies)

    @property
    def account_limit(self) -> Limit:
        return Limit(self.account_requests_per_minute, self.account_requests_burst)

    @property
    def wrong_sign_ins(self) -> Limit:
        return Limit(self.wrong_sign_ins_per_minute, self.wrong_sign_ins_burst, self.trusted_proxies)

    @property
    def bus(self) -> BusSettings:
        return BusSettings(
            self.nats_url, self.nats_monitor_url, self.nats_seed_file, self.nats_ca_file, self.nats_in_clear
        )
