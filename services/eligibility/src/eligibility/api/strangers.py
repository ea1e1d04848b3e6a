"""The limit of what anybody may ask: an office behind one address is many people, who are counted by their accounts."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from shared.http.limits import Limit
from shared.identity import OF_AUTHORITY, Identity, Unauthenticated


def limited_for_strangers(limit: Limit | None, identity: Identity | None) -> Sequence[Any]:
    """Dependencies of a route. Who has no token that counts, and who is of no authority, asks as one client of `limit`;
    for an authority's person its account's limit is enough."""
    if limit is None:
        return ()

    async def check(
        request: Request, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
    ) -> None:
        if authorization and identity is not None:
            try:
                caller = await identity.caller(authorization)
            except Unauthenticated:
                pass  # no sign-in is needed here
            else:
                if caller.counting & frozenset(OF_AUTHORITY):
                    return
        await limit.check(request)

    return (Depends(check),)
