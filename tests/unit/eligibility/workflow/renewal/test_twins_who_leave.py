"""Of twins of whom one leaves, one is not known to have a ticket in the next school year."""

from collections import Counter
from datetime import date
from itertools import product

import pytest
from eligibility.workflow.renewal.renewal import unsure_of
from shared.events import Circumstances, Sibling
from support.eligibility import small_place

BORN, OTHER = date(2012, 1, 1), date(2014, 5, 5)


@pytest.mark.parametrize(
    ("funded", "left"),
    list(product([(True, True), (True, False), (False, True)], [(), (BORN,), (BORN, BORN), (OTHER,)])),
)
def test_a_day_stands_for_one_child(funded: tuple[bool, bool], left: tuple[date, ...]) -> None:
    twins = tuple(Sibling(birth_date=BORN, funded=each) for each in funded)
    told = small_place.submitted(circumstances=Circumstances(siblings=(*twins, Sibling(birth_date=OTHER, funded=True))))
    siblings = unsure_of(told, left).circumstances.siblings
    assert [each.birth_date for each in siblings] == [BORN, BORN, OTHER]
    assert Counter(each.birth_date for each in siblings if each.funded_unknown) == Counter(left)
    kept = sum(each.funded is True for each in siblings[:2])
    assert kept == max(0, sum(funded) - left.count(BORN))  # of two of whom one had a ticket, that one is not known
