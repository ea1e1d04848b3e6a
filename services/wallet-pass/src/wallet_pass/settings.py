"""What the environment says: WALLET_PASS_…"""

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict
from shared.http.limits import Limit
from shared.runtime.settings import ServiceSettings

from wallet_pass.certificates import TEST_GOOGLE_ISSUER
from wallet_pass.domain.links import LINK_LIFE
from wallet_pass.domain.retention_table import RetentionTerms

GOOGLES = "googleapis.com"


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="WALLET_PASS_")

    certificates: Path
    """Folder with pass.key, pass.pem, intermediate.pem and google-service-account.json (`wallet-pass certificates`)."""
    google_issuer_id: str = Field(default=TEST_GOOGLE_ISSUER, pattern=r"^[0-9]{1,20}$")
    """The number under which Google knows the issuer of the passes."""
    google_url: str | None = Field(default=None, pattern=r"^https?://[^/]+$")
    """Google's REST interface, https://walletobjects.googleapis.com; without it nothing is sent to Google."""
    google_token_url: str | None = Field(default=None, pattern=r"^https?://[^/]+/.+$")
    """Where access tokens are had; unset: where the service account's file says."""

    google_callback_keys_url: str | None = Field(default=None, pattern=r"^https?://[^/]+/.+$")
    """Where Google publishes the keys of its callbacks, https://pay.google.com/gp/m/issuer/keys; without it Google is
    not asked to say when a pass is saved or deleted. Asked only where the public address is https."""

    remakes_per_second: int = Field(default=100, ge=1, le=10_000)
    """So many passes are made anew in a second where a design or the certificate changes all of them: their phones are
    pushed to and come for them as fast. Our own choice: a core signs ten times as many."""
    apns_url: str | None = Field(default=None, pattern=r"^https://[^/]+$")
    """Apple's push service. Unset: its own where the certificate is Apple's and the public address https, else none."""
    apns_ca_file: Path | None = None
    """Whose certificates the push service may show; unset: those that this machine trusts."""
    updates_over_http: bool = False
    """Whether passes name the web service by which phones fetch newer ones also where the public address is http: for
    tests on one machine. Phones accept https alone."""

    badges: Path | None = None
    """Folder with the wallets' official badges (apple-de.svg, apple-en.svg, google-de.svg, google-en.svg), in place of
    those that we have drawn."""
    pass_requests_per_minute: float = Field(default=60, ge=0)
    """Of one pass, its page and its pictures; 0: no limit. Our own choice: a family opens it on some phones at once."""
    pass_requests_burst: int = Field(default=60, ge=1)

    link_days: int = Field(default=LINK_LIFE.days, ge=1, le=36500)
    """So long a link leads to its pass, from when it was made or renewed; 30 days after the ticket's end or revocation
    at the latest."""
    retention_ended_pass_days: int = Field(RetentionTerms.ended_pass_days, ge=0, le=36500)
    """So long after an application's last ticket ended its passes are kept (domain.retention_table)."""
    sheets_per_minute: float = Field(default=6, ge=0)
    """Cards for a class that an authority has printed; 0: no limit. Our own choice: 200 cards take six seconds of a
    processor, and other authorities wait for them."""
    sheets_burst: int = Field(default=6, ge=1)

    pictures_per_minute: float = Field(default=12, ge=0)
    """That an authority sends for its passes; 0: no limit. Our own choice: three kinds for some operators."""
    pictures_burst: int = Field(default=12, ge=1)

    @property
    def picture_limit(self) -> Limit:
        """Counted by authority."""
        return Limit(self.pictures_per_minute, self.pictures_burst, name="picture")

    @property
    def sheet_limit(self) -> Limit:
        """Counted by authority."""
        return Limit(self.sheets_per_minute, self.sheets_burst, name="sheet", shared=True)

    @property
    def pass_limit(self) -> Limit:
        """Counted by the pass's token, not by the reader's address."""
        return Limit(self.pass_requests_per_minute, self.pass_requests_burst, name="pass", shared=True)

    @property
    def web_service_url(self) -> str | None:
        """Where phones fetch newer passes; None: a pass stays as it was made."""
        is_secure = self.public_url.startswith("https://")
        return f"{self.public_url}/apple" if is_secure or self.updates_over_http else None

    @model_validator(mode="after")
    def _clear_text_stays_here(self) -> "Settings":
        if self.updates_over_http and self.public_url.startswith("http://") and not _is_here(self.public_url):
            raise ValueError("updates_over_http is for a public_url on this machine alone: elsewhere take https")
        return self

    @model_validator(mode="after")
    def _own_issuer(self) -> "Settings":
        host = urlsplit(self.google_url or "").hostname or ""
        if host.endswith(GOOGLES) and self.google_issuer_id == TEST_GOOGLE_ISSUER:
            raise ValueError("google_issuer_id must be your own where google_url is Google's")
        return self


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
