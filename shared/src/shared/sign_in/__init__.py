"""Staff and families sign in with a browser at an identity provider: OpenID Connect, and an encrypted cookie."""

from shared.sign_in.ended import LOOK_SECONDS, EndedSessions
from shared.sign_in.flow import SignInFlow, SignInResult
from shared.sign_in.provider import Attempt, Client, IdentityProvider, SignedIn
from shared.sign_in.session import Session, Sessions
from shared.sign_in.settings import FamilySettings, StaffSettings, door_of, family_door_of

__all__ = [
    "LOOK_SECONDS",
    "Attempt",
    "Client",
    "EndedSessions",
    "FamilySettings",
    "IdentityProvider",
    "Session",
    "Sessions",
    "SignInFlow",
    "SignInResult",
    "SignedIn",
    "StaffSettings",
    "door_of",
    "family_door_of",
]
