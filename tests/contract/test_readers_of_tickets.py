"""Nothing that nobody means ends, stalls or confuses a reader of what scanners and operators hand in: the corpus is put to each."""

import pytest
from support.readers.tickets import TICKETS
from support.readers.trial import faults_of


@pytest.mark.parametrize("name", TICKETS)
def test_nesting_size_truncation_and_repetition_are_read_or_refused_in_time(name: str) -> None:
    count, faults = faults_of(TICKETS[name])
    assert faults == []
    assert count > 200
