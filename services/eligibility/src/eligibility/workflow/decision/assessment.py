"""All that a decision is made of: told, looked up and measured once, then passed whole from step to step. Pure."""

from dataclasses import dataclass
from datetime import date

from geography.model import Measurement
from shared.calendar import SchoolYear
from shared.events import ApplicationSubmitted

from eligibility.rules.rule_set.rule_set import Law
from eligibility.workflow.policy import DecisionPolicy
from eligibility.workflow.ports import ApplicationContext, MeasuredRoutes


@dataclass(frozen=True)
class Assessment:
    """One application, seen by one rule set."""

    event: ApplicationSubmitted
    context: ApplicationContext
    """What own tables know of it."""
    routes: MeasuredRoutes | None
    """None: school or home is not known here."""
    law: Law | None
    """Of its school year; None where the rule set knows none for it."""
    policy: DecisionPolicy
    """How the authority decides, by the rule set that the decision will name."""

    @property
    def period(self) -> tuple[date, date]:
        """From the wanted start, at the earliest the school year's first day, to its last, or the pupil's (§ 4
        SchfkVO)."""
        begins, ends = SchoolYear.parse(self.event.school_year).span
        return max(begins, self.event.wanted_from), min(ends, self.event.leaves_on or ends)

    @property
    def first_day(self) -> date:
        """Of the period for which is decided."""
        return self.period[0]

    @property
    def tested(self) -> Measurement | None:
        """The route that is compared with the limit: to the nearest school, else to the one attended."""
        return tested_route(self.routes)


def tested_route(routes: MeasuredRoutes | None) -> Measurement | None:
    """None where none was measured."""
    if routes is None:
        return None
    route = routes.nearer[1] if routes.nearer is not None else routes.attended
    return route if isinstance(route, Measurement) else None
