"""What a service must be told so that people can sign in with a browser: staff, and families."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from shared.identity import Identity
from shared.runtime.settings import ServiceSettings
from shared.sign_in.account import LEVELS, AccountClaims, Detail
from shared.sign_in.ended import EndedSessions
from shared.sign_in.flow import SignInFlow
from shared.sign_in.provider import Client, IdentityProvider
from shared.sign_in.session import Sessions
from shared.trust import Trust


@dataclass(frozen=True, kw_only=True)
class SignInSettings:
    """What one group of people signs in with; `group`: how its settings begin (`desk`)."""

    group: str
    client_id: str | None
    client_secret_file: Path | None
    authorize_url: str | None
    token_url: str | None
    end_session_url: str | None
    session_key_file: Path | None
    session_minutes: int
    claims: AccountClaims | None = None

    def require_whole(self) -> None:
        """Raises ValueError where some settings are there and others, which they need, are not."""
        needed = ("client_id", "authorize_url", "token_url", "session_key_file")
        missing = [f"{self.group}_{name}" for name in needed if getattr(self, name) is None]
        if 0 < len(missing) < len(needed):
            raise ValueError(f"{self.group}: a sign-in needs {', '.join(missing)} too")

    def client(self, redirect_url: str) -> Client | None:
        """As the identity provider knows it; None where the settings name none."""
        if self.client_id is None or self.authorize_url is None or self.token_url is None:
            return None
        return Client(
            self.client_id,
            self.authorize_url,
            self.token_url,
            redirect_url,
            self.client_secret_file,
            self.end_session_url,
        )


class StaffSettings(ServiceSettings):
    """A subclass names its prefix: `ELIGIBILITY_DESK_CLIENT_ID`, …"""

    desk_client_id: str | None = None
    """By this name the identity provider knows the pages for staff. None: no such pages, all below unset."""
    desk_client_secret_file: Path | None = None
    """Where the provider wants a secret beside PKCE."""
    desk_authorize_url: str | None = None
    desk_token_url: str | None = None
    desk_end_session_url: str | None = None
    desk_session_key_file: Path | None = None
    """Encrypts the sessions: at least 32 random characters, the same for all processes of one service."""
    desk_session_minutes: int = Field(60, ge=5, le=720)
    """So long a sign-in counts; then rights are asked for anew at the identity provider."""

    @model_validator(mode="after")
    def _desk_is_whole(self) -> Self:
        self.desk.require_whole()
        return self

    @property
    def desk(self) -> SignInSettings:
        """Of staff."""
        return SignInSettings(
            group="desk",
            client_id=self.desk_client_id,
            client_secret_file=self.desk_client_secret_file,
            authorize_url=self.desk_authorize_url,
            token_url=self.desk_token_url,
            end_session_url=self.desk_end_session_url,
            session_key_file=self.desk_session_key_file,
            session_minutes=self.desk_session_minutes,
        )


class FamilySettings(StaffSettings):
    """Besides, of a service whose pages families open: `APPLICATION_FAMILY_CLIENT_ID`, …"""

    family_client_id: str | None = None
    """By this name the identity provider knows the families' pages. None: nobody signs in there, all below unset."""
    family_client_secret_file: Path | None = None
    """Where the provider wants a secret beside PKCE."""
    family_authorize_url: str | None = None
    family_token_url: str | None = None
    family_end_session_url: str | None = None
    family_session_key_file: Path | None = None
    """Encrypts the sessions: at least 32 random characters, the same for all processes of one service."""
    family_session_minutes: int = Field(60, ge=5, le=720)
    """So long a sign-in counts; what is typed when it ends is kept on the page."""
    family_claims: dict[Detail, str] = Field(default_factory=dict)
    """Which claim of the ID token says what of a person, as the broker names them; empty: none is read. For BundID with
    its own names: `shared.sign_in.account.BUNDID`."""
    family_trust_levels: dict[str, Trust] = Field(default_factory=lambda: dict(LEVELS))
    """What the claim of `trust` may say, and which level of trust that is."""

    @model_validator(mode="after")
    def _family_is_whole(self) -> Self:
        self.family.require_whole()
        return self

    @property
    def family(self) -> SignInSettings:
        """Of families."""
        return SignInSettings(
            group="family",
            client_id=self.family_client_id,
            client_secret_file=self.family_client_secret_file,
            authorize_url=self.family_authorize_url,
            token_url=self.family_token_url,
            end_session_url=self.family_end_session_url,
            session_key_file=self.family_session_key_file,
            session_minutes=self.family_session_minutes,
            claims=AccountClaims(self.family_claims, self.family_trust_levels),
        )


class SchoolSettings(FamilySettings):
    """Besides, of a service whose pages schools' offices open: `APPLICATION_SCHOOL_CLIENT_ID`, …"""

    school_client_id: str | None = None
    """By this name the identity provider knows the schools' pages. None: nobody signs in there, all below unset."""
    school_client_secret_file: Path | None = None
    """Where the provider wants a secret beside PKCE."""
    school_authorize_url: str | None = None
    school_token_url: str | None = None
    school_end_session_url: str | None = None
    school_session_key_file: Path | None = None
    """Encrypts the sessions: at least 32 random characters, the same for all processes of one service."""
    school_session_minutes: int = Field(60, ge=5, le=720)
    """So long a sign-in counts; what is typed when it ends is kept on the page."""

    @model_validator(mode="after")
    def _school_is_whole(self) -> Self:
        self.school.require_whole()
        return self

    @property
    def school(self) -> SignInSettings:
        """Of schools' offices."""
        return SignInSettings(
            group="school",
            client_id=self.school_client_id,
            client_secret_file=self.school_client_secret_file,
            authorize_url=self.school_authorize_url,
            token_url=self.school_token_url,
            end_session_url=self.school_end_session_url,
            session_key_file=self.school_session_key_file,
            session_minutes=self.school_session_minutes,
        )


def sign_in_flow(
    settings: ServiceSettings,
    group: SignInSettings,
    identity: Identity,
    now: Callable[[], datetime],
    *,
    cookie: str,
    back: str,
    ended: EndedSessions | None = None,
) -> SignInFlow | None:
    """Of one group of people (`settings.desk`, `settings.family`). None where its settings name no client. Exits where
    the key file cannot be used.

    Args:
        cookie: its name; another one for each service, as browsers send a cookie to every port of a host.
        back: the path below `public_url` to which the provider sends the browser.
        ended: who has signed out.
    """
    client = group.client(f"{settings.public_url}{back}")
    if client is None or group.session_key_file is None:
        return None
    https = settings.public_url.startswith("https:")
    try:
        key = group.session_key_file.read_text().strip()
        sessions = Sessions(key, cookie, https=https, minutes=group.session_minutes)
    except (OSError, ValueError) as error:
        prefix = settings.model_config.get("env_prefix", "")
        raise SystemExit(f"setting {prefix}{group.group.upper()}_SESSION_KEY_FILE: {error}") from None
    provider = IdentityProvider(client, settings.issuer, identity, claims=group.claims)
    return SignInFlow(sessions, provider, now, ended, settings.open_limit)
