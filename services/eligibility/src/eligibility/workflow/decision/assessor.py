"""Looks up and measures all that a decision is made of."""

from shared.events import ApplicationSubmitted

from eligibility.workflow.decision.assessment import Assessment, tested_route
from eligibility.workflow.policy import policy_of
from eligibility.workflow.ports import ApplicationContext, MeasuredRoutes, Records, RouteMeasurer

MOST_SCHOOLS_RADIUS_M = 60_000.0
"""Farther around the home no nearest school is looked for."""


class Assessor:
    """Own tables and the walking network; nothing is changed."""

    def __init__(self, records: Records, walking: RouteMeasurer) -> None:
        self._records = records
        self._walking = walking

    async def assess(self, event: ApplicationSubmitted) -> Assessment:
        """Raises NotFound where the authority is not set up here, Unavailable where too many ways are being
        measured."""
        context = await self._records.find(event, None)
        law = context.rules.law(event.school_year)
        context, routes = await self._measure(event, context)
        return Assessment(event, context, routes, law, policy_of(context.authority, context.rules))

    async def _measure(
        self, event: ApplicationSubmitted, context: ApplicationContext
    ) -> tuple[ApplicationContext, MeasuredRoutes | None]:
        """A school nearer on foot lies within the length of the way in a straight line: where the way turns out longer
        than the radius looked at, look again, farther."""
        if context.school is None or context.home is None:
            return context, None
        routes = await self._walking.routes(context.home, context.school, context)
        tested = tested_route(routes)
        if tested is not None and tested.metres > context.radius_m:
            context = await self._records.find(event, min(tested.metres, MOST_SCHOOLS_RADIUS_M))
            if context.home and context.school:
                routes = await self._walking.routes(context.home, context.school, context)
        return context, routes
