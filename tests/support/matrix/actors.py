"""Who asks: one of each role, two of each tenant, and who is nobody. Tokens are names, taken at their word."""

from dataclasses import dataclass

from joserfc.jwk import KeySet
from shared.identity import Caller, Identity, Unauthenticated
from shared.row_security.asking import asks

FIRST, SECOND = 0, 1
SCHOOLS = ("168890", "168891")
"""The tenants: a family, an authority and an operator of each."""
AUTHORITIES, ORGANISATIONS, FAMILIES = ("12345", "99999"), (32838, 32839), ("parent-1", "parent-2")


@dataclass(frozen=True)
class Actor:
    name: str
    tenant: int
    """Whose things are its own; of who has none, the first's."""
    caller: Caller | None


def _staff(role: str, tenant: int) -> Actor:
    return Actor(f"{role}-{tenant}", tenant, Caller(f"{role}-{tenant}", AUTHORITIES[tenant], frozenset({role})))


def _company(role: str, tenant: int) -> Actor:
    caller = Caller(f"{role}-{tenant}", None, frozenset({role}), organisation_id=ORGANISATIONS[tenant])
    return Actor(f"{role}-{tenant}", tenant, caller)


def _office(tenant: int) -> Actor:
    return Actor(
        f"school-{tenant}",
        tenant,
        Caller(f"school-{tenant}", None, frozenset({"school"}), school_number=SCHOOLS[tenant]),
    )


def _lonely(name: str, *roles: str) -> Actor:
    return Actor(name, FIRST, Caller(name, None, frozenset(roles)))


ACTORS = (
    Actor("nobody", FIRST, None),
    _lonely("without-role"),
    *(_office(tenant) for tenant in (FIRST, SECOND)),
    Actor("school-without-number", FIRST, Caller("office", AUTHORITIES[FIRST], frozenset({"school"}))),
    *(Actor(name, tenant, Caller(name, None, frozenset({"guardian"}))) for tenant, name in enumerate(FAMILIES)),
    *(_staff("case_worker", tenant) for tenant in (FIRST, SECOND)),
    *(_staff("releaser", tenant) for tenant in (FIRST, SECOND)),
    *(_staff("case_reader", tenant) for tenant in (FIRST, SECOND)),
    *(_staff("administrator", tenant) for tenant in (FIRST, SECOND)),
    *(_company("operator", tenant) for tenant in (FIRST, SECOND)),
    *(_company("inspector", tenant) for tenant in (FIRST, SECOND)),
    _lonely("staff-of-no-authority", "case_worker", "releaser", "case_reader", "administrator"),
    _lonely("company-of-no-operator", "operator", "inspector"),
)


class NamesAsTokens(Identity):
    """Implements Identity: a token is the name of an actor."""

    def __init__(self) -> None:
        super().__init__("https://id.example", "schulticket", keys=KeySet([]))
        self._callers = {each.name: each.caller for each in ACTORS}

    async def check(self, token: str) -> Caller:
        found = self._callers.get(token)
        if found is None:
            raise Unauthenticated
        asks(found)
        return found
