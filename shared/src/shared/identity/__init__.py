"""Who asks: access tokens of one identity provider, checked against the keys that it publishes."""

from shared.identity.caller import ROLES, Caller, Expired, Unauthenticated
from shared.identity.issuer_keys import IssuerKeys
from shared.identity.tokens import LONGEST_NAME, TOKEN_TYPES, Identity

__all__ = [
    "LONGEST_NAME",
    "ROLES",
    "TOKEN_TYPES",
    "Caller",
    "Expired",
    "Identity",
    "IssuerKeys",
    "Unauthenticated",
]
