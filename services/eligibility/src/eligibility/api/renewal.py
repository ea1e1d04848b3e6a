"""/v1/authorities/{id}/renewals: prepare the next school year. Progress as it goes, one JSON object a line."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.errors import Text, Unavailable
from shared.events import AuthorityId
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.workflow.renewal.progress import RenewalProgress
from eligibility.workflow.renewal.renewals import Renewals

BUSY = Text(
    "Der Schuljahreswechsel läuft schon. Bitte versuchen Sie es in einer Minute noch einmal.",
    "The change of the school year is running already. Please try again in a minute.",
)
LOOK_SECONDS = 0.5


class RenewalIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.renewal))

    school_year: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}/[0-9]{2}$")] = Field(
        description="The one to prepare: the present or the next."
    )


def renewals_router(of_year: Callable[[str], Renewals], identity: Identity) -> APIRouter:
    """The renewal of a school year. One renewal runs at a time.

    Args:
        of_year: the workflow by the rules of that year.
    """
    router = APIRouter(prefix="/v1", tags=["cases"])
    one_at_a_time = asyncio.Semaphore(1)

    @router.post("/authorities/{authority_id}/renewals", response_class=StreamingResponse)
    async def renew(
        caller: Annotated[Caller, Depends(identity.caller)], authority_id: AuthorityId, wanted: RenewalIn
    ) -> StreamingResponse:
        """Carry every grant of the year before on, or tell its family to apply anew. Run again, it does nothing twice.

        Answers with lines `{"of": …, "done": …, "outcomes": {…}}`, the last with `"finished": true`.
        """
        renewals = of_year(wanted.school_year)
        renewals.may(caller, authority_id, wanted.school_year)
        if one_at_a_time.locked():
            raise Unavailable(BUSY)
        return StreamingResponse(
            _lines(renewals, caller, authority_id, wanted.school_year, one_at_a_time), media_type="application/x-ndjson"
        )

    return router


async def _lines(
    renewals: Renewals, caller: Caller, authority_id: AuthorityId, school_year: str, one_at_a_time: asyncio.Semaphore
) -> AsyncIterator[bytes]:
    told: list[RenewalProgress] = []
    async with one_at_a_time:
        work = asyncio.ensure_future(renewals.renew(authority_id, school_year, caller.subject, told.append))
        while not (await asyncio.wait([work], timeout=LOOK_SECONDS))[0]:
            if told:
                yield _line(told[-1].as_json())
        yield _line({**(await work).as_json(), "finished": True})


def _line(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
