"""Each rule has its sentence in the short part of a notice, or a reason to have none."""

from eligibility.notice.summary import BY_THE_WAY, GRANTED, REFUSED
from support.eligibility.rules_in_code import rules_by_result

RULES = rules_by_result()
CONDITION = "a condition: a grant does not rest on it, and a refusal by it leaves the way out"
BESIDE_DISTANCE = "fails only beside the distance, which is in BY_THE_WAY"
NO_WORD_FOR_GRANT = {
    **dict.fromkeys(("applicant", "bearer", "course", "deadline", "income", "residence", "school"), CONDITION),
    "own_share": "its amount has a sentence of its own",
    "transport": "what is granted, not why",
}
NO_WORD_FOR_REFUSAL = {"second_home": "the distance beside it has the sentence"}
NOT_BY_THE_WAY = {
    **dict.fromkeys(("bearer", "course", "deadline", "income", "limit", "residence", "school"), CONDITION),
    "fare": "nothing is to be borne: as with a condition, how long the way is decided nothing",
    "health": BESIDE_DISTANCE,
    "second_home": BESIDE_DISTANCE,
}


def test_every_rule_that_carries_a_grant_is_said_in_plain_words() -> None:
    assert RULES["met"] - set(GRANTED) == set(NO_WORD_FOR_GRANT), "a new rule: GRANTED of notice/summary.py, or here"


def test_every_rule_that_refuses_is_said_in_plain_words() -> None:
    assert RULES["not_met"] - set(REFUSED) == set(NO_WORD_FOR_REFUSAL), (
        "a new rule: REFUSED of notice/summary.py, or here"
    )


def test_no_plain_word_is_left_of_a_rule_that_is_gone() -> None:
    assert set(GRANTED) <= RULES["met"]
    assert set(REFUSED) <= RULES["not_met"]


def test_of_every_rule_that_refuses_it_is_decided_whether_the_way_is_said_beside_it() -> None:
    """By BY_THE_WAY the short part of a refusal knows a ground from a condition. A ground that is missing there would be
    given as the only reason, without the length of the way."""
    assert RULES["not_met"] - BY_THE_WAY == set(NOT_BY_THE_WAY), "a new rule: BY_THE_WAY of notice/summary.py, or here"
