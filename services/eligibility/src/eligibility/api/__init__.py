"""HTTP in: request, workflow, response."""

from eligibility.api.cases import cases_router
from eligibility.api.family import family_router
from eligibility.api.handling import handling_router
from eligibility.api.notices import notices_router
from eligibility.api.places import addresses_router, places_router
from eligibility.api.questions import questions_router
from eligibility.api.renewals import renewals_router
from eligibility.api.rule_sets import rule_sets_router
from eligibility.api.simulations import simulations_router

__all__ = [
    "addresses_router",
    "cases_router",
    "family_router",
    "handling_router",
    "notices_router",
    "places_router",
    "questions_router",
    "renewals_router",
    "rule_sets_router",
    "simulations_router",
]
