"""Staff and families sign in with a browser at an identity provider: OpenID Connect, and an encrypted cookie."""

from shared.sign_in.account import BUNDID, LEVELS, AccountClaims, AccountDetails
from shared.sign_in.ended import LOOK_SECONDS, EndedSessions
from shared.sign_in.flow import SignInFlow, SignInResult
from shared.sign_in.pages import FOREIGN_FORM, SignInNeeded, SignInPages, is_for_session, page_route, place_behind
from shared.sign_in.provider import Attempt, Client, IdentityProvider, SignedIn
from shared.sign_in.session import Session, Sessions
from shared.sign_in.settings import FamilySettings, SchoolSettings, StaffSettings, sign_in_flow

__all__ = [
    "BUNDID",
    "FOREIGN_FORM",
    "LEVELS",
    "LOOK_SECONDS",
    "AccountClaims",
    "AccountDetails",
    "Attempt",
    "Client",
    "EndedSessions",
    "FamilySettings",
    "IdentityProvider",
    "SchoolSettings",
    "Session",
    "Sessions",
    "SignInFlow",
    "SignInNeeded",
    "SignInPages",
    "SignInResult",
    "SignedIn",
    "StaffSettings",
    "is_for_session",
    "page_route",
    "place_behind",
    "sign_in_flow",
]
