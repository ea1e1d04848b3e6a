"""What every service must be told. No default for a secret; secrets come as file paths."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from shared.bus import BusSettings


class ServiceSettings(BaseSettings):
    """Read from the environment; a subclass names its prefix (`ELIGIBILITY_`) and its own settings."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    public_url: str = Field(pattern=r"^https?://[^/]+(/.*[^/])?$")
    """Where this service is reached from outside, without a slash at the end."""
    database_url: str
    nats_url: str
    nats_monitor_url: str
    nats_seed_file: Path
    issuer: str
    """The OIDC issuer whose tokens count."""
    audience: str = "schulticket"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    maximum_body_bytes: int = Field(default=262_144, ge=1024)

    @property
    def bus(self) -> BusSettings:
        return BusSettings(self.nats_url, self.nats_monitor_url, self.nats_seed_file)
