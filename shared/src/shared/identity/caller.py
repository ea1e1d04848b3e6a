"""Who asks, and what a token that does not count is."""

from dataclasses import dataclass, field

from shared.errors import Forbidden, Text

ROLES = frozenset({"guardian", "case_worker", "releaser", "operator", "inspector", "administrator"})


class Unauthenticated(Exception):
    """No token, or one that does not count. HTTP 401, with one answer for all: it helps nobody to guess."""


class Expired(Unauthenticated):
    """One that the issuer has signed, and whose time is over. It is no guess: a client renews it on the 401."""


@dataclass(frozen=True)
class Caller:
    """Who asks. `authority_id` is set for staff of a school authority (the tenant)."""

    subject: str
    authority_id: str | None
    roles: frozenset[str]
    name: str = field(default="", compare=False)
    """As the identity provider says it; empty where it does not. Shown and printed, never a ground for rights."""
    organisation_id: int | None = None
    """Of operators and inspectors: the transport operator for whom they work, by its VDV-KA organisation id."""

    def require(self, *roles: str) -> None:
        """Raise Forbidden unless the caller has one of `roles`."""
        if not self.roles.intersection(roles):
            raise Forbidden(
                Text(
                    "Ihr Zugang ist dafür nicht freigeschaltet. Bitte wenden Sie sich an Ihre Administration.",
                    "Your account is not enabled for this. Please ask your administrator.",
                )
            )
