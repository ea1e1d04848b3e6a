"""/v1/authorities/{id}/simulations: try a draft out. Progress as it goes, one JSON object a line."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from shared.errors import Problem, Text, Unavailable
from shared.events import AuthorityId
from shared.identity import Caller, Identity

from eligibility.rules import Rules
from eligibility.rules.trials.simulation import SimulatedCase, Tally
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId
from eligibility.workflow.rule_sets.simulation_desk import SimulationDesk, Trial

Run = Callable[[Sequence[SimulatedCase], Rules, Rules, Callable[[int], None]], Tally]
"""Decides in processes of its own; hears of progress."""
BUSY = Text(
    "Es läuft schon eine Simulation. Bitte versuchen Sie es in einer Minute noch einmal.",
    "A simulation is running already. Please try again in a minute.",
)
LOOK_SECONDS = 0.5
"""How often progress is told."""


def simulations_router(
    desk: SimulationDesk, run: Run, read: Callable[[bytes], Sequence[SimulatedCase]], identity: Identity
) -> APIRouter:
    """Simulations of a draft. `run` decides in processes of its own, `read` takes uploaded cases. One runs at a
    time."""
    router = APIRouter(prefix="/v1", tags=["rule sets"])
    one_at_a_time = asyncio.Semaphore(1)

    @router.post("/authorities/{authority_id}/simulations", response_class=StreamingResponse)
    async def simulate(
        caller: Annotated[Caller, Depends(identity.caller)],
        authority_id: AuthorityId,
        rule_set_id: UUID,
        request: Request,
        fare_cents: Annotated[
            int | None,
            Query(ge=0, le=1_000_000, description="Of past decisions: a fare a month, where none is known."),
        ] = None,
    ) -> StreamingResponse:
        """The body: cases as JSONL or CSV, or nothing for the authority's past decisions.

        Answers with lines `{"done": …, "of": …}` and, as the last, `{"result": …}`, or `{"error": …}` where it took too
        long. Nothing is kept.
        """
        if one_at_a_time.locked():
            raise Unavailable(BUSY)
        body, draft = await request.body(), RuleSetId(rule_set_id)
        if body.strip():
            trial = await desk.given(caller, authority_id, draft, lambda: read(body))
        else:
            trial = await desk.past(caller, authority_id, draft, fare_cents)
        if one_at_a_time.locked():
            raise Unavailable(BUSY)
        return StreamingResponse(_lines(trial, run, one_at_a_time), media_type="application/x-ndjson")

    return router


async def _lines(trial: Trial, run: Run, one_at_a_time: asyncio.Semaphore) -> AsyncIterator[bytes]:
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done = count

    async with one_at_a_time:
        work = asyncio.ensure_future(asyncio.to_thread(run, trial.cases, trial.before, trial.after, progress))
        while not (await asyncio.wait([work], timeout=LOOK_SECONDS))[0]:
            yield _line({"done": done, "of": len(trial.cases)})
        try:
            tally = await work
        except Problem as problem:  # the answer has begun: what went wrong is its last line
            yield _line({"error": {"de": problem.text.de, "en": problem.text.en}})
            return
        yield _line({"result": tally.as_json(trial.before.version, trial.after.version)})


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
