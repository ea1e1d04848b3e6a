"""What an account says of its person, and how surely it knows it: read from the claims of an ID token.

A broker (Keycloak with a SAML connector, say) hands on what BundID tells, under names that its operator has chosen:
which claim says what is configuration. Object identifiers are compared without blanks, because published lists of them
have some, and are also found where a broker has made objects of their dots.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.trust import Trust, reaches

Detail = Literal["first_name", "last_name", "email", "street_address", "postal_code", "city", "trust"]
LONGEST_DETAIL = 100
"""Characters of one value; what is longer is not taken over, and its person types it."""
BUNDID: Mapping[Detail, str] = {
    "first_name": "urn:oid:2.5.4.42",
    "last_name": "urn:oid:2.5.4.4",
    "email": "urn:oid:0.9.2342.19200300.100.1.3",
    "street_address": "urn:oid:2.5.4.16",
    "postal_code": "urn:oid:2.5.4.17",
    "city": "urn:oid:2.5.4.7",
    "trust": "urn:oid:1.2.40.0.10.2.1.1.261.94",
}
"""The attributes of BundID under their own names (docs/sources/identity-and-delivery.md). No more is read than the form
asks of who applies: no birth date, no gender, no place of birth."""
LEVELS: Mapping[str, Trust] = {
    "STORK-QAA-Level-1": "basic",
    "STORK-QAA-Level-3": "substantial",
    "STORK-QAA-Level-4": "high",
    "http://eidas.europa.eu/LoA/low": "basic",
    "http://eidas.europa.eu/LoA/substantial": "substantial",
    "http://eidas.europa.eu/LoA/high": "high",
}
"""What BundID says: user name and password, ELSTER certificate, identity card; and the same as eIDAS writes it."""


@dataclass(frozen=True)
class AccountDetails:
    """Kept in the session's cookie alone, until the sign-in ends."""

    trust: Trust = "none"
    values: Mapping[Detail, str] = field(default_factory=dict, repr=False)
    """Only what was there, short and printable."""


NO_DETAILS = AccountDetails()


@dataclass(frozen=True)
class AccountClaims:
    """Which claims are read. `names`: by detail; `levels`: what the claim of `trust` may say."""

    names: Mapping[Detail, str] = field(default_factory=dict)
    levels: Mapping[str, Trust] = field(default_factory=lambda: LEVELS)

    def read(self, claims: Mapping[str, Any]) -> AccountDetails:
        """What of it can be used. Whatever is missing, of another kind or too long is left out, and asked for."""
        found = {detail: _value(claims, name) for detail, name in self.names.items()}
        trust = self.levels.get(found.pop("trust", None) or "", "none")
        return AccountDetails(trust, {detail: value for detail, value in found.items() if value is not None})

    def acr_values(self, wanted: Trust) -> str:
        """All names of this level and the higher ones, as a sign-in asks for them (OpenID Connect Core 3.1.2.1)."""
        return " ".join(name for name, level in self.levels.items() if reaches(level, wanted))


def _value(claims: Mapping[str, Any], name: str) -> str | None:
    wanted = _without_blanks(name)
    found = next((value for key, value in claims.items() if _without_blanks(key) == wanted), None)
    if found is None:
        found = _beneath(claims, wanted)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, str):
        return None
    text = found.strip()
    return text if 0 < len(text) <= LONGEST_DETAIL and text.isprintable() else None


def _beneath(claims: Mapping[str, Any], name: str) -> Any:
    """Of `urn:oid:2.5` what stands in `{"urn:oid:2": {"5": …}}`."""
    found: Any = claims
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _without_blanks(name: str) -> str:
    return "".join(name.split())
