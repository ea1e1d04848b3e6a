"""Whatever anybody asked before, whoever asks hears behind the wall what they would hear without it, and nothing of another
authority."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.row_security.news import NEWS
from support.row_security.two_copies import two_copies

SEQUENCES = {"application": 6, "eligibility": 6, "issuance": 3, "wallet-pass": 2}
STEPS = 60
REACHED = {"application": 50, "eligibility": 40, "issuance": 15, "wallet-pass": 5}
"""So many operations at least answer somebody."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SEQUENCES)
async def test_random_sequences_are_answered_as_without_a_wall(
    name: str, tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    async with two_copies(name, tmp_path, postgresql) as copies:
        for seed in range(SEQUENCES[name]):
            await copies.sequence(seed, STEPS, NEWS[name])
    assert copies.faults == []
    assert len(+copies.reached) >= REACHED[name], "the sequences lead nowhere"
