"""Who asks, and what a token that does not count is."""

from dataclasses import dataclass, field

from shared.errors import Forbidden, Text

OF_AUTHORITY = frozenset({"case_worker", "releaser", "case_reader", "administrator"})
"""Roles that count only beside the claim `authority_id`."""
OF_ORGANISATION = frozenset({"operator", "inspector"})
"""Roles that count only beside the claim `organisation_id`."""
OF_SCHOOL = frozenset({"school"})
"""The role that counts only beside the claim `school_number`."""
ROLES = frozenset({"guardian"}) | OF_AUTHORITY | OF_ORGANISATION | OF_SCHOOL


class Unauthenticated(Exception):
    """No token, or one that does not count. HTTP 401, with one answer for all: it helps nobody to guess."""


class ExpiredToken(Unauthenticated):
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
    school_number: str | None = None
    """Of a school's office: its school, by its number in the state's register."""

    @property
    def counting(self) -> frozenset[str]:
        """The roles that count: who works for nobody may do nothing in its name."""
        missing: frozenset[str] = frozenset()
        if self.authority_id is None:
            missing |= OF_AUTHORITY
        if self.organisation_id is None:
            missing |= OF_ORGANISATION
        if self.school_number is None:
            missing |= OF_SCHOOL
        return self.roles - missing

    def require(self, *roles: str) -> None:
        """Raise Forbidden unless one of `roles` counts for the caller."""
        if not self.counting.intersection(roles):
            raise Forbidden(
                Text(
                    "Ihr Zugang ist dafür nicht freigeschaltet. Bitte wenden Sie sich an Ihre Administration.",
                    "Your account is not enabled for this. Please ask your administrator.",
                )
            )
