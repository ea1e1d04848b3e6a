"""The policy table: of each operation one line, which says who may. Data, kept by each service beside its interface.

An operation without a line is none: the service does not start with it (shared.http.gate).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from starlette.types import Scope

from shared.errors import Text
from shared.identity.caller import ROLES, Caller

Way = Literal["open", "link", "token", "session"]
SCOPE = "schulticket.who_may"
"""Where the line stands in a request's scope."""
NOTHING_HERE = Text("Das gibt es hier nicht.", "There is nothing here.")


@dataclass(frozen=True)
class Line:
    """Who may use an operation."""

    way: Way
    """open: anybody. link: who knows the address, which cannot be guessed. token, session: who has shown one, and has
    one of `roles`; of a session, by the cookie of the pages."""
    roles: frozenset[str] = frozenset()
    missing: Text = NOTHING_HERE
    """What is said of what is not there, of what is another's, and of an id that is none."""
    works_as: str = ""
    """At PostgreSQL it sees all rows of its service, under this name: it has but a secret to find its row by."""

    def __post_init__(self) -> None:
        if not self.roles <= ROLES or bool(self.roles) != (self.way in ("token", "session")):
            raise ValueError("a line of the policy table names roles that there are, where somebody must show one")

    def admit(self, caller: Caller) -> None:
        """Raises Forbidden."""
        caller.require(*self.roles)


Policy = Mapping[str, Line]
"""By method and path as the route has it: `GET /v1/cases/{case_id}`."""


def open_to_all(missing: Text = NOTHING_HERE, works_as: str = "") -> Line:
    """A line of the policy table: no sign-in is needed."""
    return Line("open", missing=missing, works_as=works_as)


def with_link(missing: Text = NOTHING_HERE, works_as: str = "") -> Line:
    """A line of the policy table: whoever has the unguessable link."""
    return Line("link", missing=missing, works_as=works_as)


def with_token(*roles: str, missing: Text = NOTHING_HERE, works_as: str = "") -> Line:
    """A line of the policy table: an access token with one of these roles."""
    return Line("token", frozenset(roles), missing, works_as)


def with_session(*roles: str, missing: Text = NOTHING_HERE, works_as: str = "") -> Line:
    """A line of the policy table: a person who is signed in at the pages, with one of these roles."""
    return Line("session", frozenset(roles), missing, works_as)


def line_of(scope: Scope) -> Line | None:
    """Of this request; None outside the gate."""
    found: Line | None = scope.get(SCOPE)
    return found


def missing_of(scope: Scope) -> Text:
    """What this operation says of what is not there."""
    line = line_of(scope)
    return NOTHING_HERE if line is None else line.missing
