"""What a service must be told so that people can sign in with a browser: staff, and families."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from shared.identity import Identity
from shared.runtime.settings import ServiceSettings
from shared.sign_in.ended import EndedSessions
from shared.sign_in.flow import SignInFlow
from shared.sign_in.provider import Client, IdentityProvider
from shared.sign_in.session import Sessions


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
        needed = ("desk_client_id", "desk_authorize_url", "desk_token_url", "desk_session_key_file")
        missing = [name for name in needed if getattr(self, name) is None]
        if 0 < len(missing) < len(needed):
            raise ValueError(f"the desk needs {', '.join(missing)} too")
        return self


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

    @model_validator(mode="after")
    def _family_is_whole(self) -> Self:
        needed = ("family_client_id", "family_authorize_url", "family_token_url", "family_session_key_file")
        missing = [name for name in needed if getattr(self, name) is None]
        if 0 < len(missing) < len(needed):
            raise ValueError(f"the families' sign-in needs {', '.join(missing)} too")
        return self


@dataclass(frozen=True)
class _SignInSettings:
    """What the settings say of one client; `setting`: the name of the key file's."""

    client: Client
    key_file: Path
    minutes: int
    setting: str


def door_of(
    settings: StaffSettings,
    identity: Identity,
    now: Callable[[], datetime],
    *,
    cookie: str,
    back: str,
    ended: EndedSessions | None = None,
) -> SignInFlow | None:
    """Of staff. None where the settings name no client. Exits for a key file that is none.

    `cookie`: its name; another one for each service, as browsers send a cookie to every port of a host.
    `back`: the path below `public_url` to which the provider sends the browser.
    """
    if settings.desk_client_id is None or settings.desk_session_key_file is None:
        return None
    if settings.desk_authorize_url is None or settings.desk_token_url is None:
        return None
    client = Client(
        settings.desk_client_id,
        settings.desk_authorize_url,
        settings.desk_token_url,
        f"{settings.public_url}{back}",
        settings.desk_client_secret_file,
        settings.desk_end_session_url,
    )
    told = _SignInSettings(
        client, settings.desk_session_key_file, settings.desk_session_minutes, "DESK_SESSION_KEY_FILE"
    )
    return _flow(settings, told, identity, now, cookie, ended)


def family_door_of(
    settings: FamilySettings,
    identity: Identity,
    now: Callable[[], datetime],
    *,
    cookie: str,
    back: str,
    ended: EndedSessions | None = None,
) -> SignInFlow | None:
    """Of families; as `door_of`."""
    if settings.family_client_id is None or settings.family_session_key_file is None:
        return None
    if settings.family_authorize_url is None or settings.family_token_url is None:
        return None
    client = Client(
        settings.family_client_id,
        settings.family_authorize_url,
        settings.family_token_url,
        f"{settings.public_url}{back}",
        settings.family_client_secret_file,
        settings.family_end_session_url,
    )
    told = _SignInSettings(
        client, settings.family_session_key_file, settings.family_session_minutes, "FAMILY_SESSION_KEY_FILE"
    )
    return _flow(settings, told, identity, now, cookie, ended)


def _flow(  # noqa: PLR0917  # all that a sign-in is made of
    settings: ServiceSettings,
    told: _SignInSettings,
    identity: Identity,
    now: Callable[[], datetime],
    cookie: str,
    ended: EndedSessions | None,
) -> SignInFlow:
    https = settings.public_url.startswith("https:")
    try:
        sessions = Sessions(told.key_file.read_text().strip(), cookie, https=https, minutes=told.minutes)
    except (OSError, ValueError) as error:
        prefix = settings.model_config.get("env_prefix", "")
        raise SystemExit(f"setting {prefix}{told.setting}: {error}") from None
    provider = IdentityProvider(told.client, settings.issuer, identity)
    return SignInFlow(sessions, provider, now, ended, settings.open_limit)
