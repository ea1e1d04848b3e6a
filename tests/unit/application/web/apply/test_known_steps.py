"""A page is left out only where all that it asks was told before: by the pre-check, or by an earlier application."""

from datetime import date

import pytest
from application.checks.key_tables import school_keys
from application.form import EXAMPLE
from application.web.apply.situation import Situation
from application.web.apply.start import CARRIED, parts_of_earlier, parts_of_precheck
from application.web.apply.steps import STEPS, Step

TODAY = date(2026, 11, 30)
EARLIER = Situation(EXAMPLE | {"applicant": "guardian"}, None, school_keys(), TODAY)
TOLD = set(parts_of_precheck(dict.fromkeys(CARRIED, "1")) | parts_of_earlier(EARLIER)) | {"school_number", "language"}
"""Parts that a draft may begin with."""


def parts(paths: list[str]) -> set[str]:
    return {each.partition(".")[0] for each in paths}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_page_that_may_be_left_out_asks_for_nothing_else(step: Step) -> None:
    marks = parts(list(step.marks))
    if marks and marks <= TOLD:
        assert parts([each.path for each in step.fields]) <= TOLD, "a mark of what nobody tells before is missing"


def test_what_may_be_told_before_is_what_the_pages_of_before_ask() -> None:
    assert {"home", "guardian", "grade", "siblings", "benefits", "special_needs", "severely_disabled"} <= TOLD
    assert "claims" not in TOLD
