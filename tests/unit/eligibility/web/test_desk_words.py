"""The desk has words for everything that the domain knows."""

from typing import get_args

from eligibility.domain.decision import Because
from eligibility.web.case_view import ENDINGS


def test_every_reason_why_a_decision_ended_has_words() -> None:
    assert set(ENDINGS) == set(get_args(Because))
