"""Nothing that nobody means ends, stalls or confuses a reader of what comes over HTTP and the bus: the corpus is put to each."""

import pytest
from support.readers.requests import REQUESTS
from support.readers.trial import faults_of


@pytest.mark.parametrize("name", REQUESTS)
def test_nesting_size_truncation_and_repetition_are_read_or_refused_in_time(name: str) -> None:
    count, faults = faults_of(REQUESTS[name])
    assert faults == []
    assert count > 200
