"""HTTP in: request, workflow, response."""

import re
from typing import Final

from eligibility.api.decision import questions_router
from eligibility.api.desk.attendance import attendance_router
from eligibility.api.desk.cases import cases_router
from eligibility.api.desk.handling import handling_router
from eligibility.api.desk.letters import LetterRoom, letters_router
from eligibility.api.desk.notices import notices_router
from eligibility.api.family import family_router
from eligibility.api.places import addresses_router, places_router
from eligibility.api.renewal import renewals_router
from eligibility.api.rule_sets.own_forms import own_forms_router
from eligibility.api.rule_sets.rule_sets import rule_sets_router
from eligibility.api.rule_sets.simulations import simulations_router
from eligibility.api.who_may import INTERFACE, PAGES

OWN_READERS: Final = re.compile(r"/v1/authorities/[^/]+/(rule-sets(/[^/]+)?|simulations|own-forms(/[^/]+)?)")
"""Rule sets, forms and cases for simulations: documents, read within bounds of their own beside the event loop."""

__all__ = [
    "INTERFACE",
    "OWN_READERS",
    "PAGES",
    "LetterRoom",
    "addresses_router",
    "attendance_router",
    "cases_router",
    "family_router",
    "handling_router",
    "letters_router",
    "notices_router",
    "own_forms_router",
    "places_router",
    "questions_router",
    "renewals_router",
    "rule_sets_router",
    "simulations_router",
]
