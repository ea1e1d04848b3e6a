"""HTTP in: request, workflow, response."""

from eligibility.api.cases import cases_router
from eligibility.api.notices import notices_router
from eligibility.api.questions import questions_router, rule_sets_router

__all__ = ["cases_router", "notices_router", "questions_router", "rule_sets_router"]
