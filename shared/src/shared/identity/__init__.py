"""Who asks: access tokens of one identity provider, checked against the keys that it publishes."""

from shared.identity.caller import (
    OF_AUTHORITY,
    OF_ORGANISATION,
    OF_SCHOOL,
    ROLES,
    Caller,
    ExpiredToken,
    Unauthenticated,
)
from shared.identity.issuer_keys import IssuerKeys
from shared.identity.tokens import CHECKED, LONGEST_NAME, TOKEN_TYPES, Identity
from shared.identity.who_may import Line, Policy, line_of, missing_of, open_to_all, with_link, with_session, with_token

__all__ = [
    "CHECKED",
    "LONGEST_NAME",
    "OF_AUTHORITY",
    "OF_ORGANISATION",
    "OF_SCHOOL",
    "ROLES",
    "TOKEN_TYPES",
    "Caller",
    "ExpiredToken",
    "Identity",
    "IssuerKeys",
    "Line",
    "Policy",
    "Unauthenticated",
    "line_of",
    "missing_of",
    "open_to_all",
    "with_link",
    "with_session",
    "with_token",
]
