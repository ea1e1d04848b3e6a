"""What every service must be told. No default for a secret; secrets come as file paths."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

from shared.bus.addresses import read_addresses
from shared.bus.connection import BusSettings
from shared.bus.labels import NAME
from shared.database.address import DatabaseAddress
from shared.http.clients import Proxies
from shared.http.limits import Limit, Limits
from shared.http.security_txt import read_contacts
from shared.identity import TOKEN_TYPES, Identity


class ServiceSettings(BaseSettings):
    """Read from the environment; a subclass names its prefix (`ELIGIBILITY_`) and its own settings."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    operations_port: int | None = Field(default=None, ge=1, le=65535)
    """Where `/metrics` is, and health once more; None: nowhere. Never the port that the public network reaches."""
    operations_host: str = "127.0.0.1"
    lame_duck_seconds: float = Field(default=3.0, ge=0)
    """After SIGTERM the process says for so long that it is not ready, and still answers: then a load balancer has seen
    it. Our own choice: two looks of one that looks each second. 0 where nobody looks."""
    public_url: str = Field(pattern=r"^https?://[^/]+(/.*[^/])?$")
    """Where this service is reached from outside, without a slash at the end."""
    installation: str | None = None
    """Which installation this is: a name that all its processes have and no other installation has, a test one neither.
    The database and the streams bear it, and those of another one are refused."""
    database_url: DatabaseAddress
    nats_url: str
    """Of the broker: one address, or those of all servers of a cluster with commas between; some may be away."""
    nats_monitor_url: str | None = None
    """The broker's monitoring page, where it is on this machine, or those of several servers with commas between;
    without it the broker is asked over its connection."""
    nats_replicas: int = Field(default=1, ge=1, le=5)
    """Servers that keep each message, at least: with fewer the process does not use the broker. 3 for a cluster."""
    nats_seed_file: Path
    nats_ca_file: Path | None = None
    """At tls://…: whose certificates the broker may show; without it those that this machine trusts."""
    nats_in_clear: bool = False
    """Whether nats://… may lead to another machine: only where something else encrypts what goes there."""
    issuer: str = Field(min_length=1)
    """The OIDC issuer whose tokens count."""
    audience: str = "schulticket"
    token_types: str = " ".join(TOKEN_TYPES)
    """Of access tokens, as their header says it (typ), with spaces between. Hold a provider that marks them (RFC 9068)
    to at+jwt alone: then no other of its tokens counts here."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    maximum_body_bytes: int = Field(default=262_144, ge=1024)
    address_requests_per_minute: float = Field(default=6_000, ge=0)
    """Of one address at everything, and so of a town's schools, or of a telephone company's customers, behind one; 0:
    no limit. Our own choice: a tenth of what one core answers."""
    address_requests_burst: int = Field(default=3_000, ge=1)
    open_requests_per_minute: float = Field(default=300, ge=0)
    """Of one address at what needs no sign-in and costs work; 0: no limit. Our own choice: a school's office or a bus
    depot behind one address, and far below what one core answers."""
    open_requests_burst: int = Field(default=100, ge=1)
    account_requests_per_minute: float = Field(default=600, ge=0)
    """Of one account at everything; 0: no limit. Our own choice: a case worker with 1,500 cases a day opens three a
    minute, each with some ten requests, and looks through a list much faster now and then."""
    account_requests_burst: int = Field(default=300, ge=1)
    account_changes_per_minute: float = Field(default=120, ge=0)
    """Of them those that may change something (not GET); 0: no limit. Our own choice: two a second, where those
    1,500 cases need one in twenty seconds."""
    account_changes_burst: int = Field(default=50, ge=1)
    authority_requests_per_minute: float = Field(default=6_000, ge=0)
    """Of all accounts of one authority, or of one transport operator, together; 0: no limit. Our own choice: a hundred
    people at work, and what is left of a core serves the other authorities."""
    authority_requests_burst: int = Field(default=3_000, ge=1)
    wrong_sign_ins_per_minute: float = Field(default=30, ge=0)
    """Tokens of one client that do not count; 0: no limit. Our own choice: an expired one is met a few times."""
    wrong_sign_ins_burst: int = Field(default=30, ge=1)
    trusted_proxies: str = "0"
    """Proxies of our own before this process: their networks with blanks between (`10.1.0.0/16 fd00::/8`), or, where
    nobody else can reach this process, how many there are. 0: X-Forwarded-For is not believed. The client is the
    right-most address there that is none of them."""

    security_contact: str = ""
    """To whom a weakness of this installation is told: mailto:, https: or tel: addresses with spaces between, published
    at `/.well-known/security.txt` and named at `/`. Empty: neither is there."""

    @field_validator("nats_url", "nats_monitor_url")
    @classmethod
    def _addresses_can_be_read(cls, value: str | None) -> str | None:
        if value is not None:
            _ = read_addresses(value)
        return value

    @field_validator("installation")
    @classmethod
    def _name_is_one(cls, value: str | None) -> str | None:
        if value is not None and re.fullmatch(NAME, value) is None:
            raise ValueError(
                "a name is 3 to 100 small letters, digits, dots and hyphens, and begins with a letter or digit"
            )
        return value

    @field_validator("security_contact")
    @classmethod
    def _contacts_are_addresses(cls, value: str) -> str:
        _ = read_contacts(value)
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _proxies_can_be_read(cls, value: object) -> str:
        _ = Proxies.parse(str(value))
        return str(value)

    @model_validator(mode="after")
    def _operations_are_apart(self) -> Self:
        if self.operations_port == self.port:
            raise ValueError("operations_port must be another one than port")
        return self

    audit_heads_seconds: float = Field(default=3600, gt=0)
    """How often this process tells how long its chains of acts are, for the signer to sign: what is younger can be cut
    off unseen."""

    @property
    def identity(self) -> Identity:
        """Checks access tokens."""
        return Identity(self.issuer, self.audience, types=self.token_types.split())

    @property
    def proxies(self) -> Proxies:
        """Whose word on a client's address counts."""
        return Proxies.parse(self.trusted_proxies)

    @property
    def open_limit(self) -> Limit:
        """Of one address, at what needs no sign-in and costs work."""
        return Limit(self.open_requests_per_minute, self.open_requests_burst, self.proxies)

    @property
    def limits(self) -> Limits:
        """What every request of this service is counted by."""
        return Limits(
            Limit(self.address_requests_per_minute, self.address_requests_burst, self.proxies, name="address"),
            Limit(self.account_requests_per_minute, self.account_requests_burst, name="account", shared=True),
            Limit(self.account_changes_per_minute, self.account_changes_burst, name="changes", shared=True),
            Limit(self.authority_requests_per_minute, self.authority_requests_burst, name="authority"),
            {role: Limit(*rate, name=role, shared=True) for role, rate in self.rates_by_role().items()},
        )

    def rates_by_role(self) -> Mapping[str, tuple[float, int]]:
        """Requests a minute and burst, of accounts with a role that asks otherwise than others."""
        return {}

    @property
    def wrong_sign_ins(self) -> Limit:
        """Of one address, of tokens that do not count."""
        rate = self.wrong_sign_ins_per_minute, self.wrong_sign_ins_burst
        return Limit(*rate, self.proxies, name="sign_in", shared=True)

    @property
    def bus(self) -> BusSettings:
        """How the broker is reached."""
        return BusSettings(
            self.nats_url,
            self.nats_monitor_url,
            self.nats_seed_file,
            self.nats_ca_file,
            self.nats_in_clear,
            self.nats_replicas,
            self.installation,
        )
