"""What a service must be told so that staff can sign in with a browser."""

from collections.abc import Callable
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


def door_of(
    settings: StaffSettings,
    identity: Identity,
    now: Callable[[], datetime],
    *,
    cookie: str,
    back: str,
    ended: EndedSessions | None = None,
) -> SignInFlow | None:
    """None where the settings name no client. Exits for a key file that is none.

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
    https = settings.public_url.startswith("https:")
    try:
        key = settings.desk_session_key_file.read_text().strip()
        sessions = Sessions(key, cookie, https=https, minutes=settings.desk_session_minutes)
    except (OSError, ValueError) as error:
        prefix = settings.model_config.get("env_prefix", "")
        raise SystemExit(f"setting {prefix}DESK_SESSION_KEY_FILE: {error}") from None
    return SignInFlow(sessions, IdentityProvider(client, settings.issuer, identity), now, ended, settings.open_limit)
